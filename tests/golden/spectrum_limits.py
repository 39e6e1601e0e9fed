"""Reference values of limits of sliding-range fits for tests/unit/spectrum/limits-golden.test.ts.

python tests/golden/spectrum_limits.py > tests/golden/spectrum_limits.json      (numpy, scipy, pyhf; versions in the output)

Every profile is a minimisation by scipy over ALL nuisance parameters at once (background, peaks, spurious signal, shape,
efficiency ...) at a given POI: BFGS in parameters whitened at the start, or trust-constr with all means >= 0 where bins without
events would have a negative mean. Limits are roots by Brent's method of the formulae of arXiv:1007.1727, written down again;
Bayesian ones integrate the same likelihoods by scipy's quad: `laplace` with the determinant of a numerical Hessian, `direct`
over the coefficients themselves. Some models are given to pyhf too. Nothing is shared with the code under test.
"""
import json
import platform
import sys
import warnings

import numpy as np
import scipy
from numpy.polynomial import chebyshev, legendre
from scipy.integrate import quad
from scipy.optimize import LinearConstraint, brentq, minimize
from scipy.special import xlogy
from scipy.stats import gamma, norm

warnings.filterwarnings("ignore")
SIGMA_LEVELS = norm.cdf([-2, -1, 0, 1, 2])


