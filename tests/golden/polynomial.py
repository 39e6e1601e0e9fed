"""Reference values of polynomial side bands for tests/unit/model/polynomial.test.ts.

python tests/golden/polynomial.py > tests/golden/polynomial.json      (numpy, scipy, mpmath; versions in the output)

Poisson counts of bins beside a window, means the integrals of a polynomial over them (or value at the centre times
width), all means and the polynomial's integral over the window >= 0. scipy's SLSQP finds which means are 0, mpmath
solves the Karush-Kuhn-Tucker equations with 40 digits in monomials, and the signs of means and multipliers are then
asserted: for a convex problem that proves the maximum, however it was found. Differences of ln L are taken as they stand.
"""
import json
import platform
import sys

import mpmath as mp
import numpy as np
import scipy
from scipy.optimize import minimize

SEED = 20161
N_SETS = 32
N_STEEP = 20
mp.mp.dps = 40


def rows_of(case):
    """Integrals (or centre values) of x^k, k = 0..degree, x in units of the whole range; exact in mpmath."""
    edges, window, degree = case["edges"], case["window"], case["degree"]
    low, high = mp.mpf(min(edges + window)), mp.mpf(max(edges + window))
    to_t = lambda x: (2 * mp.mpf(x) - low - high) / (high - low)
    half = (high - low) / 2
    integral = lambda a, b: [half * (to_t(b) ** (k + 1) - to_t(a) ** (k + 1)) / (k + 1) for k in range(degree + 1)]
    centre = lambda a, b: [(mp.mpf(b) - a) * to_t((mp.mpf(a) + b) / 2) ** k for k in range(degree + 1)]
    bin_row = centre if case["binContent"] == "centre" else integral
    bins = [bin_row(edges[i], edges[i + 1]) for i in range(0, len(edges), 2)]
    return bins, integral(*window)


