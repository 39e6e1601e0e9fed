"""darkscan and its peers on the same inputs, one after the other, several rounds; medians, ratios, agreement.

python compare.py [WINDOWS] [ROUNDS]; called by run.sh, from the root of the repository. pyhf answers another question
(asymptotic CLs, one window of 10 mu on 50 +- 7, n = 55), and is here for what people run today.
"""
import json
import statistics
import subprocess
import sys
import time

import numpy as np
import pyhf

from numpy_limits import brute_force, moments

WINDOWS, ROUNDS = (int(v) for v in (sys.argv[1:] + ["9000", "3"][len(sys.argv) - 1 :]))
BRUTE_FORCE_LIMITS = 300
"""Of the many; the rest would take minutes."""


def darkscan(threads):
    node = ["node", "--import", "tsx", "--import", "./scripts/wgsl-register.mjs"]
    script = ["bench/peers/darkscan-limits.ts", str(WINDOWS), str(threads)]
    return json.loads(subprocess.check_output(node + script, stderr=subprocess.DEVNULL))


def timed(work):
    started = time.perf_counter()
    result = work()
    return time.perf_counter() - started, result


def pyhf_limits():
    model = pyhf.simplemodels.uncorrelated_background(signal=[10.0], bkg=[50.0], bkg_uncertainty=[7.0])
    data = [55.0] + model.config.auxdata
    return pyhf.infer.intervals.upper_limits.upper_limit(data, model, level=0.05, rtol=1e-6)


def worst(found, expected):
    return float(np.max(np.abs(found / expected - 1)))


def main():
    rates = {}
    agreement = {}

    def add(name, limits, seconds, note=""):
        rates.setdefault(name, []).append(limits / seconds)
        agreement[name] = note

    for _ in range(ROUNDS):
        for threads in (1, 2):
            ours = darkscan(threads)
            add(f"darkscan, {threads} core{'s' * (threads > 1)} (p0 and expected counts included)", len(ours["n"]), ours["seconds"])
        limits = np.array(ours["limit"])
        seconds, found = timed(lambda: moments(ours))
        difference = worst(found, limits)
        add("numpy, moments of the background", len(found), seconds, f"worst relative difference {difference:.0e}")
        assert difference < 1e-6, "numpy moments and darkscan differ"
        part = slice(0, BRUTE_FORCE_LIMITS)
        seconds, found = timed(lambda: brute_force(ours, part))
        difference = worst(found, limits[part])
        add("numpy, brute-force nodes", len(found), seconds, f"worst relative difference {difference:.0e}")
        assert difference < 1e-6, "numpy brute force and darkscan differ"
        seconds, (observed, expected) = timed(pyhf_limits)
        add("pyhf, asymptotic CLs", 1 + len(expected), seconds, f"another question; observed {float(observed):.5f}")

    print(f"{WINDOWS} windows, {len(limits)} distinct limits, {ROUNDS} rounds")
    first = statistics.median(next(iter(rates.values())))
    for name, values in rates.items():
        rate = statistics.median(values)
        print(f"{name:<60}{rate:>10.3g} limits/s {first / rate:>9.2f}x  {agreement[name]}")


main()
