"""Unbinned extended likelihood fits for tests/unit/spectrum/unbinned.test.ts, by iminuit's ExtendedUnbinnedNLL.

python tests/golden/spectrum_unbinned.py DATA > tests/golden/spectrum_unbinned.json     (numpy, scipy, iminuit; versions in the output)

DATA is the folder with the public spectra: opposite-sign dimuons of CMS 2010, not binned. Densities and integrals are
scipy's or closed forms, parameters are plain ones (sums of Chebyshev polynomials, a + b t, powers); MIGRAD with numerical
derivatives and HESSE; differences of ln L are those of long double sums. `flag`: the density is negative somewhere.
"""
import csv
import gzip
import json
import platform
import sys

import iminuit
import numpy as np
import scipy
from iminuit import Minuit
from iminuit.cost import ExtendedUnbinnedNLL, NormalConstraint
from numpy.polynomial import chebyshev
from scipy.integrate import quad
from scipy.special import voigt_profile
from scipy.stats import crystalball, norm

DOMAIN = (2.0, 110.0)
SIGMA = 0.0085


def dimuons():
    with gzip.open(f"{sys.argv[1]}/cms-dimuon-2010/MuRun2010B_0.csv.gz", "rt") as file:
        rows = [{k.strip(): v for k, v in row.items()} for row in csv.DictReader(file)]
    return np.array([float(r["M"]) for r in rows if int(r["Q1"]) * int(r["Q2"]) < 0])


def signal(shape, mass, sigma):
    """Density and distribution function."""
    if shape["kind"] == "gaussian":
        return lambda x: norm.pdf(x, mass, sigma), lambda x: norm.cdf(x, mass, sigma)
    if shape["kind"] == "crystal-ball":
        # scipy's tail is on the low side and goes with n
        d = crystalball(shape["low"]["alpha"], shape["low"]["n"], loc=mass, scale=sigma)
        return d.pdf, d.cdf
    density = lambda x: voigt_profile(x - mass, sigma, shape["width"] / 2)
    return density, np.vectorize(lambda x: 0.5 + quad(density, mass, x, epsabs=1e-12, limit=500, points=[mass + (x - mass) * 0.1] if x != mass else None)[0])


def background(spec, low, high):
    """Number of coefficients besides the yield, density of yield 1 over the range, integral between two points."""
    t = lambda x: (2 * x - low - high) / (high - low)
    if spec["kind"] in ("chebyshev", "bernstein"):
        # the same polynomials: 1 + c_1 T_1 + ..., over its integral's constant part
        series = lambda c: np.concatenate([[1], c])
        density = lambda x, c: chebyshev.chebval(t(x), series(c)) / (high - low)
        def integral(a, b, c):
            primitive = chebyshev.chebint(series(c))
            return (chebyshev.chebval(t(b), primitive) - chebyshev.chebval(t(a), primitive)) / 2
        return spec["degree"], density, integral
    if spec["kind"] == "exponential":
        shape = lambda x, c: np.exp(sum(ck * t(x) ** (k + 1) for k, ck in enumerate(c))) / (high - low)
        return spec["degree"], shape, lambda a, b, c: quad(lambda x: shape(x, c), a, b, epsabs=1e-11, epsrel=1e-11)[0]
    shape = lambda x, c: (x / np.sqrt(low * high)) ** c[0] / (high - low)
    return 1, shape, lambda a, b, c: quad(lambda x: shape(x, c), a, b, epsabs=1e-11, epsrel=1e-11)[0]


# name, shape, background, half-width in sigmas, excluded, peak (mass, sigma, events, error), masses
GAUSS = {"kind": "gaussian"}
CASES = [
    ("polynomial", GAUSS, {"kind": "chebyshev", "degree": 2}, 10, None, None, [2.5, 3.0959, 3.3, 5, 9.44, 12, 16, 20, 30, 35, 45, 60, 70]),
    ("linear", GAUSS, {"kind": "bernstein", "degree": 1}, 6, None, None, [2.3, 3.0959, 4, 7, 10.02, 25, 91]),
    ("exponential", GAUSS, {"kind": "exponential", "degree": 2}, 10, None, None, [2.5, 3.0959, 3.3, 5, 9.44, 12, 16, 20]),
    ("power-law", GAUSS, {"kind": "power-law", "powers": 1}, 15, None, None, [2.6, 3.0959, 5, 9.44, 20, 40]),
    ("crystal-ball", {"kind": "crystal-ball", "low": {"alpha": 1.5, "n": 3}}, {"kind": "chebyshev", "degree": 1}, 12, None, None, [2.6, 3.0959, 9.44, 15]),
    ("voigt", {"kind": "voigt", "width": 0.2}, {"kind": "chebyshev", "degree": 3}, 10, None, None, [5, 9.44, 20, 40]),
    ("peak-and-veto", GAUSS, {"kind": "chebyshev", "degree": 2}, 12, [9.9, 10.15], (9.46, 0.09, 70, 25), [9.3, 9.6, 9.75, 10.3, 10.5]),
]


