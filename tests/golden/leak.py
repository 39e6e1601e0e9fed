"""Upper limits of a counting window whose side band holds some of its signal, by direct integration.

python3 -m pip install mpmath==1.3.0 scipy==1.16.3 && python3 tests/golden/leak.py > tests/golden/leak.json

n ~ Poisson(e T + F b + d), n_off ~ Poisson(tau b + leak e T); flat priors in T (one event per unit POI) in [0, POI_max]
and in b >= 0; e and F with their constraints (normal cut at 0, lognormal), d known. The likelihood is integrated over b
and T as it stands: b by expanding the product of powers into a sum of positive terms i! over powers of b, T by
Gauss-Legendre panels, e and F by Gauss-Legendre panels in z. Cases without e and F are checked in 30 digits with mpmath's
two-dimensional quadrature of the likelihood itself (`check` below, --check), which knows nothing of the expansion.
Large counts (no e, F = 1): Gauss-Legendre panels in T and b over the logarithm of the likelihood, where it is above e^-45
of its largest value (`limit_of_large`).
"""

import json
import sys
from multiprocessing import Pool

import mpmath as mp
import numpy as np
import scipy
from scipy.optimize import brentq, minimize_scalar
from scipy.special import gammaln, xlogy

XS, WS = np.polynomial.legendre.leggauss(16)


