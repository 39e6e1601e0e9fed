"""Reference values of the classic p0 and limits: li-ma, mid-p, exact CLs.

python3 -m pip install mpmath==1.4.1 && python3 tests/golden/classic.py > tests/golden/classic.json

Each from its definition in methods.md section 2, in 40 to 60 digits: the two logarithms of Li and Ma as written,
Poisson and negative binomial sums term by term, constraints by quadrature over z, limits by bisection of Poisson sums.
"""
import json

import mpmath as mp

mp.mp.dps = 50


def z_of(p):
    """Z with P(X > Z) = p <= 1/2."""
    guess = mp.sqrt(-2 * mp.log(p)) if p < mp.mpf("0.3") else mp.mpf("0.5")
    f = lambda z: mp.log(mp.erfc(z / mp.sqrt(2)) / 2) - mp.log(p)
    return mp.findroot(f, guess) if p != mp.mpf(1) / 2 else mp.mpf(0)


def x_ln(x, ratio):
    return x * mp.log(ratio) if x else mp.mpf(0)


def li_ma(n_on, n_off, tau):
    n_on, n_off, tau = mp.mpf(n_on), mp.mpf(n_off), mp.mpf(tau)
    if n_on * tau <= n_off:
        return mp.mpf(0)
    total = n_on + n_off
    q0 = 2 * (x_ln(n_on, n_on * (1 + tau) / total) + (x_ln(n_off, n_off * (1 + tau) / (tau * total)) if n_off else 0))
    return mp.sqrt(q0)


def poisson_below(n, b):
    """P(N < n), exactly."""
    term = mp.exp(-b)
    total = mp.mpf(0)
    for k in range(n):
        total += term
        term *= b / (k + 1)
    return total


def poisson(n, b):
    return mp.exp(n * mp.log(b) - b - mp.loggamma(n + 1))


def poisson_from(n, b):
    """P(N >= n) by its own series: no cancellation."""
    term = poisson(n, b)
    total = mp.mpf(0)
    k = n
    while term > total * mp.mpf(10) ** -45:
        total += term
        k += 1
        term *= b / k
        if k > b and term < total * mp.mpf(10) ** -45:
            break
    return total


def mid_p_poisson(n, b):
    """P(N > n) + P(N = n)/2 and its complement, each summed on its own side."""
    return poisson_from(n, b) - poisson(n, b) / 2, poisson_below(n, b) + poisson(n, b) / 2


def mid_p_constrained(n, b, kind, r):
    b, r = mp.mpf(b), mp.mpf(r)
    mp.mp.dps = 30
    if kind == "normal":
        low = -1 / r
        norm = 1 - mp.erfc(1 / r / mp.sqrt(2)) / 2
        mean = lambda z: b * (1 + r * z)
    else:
        low = mp.mpf(-12)
        norm = mp.mpf(1)
        mean = lambda z: b * mp.exp(z * mp.log(1 + r))
    weight = lambda z: mp.exp(-z * z / 2) / mp.sqrt(2 * mp.pi) / norm
    f = lambda z: weight(z) * (mp.gammainc(n, 0, mean(z), regularized=True) + mp.gammainc(n + 1, 0, mean(z), regularized=True)) / 2 if n else weight(z) * (1 - mp.exp(-mean(z)) / 2)
    points = [max(low, mp.mpf(-12))] + [mp.mpf(k) for k in range(-11, 31) if k > low]
    value = mp.quad(f, points)
    mp.mp.dps = 50
    return value, 1 - value


def mid_p_on_off(n_on, n_off, tau):
    """Negative binomial of shape n_off + 1 and odds 1/tau, summed from below."""
    tau = mp.mpf(tau)
    q = 1 / (1 + tau)
    term = (tau * q) ** (n_off + 1)
    below = mp.mpf(0)
    for k in range(n_on):
        below += term
        term *= q * (n_off + 1 + k) / (k + 1)
    # the upper tail by its own series, so that it keeps its digits however small it is
    upper = mp.mpf(0)
    t = term
    k = n_on
    while True:
        upper += t
        t *= q * (n_off + 1 + k) / (k + 1)
        k += 1
        if t < upper * mp.mpf(10) ** -48 and k > n_off / tau:
            break
    return upper - term / 2, below + term / 2


