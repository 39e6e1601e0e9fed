"""Reference values of p0 by count, by n_off, and with measurements thrown: what the tables of toys are made of.

python3 -m pip install scipy==1.17.1 && python3 tests/golden/toys_p0.py > tests/golden/toys_p0.json

Each from scipy's own distributions: binomial, negative binomial and normal tails; profiles by the closed form of
methods.md section 2 where there is one, else by minimising the likelihood over every nuisance (all are convex here).
"""
import json

import numpy as np
from scipy import integrate, optimize, stats

LEAST = np.log(1e-24)


def by_count(tail, last=60):
    """[n, ln p0] of n = 1, 2, ... while p0 > 1e-24."""
    rows = []
    for n in range(1, last):
        value = float(tail(n))
        if value < LEAST:
            break
        rows.append([n, value])
    return rows


def mid(tail):
    return lambda n: np.logaddexp(tail(n), tail(n + 1)) - np.log(2)


def on_off(off, tau):
    """p_Bi: at least n of n + n_off, each with probability 1/(1 + tau)."""
    return lambda n: stats.binom.logsf(n - 1, n + off, 1 / (1 + tau))


def z_tail(q0):
    return stats.norm.logsf(np.sqrt(q0))


def x_ln(x, ratio):
    return x * np.log(ratio) if x else 0


def li_ma(off, tau):
    def tail(n):
        if n * tau <= off:
            return 0.0  # no excess: not asked for
        q0 = 2 * (x_ln(n, n * (1 + tau) / (n + off)) + x_ln(off, off * (1 + tau) / (tau * (n + off))))
        return z_tail(q0)

    return tail


def profile_normal(centre, width):
    """Known background with a normal constraint of absolute width d, centred anywhere."""

    def tail(n):
        if n <= centre:
            return np.log(0.5)
        half = (centre - width**2) / 2
        b = half + np.sqrt(half * half + n * width**2)
        return z_tail(2 * (n * np.log(n / b) - (n - b)) + ((b - centre) / width) ** 2)

    return tail


def profile_fit(background, cost, start, centre):
    """q0 by minimisation: background(z) events, cost(z) = -2 ln of all constraints, 0 at its minimum `start`."""

    def tail(n):
        if n <= centre:
            return np.log(0.5)

        def objective(z):
            b = background(z)
            return 2 * (n * np.log(n / b) - (n - b)) + cost(z) if b > 0 else 1e300

        best = min(
            (optimize.minimize(objective, s, method="Nelder-Mead",
                               options={"xatol": 1e-11, "fatol": 1e-13, "maxiter": 40000, "maxfev": 40000})
             for s in (start, np.asarray(start) + 0.3)),
            key=lambda fit: fit.fun,
        )
        return z_tail(best.fun)

    return tail


def negative_binomial(shape, rate):
    """N ~ Poisson(b), b ~ Gamma(shape, rate)."""
    return lambda n: stats.nbinom.logsf(n - 1, shape, rate / (1 + rate))


def band_with_gamma(off, tau, r):
    """b = g b', b' ~ Gamma(n_off + 1, rate tau), g ~ Gamma(1/r^2) of mean 1."""
    constraint = stats.gamma(1 / r**2, scale=r**2)

    def tail(n):
        f = lambda g: constraint.pdf(g) * stats.nbinom.sf(n - 1, off + 1, tau / (tau + g))
        high = 1 + 14 * r
        value, _ = integrate.quad(f, 0, high, epsabs=0, epsrel=1e-11, limit=400, points=[0.5, 1, 1 + 4 * r])
        return np.log(value)

    return tail


def shifted_sum(b0, r, error, k, a):
    """b = (b0 (1 + r z0) + error z1) (1 + k)^z2, each z measured as a."""
    f = lambda z: (b0 * (1 + r * z[0]) + error * z[1]) * (1 + k) ** z[2]
    cost = lambda z: float(np.sum((np.asarray(z) - a) ** 2))
    return profile_fit(f, cost, a, f(a))