class Model:
    """-ln L less that of means equal to the counts; x = background, peaks, spurious, shapes, yields."""

    def __init__(self, case, counts, centres=None):
        low, high = np.array(case["low"], float), np.array(case["high"], float)
        mass, sigma = case["mass"], case["sigma"]
        share = lambda m, s: norm.cdf((high - m) / s) - norm.cdf((low - m) / s)
        self.case, self.n, self.hit = case, np.array(counts, float), np.array(counts) > 0
        self.s = share(mass, sigma)
        spec = case["background"]
        t = lambda x: (2 * x - low[0] - high[-1]) / (high[-1] - low[0])
        nodes, weights = legendre.leggauss(10)
        points = (low + high)[:, None] / 2 + (high - low)[:, None] / 2 * nodes
        self.weights = weights / 2 * (high - low)[:, None]
        powers = [chebyshev.chebval(t(points), np.eye(spec["degree"] + 1)[k]) for k in range(spec["degree"] + 1)]
        self.is_log = spec["kind"] == "exponential"
        self.f = np.array(powers)
        self.basis = np.einsum("kiq,iq->ik", self.f, self.weights)
        self.k = spec["degree"] + 1
        peaks = case.get("peaks", [])
        self.peaks = np.array([share(p["mass"], p["sigma"]) for p in peaks]).reshape(len(peaks), len(low)).T
        self.peak_errors = np.array([p["error"] for p in peaks])
        self.spurious = case.get("spurious", 0)
        self.deltas = []
        if r := case.get("resolution", 0):
            self.deltas.append((share(mass, sigma * (1 + r)) - share(mass, sigma * (1 - r))) / 2)
        if d := case.get("position", 0):
            self.deltas.append((share(mass + d, sigma) - share(mass - d, sigma)) / 2)
        self.deltas = np.array(self.deltas).reshape(-1, len(low)).T
        self.yields = case.get("yields", [])
        self.targets = sorted({t for y in self.yields for t in y["on"]})
        self.sizes = [self.k, len(peaks), 1 if self.spurious else 0, self.deltas.shape[1], len(self.yields)]
        self.size = sum(self.sizes)
        # centres of the constraints: peaks, then the spurious signal
        self.centres = np.array([p["expected"] for p in peaks] + [0.0] * self.sizes[2]) if centres is None else centres

    def split(self, x):
        return np.split(x, np.cumsum(self.sizes)[:-1])

    def factor(self, theta):
        """Product over targets; normals of one target add. Gammas are g = exp(theta), Gamma(k, rate k)."""
        result = 1.0
        for target in self.targets:
            normal = 1.0
            for value, y in zip(theta, self.yields):
                if target not in y["on"]:
                    continue
                up, down = y["on"][target] if isinstance(y["on"][target], list) else [y["on"][target]] * 2
                r = up if value > 0 else down
                if y["constraint"] == "normal":
                    normal += r * value
                elif y["constraint"] == "lognormal":
                    result *= np.exp(value * np.log1p(r))
                else:
                    result *= np.exp(value)
            result *= max(normal, 1e-12)
        return result

    def background(self, c):
        if not self.is_log:
            return self.basis @ c
        return (self.weights * np.exp(np.clip(np.einsum("kiq,k->iq", self.f, c), -300, 300))).sum(axis=1)

    def means(self, poi, x):
        c, peaks, spurious, shapes, yields = self.split(x)
        signal = poi * self.case["sensitivity"] * self.factor(yields)
        return (
            self.background(c)
            + self.peaks @ peaks
            + (self.s * spurious[0] * self.spurious if len(spurious) else 0)
            + signal * (self.s + self.deltas @ shapes)
        )

    def penalty(self, x):
        _, peaks, spurious, shapes, yields = self.split(x)
        n_peaks = len(peaks)
        pulls = np.concatenate([(peaks - self.centres[:n_peaks]) / self.peak_errors, spurious - self.centres[n_peaks:], shapes])
        loss = 0.5 * (pulls**2).sum()
        for value, y in zip(yields, self.yields):
            if y["constraint"] == "gamma":
                k = 1 / next(iter(y["on"].values())) ** 2
                loss += k * (np.expm1(value) - value)
            else:
                loss += 0.5 * value**2
        return loss

    def loss(self, poi, x):
        nu = self.means(poi, x)
        if (nu[self.hit] <= 0).any():
            return 1e10
        x_ = (nu - self.n)[self.hit] / self.n[self.hit]
        return float((self.n[self.hit] * (x_ - np.log1p(x_))).sum() + nu[~self.hit].sum() + self.penalty(x))

    def start(self):
        x = np.zeros(self.size)
        if self.is_log:
            y = np.maximum(self.n, 0.5)
            w = np.sqrt(y)
            x[: self.k] = np.linalg.lstsq(self.f[:, :, 5].T * w[:, None], w * np.log(y / self.weights.sum(axis=1)), rcond=None)[0]
        else:
            x[0] = self.n.sum() / self.basis[:, 0].sum()
        x[self.k : self.k + self.sizes[1]] = self.centres[: self.sizes[1]]
        return x

    def columns(self, poi, x):
        """d means/d x; of the yields by differences."""
        c, _, _, shapes, yields = self.split(x)
        signal = poi * self.case["sensitivity"]
        if self.is_log:
            density = self.weights * np.exp(np.clip(np.einsum("kiq,k->iq", self.f, c), -300, 300))
            background = np.einsum("kiq,iq->ik", self.f, density)
        else:
            background = self.basis
        template = self.s + self.deltas @ shapes
        factors = [(self.factor(yields + e) - self.factor(yields - e)) / 2e-5 for e in 1e-5 * np.eye(len(yields))]
        return np.column_stack([
            background, self.peaks, *([self.spurious * self.s] if self.spurious else []),
            signal * self.factor(yields) * self.deltas, *[signal * f * template for f in factors],
        ])  # fmt: skip

    def pulls(self, x):
        """d penalty/d x"""
        c, peaks, spurious, shapes, yields = self.split(x)
        n_peaks = len(peaks)
        result = [0 * c, (peaks - self.centres[:n_peaks]) / self.peak_errors**2, spurious - self.centres[n_peaks:], shapes]
        for value, y in zip(yields, self.yields):
            k = 1 / next(iter(y["on"].values())) ** 2 if y["constraint"] == "gamma" else 0
            result.append([k * np.expm1(value) if k else value])
        return np.concatenate(result)

    def slope(self, poi, x):
        nu = self.means(poi, x)
        ratio = np.where(self.hit, self.n / np.where(nu > 0, nu, 1e-300), 0)
        return self.columns(poi, x).T @ (1 - ratio) + self.pulls(x)

    def whitening(self, poi, x):
        """W with W^T H W = 1, H the Fisher information at x."""
        scale = self.scales()
        jacobian = self.columns(poi, x) * scale
        h = (jacobian.T / np.maximum(self.means(poi, x), 0.02)) @ jacobian
        prior = np.zeros(self.size)
        prior[self.k :] = 1
        return np.diag(scale) @ np.linalg.inv(np.linalg.cholesky(h + np.diag(prior + 1e-9))).T

    def scales(self):
        scale = np.ones(self.size)
        if not self.is_log:
            scale[: self.k] = max(1.0, np.sqrt(self.n.sum())) / self.basis[:, 0].sum()
        scale[self.k : self.k + self.sizes[1]] = self.peak_errors
        return scale

    def fit(self, poi, near=None):
        """Minimum at a POI: x, -ln L. SciPy's BFGS, repeated from its end until nothing changes; bounded where it must be."""
        x = self.start() if near is None else near
        if self.loss(poi, x) > 1e9:
            x = self.start()
            while self.loss(poi, x) > 1e9:
                x[: self.k] = x[: self.k] + np.log(2) * (np.arange(self.k) == 0) if self.is_log else 2 * x[: self.k]
        best = self.loss(poi, x)
        for attempt in range(30):
            w = self.whitening(poi, x)
            loss, slope = (lambda u: self.loss(poi, x + w @ u)), (lambda u: w.T @ self.slope(poi, x + w @ u))
            found = minimize(loss, np.zeros(self.size), jac=slope, method="BFGS", options={"gtol": 1e-9})
            if not np.isfinite(found.x).all():
                return self.bounded(poi)
            x, before, best = x + w @ found.x, best, min(best, found.fun)
            if attempt > 1 and before - best < 1e-11:
                break
        if (self.means(poi, x)[~self.hit] < -1e-12).any():
            return self.bounded(poi)
        return x, best

    def bounded(self, poi):
        """All means >= 0; only for means linear in x, hence without yields."""
        assert not self.is_log and not self.yields
        x = self.start()
        zero = self.means(poi, np.zeros(self.size))
        columns = np.array([self.means(poi, e) - zero for e in np.eye(self.size)]).T
        scale = self.scales()
        events = np.sqrt(self.n.sum() / len(self.n))
        bound = LinearConstraint(columns[~self.hit] * scale / events, -zero[~self.hit] / events, np.inf, keep_feasible=True)
        slope = lambda u: scale * self.slope(poi, scale * u)
        hess = lambda u: scale[:, None] * self.hessian(poi, scale * u, columns) * scale
        options = {"gtol": 1e-10, "xtol": 1e-15, "barrier_tol": 1e-11, "initial_barrier_parameter": 0.1, "maxiter": 5000}
        best, value = x / scale, np.inf
        while not (self.means(poi, scale * best) > 0).all():
            best = 2 * best
        inside = best
        for attempt in range(12):
            u = minimize(
                lambda u: self.loss(poi, scale * u),
                0.9 * best + 0.1 * inside,
                jac=slope,
                hess=hess,
                method="trust-constr",
                constraints=[bound],
                options=options,
            ).x
            before, after = value, self.loss(poi, scale * u)
            if after < value:
                best, value = u, after
            if before - after < 1e-9:
                break
        return scale * best, value

    def hessian(self, poi, x, columns):
        nu = self.means(poi, x)
        h = (columns[self.hit].T * (self.n / nu**2)[self.hit]) @ columns[self.hit]
        n_peaks, k = self.sizes[1], self.k
        diagonal = np.zeros(self.size)
        diagonal[k : k + n_peaks] = 1 / self.peak_errors**2
        diagonal[k + n_peaks :] = 1
        return h + np.diag(diagonal)

    def hat(self):
        """POI^ of either sign, its -ln L."""
        scale = (1 + np.sqrt(self.n.sum())) / self.case["sensitivity"] / 5
        near = [None]

        def f(u):
            x, loss = self.fit(u * scale, near[0])
            near[0] = x
            return loss

        grid = np.linspace(-6, 12, 37)
        losses = [f(u) for u in grid]
        i = int(np.argmin(losses))
        near[0] = None
        found = minimize(lambda u: f(u[0]), [grid[i]], method="Nelder-Mead", options={"xatol": 1e-6, "fatol": 1e-13})
        return found.x[0] * scale, found.fun

    def asimov(self, signal=0.0):
        x, _ = self.fit(0)
        means = np.maximum(0, self.means(0, x) + signal * self.s)
        n_peaks = self.sizes[1]
        return Model(self.case, np.where(means > 1e-7, means, 0), x[self.k : self.k + n_peaks + self.sizes[2]])


