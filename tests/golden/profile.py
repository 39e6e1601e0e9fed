"""Reference values for the profile likelihood of counting windows: q0 and one-sided upper limits.

python3 -m pip install mpmath==1.4.1 scipy==1.17.1 && python3 tests/golden/profile.py > tests/golden/profile.json

The likelihood of methods.md section 2 is written down in its own parameters (every z, every ln g, every b) and -2 ln L is
minimised by brute force: L-BFGS-B and Nelder-Mead of scipy from many starts, then Newton steps with numerical derivatives
in 40 digits (mpmath) in the parameters that are not at a bound or kink. No closed form, nothing merged or eliminated, the
maximum over POI >= 0 is a fit like any other. With arguments: these cases only. Normal factors 1 + sum r z are >= 0.
"""
import json
import math
import sys

import mpmath as mp
import numpy as np
import scipy
from scipy.optimize import brentq, minimize

mp.mp.dps = 40
SIGNAL = ["efficiency", "luminosity", "branching"]
SEED = 20240517


class Window:
    def __init__(self, case):
        self.n, self.s = case["n"], case["s"]
        self.components = case["components"]
        self.nuisances = case.get("nuisances", [])
        for c in self.components:
            if "error" in c:
                r = c["error"] / c["b0"]
                self.nuisances = self.nuisances + [{"name": "e", "constraint": "normal", "on": {c["name"]: r}}]
        self.counted = [c for c in self.components if c["kind"] in ("mc-stat", "side-band")]
        self.K = len(self.nuisances) + len(self.counted)

    def aux(self, c):
        if c["kind"] == "side-band":
            return mp.mpf(c["n_off"]), mp.mpf(c["tau"]), mp.mpf(c.get("leak", 0))
        if c["sum_w2"] == 0:
            return mp.mpf(0), 1 / mp.mpf(c["mean_weight"]), mp.mpf(0)
        m, v = mp.mpf(c["b0"]), mp.mpf(c["sum_w2"])
        return m * m / v, m / v, mp.mpf(0)

    def nominal(self):
        return [0.0] * len(self.nuisances) + [float(a / t) for a, t, _ in map(self.aux, self.counted)]

    def lowest(self):
        return [None] * len(self.nuisances) + [0.0] * len(self.counted)

    def nll(self, poi, x, log, exp, number):
        """-ln L less that of the saturated model; a large number where a factor is below 0."""
        sums, factors, loss = {}, {}, 0 * x[0] if x else 0
        for nuisance, z in zip(self.nuisances, x):
            kind = nuisance["constraint"]
            sizes = {t: number(r if not isinstance(r, list) else r[0 if z > 0 else 1]) for t, r in nuisance["on"].items()}
            if kind == "gamma":
                (r,) = set(sizes.values())
                k = 1 / (r * r)
                loss += k * (exp(z) - 1 - z)
            else:
                loss += z * z / 2
            for t, r in sizes.items():
                if kind == "normal":
                    sums[t] = sums.get(t, 1) + r * z
                else:
                    factors[t] = factors.get(t, 1) * (exp(z) if kind == "gamma" else exp(z * log(1 + r)))
        low = min([0 * poi] + list(sums.values()))
        if low < 0:
            return 1e9 * (1 - low)
        factor = lambda t: sums.get(t, 1) * factors.get(t, 1)
        signal = poi * self.s
        for t in SIGNAL:
            signal = signal * factor(t)
        mean = signal
        free = iter(x[len(self.nuisances) :])
        for c in self.components:
            b = next(free) if c in self.counted else number(c["b0"])
            if b < 0:
                return 1e9 * (1 - b)
            if c in self.counted:
                a, tau, leak = map(number, self.aux(c))
                loss += deviance(a, tau * b + leak * signal, log)
            mean += b * factor("background") * factor(c["name"])
        return loss + deviance(self.n, mean, log)

    def f64(self, poi, x):
        return self.nll(float(poi), [float(v) for v in x], math.log, lambda v: math.exp(min(v, 200.0)), float)

    def mp(self, poi, x):
        return self.nll(mp.mpf(poi), x, mp.log, mp.exp, mp.mpf)


