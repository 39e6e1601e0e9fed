"""Reference values of sliding-range fits for tests/unit/spectrum/golden.test.ts.

python tests/golden/spectrum_fits.py DATA > tests/golden/spectrum_fits.json      (numpy, scipy, iminuit; versions in the output)

DATA is the folder with the public spectra (CMS dimuon 2010, HEPData; see tests/support/fixtures.ts). Every hypothesis is
fitted with and without signal by MIGRAD (analytic gradient, parameters orthonormal for the start's weights; scipy's
trust-exact where MIGRAD gives up). Where a bin without events would have a negative mean, or there is no minimum at all, the
hypothesis is flagged and fitted again with all means >= 0 by scipy's trust-constr, an interior point of its own.
Differences of ln L are those of long double sums. Nothing is shared with the code under test but the definitions.
"""
import csv
import gzip
import json
import platform
import sys
import warnings

import iminuit
import numpy as np
import scipy
from iminuit import Minuit
from numpy.polynomial import chebyshev
from scipy.optimize import LinearConstraint, NonlinearConstraint, minimize
from scipy.stats import norm

warnings.filterwarnings("ignore")
DATA = sys.argv[1]


def dimuon():
    with gzip.open(f"{DATA}/cms-dimuon-2010/MuRun2010B_0.csv.gz", "rt") as file:
        rows = [{k.strip(): v for k, v in row.items()} for row in csv.DictReader(file)]
    masses = np.array([float(r["M"]) for r in rows if int(r["Q1"]) * int(r["Q2"]) < 0])
    edges = 2 * np.exp(0.0085 / 4 * np.arange(1887))
    return edges[:-1], edges[1:], np.histogram(masses, edges)[0]


def table(name):
    rows = np.genfromtxt(f"{DATA}/spectra-hepdata/{name}", delimiter=",", skip_header=1)
    return rows[:, 0], rows[:, 1], rows[:, 2].astype(int)


# name, spectrum, sigma/mass, first and last mass, step in sigmas, half-width in sigmas, degree
SCANS = [
    ("dimuon", dimuon, 0.0085, 2.1, 100, 0.5, 10, 3),
    ("dimuon-narrow", dimuon, 0.0085, 2.1, 100, 2, 5, 1),
    ("dimuon-degree-7", dimuon, 0.0085, 2.3, 12, 3, 10, 7),
    ("diphoton", lambda: table("cms_diphoton_EBEB_13TeV.csv"), 0.012, 520, 2500, 0.5, 10, 3),
    ("dijet", lambda: table("cms_dijet_13TeV.csv"), 0.05, 2000, 7000, 0.5, 5, 3),
    ("diphoton-2015", lambda: table("atlas_diphoton_2015_13TeV_digitised.csv"), 0.04, 450, 1400, 0.5, 7, 2),
    ("diphoton-2015-function", lambda: table("atlas_diphoton_2015_13TeV_digitised.csv"), 0.04, 200, 1600, 0.5, 1000,
     {"kind": "power-law", "powers": 1, "end": 13000, "root": 1 / 3}),
    ("diphoton-function", lambda: table("cms_diphoton_EBEB_13TeV.csv"), 0.012, 510, 2500, 1, 1000,
     {"kind": "power-law", "powers": 2}),
    ("dijet-function", lambda: table("cms_dijet_13TeV.csv"), 0.05, 1700, 7500, 0.5, 1000,
     {"kind": "power-law", "powers": 2, "end": 13000}),
    ("dimuon-exponential", dimuon, 0.0085, 2.3, 60, 4, 10, {"kind": "exponential", "degree": 2}),
]