class Statistic:
    """q~ of a POI (Eq. 16), with POI^ known."""

    def __init__(self, model):
        self.model = model
        self.hat, self.lowest = model.hat()
        self.null = model.fit(0)[1]
        self.best = max(0.0, self.hat)
        self.base = self.lowest if self.hat > 0 else self.null
        self.near = None

    def root(self, poi):
        if poi <= self.best:
            return 0.0
        x, loss = self.model.fit(poi, self.near)
        self.near = x
        return np.sqrt(2 * max(0.0, loss - self.base))


class AsimovStatistic(Statistic):
    """Where POI^ is known to be the signal that was put in."""

    def __init__(self, model, poi):
        self.model, self.near = model, None
        self.hat, self.best = poi, max(0.0, poi)
        self.lowest = model.fit(poi)[1]
        self.null = model.fit(0)[1]
        self.base = self.lowest if poi > 0 else self.null


def upper(f, low, step):
    high = low + step
    while f(high) < 0:
        low, high = high, high + 2 * step
    return brentq(f, low, high, xtol=1e-9 * step, rtol=1e-11)


def log_cls(r, a):
    if r <= a:
        return norm.logsf(r) - norm.logsf(r - a)
    return norm.logsf((r * r + a * a) / (2 * a)) - norm.logsf((r * r - a * a) / (2 * a))