def deviance(a, mean, log):
    if a == 0:
        return mean
    if not mean > 0:
        return 1e9
    d = (mean - a) / a
    if log is math.log and abs(d) < 0.5:
        return a * (d - math.log1p(d))
    return a * log(a / mean) - (a - mean)


def starts(window, poi):
    rng = np.random.default_rng(SEED)
    x0 = np.array(window.nominal())
    yield x0
    k = len(window.nuisances)
    excess = max(window.n - window.s * poi, 1)
    for i in range(k):
        for z in (-6, -3, -1, -0.3, 0.3, 1, 3, 6):
            x = x0.copy()
            x[i] = z
            yield x
    for i in range(k, len(x0)):
        for scale in (0.1, 0.5, 1.0):
            x = x0.copy()
            x[i] = scale * excess
            yield x
    for _ in range(6):
        x = x0 + rng.normal(size=len(x0)) * np.where(np.arange(len(x0)) < k, 1.5, np.sqrt(x0 + 1))
        x[k:] = np.maximum(x[k:], 1e-3)
        yield x


def scipy_minimum(window, poi, warm=None, quick=False):
    if window.K == 0:
        return []
    best = None
    bounds = [(low, None) for low in window.lowest()]
    for x in [warm] if warm is not None else starts(window, poi):
        x = np.asarray(x, float)
        found = minimize(lambda v: window.f64(poi, v), x, method="L-BFGS-B", bounds=bounds, options={"ftol": 1e-15, "gtol": 1e-10})
        if best is None or found.fun < best.fun - 1e-9:
            best = found
    for _ in range(0 if quick else 3):
        again = minimize(lambda v: window.f64(poi, v), best.x, method="Nelder-Mead", bounds=bounds,
                         options={"xatol": 1e-10, "fatol": 1e-13, "maxiter": 4000})
        if again.fun < best.fun:
            best = again
    return list(best.x)


def polish(window, poi, x):
    """Newton in the free parameters; a parameter that ends next to a kink, bound or edge is put there if that is lower."""
    x = [mp.mpf(float(v)) for v in x]
    poi = mp.mpf(poi)
    free = list(range(len(x)))
    k = len(window.nuisances)
    for i in range(len(x)):
        kinked = i < k and any(isinstance(r, list) for r in window.nuisances[i]["on"].values())
        if (kinked and abs(x[i]) < 1e-5) or (i >= k and x[i] < 1e-5):
            x[i] = mp.mpf(0)
            free.remove(i)
        elif i < k and window.nuisances[i]["constraint"] == "normal":
            for r in window.nuisances[i]["on"].values():
                sizes = [r] if not isinstance(r, list) else r
                for size in sizes:
                    if size and abs(1 + size * x[i]) < 1e-5 and i in free:
                        x[i] = -1 / mp.mpf(size) * (1 - mp.mpf(10) ** -36)
                        free.remove(i)
    h = mp.mpf(10) ** -12
    value = window.mp(poi, x)
    for _ in range(12):
        if not free:
            break
        m = len(free)

        def at(*moves):
            y = list(x)
            for i, d in moves:
                y[free[i]] += d
            return window.mp(poi, y)

        g = mp.matrix(m, 1)
        H = mp.matrix(m, m)
        for i in range(m):
            up, down = at((i, h)), at((i, -h))
            g[i] = (up - down) / (2 * h)
            H[i, i] = (up - 2 * value + down) / h**2
            for j in range(i):
                H[i, j] = H[j, i] = (
                    at((i, h), (j, h)) - at((i, h), (j, -h)) - at((i, -h), (j, h)) + at((i, -h), (j, -h))
                ) / (4 * h**2)
        step = mp.lu_solve(H, -g)
        y = list(x)
        for i in range(m):
            y[free[i]] += step[i]
        new = window.mp(poi, y)
        if not new <= value + mp.mpf(10) ** -25:
            raise ArithmeticError(f"polish went up by {mp.nstr(new - value, 5)}")
        done = abs(new - value) < mp.mpf(10) ** -22
        x, value = y, new
        if done:
            break
    else:
        raise ArithmeticError("polish did not settle")
    return value, x