class Fit:
    """Minimise sum nu - n ln nu, nu = a theta, in parameters u orthonormal where a flat spectrum has its weights."""

    def __init__(self, a, n):
        flat = n.sum() / len(n)
        q, self.r = np.linalg.qr(a / np.sqrt(flat))
        self.a = q * np.sqrt(flat)
        self.n, self.hit = n, n > 0
        self.u0 = np.linalg.lstsq(self.a, np.full(len(n), flat), rcond=None)[0]

    def value(self, u):
        nu = self.a @ u
        if (nu[self.hit] <= 0).any():
            return 1e20
        return float(nu.sum() - self.n[self.hit] @ np.log(nu[self.hit] / self.n[self.hit]) - self.n.sum())

    def slope(self, u):
        ratio = np.zeros(len(self.n))
        nu = self.a @ u
        ratio[self.hit] = self.n[self.hit] / np.where(nu[self.hit] > 0, nu[self.hit], 1e-300)
        return self.a.T @ (1 - ratio)

    def hessian(self, u):
        nu = (self.a @ u)[self.hit]
        return (self.a[self.hit].T * (self.n[self.hit] / nu**2)) @ self.a[self.hit]

    def distance(self, u):
        h = self.hessian(u)
        if not np.isfinite(h).all() or np.linalg.matrix_rank(h) < len(u):
            return np.inf
        return 0.5 * self.slope(u) @ np.linalg.solve(h, self.slope(u))

    def free(self):
        """u at the unbounded minimum, or None."""
        minuit = Minuit(self.value, self.u0, grad=self.slope)
        minuit.errordef, minuit.strategy, minuit.tol, minuit.print_level = 0.5, 1, 1e-5, 0
        minuit.migrad(ncall=5000)
        u = np.array(minuit.values)
        if self.value(u) < 1e19 and self.distance(u) < 1e-7:
            return u
        found = minimize(self.value, self.u0, jac=self.slope, hess=self.hessian, method="trust-exact", options={"gtol": 1e-9})
        if self.value(found.x) < 1e19 and np.abs(found.x).max() < 1e6 * np.abs(self.u0).max():
            if self.distance(found.x) < 1e-7:
                return found.x
        return None

    def bounded(self):
        """trust-constr, again from near its own end until that is no lower: it may stop early."""
        empty = self.a[~self.hit]
        scale = np.sqrt(self.n.sum() / len(self.n))
        bounds = LinearConstraint(empty / scale, 0, np.inf, keep_feasible=True)
        options = {"gtol": 1e-9, "xtol": 1e-14, "barrier_tol": 1e-10, "initial_barrier_parameter": 0.1, "maxiter": 3000}
        derivatives = {"jac": self.slope, "hess": self.hessian, "method": "trust-constr"}
        best = None
        for attempt in range(10):
            start = self.u0 if best is None else 0.9 * best + 0.1 * self.u0
            u = minimize(self.value, start, constraints=[bounds], options=options, **derivatives).x
            if best is not None and self.loss(u) > self.loss(best) - 1e-7:
                return u if self.loss(u) < self.loss(best) else best
            best = u
        raise AssertionError("trust-constr does not settle")

    def run(self):
        u = self.free()
        if u is not None and (self.a[~self.hit] @ u >= 0).all():
            return u, False
        return self.bounded(), True

    def loss(self, u):
        nu = (self.a.astype(np.longdouble) @ u.astype(np.longdouble))
        n = self.n.astype(np.longdouble)
        return nu.sum() - (n[self.hit] * np.log(nu[self.hit])).sum()

    def theta(self, u):
        return np.linalg.solve(self.r, u)

    def errors(self, u):
        h = self.r.T @ self.hessian(u) @ self.r
        scale = np.sqrt(np.diag(h))
        if np.linalg.cond(h / np.outer(scale, scale)) > 1e12:
            return np.zeros(len(u))
        return np.sqrt(np.diag(np.linalg.inv(h)))