def cls(observed, asimov, level, step):
    goal = np.log1p(-level)
    return upper(lambda poi: goal - log_cls(observed.root(poi), asimov.root(poi)), 1e-9 * step, step)


def expected_cls(asimov, level, step):
    roots = [n + norm.isf((1 - level) * norm.cdf(n)) for n in [-2, -1, 0, 1, 2]]
    return [upper(lambda poi, r=r: asimov.root(poi) - r, 0.0, step) for r in roots]


def at_z(model, wanted, step):
    """The expected spectrum with that signed Z."""
    if wanted == 0:
        return AsimovStatistic(model.asimov(), 0.0)

    def z(poi):
        spectrum = model.asimov(poi * model.case["sensitivity"])
        return np.sign(poi) * np.sqrt(2 * max(0, spectrum.fit(0)[1] - spectrum.fit(poi)[1]))

    low = 0.3 * wanted * step
    high = 2.5 * wanted * step
    poi = brentq(lambda u: z(u) - wanted, low, high, xtol=1e-6 * step)
    return AsimovStatistic(model.asimov(poi * model.case["sensitivity"]), poi)


def profile(statistic, level, step):
    z = norm.isf(1 - level)
    return upper(lambda poi: statistic.root(poi) - z, statistic.best, step)


# ---- Bayes -------------------------------------------------------------------------------------------------------------


def ln_laplace(model, signal):
    """ln of the likelihood at a signal with everything but the yields integrated out by Laplace, at the maximum with one
    pseudo-event per coefficient of a linear background, shared among the bins, in each bin without events."""
    pseudo = 0 if model.is_log else model.k / len(model.n)
    case = {**model.case, "sensitivity": 1.0, "yields": []}
    plain = Model(case, np.where(model.hit, model.n, pseudo), model.centres)
    x, loss = plain.fit(signal)
    w = plain.whitening(signal, x)
    h = np.empty((plain.size, plain.size))
    e = 1e-3 * w.T
    f = lambda d: plain.loss(signal, x + d)
    for i in range(plain.size):
        for j in range(i + 1):
            h[i, j] = h[j, i] = (f(e[i] + e[j]) - f(e[i] - e[j]) - f(e[j] - e[i]) + f(-e[i] - e[j])) / 4e-6
    true = Model(case, model.n, model.centres).loss(signal, x)
    return -true - 0.5 * np.linalg.slogdet(h)[1] + np.linalg.slogdet(w)[1]


def ln_direct(model, signal):
    """The same, exact, for a constant or a straight line and a signal far from both ends: then the means are nowhere
    negative where the first and the last are not. Gauss-Legendre over these, in panels."""
    nodes, weights = legendre.leggauss(12)
    top = 6 * (model.n.max() + 3) + 3 * model.n.sum() / len(model.n)
    edges = top * np.linspace(0, 1, 13) ** 2
    half = np.diff(edges) / 2
    v = np.concatenate([a + h * (1 + nodes) for a, h in zip(edges, half)])
    w = np.concatenate([h * weights for h in half])
    along = np.arange(len(model.n)) / (len(model.n) - 1)
    if model.k == 1:
        background, volume = v[:, None] + 0 * along, w
    else:
        first, last = np.meshgrid(v, v)
        background = first.ravel()[:, None] * (1 - along) + last.ravel()[:, None] * along
        volume = np.outer(w, w).ravel()
    nu = background + signal * model.s
    ln = xlogy(model.n, nu).sum(axis=1) - nu.sum(axis=1)
    return np.log((volume * np.exp(ln - ln.max())).sum()) + ln.max()


