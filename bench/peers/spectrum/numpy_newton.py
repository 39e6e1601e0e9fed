"""Batched Newton fits with numpy, one thread, f64: numpy_newton.py FILE TOYS COMPARED [throw] -> {version, seconds, cpuSeconds, z}.

FILE.json and FILE.counts: bench/support/fit-problems.ts. All toys of a mass at once: orthonormal columns, products of columns
for the Hessian as one matrix product, `numpy.linalg.solve` for the steps; the same start as the peer it is compared with.
With `throw` it throws its own toys first.
"""
import json
import sys
import time

import numpy as np

BATCH = 2048
STEPS = 12
ENOUGH = 1e-6
# of a Hessian near 1: keeps `solve` from raising where the events of a toy do not determine its parameters
RIDGE = 1e-9


def newton(g, products, mu, n, t):
    """-ln L = sum mu u - n ln u, u = 1 + g t; all toys until the last has ended, back by 0.7 of a step that leaves u > 0."""
    size = g.shape[1]
    lower = np.tril_indices(size)
    hessian = np.empty((len(n), size, size))
    change = t
    for _ in range(STEPS):
        u = 1 + t @ g.T
        outside = ((u <= 0) & (n > 0)).any(axis=1)
        u[outside] = 1
        ratio = n / u
        gradient = (mu - ratio) @ g
        packed = (ratio / u) @ products
        hessian[:, lower[0], lower[1]] = packed
        hessian[:, lower[1], lower[0]] = packed
        hessian[:, range(size), range(size)] += RIDGE
        step = -np.linalg.solve(hessian, gradient[..., None])[..., 0]
        decrement = -np.einsum("ik,ik->i", step, gradient)
        if outside.any():
            step[outside] = -0.7 * change[outside]
            decrement[outside] = np.inf
            change = np.where(outside[:, None], 0.3 * change, step)
        else:
            change = step
        t = t + step
        if not (decrement > ENOUGH).any():
            break
    return t, decrement <= ENOUGH


def products_of(g):
    k, l = np.tril_indices(g.shape[1])
    return g[:, k] * g[:, l]


def plan(hypothesis, expected):
    columns = np.array(hypothesis["columns"]).T
    bins = slice(hypothesis["first"], hypothesis["first"] + len(columns))
    wanted = expected[bins]
    background = columns[:, :-1]
    theta = np.linalg.lstsq(background / np.sqrt(wanted)[:, None], np.sqrt(wanted), rcond=None)[0]
    mu = background @ theta
    g = np.linalg.qr(columns / np.sqrt(mu)[:, None])[0] / np.sqrt(mu)[:, None]
    if (columns[:, -1] @ g[:, -1]) < 0:
        g[:, -1] *= -1
    return bins, mu, g, products_of(g), np.ascontiguousarray(g[:, :-1]), products_of(g[:, :-1])


def fit(plan, counts):
    bins, mu, g, products, g_null, products_null = plan
    n = counts[:, bins].astype(float)
    start = (n - mu) @ g
    t, good = newton(g, products, mu, n, start)
    t_null, good_null = newton(g_null, products_null, mu, n, start[:, :-1])
    u = 1 + t @ g.T
    x = (1 + t_null @ g_null.T) / u - 1
    q = 2 * np.einsum("ij,ij->i", n, x - np.where(n > 0, np.log1p(x), x))
    z = np.sign(t[:, -1]) * np.sqrt(np.maximum(q, 0))
    return np.where(good & good_null & (u >= 0).all(axis=1) & (x >= -1).all(axis=1), z, np.nan)


def main():
    file, toys, compared = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    problem = json.load(open(file + ".json"))
    expected = np.array(problem["expected"])
    counts = np.fromfile(file + ".counts", dtype=np.uint32).reshape(-1, problem["nBins"])[:toys]
    rng = np.random.default_rng(1)
    plans = [plan(hypothesis, expected) for hypothesis in problem["hypotheses"]]
    z = np.empty((toys, len(plans)))
    with np.errstate(all="ignore"):
        started, cpu_started = time.perf_counter(), time.process_time()
        if len(sys.argv) > 4:
            counts = rng.poisson(expected, (toys, len(expected)))
        for at in range(0, toys, BATCH):
            for h, one in enumerate(plans):
                z[at : at + BATCH, h] = fit(one, counts[at : at + BATCH])
        seconds, cpu = time.perf_counter() - started, time.process_time() - cpu_started
    values = [None if np.isnan(value) else value for value in z[:compared].ravel().tolist()]
    print(json.dumps({"version": f"numpy {np.__version__}", "seconds": seconds, "cpuSeconds": cpu, "z": values}))


main()