class LogFit(Fit):
    """The same with background exp(sum c_k f_k(m)) integrated by 10 points per bin; u = c in functions orthonormal over
    the range (and S in units of sqrt(events), first)."""

    def __init__(self, spec, low, high, share, n, has_signal):
        x, w = np.polynomial.legendre.leggauss(10)
        self.m = (low + high)[:, None] / 2 + (high - low)[:, None] / 2 * x
        self.w = (high - low)[:, None] / 2 * w / (high - low).sum()
        functions = raw_functions(spec, self.m, low[0], high[-1])
        q, _ = np.linalg.qr(np.array([f.ravel() for f in functions]).T * np.sqrt(self.w.ravel())[:, None])
        self.f = (q / np.sqrt(self.w.ravel())[:, None]).reshape(*self.m.shape, -1)
        self.n, self.hit, self.scale = n, n > 0, np.sqrt(n.sum())
        self.share = share * self.scale if has_signal else None
        weight = np.sqrt(np.maximum(n, 0.5))
        wanted = np.log(np.maximum(n, 0.5) / self.w.sum(axis=1))
        c = np.linalg.lstsq(self.f[:, 5, :] * weight[:, None], wanted * weight, rcond=None)[0]
        self.u0 = np.concatenate([[0.0], c]) if has_signal else c

    def parts(self, u):
        c = u if self.share is None else u[1:]
        density = self.w * np.exp(np.clip(self.f @ c, -600, 600))
        columns = np.einsum("iq,iqk->ik", density, self.f)
        nu = density.sum(axis=1)
        if self.share is not None:
            nu, columns = nu + u[0] * self.share, np.column_stack([self.share, columns])
        return nu, columns, density

    def value(self, u):
        nu = self.parts(u)[0]
        if (nu[self.hit] <= 0).any() or not np.isfinite(nu).all():
            return 1e20
        return float(nu.sum() - self.n[self.hit] @ np.log(nu[self.hit] / self.n[self.hit]) - self.n.sum())

    def slope(self, u):
        nu, columns, _ = self.parts(u)
        return columns.T @ (1 - np.where(self.hit, self.n / np.where(nu > 0, nu, 1e-300), 0))

    def hessian(self, u):
        nu, columns, density = self.parts(u)
        h = (columns[self.hit].T * (self.n / nu**2)[self.hit]) @ columns[self.hit]
        pull = 1 - np.where(self.hit, self.n / nu, 0)
        second = np.einsum("iq,iqk,iql->kl", density * pull[:, None], self.f, self.f)
        first = 0 if self.share is None else 1
        h[first:, first:] += second
        return h

    def bounded(self):
        empty = ~self.hit
        first = 0 if self.share is None else 1

        def curvature(u, v):
            h = np.zeros((len(u), len(u)))
            h[first:, first:] = np.einsum("i,iq,iqk,iql->kl", v, self.parts(u)[2][empty], self.f[empty], self.f[empty])
            return h

        bounds = NonlinearConstraint(
            lambda u: self.parts(u)[0][empty], 0, np.inf,
            jac=lambda u: self.parts(u)[1][empty], hess=curvature, keep_feasible=True,
        )
        options = {"gtol": 1e-9, "xtol": 1e-14, "barrier_tol": 1e-10, "initial_barrier_parameter": 0.1, "maxiter": 3000}
        best = None
        for attempt in range(10):
            start = self.u0 if best is None else 0.9 * best + 0.1 * self.u0
            u = minimize(self.value, start, jac=self.slope, hess=self.hessian, method="trust-constr", constraints=[bounds], options=options).x
            if best is not None and self.loss(u) > self.loss(best) - 1e-7:
                return u if self.loss(u) < self.loss(best) else best
            best = u
        raise AssertionError("trust-constr does not settle")

    def run(self):
        u = self.free()
        if u is not None and (self.parts(u)[0] >= 0).all():
            return u, False
        return self.bounded(), True

    def loss(self, u):
        nu = self.parts(u)[0].astype(np.longdouble)
        return nu.sum() - (self.n[self.hit] * np.log(nu[self.hit])).sum()

    def theta(self, u):
        return u * self.scale

    def errors(self, u):
        h = self.hessian(u)
        if np.linalg.cond(h) > 1e12:
            return np.zeros(len(u))
        return np.sqrt(np.diag(np.linalg.inv(h))) * self.scale