def likelihood(t, n, n_off, tau, leak, factor, known):
    """int db Poisson(n; t + factor b + known) Poisson(n_off; tau b + leak t) for an array of t."""
    i, j = np.meshgrid(np.arange(n + 1), np.arange(n_off + 1), indexing="ij")
    a, c = t + known, leak * t
    ln = (
        gammaln(i + j + 1) - gammaln(i + 1) - gammaln(j + 1) - gammaln(n - i + 1) - gammaln(n_off - j + 1)
        + i * np.log(factor) + j * np.log(tau) - (i + j + 1) * np.log(factor + tau)
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        power_a = np.where(n - i == 0, 0.0, (n - i) * np.log(a[:, None, None]))
        power_c = np.where(n_off - j == 0, 0.0, (n_off - j) * np.log(c[:, None, None]))
    return np.exp(ln + power_a + power_c - (a + c)[:, None, None]).sum(axis=(1, 2))


def nodes(kind, size):
    if size == 0:
        return np.array([1.0]), np.array([1.0])
    # panels from where the factor is 0 (normal) on; near 0 the posterior tail has 1/factor, so they shrink towards it
    low = -1 / size if kind == "normal" else -9.5
    edges = np.concatenate([low + (9.5 - low) * 0.5 ** np.arange(30, 3, -1), np.linspace(low + (9.5 - low) / 16, 9.5, 40)])
    edges = np.unique(np.concatenate([[low], edges]))
    z = np.concatenate([(XS + 1) * (b - a) / 2 + a for a, b in zip(edges[:-1], edges[1:])])
    w = np.concatenate([WS * (b - a) / 2 for a, b in zip(edges[:-1], edges[1:])]) * np.exp(-0.5 * z**2)
    keep = w > 1e-30
    return (1 + size * z if kind == "normal" else np.exp(z * np.log1p(size)))[keep], w[keep]


def posterior(case):
    n, n_off, tau, leak, known = (case[k] for k in ("n", "n_off", "tau", "leak", "known"))
    factors, weights = nodes(*case["transfer"])
    return lambda t: sum(w * likelihood(t, n, n_off, tau, leak, f, known) for f, w in zip(factors, weights))


def limit(case):
    density = posterior(case)
    top = 1.5 * case["n"] + 14 * np.sqrt(case["n"] + 1) + 90
    edges = np.linspace(0, top, 97)
    width = edges[1]
    # in every panel the interpolating polynomial through its 16 points, integrated
    values = np.array([density((XS + 1) * width / 2 + low) for low in edges[:-1]])
    integrals = np.polynomial.legendre.legint(np.linalg.solve(np.polynomial.legendre.legvander(XS, 15), values.T), lbnd=-1)
    integrals *= width / 2
    cumulative = np.concatenate([[0], np.cumsum(np.polynomial.legendre.legval(1, integrals))])

    def below(t):
        panel = np.minimum((t / width).astype(int), 95)
        x = np.minimum(1, 2 * (t - edges[panel]) / width - 1)
        return cumulative[panel] + np.polynomial.legendre.legval(x, integrals[:, panel], tensor=False)

    values, weights = nodes(*case["efficiency"])

    def tail(u):
        return np.dot(weights / values, below(values * u))

    goal = case["credibility"] * tail(case["poi_max"])
    return brentq(lambda u: tail(u) - goal, 0, min(case["poi_max"], top), xtol=1e-13, rtol=1e-14)


def limit_of_large(case):
    n, n_off, tau, leak, known = (case[k] for k in ("n", "n_off", "tau", "leak", "known"))
    drop = 45

    def ln_likelihood(t, b):
        on, off = t + b + known, tau * b + leak * t
        return xlogy(n, on) - on + xlogy(n_off, off) - off

    def best_b(t):
        a, c, s = t + known, leak * t / tau, 1 + tau  # n/(a + b) + n_off/(c + b) = s
        p, q = s * (a + c) - n - n_off, s * a * c - n * c - n_off * a
        return max(0.0, (-p + np.sqrt(max(0.0, p * p - 4 * s * q))) / (2 * s))

    def profile(t):
        return ln_likelihood(t, best_b(t))

    def ends(f, best, least):
        """Where f, largest at best >= least, is `drop` lower."""
        below = lambda x: f(x) - f(best) + drop
        width = 1.0
        while below(best + width) > 0:
            width *= 2
        low = least if best <= least or below(least) > 0 else brentq(below, least, best)
        return low, brentq(below, best, best + width)

    tiny = 1e-300
    most = n + n_off + 10 * np.sqrt(n + n_off + 1) + 60
    best_t = minimize_scalar(lambda t: -profile(t), bounds=(0, most), method="bounded", options=dict(xatol=1e-9)).x
    if profile(tiny) >= profile(best_t):
        best_t = tiny
    top = profile(best_t)

    def density(t):
        low, high = ends(lambda b: ln_likelihood(t, b), max(best_b(t), tiny), tiny)
        edges = np.linspace(low, high, 31)
        half = (edges[1] - edges[0]) / 2
        return half * np.sum(np.exp(ln_likelihood(t, edges[:-1, None] + (XS + 1) * half) - top) * WS)

    def integral(low, high):
        half = (high - low) / 2
        return half * sum(w * density(low + (x + 1) * half) for x, w in zip(XS, WS))

    edges = np.linspace(*ends(profile, best_t, tiny), 81)
    cumulative = np.concatenate([[0], np.cumsum([integral(a, b) for a, b in zip(edges[:-1], edges[1:])])])
    goal = case["credibility"] * cumulative[-1]
    p = int(np.searchsorted(cumulative, goal)) - 1
    return brentq(lambda t: cumulative[p] + integral(edges[p], t) - goal, edges[p], edges[p + 1], xtol=1e-12, rtol=1e-14)


def limit_of(case):
    return float(limit_of_large(case) if case["n"] + case["n_off"] > 150 else limit(case))


def check(case, found):
    """Credibility below `found` by quadrature over b and T in 30 digits."""
    mp.mp.dps = 30
    n, n_off, tau, leak, known = (case[k] for k in ("n", "n_off", "tau", "leak", "known"))
    tau, leak, known = mp.mpf(tau), mp.mpf(leak), mp.mpf(known)

    def at(t, b):
        mean, off = t + b + known, tau * b + leak * t
        return mp.exp(-mean - off) * (mean**n if n else 1) * (off**n_off if n_off else 1)

    b_top = (n + n_off) / (1 + tau) * 3 + 60 / (1 + tau)
    b_panels = [b_top * k / 6 for k in range(7)]
    inside = mp.quad(at, [0, mp.mpf(found) / 2, found], b_panels, maxdegree=6)
    t_top = n + 14 * mp.sqrt(n + 1) + 60
    outside = mp.quad(at, [found, found + (t_top - found) / 8, found + (t_top - found) / 3, t_top], b_panels, maxdegree=6)
    return abs(inside / (inside + outside) - case["credibility"])


def main():
    cases = []

    def add(n, n_off, tau, leak, efficiency=("normal", 0.0), transfer=("lognormal", 0.0), known=0.0, credibility=0.9,
            poi_max=1000.0):
        cases.append(
            dict(n=n, n_off=n_off, tau=tau, leak=leak, efficiency=list(efficiency), transfer=list(transfer),
                 known=known, credibility=credibility, poi_max=poi_max)
        )

    for leak in (0.001, 0.013, 0.1, 0.5):
        add(5, 12, 3.0, leak)
        add(0, 4, 2.0, leak)
        add(3, 0, 1.5, leak)
    add(0, 0, 2.0, 0.2)
    add(12, 3, 0.5, 0.3)
    add(1, 40, 5.0, 0.05)
    add(25, 30, 2.0, 0.156)
    add(40, 20, 4.0, 0.1, credibility=0.95)
    add(3, 8, 2.0, 0.1, known=1.5)
    add(5, 12, 3.0, 0.1, efficiency=("normal", 0.15))
    add(2, 9, 3.0, 0.013, efficiency=("normal", 0.15), known=1.5)
    add(7, 10, 2.5, 0.2, efficiency=("lognormal", 0.3), known=0.7)
    add(4, 6, 2.0, 0.1, transfer=("lognormal", 0.2))
    add(6, 8, 3.0, 0.05, transfer=("lognormal", 0.2), known=0.5)
    # leaks of the size of tau, data at odds with the leak, both nuisances
    add(30, 20, 1.0, 0.5, efficiency=("normal", 0.15))
    add(30, 20, 1.0, 0.5, transfer=("lognormal", 0.2))
    add(25, 12, 0.8, 0.6, efficiency=("normal", 0.15), transfer=("lognormal", 0.2), known=2.0)
    add(0, 30, 2.0, 0.3, transfer=("lognormal", 0.2))
    add(30, 0, 0.5, 0.4, efficiency=("lognormal", 0.1), transfer=("lognormal", 0.2))
    add(2, 40, 2.0, 0.5, efficiency=("normal", 0.15), transfer=("lognormal", 0.3))
    add(30, 20, 1.0, 0.5, transfer=("normal", 0.1), known=3.0)
    # many leaked events
    for n, n_off, tau, leak, known in [
        (200, 0, 0.5, 0.4, 0.0), (300, 10, 0.5, 0.3, 0.0), (1000, 600, 1.0, 0.5, 0.0), (1000, 0, 0.5, 0.4, 0.0),
        (40, 2000, 20.0, 3.0, 0.0), (100, 10000, 1.0, 0.9, 0.0), (100, 3000, 0.1, 0.5, 0.0), (2000, 1500, 1.0, 0.5, 30.0),
        (7000, 2500, 1.0, 0.3, 0.0), (10000, 6000, 1.0, 0.5, 0.0), (10400, 30000, 3.0, 0.3, 0.0),
        (100, 1_000_000, 10_000.0, 0.3, 0.0), (100, 1_000_000, 10_000.0, 0.3, 5.0),
    ]:
        add(n, n_off, tau, leak, known=known, poi_max=1e9)
    with Pool() as pool:
        limits = pool.map(limit_of, cases, chunksize=1)
    for case, found in zip(cases, limits):
        case["limit"] = found
        if case["n"] + case["n_off"] <= 150 and case["efficiency"][1] == 0 and case["transfer"][1] == 0 and "--check" in sys.argv:
            print(case, float(check(case, case["limit"])), file=sys.stderr)
    about = f"tests/golden/leak.py, numpy {np.__version__}, scipy {scipy.__version__}, accuracy 1e-11"
    print(json.dumps(dict(about=about, cases=cases), indent=1))


main()
