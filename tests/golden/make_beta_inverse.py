"""Quantiles of beta distributions with mpmath (50 digits): tests/golden/stats-beta-inverse.json.

    python3 tests/golden/make_beta_inverse.py > tests/golden/stats-beta-inverse.json

mpmath 1.4.1. Rows: shape a, shape b, tail probability p, quantile x with I_x(a, b) = p (lower) or 1 - I_x(a, b) = p
(upper). Solved by bisection in ln x on 50-digit incomplete beta functions of integer a, b as finite binomial sums.
"""

import json
import mpmath as mp

mp.mp.dps = 50


def lower(x, a, b):
    """I_x(a, b) for integer a: 1 - sum_{j<a} C(n, j) x^j (1-x)^(n-j), n = a + b - 1, summed on the small side."""
    n = a + b - 1
    term = mp.mpf(1) * (1 - x) ** n
    total = mp.mpf(0)
    ratio = x / (1 - x)
    for j in range(a):
        total += term
        term *= mp.mpf(n - j) / (j + 1) * ratio
    if total < mp.mpf("0.999"):
        return 1 - total
    tail = mp.mpf(0)
    for j in range(a, n + 1):
        tail += term
        if term < tail * mp.mpf(10) ** -45:
            break
        term *= mp.mpf(n - j) / (j + 1) * ratio
    return tail


def quantile(p, a, b, upper):
    p = mp.mpf(p)
    want = 1 - p if upper else p
    low, high = mp.mpf(10) ** -40, mp.mpf(1) - mp.mpf(10) ** -40
    for _ in range(170):
        middle = mp.sqrt(low * high) if low * 4 < high else (low + high) / 2
        if lower(middle, a, b) < want:
            low = middle
        else:
            high = middle
    return float(high)


cases = [(1, 1), (1, 100), (1, 10**9), (2, 1), (3, 7), (10, 10), (17, 9984), (177, 9824), (100, 1), (400, 3)]
cases += [(5, 10**6), (50, 10**9), (1000, 9001), (2000, 10**7), (300, 299700)]
probabilities = [0.15865525393145707, 0.025, 0.5, 1e-6]
functions = {}
for name, upper in (("lower", False), ("upper", True)):
    rows = [[a, b, p, quantile(p, a, b, upper)] for a, b in cases for p in probabilities]
    functions[name] = {"columns": ["a", "b", "p", "x"], "rows": rows}
print(json.dumps({"provenance": f"mpmath {mp.__version__}, tests/golden/make_beta_inverse.py", "functions": functions}))