class Problem:
    """Minimise sum slope m - n ln m, m = A c + offset >= 0."""

    def __init__(self, matrix, counts, slopes, offsets):
        self.matrix, self.counts, self.slopes, self.offsets = matrix, counts, slopes, offsets

    def means(self, c):
        return [mp.fdot(row, c) + o for row, o in zip(self.matrix, self.offsets)]

    def minus_ln_l(self, means):
        terms = zip(means, self.counts, self.slopes)
        return mp.fsum(s * m - (n * mp.log(m) if n else 0) for m, n, s in terms)

    def guess(self):
        """scipy, in an orthonormal basis: coefficients and the rows whose means are 0."""
        a = np.array([[float(v) for v in row] for row in self.matrix])
        q, r = np.linalg.qr(a)
        o, n, s = (np.array([float(v) for v in values]) for values in (self.offsets, self.counts, self.slopes))
        width = a[:, 0]
        scale = max(n.sum(), 1)
        start = q.T @ (width * n.sum() / width.sum())
        tiny = 1e-12 * scale

        def value(u):
            m = q @ u + o
            if (m[n > 0] <= 0).any():
                return 1e300
            return (s @ m - n[n > 0] @ np.log(m[n > 0])) / scale

        def slope(u):
            m = np.maximum(q @ u + o, tiny)
            return q.T @ (s - n / m) / scale

        bounds = {"type": "ineq", "fun": lambda u: (q @ u + o) / scale, "jac": lambda u: q / scale}
        fit = minimize(value, start, jac=slope, constraints=[bounds], method="SLSQP", options={"maxiter": 500, "ftol": 1e-15})
        m = q @ fit.x + o
        zero, rank = [], 0
        for i in sorted(range(len(n)), key=lambda i: m[i]):
            if n[i] == 0 and m[i] < 1e-5 * scale / len(n) and np.linalg.matrix_rank(q[zero + [i]]) > rank:
                zero, rank = zero + [i], rank + 1
        return zero

    def solve(self):
        """Coefficients, means, held rows; the KKT signs hold, or an AssertionError."""
        held = self.guess()
        for _ in range(60):
            c, y = self.newton(held)
            means = self.means(c)
            negative = [i for i, m in enumerate(means) if m < -mp.mpf(10) ** -25]
            wrong = [i for i, v in zip(held, y) if v < -mp.mpf(10) ** -25]
            if not negative and not wrong:
                return c, means, held
            if wrong:
                held.remove(min(zip(y, held))[1])
            if negative:
                held.append(min((means[i], i) for i in negative)[1])
        raise AssertionError("no active set found")

    def start(self, held):
        size = len(self.matrix[0])
        total = mp.mpf(sum(self.counts))
        c = [mp.mpf(0)] * size
        c[0] = total / mp.fsum(row[0] for row in self.matrix)
        return c

    def newton(self, held):
        """Equations A^T (slope - n/m) = sum y_j a_j, a_j c + o_j = 0 by damped Newton steps."""
        size = len(self.matrix[0])
        c, y = self.start(held), [mp.mpf(0)] * len(held)
        for _ in range(400):
            means = self.means(c)
            kkt = mp.zeros(size + len(held))
            rhs = mp.zeros(size + len(held), 1)
            for row, m, n, s, in zip(self.matrix, means, self.counts, self.slopes):
                for k in range(size):
                    rhs[k] -= row[k] * (s - (n / m if n else 0))
                    if n:
                        for l in range(size):
                            kkt[k, l] += row[k] * row[l] * n / m**2
            for j, i in enumerate(held):
                for k in range(size):
                    kkt[k, size + j] = -self.matrix[i][k]
                    kkt[size + j, k] = -self.matrix[i][k]
                    rhs[k] += y[j] * self.matrix[i][k]
                rhs[size + j] = means[i]
            step = mp.lu_solve(kkt, rhs)
            dc, dy = list(step[:size]), list(step[size:])
            dm = [mp.fdot(row, dc) for row in self.matrix]
            length = mp.mpf(1)
            for m, d, n in zip(means, dm, self.counts):
                if n and d < 0:
                    length = min(length, -mp.mpf(9) / 10 * m / d)
            x = max((abs(d / m) for m, d, n in zip(means, dm, self.counts) if n), default=0)
            if x > 0.5 and length == 1:
                length = mp.mpf(1) / (1 + x / 2)
            c = [a + length * b for a, b in zip(c, dc)]
            y = [a + length * b for a, b in zip(y, dy)]
            if length == 1 and x < mp.mpf(10) ** -28:
                return c, y
        raise AssertionError("Newton did not converge")

    def covariance(self, c, held):
        size = len(self.matrix[0])
        kkt = mp.zeros(size + len(held))
        for row, m, n in zip(self.matrix, self.means(c), self.counts):
            if n:
                for k in range(size):
                    for l in range(size):
                        kkt[k, l] += row[k] * row[l] * n / m**2
        for j, i in enumerate(held):
            for k in range(size):
                kkt[k, size + j] = kkt[size + j, k] = self.matrix[i][k]
        return (kkt**-1)[:size, :size]


def joint(case, bins, window, signal):
    n = case["n"]
    extra = [(window, 0, 0, 0)] if signal > 0 else []
    rows = [(row, count, 1, 0) for row, count in zip(bins, case["counts"])] + [(window, n, 1, signal)] + extra
    problem = Problem(*map(list, zip(*rows)))
    _, means, held = problem.solve()
    return -problem.minus_ln_l(means), held


def reference(case):
    bins, window = rows_of(case)
    size = len(bins)
    alone = Problem(bins, case["counts"], [1] * size, [0] * size)
    c, means, held = alone.solve()
    b0 = mp.fdot(window, c)
    if b0 <= 0:
        return {"b0": None, "held": len(held)}
    v = alone.covariance(c, held)
    error = mp.sqrt(mp.fsum(window[k] * v[k, l] * window[l] for k in range(len(window)) for l in range(len(window))))
    n, level, s = case["n"], case["level"], mp.mpf(case["sensitivity"])
    saturated = -alone.minus_ln_l(means) + ((n * mp.log(n) if n else 0) - n)
    half = mp.erfinv(2 * mp.mpf(level) - 1) ** 2  # z^2 / 2
    if n == 0:
        return {"b0": b0, "error": error, "q0": mp.mpf(0), "limit": half / s, "held": len(held)}
    null, _ = joint(case, bins, window, mp.mpf(0))
    best = saturated if n > b0 else null
    edge = max(mp.mpf(0), n - b0)
    guess = edge + half + mp.sqrt(2 * half * (max(n, b0) + error**2))
    loss = lambda x: best - joint(case, bins, window, x)[0] - half
    low, high = edge, guess
    while loss(high) < 0:
        low, high = high, 2 * high
    limit = mp.findroot(loss, (low if low > 0 else high / 10**6, high), solver="illinois", tol=mp.mpf(10) ** -40)
    assert abs(loss(limit)) < mp.mpf(10) ** -18
    q0 = 2 * (saturated - null) if n > b0 else mp.mpf(0)
    return {"b0": b0, "error": error, "q0": q0, "limit": limit / s, "held": len(held)}


