"""The same Bayesian limits with numpy and scipy, f64, one core, two ways:

brute_force: P(N <= n | b + s U) = gammaincc(n + 1, b + s U) at all nodes of background x signal, vectorised over limits
    and background nodes; secant in U.
moments: the way darkscan goes (src/kernels/bayes_limit.ts), vectorised over limits and signal nodes: the background
    enters through M_j = E_b[Poisson(j; b)] only; Newton in U.

Both get every distinct (window, n). The prior edge POI_max lies far beyond the posterior here and is left out.
"""
import numpy as np
from scipy.special import gammaincc, gammaln

NODES = 24
"""Gauss-Legendre nodes per normal: enough for 1e-7 with these sizes."""


def normal_nodes(sizes, count=NODES):
    """F = 1 + r z > 0 and its weights; normals of one target add in quadrature."""
    r = float(np.hypot.reduce(sizes))
    x, w = np.polynomial.legendre.leggauss(count)
    low, high = max(-6.5, -1 / r), 6.5
    z = low + (high - low) * (x + 1) / 2
    w = w * np.exp(-z * z / 2)
    return 1 + r * z, w / w.sum()


def nodes_of(inputs):
    """Signal nodes s and weights, background factors and weights."""
    f, wf = normal_nodes(inputs["sizes"]["efficiency"])
    z, wg = np.polynomial.hermite_e.hermegauss(3)  # 0.7 %: three nodes are plenty
    g, wg = 1 + inputs["sizes"]["luminosity"][0] * z, wg / wg.sum()
    s = inputs["s0"] * np.outer(f, g).ravel()
    return s, np.outer(wf, wg).ravel(), *normal_nodes(inputs["sizes"]["background"])


def brute_force(inputs, part):
    n = np.array(inputs["n"], float)[part]
    b0 = np.array(inputs["b0"])[np.array(inputs["window"])[part]]
    s, ws, h, wh = nodes_of(inputs)
    b = b0[:, None] * h

    def tail(u):
        total = np.zeros(len(n))
        for k in range(len(s)):
            total += ws[k] / s[k] * (gammaincc(n[:, None] + 1, b + s[k] * u[:, None]) @ wh)
        return total

    aim = np.log((1 - inputs["credibility"]) * tail(np.zeros(len(n))))
    u0, u1 = np.full(len(n), 2.4 / inputs["s0"]), (n + 3) / inputs["s0"]
    f0, f1 = np.log(tail(u0)) - aim, np.log(tail(u1)) - aim
    for _ in range(40):
        safe = np.where(f1 == f0, 1, f1 - f0)
        u0, f0, u1 = u1, f1, np.maximum(u1 - np.where(f1 == f0, 0, f1 * (u1 - u0) / safe), 1e-6)
        f1 = np.log(tail(u1)) - aim
        if np.max(np.abs(u1 / u0 - 1)) < 1e-7:
            break
    return u1


def moments(inputs):
    n = np.array(inputs["n"])
    window = np.array(inputs["window"])
    b0 = np.array(inputs["b0"])
    s, ws, h, wh = nodes_of(inputs)
    j = np.arange(n.max() + 1)
    b = (b0[:, None] * h)[:, :, None]
    predictive = np.einsum("wbj,b->wj", np.exp(j * np.log(b) - b - gammaln(j + 1)), wh)
    result = np.empty(len(n))
    for count in np.unique(n):
        rows = np.flatnonzero(n == count)
        for at in range(0, len(rows), 256):  # stays in the cache
            row = rows[at : at + 256]
            result[row] = newton(predictive[window[row], : count + 1], s, ws, inputs["credibility"])
    return result


def newton(m, s, ws, credibility):
    """m [limits][n + 1]: M_j of each limit. R(T) and -R'(T) by Horner, u where sum w/s R(s u) = (1 - c) sum w/s."""
    n = m.shape[1] - 1
    m = m / m.sum(axis=1, keepdims=True)
    a = np.cumsum(m, axis=1)
    target = (1 - credibility) * np.sum(ws / s)
    u = np.full(len(m), 3 / np.mean(s))
    for _ in range(50):
        t = u[:, None] * s
        r, d = np.zeros_like(t), np.zeros_like(t)
        for k in range(n, 0, -1):
            x = t / k
            r = (r + a[:, n - k, None]) * x
            d = (d + m[:, n - k, None]) * x
        e = np.exp(-t)
        tail = (e * (r + 1)) @ (ws / s)
        density = (e * (d + m[:, n, None])) @ ws
        step = np.log(tail / target) * tail / density
        u = np.maximum(u + step, 0.1 * u)
        if np.max(np.abs(step) / u) < 1e-7:
            break
    return u