def profile(window, poi, warm=None):
    value, x = polish(window, poi, scipy_minimum(window, poi, warm))
    return value, x


def best_fit(window):
    """min over POI >= 0, scipy on the profiled function, then the polished value there."""
    top = 3 * (window.n + 10) / window.s
    grid = np.concatenate([[0], np.geomspace(1e-6, 1, 60) * top])
    values = []
    warm = None
    for poi in grid:
        x = scipy_minimum(window, float(poi)) if poi == 0 else scipy_minimum(window, float(poi), warm, quick=True)
        warm = x
        values.append(window.f64(float(poi), x))
    i = int(np.argmin(values))
    if i == 0:
        return profile(window, 0)[0], 0.0

    def joint(v):
        return window.f64(abs(v[-1]), v[:-1])

    x = scipy_minimum(window, float(grid[i]))
    v = np.append(x, grid[i])
    for _ in range(6):
        v = minimize(joint, v, method="Nelder-Mead", options={"xatol": 1e-13, "fatol": 1e-16, "maxiter": 8000}).x
    poi = float(abs(v[-1]))
    value, _ = profile(window, poi)
    # the profiled function is flat there: a parabola through three points gives the rest of the digits
    d = mp.mpf(1e-4) * poi
    up, down = profile(window, poi + d, x)[0], profile(window, poi - d, x)[0]
    curvature = (up - 2 * value + down) / d**2
    slope = (up - down) / (2 * d)
    return min(value - slope**2 / (2 * curvature), value), poi


def limit(window, best, poi_hat, level):
    z2 = mp.mpf(2) * mp.erfinv(2 * mp.mpf(level) - 1) ** 2
    cache = {"x": None}

    def excess(u, fresh=False):
        value, x = profile(window, u, None if fresh else cache["x"])
        cache["x"] = [float(v) for v in x]
        return 2 * (value - best) - z2

    # from above, with a full search at every point, so that the largest root is met first
    scale = (3 * np.sqrt(window.n + 4) + 3) / window.s
    high = poi_hat + scale
    while excess(high, True) < 0:
        high = poi_hat + 2 * (high - poi_hat)
    low = high
    while low > poi_hat and excess(low, True) > 0:
        low = max(poi_hat, low - 0.15 * (high - poi_hat))
    a, b = mp.mpf(low), mp.mpf(low + 0.15 * (high - poi_hat))
    u = mp.mpf(brentq(lambda v: float(excess(v)), float(a), float(b), xtol=1e-9 * float(b), rtol=1e-9))
    excess(u, True)
    for _ in range(4):  # secant in 40 digits
        d = u * mp.mpf(10) ** -7
        f, g = excess(u), excess(u + d)
        step = -f * d / (g - f)
        u += step
        if abs(step) < 1e-13 * u:
            break
    return u


def normal(name, **on):
    return {"name": name, "constraint": "normal", "on": on}


def lognormal(name, **on):
    return {"name": name, "constraint": "lognormal", "on": on}


def gamma(name, **on):
    return {"name": name, "constraint": "gamma", "on": on}


def known(b0, name="b"):
    return {"name": name, "kind": "known", "b0": b0}


def band(n_off, tau, leak=0, name="b"):
    c = {"name": name, "kind": "side-band", "n_off": n_off, "tau": tau}
    return {**c, "leak": leak} if leak else c


def mc(b0, sum_w2, name="b", mean_weight=0.5):
    return {"name": name, "kind": "mc-stat", "b0": b0, "sum_w2": sum_w2, "mean_weight": mean_weight}


def case(n, s, components, *nuisances):
    return {"n": n, "s": s, "components": components, "nuisances": list(nuisances)}