def bayes(model, level, poi_max, step, method=ln_laplace):
    """Likelihood on a fine grid of S, made a spline; the factor by quad."""
    s0 = model.case["sensitivity"]
    far = s0 * (max(0.0, model.hat()[0]) + 9 * step)
    grid = np.linspace(0, far, 80)
    ln = np.array([method(model, s) for s in grid])
    spline = scipy.interpolate.CubicSpline(grid, ln)
    fine = np.linspace(0, far, 40001)
    density = np.exp(spline(fine) - ln.max())
    below = scipy.integrate.cumulative_simpson(density, x=fine, initial=0)
    integral = scipy.interpolate.CubicSpline(fine, below)
    up_to = lambda t: float(integral(min(t, far)))
    if not model.yields:
        part = lambda poi: up_to(poi * s0) / s0
    else:
        (y,) = model.yields
        (r,) = y["on"].values()
        pdf = {
            "normal": lambda f: norm.pdf((f - 1) / r) / r,
            "lognormal": lambda f: norm.pdf(np.log(f) / np.log1p(r)) / np.log1p(r) / f,
            "gamma": lambda f: gamma.pdf(f, 1 / r**2, scale=r**2),
        }[y["constraint"]]
        pieces = [1e-9, 0.02, 0.1, 0.3, 0.6, 0.8, 0.9, 1, 1.1, 1.2, 1.5, 2, 4, 8]
        part = lambda poi: sum(
            quad(lambda f: pdf(f) * up_to(poi * s0 * f) / (s0 * f), a, b, epsrel=1e-9)[0] for a, b in zip(pieces, pieces[1:])
        )
    whole = part(poi_max)
    return brentq(lambda poi: part(poi) - level * whole, 1e-6 * step, poi_max, xtol=1e-9 * step)


# ---- pyhf --------------------------------------------------------------------------------------------------------------


def pyhf_limits(case):
    import pyhf

    pyhf.set_backend("numpy", pyhf.optimize.scipy_optimizer(tolerance=1e-12, maxiter=100000))
    model = Model(case, case["counts"])
    k = model.k
    # Bernstein polynomials span the same densities and have coefficients >= 0 here
    low, high = np.array(case["low"], float), np.array(case["high"], float)
    edge = np.append(low, high[-1])
    u = (edge - edge[0]) / (edge[-1] - edge[0])
    pieces = [np.diff(scipy.special.betainc(j + 1, k - j, u)) for j in range(k)]
    events = float(sum(case["counts"]))
    samples = [
        {
            "name": f"b{j}",
            "data": list(events / k * p),
            "modifiers": [{"name": f"c{j}", "type": "normfactor", "data": None}],
        }
        for j, p in enumerate(pieces)
    ]
    signal = case["sensitivity"] * model.s
    modifiers = [{"name": "mu", "type": "normfactor", "data": None}]
    for y in case.get("yields", []):
        (r,) = y["on"].values()
        assert y["constraint"] == "lognormal"
        modifiers.append({"name": y["name"], "type": "normsys", "data": {"hi": 1 + r, "lo": 1 / (1 + r)}})
    for i in range(model.deltas.shape[1]):
        d = case["sensitivity"] * model.deltas[:, i]
        modifiers.append({"name": f"shape{i}", "type": "histosys", "data": {"hi_data": list(signal + d), "lo_data": list(signal - d)}})
    samples.insert(0, {"name": "signal", "data": list(signal), "modifiers": modifiers})
    parameters = [{"name": "mu", "bounds": [[0, 1000]], "inits": [1.0]}]
    parameters += [{"name": f"c{j}", "bounds": [[0, 10]], "inits": [1.0]} for j in range(k)]
    spec = {
        "channels": [{"name": "spectrum", "samples": samples}],
        "observations": [{"name": "spectrum", "data": list(map(float, case["counts"]))}],
        "measurements": [{"name": "m", "config": {"poi": "mu", "parameters": parameters}}],
        "version": "1.0.0",
    }
    workspace = pyhf.Workspace(spec)
    settings = {"normsys": {"interpcode": "code1"}, "histosys": {"interpcode": "code0"}}
    built = workspace.model(modifier_settings=settings)
    data = workspace.data(built)
    step = case["step"]
    results = {}

    def values(mu):
        if mu not in results:
            obs, band = pyhf.infer.hypotest(mu, data, built, test_stat="qtilde", return_expected_set=True)
            results[mu] = [float(obs), *map(float, band)]
        return results[mu]

    f = lambda i: (lambda mu: 0.05 - values(mu)[i])
    bracketed = lambda i: brentq(f(i), 0.05 * step, 8 * step, xtol=1e-7 * step)
    return {"version": pyhf.__version__, "observed": bracketed(0), "expected": [bracketed(i) for i in range(1, 6)]}