def shifted_simulation(m, v, k, a):
    """m^2/v events counted, b = m g (1 + k)^z: (counted) ln g - (counted) g, z measured as a. Zero cost at g = 1, z = a."""
    counted = m * m / v
    f = lambda z: m * z[0] * (1 + k) ** z[1]
    cost = lambda z: 2 * counted * (z[0] - 1 - np.log(z[0])) + (z[1] - a) ** 2 if z[0] > 0 else 1e300
    return profile_fit(f, cost, [1.0, a], f([1.0, a]))


def how_often(b, tau, alpha):
    """P(p0 <= alpha) over every (n, n_off), plain and mid-p."""
    n, off = np.arange(0, 120)[:, None], np.arange(0, 700)[None, :]
    tail = lambda n: np.where(n > 0, stats.binom.sf(n - 1, n + off, 1 / (1 + tau)), 1.0)
    weight = stats.poisson.pmf(n, b) * stats.poisson.pmf(off, tau * b)
    plain, half = tail(n), (tail(n) + tail(n + 1)) / 2
    return {"b": b, "tau": tau, "alpha": alpha,
            "on-off": float(weight[plain <= alpha].sum()), "on-off-mid-p": float(weight[half <= alpha].sum())}


def main():
    bands = [(0, 3.0), (4, 2.0), (30, 6.0), (250, 11.5)]
    sums = [(7.0, 0.2, 0.9, 0.15, a) for a in ([0, 0, 0], [1.2, -0.8, 1.5], [-1.5, 1.1, -0.7])]
    out = {
        "program": f"scipy {__import__('scipy').__version__}",
        "on-off": [{"off": o, "tau": t, "lnP": by_count(on_off(o, t))} for o, t in bands],
        "on-off-mid-p": [{"off": o, "tau": t, "lnP": by_count(mid(on_off(o, t)))} for o, t in bands],
        "how-often": [how_often(b, t, a) for b, t, a in [(0.5, 20.0, 0.2841), (3.0, 3.0, 0.01), (12.0, 3.0, 0.001)]],
        "li-ma": [{"off": o, "tau": t, "lnP": [p for p in by_count(li_ma(o, t)) if p[1] < 0]} for o, t in bands],
        "profile-normal": [
            {"b0": b, "r": r, "a": a, "lnP": by_count(profile_normal(b * (1 + r * a), b * r))}
            for b in (0.4, 6.0) for r in (0.1, 0.35) for a in (0.0, 1.5, -2.0)
        ],
        "profile-sum": [
            {"b0": b, "r": r, "error": e, "k": k, "a": a, "lnP": by_count(shifted_sum(b, r, e, k, np.array(a)), 24)}
            for b, r, e, k, a in sums
        ],
        "profile-simulation": [
            {"sumW": m, "sumW2": v, "k": k, "a": a, "lnP": by_count(shifted_simulation(m, v, k, a), 20)}
            for m, v, k, a in [(3.0, 0.6, 0.25, 0.0), (3.0, 0.6, 0.25, 1.3), (3.0, 0.6, 0.25, -1.1)]
        ],
        "marginal-gamma": [
            {"b0": b, "r": r, "lnP": by_count(negative_binomial(1 / r**2, 1 / (r**2 * b)))}
            for b in (0.05, 2.5, 12.0) for r in (0.1, 0.5)
        ],
        "marginal-mid-p-gamma": [
            {"b0": 2.5, "r": 0.5, "lnP": by_count(mid(negative_binomial(4, 4 / 2.5)))},
        ],
        "marginal-simulation": [
            {"sumW": m, "sumW2": v, "lnP": by_count(negative_binomial(m * m / v + 1, m / v))}
            for m, v in [(3.0, 0.6), (0.2, 0.04)]
        ],
        "marginal-band-gamma": [
            {"off": o, "tau": t, "r": 0.2, "lnP": [[n, float(band_with_gamma(o, t, 0.2)(n))] for n in (1, 4, 9, 15)]}
            for o, t in [(2, 4.0), (9, 3.0)]
        ],
    }
    lines = ",\n".join(f"{json.dumps(key)}: {json.dumps(value)}" for key, value in out.items())
    print("{\n" + lines + "\n}")


main()
