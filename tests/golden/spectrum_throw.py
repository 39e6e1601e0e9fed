"""Cumulative Poisson probabilities in units of 2^-64 for tests/unit/spectrum/throw-tables.test.ts, summed in 60 digits.

Per mean: least and last n with 2^64 P(N <= n) >= 1 and 2^64 P(N > n) >= 1, and rows [n, floor(2^64 P(N <= n))].

python tests/golden/spectrum_throw.py > tests/golden/spectrum_throw.json        (mpmath; version in the output)
"""
import json

import mpmath as mp

mp.mp.dps = 60
UNIT = mp.mpf(2) ** 64


def cumulative(mean):
    """n -> (P(N <= n), P(N > n)) for all n that matter, each summed from its small end."""
    mean = mp.mpf(mean)
    reach = 16 * mp.sqrt(mean) + 80
    low, high = max(0, int(mean - reach)), int(mean + reach)
    term = mp.exp(low * mp.log(mean) - mean - mp.loggamma(low + 1))
    terms = []
    for n in range(low, high + 1):
        terms.append(term)
        term *= mean / (n + 1)
    below, above = [], []
    total = mp.mpf(0)
    for value in terms:
        total += value
        below.append(total)
    total = mp.mpf(0)
    for value in reversed(terms):
        above.append(total)
        total += value
    return low, below, above[::-1]


cases = []
for mean in ("0.001", "0.7", "3.7", "52.25", "1234.5", "1e6"):
    low, below, above = cumulative(mean)
    least = next(i for i, p in enumerate(below) if p * UNIT >= 1)
    last = max(i for i, p in enumerate(above) if p * UNIT >= 1)
    step = max(1, (last - least) // 60)
    picked = sorted({*range(least, last + 1, step), *range(least, min(least + 5, last)), *range(max(least, last - 5), last + 1)})
    rows = [[low + i, str(int(mp.floor(below[i] * UNIT)))] for i in picked]
    cases.append({"mean": float(mean), "least": low + least, "last": low + last, "rows": rows})

print(json.dumps({"program": f"mpmath {mp.__version__}", "cases": cases}))
