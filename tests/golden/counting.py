"""Reference values for counting windows: ln p0 (marginal) and Bayesian upper limits, by direct integration.

python3 -m pip install mpmath==1.3.0 scipy==1.17.0 && python3 tests/golden/counting.py > tests/golden/counting.json

The integrals of methods.md section 2 are done as written there, C(U | s, b) = [Q(n+1, b) - Q(n+1, b + s U)] / s over
the joint constraint, by composite Gauss-Legendre in 24 digits around the integrand's mode: another formula, another
quadrature and another number type than the product's. Where both factors are uncertain, the sum over the product
of the nodes is done in f64 with scipy's incomplete gamma (1e-13), elsewhere in mpmath.
"""
import json
import sys

import mpmath as mp
import numpy as np
import scipy
import scipy.optimize
from scipy.special import gammaincc

mp.mp.dps = 24


def legendre(m):
    """Nodes and weights on [-1, 1]."""
    nodes = []
    for i in range(m):
        x = mp.cos(mp.pi * (i + mp.mpf(3) / 4) / (m + mp.mpf(1) / 2))
        for _ in range(100):
            p0, p1 = mp.mpf(1), x
            for k in range(2, m + 1):
                p0, p1 = p1, ((2 * k - 1) * x * p1 - (k - 1) * p0) / k
            d = m * (x * p1 - p0) / (x * x - 1)
            step = p1 / d
            x -= step
            if abs(step) < mp.mpf(10) ** -22:
                break
        nodes.append((x, 2 / ((1 - x * x) * d * d)))
    return nodes


GL = legendre(12)


def panels(edges):
    for a, b in zip(edges[:-1], edges[1:]):
        h, c = (b - a) / 2, (a + b) / 2
        for x, w in GL:
            yield c + h * x, w * h


def density(kind, r):
    """Density of the factor F, its support, and the point where it peaks."""
    r = mp.mpf(r)
    if kind == "normal":
        mass = mp.ncdf(1 / r)
        return lambda f: mp.npdf((f - 1) / r) / r / mass
    if kind == "lognormal":
        sigma = mp.log(1 + r)
        return lambda f: mp.npdf(mp.log(f) / sigma) / (sigma * f)
    shape = 1 / r**2
    return lambda f: mp.exp(shape * mp.log(shape) - mp.loggamma(shape) + (shape - 1) * mp.log(f) - shape * f)


def nodes(kind, r, ln_like):
    """Quadrature in x = ln F where density * exp(ln_like) exceeds 1e-21 of its peak: panels of 1.2 widths around the
    peak, of 1.5 in ln F farther below."""
    if r == 0:
        return [(mp.mpf(1), mp.mpf(1))]
    pdf = density(kind, r)

    def g(x):
        f = mp.exp(x)
        d = pdf(f)
        return mp.log(d) + x + ln_like(f) if d > 0 else mp.mpf("-1e9")

    grid = [mp.mpf(i) / 40 for i in range(-2400, 1200)]
    values = [g(x) for x in grid]
    peak = grid[max(range(len(grid)), key=lambda i: values[i])]
    a, b = peak - mp.mpf(1) / 20, peak + mp.mpf(1) / 20
    for _ in range(150):  # golden-section-like search of the peak
        u, v = a + (b - a) / 3, b - (b - a) / 3
        a, b = (u, b) if g(u) < g(v) else (a, v)
    peak, top = (a + b) / 2, g((a + b) / 2)
    h = mp.mpf(10) ** -6
    width = 1 / mp.sqrt((2 * top - g(peak + h) - g(peak - h)) / h**2)
    edges = [peak]
    while g(edges[-1]) > top - 50:
        edges.append(edges[-1] + width * mp.mpf("1.2"))
    while g(edges[0]) > top - 50:
        near = edges[0] > peak - 14 * width
        edges.insert(0, edges[0] - (width * mp.mpf("1.2") if near else max(width * mp.mpf("1.2"), mp.mpf("1.0"))))
    return [(mp.exp(x), w * mp.exp(x) * pdf(mp.exp(x))) for x, w in panels(edges)]


INVERSE = [mp.mpf(0)] + [1 / mp.mpf(k) for k in range(1, 2000)]


def Q(a, x):
    """Regularised upper incomplete gamma of integer a: exp(-x) sum_{k < a} x^k / k!."""
    total = term = mp.mpf(1)
    for k in range(1, a):
        term = term * x * INVERSE[k]
        total += term
    return total * mp.exp(-x)


def limit(case):
    n, b0, s0 = case["n"], mp.mpf(case["b0"]), mp.mpf(case["s0"])
    cred = mp.mpf(case["credibility"])
    edge = mp.mpf(case["poi_max"]) if case["poi_max"] else mp.inf
    below = lambda f: mp.log(Q(n + 1, b0 * f))
    b_nodes = [(b0 * f, w) for f, w in nodes(case["b_kind"], case["b_r"], below)]
    # without a background term the signal factor alone: cover 1/F down to the edge of the prior
    reach = lambda f: -mp.log(f) + mp.log(1 - mp.exp(-f * s0 * (edge if edge < mp.inf else mp.mpf(10) ** 12)))
    s_nodes = [(s0 * f, w) for f, w in nodes(case["s_kind"], case["s_r"], reach)]
    if len(b_nodes) > 1 and len(s_nodes) > 1:
        return limit_f64(n, b_nodes, s_nodes, cred, edge, case["guess"])
    at_zero = [(b, w, Q(n + 1, b)) for b, w in b_nodes]

    def C(u):
        total = mp.mpf(0)
        for s, ws in s_nodes:
            if u == mp.inf:
                total += ws / s * sum(w * q for _, w, q in at_zero)
            else:
                total += ws / s * sum(w * (q - Q(n + 1, b + s * u)) for b, w, q in at_zero)
        return total

    norm = C(edge)
    f = lambda u: C(u) / norm - cred
    u0 = mp.mpf(case["guess"])
    return mp.findroot(f, (u0, u0 * mp.mpf("1.02")), solver="secant", tol=mp.mpf(10) ** -17)


