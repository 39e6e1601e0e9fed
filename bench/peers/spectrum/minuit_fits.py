"""The same fits with iminuit, toy by toy: minuit_fits.py FILE TOYS COMPARED -> {version, seconds, cpuSeconds, z}.

MIGRAD with the exact gradient, strategy 0, from the fit of the expected events; nu and its logarithm by numpy. FILE.json and
FILE.counts: bench/support/fit-problems.ts.
"""
import json
import sys
import time

import iminuit
import numpy as np
from iminuit import Minuit


def fit_pair(columns, start, n):
    def value(theta):
        nu = columns @ theta
        return np.inf if (nu <= 0).any() else nu.sum() - n @ np.log(nu)

    def gradient(theta):
        return columns.T @ (1 - n / (columns @ theta))

    def minimum(size):
        keep = columns[:, :size]
        if size == len(start):
            minuit = Minuit(value, start, grad=gradient)
        else:
            pad = lambda theta: np.append(theta, 0.0)
            minuit = Minuit(lambda theta: value(pad(theta)), start[:size], grad=lambda theta: gradient(pad(theta))[:size])
        minuit.errordef, minuit.strategy, minuit.print_level = 0.5, 0, 0
        minuit.migrad()
        return minuit.valid, keep @ np.array(minuit.values), np.array(minuit.values)[-1]

    good, nu, signal = minimum(len(start))
    good_null, nu_null, _ = minimum(len(start) - 1)
    if not (good and good_null):
        return None
    x = nu_null / nu - 1
    q = 2 * ((nu_null - nu).sum() - n @ np.log1p(x))
    return float(np.sign(signal) * np.sqrt(max(0.0, q)))


def main():
    file, toys, compared = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    problem = json.load(open(file + ".json"))
    expected = np.array(problem["expected"])
    counts = np.fromfile(file + ".counts", dtype=np.uint32).reshape(-1, problem["nBins"])[:toys]
    plans = []
    for hypothesis in problem["hypotheses"]:
        columns = np.array(hypothesis["columns"]).T
        bins = slice(hypothesis["first"], hypothesis["first"] + len(columns))
        theta = np.linalg.lstsq(columns[:, :-1], expected[bins], rcond=None)[0]
        plans.append((bins, columns, np.append(theta, 0.0)))
    started, cpu_started = time.perf_counter(), time.process_time()
    with np.errstate(all="ignore"):
        z = [fit_pair(columns, start, n[bins].astype(float)) for n in counts for bins, columns, start in plans]
    seconds, cpu = time.perf_counter() - started, time.process_time() - cpu_started
    print(json.dumps({"version": f"iminuit {iminuit.__version__}", "seconds": seconds, "cpuSeconds": cpu, "z": z[: compared * len(plans)]}))


main()