def cls_limit(n, b, level):
    """U with P(N <= n | U + b) = (1 - level) P(N <= n | b), by bisection."""
    b, tail = mp.mpf(b), 1 - mp.mpf(level)
    target = tail * poisson_below(n + 1, b)
    low, high = mp.mpf(0), mp.mpf(10 + 4 * n)
    for _ in range(140):
        middle = (low + high) / 2
        if poisson_below(n + 1, middle + b) > target:
            low = middle
        else:
            high = middle
    return low


LI_MA = [
    (4, 5, 5.0), (4, 0, 5.0), (1, 0, 1e3), (0, 0, 2.0), (3, 9, 2.0), (6, 12, 2.0), (7, 12, 2.0), (50, 55, 2.0), (200, 10, 0.1),
    (67, 15, 0.5), (1, 0, 1e-3), (1000, 1, 0.5), (100000, 100000, 1.0), (100001, 100000, 1.0), (1000300, 1000000, 1.0),
    (10000000, 9999999, 1.0), (10003163, 10000000, 1.0), (10000000, 1, 0.25), (9000000, 90000000, 10.5), (2119449, 23650096, 11.21),
    (5, 2, 0.7), (12345, 98765, 8.25), (40, 10, 3.0), (300, 30, 12.0),
]
MARGINAL = [
    (0, "0.3", None, None), (0, "5", None, None), (1, "0.001", None, None), (3, "3", None, None), (10, "3", None, None), (40, "3", None, None),
    (300, "100", None, None), (70, "100", None, None), (1000, "1000", None, None), (30, "400", None, None),
    (0, "5", "normal", "0.3"), (8, "4", "normal", "0.2"), (20, "10", "lognormal", "0.3"), (3, "10", "lognormal", "0.1"), (60, "30", "normal", "0.1"),
    (0, "2", "lognormal", "0.5"),
]
ON_OFF = [
    (0, 3, 2.0), (4, 5, 5.0), (1, 0, 1.0), (50, 55, 2.0), (67, 15, 0.5), (200, 10, 0.1), (523, 2327, 5.99), (2, 80, 4.0), (30, 0, 6.0), (900, 100, 2.5),
]
CLS = [
    (n, b, level)
    for level in ("0.9", "0.95", "0.99")
    for n, b in [(0, "0"), (0, "3"), (1, "5.5"), (2, "0.000001"), (6, "0.000001"), (6, "5.5"), (11, "5.5"), (20, "5.5"), (3, "0"), (3, "40"), (100, "90"), (500, "600")]
]
number = lambda v: float(mp.nstr(v, 20))


def tails(p, q):
    return [number(mp.log(p)), number(mp.log(q)), number(z_of(p) if p <= q else -z_of(q))]


print(json.dumps({
    "provenance": f"mpmath {mp.__version__}, python3 tests/golden/classic.py",
    "li_ma": {"columns": ["n_on", "n_off", "tau", "z"], "rows": [[*row, number(li_ma(*row))] for row in LI_MA]},
    "marginal_mid_p": {
        "columns": ["n", "b", "constraint", "r", "ln_p", "ln_complement", "z"],
        "rows": [
            [n, float(b), kind, r and float(r), *tails(*(mid_p_constrained(n, b, kind, r) if kind else mid_p_poisson(n, mp.mpf(b))))]
            for n, b, kind, r in MARGINAL
        ],
    },
    "on_off_mid_p": {
        "columns": ["n_on", "n_off", "tau", "ln_p", "ln_complement", "z"],
        "rows": [[*row, *tails(*mid_p_on_off(*row))] for row in ON_OFF],
    },
    "cls_exact": {
        "columns": ["n", "b", "level", "limit"],
        "rows": [[n, float(b), float(level), number(cls_limit(n, b, level))] for n, b, level in CLS],
    },
}, indent=1))