# ---- cases -------------------------------------------------------------------------------------------------------------


def unit_bins(n):
    return {"low": list(range(n)), "high": list(range(1, n + 1))}


def spectrum(seed, n_bins, per_bin, mass, sigma, signal, slope=0.6):
    """Integers drawn once: a falling background and a peak (S < 0: a dip)."""
    rng = np.random.default_rng(seed)
    x = (np.arange(n_bins) + 0.5) / n_bins
    shape = norm.cdf((np.arange(n_bins) + 1 - mass) / sigma) - norm.cdf((np.arange(n_bins) - mass) / sigma)
    means = np.maximum(0, per_bin * np.exp(slope * (0.5 - x)) + signal * shape)
    return [int(v) for v in rng.poisson(means)]


CHEBYSHEV = lambda degree: {"kind": "chebyshev", "degree": degree}
LOG_EFFICIENCY = {"name": "efficiency", "constraint": "lognormal", "on": {"efficiency": 0.12}}
SHARED = {"name": "both", "constraint": "lognormal", "on": {"efficiency": 0.05, "luminosity": 0.08}}
base = lambda counts, **more: {
    **unit_bins(len(counts)), "counts": counts, "mass": 0.5 * len(counts) - 0.7, "sigma": 1.6, "sensitivity": 2.5,
    "background": CHEBYSHEV(3), **more,
}  # fmt: skip
excess = spectrum(1, 40, 50, 19.3, 1.6, 45)
deficit = spectrum(2, 40, 50, 19.3, 1.6, -45)
nothing = spectrum(3, 40, 20, 19.3, 1.6, 0)
sparse = spectrum(4, 24, 0.8, 11.3, 1.6, 0)
few = [0, 2, 1, 0, 1, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 0]
some = [3, 1, 2, 2, 4, 0, 2, 1, 3, 2, 5, 2, 1, 0, 2, 1]
WANT = {"cls", "profile", "bayes"}
CASES = [
    ("excess", base(excess), WANT),
    ("deficit", base(deficit), WANT),
    ("no signal", base(nothing, background=CHEBYSHEV(2)), WANT | {"pyhf"}),
    ("few events", base(sparse, background=CHEBYSHEV(1)), {"cls", "bayes", "direct"}),
    ("bins at their bound", base(few, background=CHEBYSHEV(2)), {"cls"}),
    ("two parameters and few events", base(some, background=CHEBYSHEV(1), sigma=1.0), {"cls", "bayes", "direct"}),
    ("one parameter and few events", base([2, 0, 1, 1, 3, 0, 1, 0], background=CHEBYSHEV(0), sigma=0.5), {"cls", "bayes", "direct"}),
    ("falling to nothing", base([5, 4, 6, 3, 2, 3, 1, 2, 1, 0, 0, 0], background=CHEBYSHEV(1), mass=6.3, sigma=1.0), {"cls", "bayes", "direct"}),
    ("eight events", base([0, 2, 1, 0, 1, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 1], background=CHEBYSHEV(1), sigma=1.0), {"cls", "bayes", "direct"}),
    ("exponential", base(excess, background={"kind": "exponential", "degree": 2}), WANT),
    ("millions of events", base(spectrum(5, 30, 1e6, 14.3, 1.6, 6000), background=CHEBYSHEV(4)), {"cls", "profile"}),
    ("peak beside it", base(excess, peaks=[{"mass": 26, "sigma": 2, "expected": 15, "error": 6}]), {"cls", "profile"}),
    ("lognormal efficiency", base(excess, background=CHEBYSHEV(2), yields=[LOG_EFFICIENCY]), WANT | {"pyhf"}),
    ("normal efficiency", base(nothing, yields=[{"name": "e", "constraint": "normal", "on": {"efficiency": 0.2}}]), WANT),
    ("gamma efficiency", base(excess, yields=[{"name": "e", "constraint": "gamma", "on": {"luminosity": 0.25}}]), WANT),
    ("kinked lognormal", base(excess, yields=[{"name": "e", "constraint": "lognormal", "on": {"efficiency": [0.3, 0.1]}}]), {"cls"}),
    ("normals that add and multiply", base(deficit, yields=[
        {"name": "a", "constraint": "normal", "on": {"efficiency": 0.1}},
        {"name": "b", "constraint": "normal", "on": {"efficiency": 0.15}},
        {"name": "c", "constraint": "normal", "on": {"luminosity": 0.1}}, SHARED]), {"cls", "profile"}),
    ("spurious signal", base(excess, spurious=8.0), WANT),
    ("spurious signal in a deficit", base(deficit, spurious=8.0), {"cls", "profile"}),
    ("resolution", base(excess, background=CHEBYSHEV(2), resolution=0.15), WANT | {"pyhf"}),
    ("position", base(deficit, position=0.5), {"cls", "profile"}),
    ("everything", base(excess, background=CHEBYSHEV(2), yields=[LOG_EFFICIENCY], resolution=0.1, position=0.4), {"cls", "pyhf"}),
    ("everything and more", base(nothing, spurious=5.0, resolution=0.2, position=0.3, yields=[LOG_EFFICIENCY, SHARED],
        peaks=[{"mass": 30, "sigma": 2, "expected": 10, "error": 5}]), {"cls", "profile"}),
]  # fmt: skip


