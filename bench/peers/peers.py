"""Peers of the limit calculation, on the inputs darkscan-limits.ts prints: python peers.py ours.json

batched numpy: the Bayesian limit by brute force, nodes of efficiency x luminosity x background, vectorised over windows
and nodes, secant in U. The same answer as ours, so the worst difference is printed.
pyhf: an asymptotic CLs limit, observed and five expected, of one counting window (another method, what people run today).
"""
import json
import sys
import time

import numpy as np
from scipy.special import gammaincc

ours = json.load(open(sys.argv[1]))
n, b0 = np.array(ours["n"], float), np.array(ours["b0"])
target = ours["credibility"]


def normal_nodes(sizes, count=48):
    r = float(np.hypot.reduce(sizes))
    x, w = np.polynomial.legendre.leggauss(count)
    low, high = max(-8.0, -1 / r), 8.0
    z = low + (high - low) * (x + 1) / 2
    w = w * np.exp(-z * z / 2)
    return 1 + r * z, w / w.sum()


def limits(n, b0):
    """Both normals of the signal as a product of nodes, the background as another axis."""
    f, wf = normal_nodes(ours["sizes"]["efficiency"])
    z, wg = np.polynomial.hermite_e.hermegauss(3)  # 0.7 %: three nodes are plenty
    g, wg = 1 + ours["sizes"]["luminosity"][0] * z, wg / wg.sum()
    s = ours["s0"] * np.outer(f, g).ravel()
    ws = np.outer(wf, wg).ravel() / s
    h, wh = normal_nodes(ours["sizes"]["background"])
    b = b0[:, None] * h

    def tail(u):
        total = np.zeros(len(n))
        for k in range(len(s)):  # windows x background nodes at once, one signal node after the other
            total += ws[k] * (gammaincc(n[:, None] + 1, b + s[k] * u[:, None]) @ wh)
        return total

    norm = ws.sum() * (gammaincc(n[:, None] + 1, b) @ wh)
    u0, u1 = 2.4 / ours["s0"] + 0 * n, (n + 3) / ours["s0"]
    f0, f1 = np.log(tail(u0) / norm / (1 - target)), np.log(tail(u1) / norm / (1 - target))
    for _ in range(40):
        step = np.where(f1 == f0, 0, f1 * (u1 - u0) / np.where(f1 == f0, 1, f1 - f0))
        u0, f0, u1 = u1, f1, np.maximum(u1 - step, 1e-6)
        f1 = np.log(tail(u1) / norm / (1 - target))
        if np.max(np.abs(step / u1)) < 1e-10:
            break
    return u1


def main():
    part = slice(0, 100)
    started = time.perf_counter()
    found = limits(n[part], b0[part])
    seconds = time.perf_counter() - started
    ours_rate = 6 * len(n) / (ours["medianMs"] / 1000)
    worst = np.max(np.abs(found / np.array(ours["limits"])[part] - 1))
    print(f"darkscan CPU: {ours_rate:.0f} limits/s (6 per window, equal counts of a window solved once)")
    print(f"numpy brute force: {100 / seconds:.0f} limits/s, worst relative difference {worst:.1e}")

    import pyhf

    model = pyhf.simplemodels.uncorrelated_background(signal=[10.0], bkg=[50.0], bkg_uncertainty=[7.0])
    data = [55.0] + model.config.auxdata
    times = []
    for _ in range(3):
        started = time.perf_counter()
        pyhf.infer.intervals.upper_limits.upper_limit(data, model, level=0.1, rtol=1e-4)
        times.append(time.perf_counter() - started)
    print(f"pyhf {pyhf.__version__} asymptotic CLs: {6 / sorted(times)[1]:.1f} limits/s (observed and five expected)")


main()