def fit(x, shape, spec, half, excluded, peak, mass):
    sigma = SIGMA * mass
    low, high = max(DOMAIN[0], mass - half * sigma), min(DOMAIN[1], mass + half * sigma)
    pieces = [(low, high)] if excluded is None else [(low, min(high, excluded[0])), (max(low, excluded[1]), high)]
    pieces = [(a, b) for a, b in pieces if a < b]
    low, high = pieces[0][0], pieces[-1][1]
    x = x[sum((x >= a) & (x <= b) for a, b in pieces) > 0]
    s, cdf = signal(shape, mass, sigma)
    n_shape, b, b_integral = background(spec, low, high)
    s_events, s_all = s(x), sum(float(cdf(b) - cdf(a)) for a, b in pieces)
    p_events = p_all = None
    if peak:
        p_events, p_all = norm.pdf(x, *peak[:2]), sum(norm.cdf(b, *peak[:2]) - norm.cdf(a, *peak[:2]) for a, b in pieces)

    def split(par):
        return par[0], par[1], (par[2], par[3:]) if peak else (0.0, par[2:])

    def model(events, *par):
        S, B, (P, c) = split(par)
        assert len(events) == len(x)
        density = S * s_events + B * b(x, c) + (P * p_events if peak else 0)
        total = S * s_all + B * sum(b_integral(u, v, c) for u, v in pieces) + (P * p_all if peak else 0)
        return total, np.where(density > 0, density, 1e-300)

    names = ["S", "B"] + (["P"] if peak else []) + [f"c{k}" for k in range(n_shape)]
    cost = ExtendedUnbinnedNLL(x, model, name=names)
    if peak:
        cost = cost + NormalConstraint("P", peak[2], peak[3])
    start = [0.0, float(len(x))] + ([peak[2]] if peak else []) + [0.0] * n_shape

    def minimum(has_signal):
        m = Minuit(cost, **dict(zip(names, start)))
        m.strategy, m.tol = 2, 1e-4
        m.errors["S"], m.errors["B"] = np.sqrt(len(x)), np.sqrt(len(x))
        m.fixed["S"] = not has_signal
        for _ in range(3):
            m.migrad(ncall=20000)
        assert m.valid, f"{mass} {spec}: {m.fmin}"
        m.hesse()
        return [m.values[k] for k in names], m.errors["S"]

    def loss(par):
        total, density = model(x, *par)
        constraint = 0.5 * ((par[2] - peak[2]) / peak[3]) ** 2 if peak else 0
        return np.longdouble(total) - np.log(density.astype(np.longdouble)).sum() + constraint

    (full, error), (null, _) = minimum(True), minimum(False)
    grid = np.concatenate([np.linspace(u, v, 2001) for u, v in pieces])
    def lowest(par):
        S, B, (P, c) = split(par)
        return (S * s(grid) + B * b(grid, c) + (P * norm.pdf(grid, *peak[:2]) if peak else 0)).min()
    number = lambda v: float(f"{v:.9g}")
    twice = float(2 * (loss(null) - loss(full)))
    return [mass, len(x), int(min(lowest(full), lowest(null)) < 0), number(full[0]), number(error), number(twice)]


if __name__ == "__main__":
    x = dimuons()
    versions = {"python": platform.python_version(), "numpy": np.__version__, "scipy": scipy.__version__, "iminuit": iminuit.__version__}
    header = json.dumps({"made_by": "tests/golden/spectrum_unbinned.py", "versions": versions, "domain": DOMAIN, "sigma": SIGMA})[:-1]
    cases = []
    for name, shape, spec, half, excluded, peak, masses in CASES:
        rows = [fit(x, shape, spec, half, excluded, peak, m) for m in masses]
        head = json.dumps({"name": name, "shape": shape, "background": spec, "half": half, "excluded": excluded, "peak": peak})[:-1]
        cases.append(head + ', "fits": [\n' + ",\n".join(map(json.dumps, rows)) + "]}")
        print(name, rows, file=sys.stderr)
    print(f'{header}, "cases": [\n' + ",\n".join(cases) + "]}")