EFF = normal("eff", efficiency=0.08)
LUMI = lognormal("lumi", luminosity=0.1, background=0.1)
CASES = [
    case(5, 1, [known(3)]),
    case(0, 2, [known(3)]),
    case(8, 1, [known(3)], normal("b", background=0.3)),
    case(8, 1, [known(3)], lognormal("b", background=0.3)),
    case(8, 1, [known(3)], gamma("b", background=0.3)),
    case(1, 0.5, [known(6)], normal("b", background=0.3), EFF),
    case(1, 0.5, [known(6)], lognormal("b", background=0.5), lognormal("e", efficiency=0.2)),
    case(0, 1, [known(4)], gamma("b", background=0.4), gamma("e", efficiency=0.2)),
    case(0, 1, [known(300)], normal("b", background=0.1), EFF),
    case(10, 1, [known(300)], normal("b", background=0.1), EFF),
    case(120, 1, [known(100)], LUMI),
    case(120, 1, [known(100)], normal("lumi", luminosity=0.1, background=0.1)),
    case(80, 1, [known(100)], normal("lumi", luminosity=0.1, background=0.1), EFF),
    case(55, 1, [known(30, "p"), known(12, "q")], normal("p", p=0.2), lognormal("q", q=0.3), LUMI, EFF),
    case(30, 1, [known(30, "p"), known(12, "q")], normal("p", p=0.2), lognormal("q", q=0.3), LUMI, EFF),
    case(9, 1, [known(2, "p"), known(1, "q")], gamma("p", p=0.4), normal("all", background=0.1, p=0.1), EFF),
    case(7, 1, [mc(2.5, 1.25)]),
    case(7, 1, [mc(2.5, 1.25)], lognormal("b", background=0.2), EFF),
    case(2, 1, [mc(4, 8)], EFF),
    case(3, 1, [mc(0, 0)], EFF),
    case(0, 1, [mc(0, 0)], EFF),
    case(14, 1.5, [mc(3, 1.5, "p"), mc(2, 2, "q")], lognormal("p", p=0.3), normal("all", background=0.05), EFF),
    case(10, 1, [band(12, 3)]),
    case(10, 1, [band(0, 2)]),
    case(0, 1, [band(0, 2)]),
    case(2, 1, [band(40, 5)], EFF),
    case(10, 1, [band(12, 3)], lognormal("transfer", b=0.2), lognormal("e", efficiency=0.1)),
    case(6, 1, [band(0, 2)], lognormal("transfer", b=0.2), EFF),
    case(12, 1, [band(20, 5, name="p"), known(2, "q")], lognormal("q", q=0.5), normal("transfer", p=0.1), EFF),
    case(10, 1, [band(12, 3, 0.05)]),
    case(10, 1, [band(12, 3, 0.05)], EFF, lognormal("transfer", b=0.2)),
    case(10, 1, [band(0, 3, 0.05)], EFF),
    case(30, 1, [band(2, 3, 0.5)], EFF),
    case(3, 1, [band(40, 5, 0.1)], EFF),
    case(25, 1, [band(5, 3, 0.4, "p"), known(4, "q")], lognormal("q", q=0.3), EFF),
    case(9, 1, [known(4)], lognormal("b", background=[0.3, 0.2]), normal("e", efficiency=[0.1, 0.15])),
    case(2, 1, [known(4)], lognormal("b", background=[0.3, 0.2]), normal("e", efficiency=[0.1, 0.15])),
    case(9, 1, [known(4, "p"), known(2, "q")], normal("k", p=[0.3, 0.1], q=[0.05, 0.2]), EFF),
    case(12, 1, [known(4)], lognormal("b", background=[0.4, -0.1]), EFF),
    case(2, 1, [known(8)], lognormal("b", background=[-0.2, 0.3]), EFF),
    case(2, 1, [known(4)], normal("e", efficiency=[-0.1, 0.2]), normal("b", background=0.2)),
    case(500, 1, [known(100)], normal("b", background=0.1)),
    case(2500, 1, [known(100)], lognormal("b", background=0.3), EFF),
    case(80, 1, [known(1, "p"), known(1, "q")], lognormal("p", p=0.6), lognormal("q", q=0.6)),
    case(1040000, 1000, [known(1000000)], EFF),
    case(1000000, 10, [known(998000)], normal("b", background=0.001), EFF),
    case(1000000, 10, [known(1003000)], lognormal("b", background=0.002), EFF, LUMI),
    case(1000000, 10, [band(2990000, 3)], lognormal("t", b=0.001), EFF),
    case(40, 0.3, [{"name": "b", "kind": "error-given", "b0": 25, "error": 4}], normal("b", b=0.1), EFF),
    case(4, 2, [known(3)], normal("a", efficiency=0.05), normal("l", luminosity=0.03), lognormal("br", branching=0.1),
         lognormal("t", efficiency=0.04), gamma("m", efficiency=0.1), normal("b1", background=0.1), lognormal("b2", background=0.2)),
]