def limit_f64(n, b_nodes, s_nodes, cred, edge, guess):
    """The same over the product of the nodes."""
    b, wb = (np.array([float(v) for v in column]) for column in zip(*b_nodes))
    s, ws = (np.array([float(v) for v in column]) for column in zip(*s_nodes))
    at_zero = float(wb @ gammaincc(n + 1, b))

    def tail(u):
        """sum of w/s Q(n+1, b + s u), which is what C lacks to its value at infinity"""
        return float((ws / s) @ (gammaincc(n + 1, b[None, :] + s[:, None] * u) @ wb))

    total = float(np.sum(ws / s)) * at_zero
    cut = 0.0 if edge == mp.inf else tail(float(edge))
    goal = total - float(cred) * (total - cut)
    return mp.mpf(scipy.optimize.brentq(lambda u: tail(u) / goal - 1, 0.2 * guess, 5 * guess, xtol=1e-15 * guess, rtol=1e-15))


def tails(n, x):
    """P(N >= n) and P(N < n) of Poisson(x), the smaller one as a series of its probabilities."""
    peak = mp.exp(n * mp.log(x) - x - mp.loggamma(n + 1))
    total = term = mp.mpf(1)
    k = n
    if x < n:
        while term > total * mp.mpf(10) ** -24:
            k += 1
            term = term * x / k
            total += term
        return peak * total, 1 - peak * total
    peak = peak * n / x
    while term > total * mp.mpf(10) ** -24 and k > 1:
        k -= 1
        term = term * k / x
        total += term
    return 1 - peak * total, peak * total


def ln_p0(case):
    n, b0 = case["n"], mp.mpf(case["b0"])
    above = nodes(case["b_kind"], case["b_r"], lambda f: mp.log(max(tails(n, b0 * f)[0], mp.mpf(10) ** -100000)))
    return mp.log(sum(w * tails(n, b0 * f)[0] for f, w in above))


def main():
    out = {"program": "tests/golden/counting.py", "mpmath": mp.__version__, "limits": [], "p0": []}
    L = []
    base = dict(s0=1, credibility=0.9, poi_max=1e4, s_kind="normal", s_r=0.0, b_kind="normal", b_r=0.0)

    def add(n, b0, guess, **kw):
        L.append({**base, "n": n, "b0": b0, "guess": guess, **kw})

    add(0, 0.5, 2.3)
    add(3, 1.2, 5.5)
    add(10, 300, 6.8, b_r=0.1)
    add(0, 2.0, 2.42, s_r=0.15)
    add(0, 0.5, 3.63, s_r=0.3, poi_max=1e3)
    add(0, 0.5, 4.17, s_r=0.3, poi_max=1e5)
    add(0, 0.5, 182, s_r=0.5, poi_max=1e3)
    add(4, 1.5, 7, s_r=0.2, b_r=0.3)
    add(25, 18.0, 18, s_r=0.15, b_r=0.221)
    add(7, 3.0, 10, s_kind="lognormal", s_r=0.5, b_kind="lognormal", b_r=0.6, poi_max=0)
    add(7, 3.0, 10, s_kind="lognormal", s_r=1.0, b_r=0.2, poi_max=0)
    add(2, 1.0, 6, s_kind="gamma", s_r=0.6, b_kind="gamma", b_r=0.4, poi_max=0)
    add(0, 40.0, 2.5, b_kind="gamma", b_r=0.5, s_r=0.1)
    add(300, 250.0, 90, b_r=0.05, s_r=0.1)
    add(120, 100.0, 40, credibility=0.95, b_r=0.1, s_r=0.1, s0=1.4)
    for case in L:
        case["limit"] = mp.nstr(limit(case), 16)
        out["limits"].append(case)
        print(case, file=sys.stderr, flush=True)
    for n, b0, kind, r in [
        (3, 0.01, "normal", 0), (1, 50, "normal", 0.1), (5, 0.3, "normal", 0.2), (300, 100, "normal", 0.1),
        (40, 1.0, "lognormal", 0.5), (12, 1e-6, "normal", 0.3), (1000, 500, "normal", 0.02), (60, 40, "gamma", 0.4),
        (1000000, 995000, "normal", 0.001), (2000, 100, "normal", 0.05), (8, 30, "lognormal", 1.0), (20000, 10000, "lognormal", 0.1),
    ]:
        case = {"n": n, "b0": b0, "b_kind": kind, "b_r": r}
        case["ln_p0"] = mp.nstr(ln_p0(case), 18)
        out["p0"].append(case)
        print(case, file=sys.stderr, flush=True)
    json.dump(out, sys.stdout, indent=1)
    print()


main()