def numbers(name, case, want):
    print(name, file=sys.stderr)
    model = Model(case, case["counts"])
    observed = Statistic(model)
    asimov = AsimovStatistic(model.asimov(), 0.0)
    # a step of about one standard deviation, from the Asimov spectrum
    step = 0.1 / case["sensitivity"]
    while asimov.root(step) < 0.5:
        step *= 1.3
    step /= asimov.root(step)
    case["step"] = step
    result = {
        "name": name,
        **{key: case[key] for key in case if key not in ("low", "high", "step")},
        "sHat": observed.hat * case["sensitivity"],
        "z": np.sign(observed.hat) * np.sqrt(2 * max(0, observed.null - observed.lowest)),
        "cls": {"observed": cls(observed, asimov, 0.95, step), "expected": expected_cls(asimov, 0.95, step)},
    }
    needs_bands = want & {"profile"}
    if needs_bands:
        bands = []
        for n in [-2, -1, 0, 1, 2]:
            bands.append(profile(at_z(model, n, step), 0.95, step))
        result["profile"] = {"observed": profile(observed, 0.95, step), "expected": bands}
    if "bayes" in want:
        poi_max = 40 * step
        result["bayes"] = {"poiMax": poi_max, "observed": bayes(model, 0.95, poi_max, step)}
        if "profile" in want:
            result["bayes"]["median"] = bayes(model.asimov(), 0.95, poi_max, step)
    if "direct" in want:
        result["direct"] = bayes(model, 0.95, 40 * step, step, ln_direct)
    if "pyhf" in want:
        result["pyhf"] = pyhf_limits(case)
    return result


def rounded(value):
    if isinstance(value, float):
        return float(f"{value:.10g}")
    if isinstance(value, dict):
        return {k: rounded(v) for k, v in value.items()}
    return [rounded(v) for v in value] if isinstance(value, list) else value


if __name__ == "__main__":
    only = sys.argv[1] if len(sys.argv) > 1 else ""
    cases = [numbers(*case) for case in CASES if only in case[0]]
    versions = {"python": platform.python_version(), "numpy": np.__version__, "scipy": scipy.__version__}
    header = {"command": "python tests/golden/spectrum_limits.py", **versions}
    text = ",\n".join(json.dumps(rounded(json.loads(json.dumps(c, default=float)))) for c in cases)
    print(json.dumps(header)[:-1] + ', "cases": [\n' + text + "\n]}")