def make_case(rng, k):
    degree = k % 8
    n_bins = rng.integers(max(degree + 1, 6), 40)
    n_left = int(rng.integers(n_bins // 4, n_bins - n_bins // 4 + 1))
    width = round(float(10 ** rng.uniform(-2, 1)), 4)
    low = round(float(rng.uniform(0, 50)) * width, 4)
    high = low + round(float(rng.uniform(0.5, 6)) * width, 4)
    edges = []
    for i in range(n_left, 0, -1):
        edges += [low - i * width, low - (i - 1) * width]
    for i in range(int(n_bins) - n_left):
        edges += [high + i * width, high + (i + 1) * width]
    scale = 10 ** rng.uniform(-0.5, 5.5) if k % 4 else 10 ** rng.uniform(-0.5, 0.5)
    t = np.linspace(-1, 1, 200)
    shape = np.polynomial.chebyshev.Chebyshev(rng.normal(0, 0.6, 4))
    x0, x1 = min(edges), max(edges)
    density = lambda x: scale / width * np.exp(shape((2 * x - x0 - x1) / (x1 - x0)))
    counts = [int(rng.poisson(density((edges[2 * i] + edges[2 * i + 1]) / 2) * width)) for i in range(int(n_bins))]
    if sum(counts) == 0:
        counts[0] = 1
    b = density((low + high) / 2) * (high - low)
    n = int(rng.poisson(b)) + int(rng.uniform(-1, 4) * np.sqrt(b)) + int(rng.integers(0, 3))
    n = 0 if k % 13 == 5 else max(0, n)
    content = "centre" if k % 5 == 3 else "integral"
    return {
        "degree": degree, "edges": edges, "window": [low, high], "counts": counts, "binContent": content, "n": n,
        "sensitivity": round(float(rng.uniform(0.1, 5)), 3), "level": [0.9, 0.95][k % 2],
    }


def make_steep(rng, k):
    """Few events in a falling spectrum: bins without events at its end, polynomials that want to go below 0 there."""
    degree, width, n_bins = 1 + k % 6, 0.5, 24
    at = int(rng.integers(3, 12))
    edges = [width * j for i in range(at) for j in (i, i + 1)] + [width * j for i in range(at + 2, n_bins) for j in (i, i + 1)]
    rate = lambda x: 10 ** rng.uniform(0.3, 1.8) * np.exp(-x / rng.uniform(1, 3))
    counts = [int(rng.poisson(rate((edges[2 * i] + edges[2 * i + 1]) / 2))) for i in range(n_bins - 2)]
    counts[0] += 1
    window = [width * at, width * (at + 2)]
    n = int(rng.poisson(2 * rate(sum(window) / 2)) + rng.integers(0, 6))
    return {
        "degree": degree, "edges": edges, "window": window, "counts": counts, "binContent": "integral", "n": n,
        "sensitivity": 1, "level": [0.9, 0.95][k % 2],
    }


def main():
    rng = np.random.default_rng(SEED)
    cases = []
    for k in range(N_SETS + N_STEEP):
        case = make_case(rng, k) if k < N_SETS else make_steep(rng, k)
        try:
            values = reference(case)
        except (AssertionError, ZeroDivisionError) as e:
            print(k, "left out:", e, case["counts"], file=sys.stderr)
            continue
        values = {name: v if v is None or isinstance(v, int) else float(v) for name, v in values.items()}
        print(k, case["degree"], len(case["counts"]), max(case["counts"]), min(case["counts"]), case["n"], values, file=sys.stderr)
        cases.append({**case, **values})
    versions = {"python": platform.python_version(), "numpy": np.__version__, "scipy": scipy.__version__, "mpmath": mp.__version__}
    json.dump({"made_by": "tests/golden/polynomial.py", "versions": versions, "seed": SEED, "cases": cases}, sys.stdout)


main()