def raw_functions(spec, m, low, high):
    if spec["kind"] == "exponential":
        return [((2 * m - low - high) / (high - low)) ** k for k in range(spec["degree"] + 1)]
    functions = [np.log(m / np.sqrt(low * high)) ** k for k in range(spec["powers"] + 1)]
    if "end" in spec:
        functions.append(np.log(1 - (m / spec["end"]) ** spec.get("root", 1)))
    return functions


def design(low, high, mass, sigma, degree):
    t = lambda x: (2 * x - low[0] - high[-1]) / (high[-1] - low[0])
    columns = []
    for k in range(degree + 1):
        primitive = chebyshev.chebint(np.eye(degree + 1)[k])
        columns.append((chebyshev.chebval(t(high), primitive) - chebyshev.chebval(t(low), primitive)) / 2)
    tail = lambda x: norm.cdf(-np.abs((x - mass) / sigma))
    share = np.where(high < mass, tail(high) - tail(low), np.where(low > mass, tail(low) - tail(high), 1 - tail(low) - tail(high)))
    return np.array([share] + columns).T


def scan(name, spectrum, relative, first, last, step, half, degree):
    low, high, n = spectrum()
    rows, mass = [], first
    while mass <= last:
        sigma = relative * mass
        slack = 1e-9 * (high - low)
        inside = (low >= mass - half * sigma - slack) & (high <= mass + half * sigma + slack)
        rows.append(fit_one(low[inside], high[inside], n[inside], mass, sigma, degree))
        mass += step * sigma
    return dict(name=name, sigma=relative, first=first, last=last, step=step, half=half, background=degree if isinstance(degree, dict) else {"kind": "chebyshev", "degree": degree}, fits=rows)


def fit_one(low, high, n, mass, sigma, degree):
    """[number of bins, events, flagged, S^, error (0 without), 2 dlnL]; the first two alone where nothing can be fitted."""
    is_log = isinstance(degree, dict)
    n_coefficients = len(raw_functions(degree, low[:1], 1, 2)) if is_log else degree + 1
    if len(n) < n_coefficients + 1 or n.sum() == 0:
        return [len(n), int(n.sum())]
    a = design(low, high, mass, sigma, 0 if is_log else degree)
    if a[:, 0].sum() < 0.5:
        return [len(n), int(n.sum())]
    if is_log:
        full, null = (LogFit(degree, low, high, a[:, 0], n, has_signal) for has_signal in (True, False))
    else:
        full, null = Fit(a, n), Fit(a[:, 1:], n)
    (u, is_bounded), (v, is_null_bounded) = full.run(), null.run()
    twice = float(2 * (null.loss(v) - full.loss(u)))
    flag = int(is_bounded) + 2 * int(is_null_bounded)
    number = lambda x: float(f"{x:.9g}")
    return [len(n), int(n.sum()), flag, number(full.theta(u)[0]), number(full.errors(u)[0]), number(twice)]


if __name__ == "__main__":
    wanted = sys.argv[2:]
    versions = {"python": platform.python_version(), "numpy": np.__version__, "scipy": scipy.__version__, "iminuit": iminuit.__version__}
    scans = [scan(*s) for s in SCANS if not wanted or s[0] in wanted]
    header = json.dumps({"made_by": "tests/golden/spectrum_fits.py", "versions": versions})[:-1]
    body = ",\n".join(json.dumps({k: v for k, v in s.items() if k != "fits"})[:-1] + ', "fits": [\n' + ",\n".join(map(json.dumps, s["fits"])) + "]}" for s in scans)
    print(f'{header}, "scans": [\n{body}]}}')