def combine(name, n, signal, components, *nuisances):
    return {"card": name, **case(n, signal, components, *nuisances)}


# counting cards of github.com/cms-analysis/HiggsAnalysis-CombinedLimit (Apache-2.0): lnN is lognormal, gmN a control sample
for n in (1, 6, 11, 20):
    on = {"B": {"b": 0.3}, "S": {"luminosity": 0.3}, "C": {"luminosity": 0.3, "b": 0.3}}
    for kind, sizes in on.items():
        CASES.append(combine(f"counting-B5p5-Obs{n}-Syst30{kind}", n, 1, [known(5.5)], lognormal("1", **sizes)))
    both = [lognormal("1", **on["S"]), lognormal("2", **on["B"])]
    CASES.append(combine(f"counting-B5p5-Obs{n}-Syst30U", n, 1, [known(5.5)], *both))
    CASES.append(combine(f"counting-B5p5-Obs{n}-StatOnly", n, 1, [known(5.5)]))
CASES += [
    combine("simple-counting-experiment", 0, 4.76, [known(1.47)], lognormal("S", efficiency=0.2), lognormal("B", b=0.5)),
    combine(
        "realistic-counting-experiment", 0, 1.47,
        [band(4, 1 / 0.16, name="qqWW"), known(0.06, "ggWW"), known(0.22, "others")],
        lognormal("lumi", luminosity=0.11, ggWW=0.11), lognormal("xs", efficiency=0.16),
        lognormal("xs_ggWW", ggWW=0.5), lognormal("bg_others", others=0.3),
    ),
    combine(
        "datacard-1-counting-experiment", 0, 1.47, [band(4, 1 / 0.16, name="WW"), known(0.22, "tt")],
        lognormal("lumi", luminosity=0.11, WW=0.11, tt=0.11), lognormal("xs", efficiency=0.2),
    ),
]


def main():
    wanted = [int(v) for v in sys.argv[1:]] or range(len(CASES))
    out = []
    for i in wanted:
        c = CASES[i]
        window = Window(c)
        best, poi_hat = best_fit(window)
        null, _ = profile(window, 0)
        q0 = max(mp.mpf(0), 2 * (null - best)) if poi_hat > 0 else mp.mpf(0)
        row = {**c, "q0": mp.nstr(q0, 17), "limits": {}}
        for level in ("0.9", "0.95"):
            row["limits"][level] = mp.nstr(limit(window, best, poi_hat, level), 17)
        out.append(row)
        print(i, row["q0"], row["limits"], poi_hat, file=sys.stderr, flush=True)
    source = f"tests/golden/profile.py, mpmath {mp.__version__}, scipy {scipy.__version__}, seed {SEED}"
    rows = ",\n".join("  " + json.dumps(row) for row in out)
    print(f'{{\n "source": {json.dumps(source)},\n "cases": [\n{rows}\n ]\n}}')


main()
