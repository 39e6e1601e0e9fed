"""pyBumpHunter on a histogram: bump_hunter.py TOYS HISTOGRAM.json WORKERS -> JSON {seconds, cpuSeconds, medianLnP}.

Its `bump_scan` throws the pseudo-experiments and scans them (and the data, one histogram more); excess, no side bands.
"""
import json
import sys
import time
from contextlib import redirect_stdout
from io import StringIO

import numpy as np
import pyBumpHunter


def main():
    toys, workers = int(sys.argv[1]), int(sys.argv[3])
    histogram = json.load(open(sys.argv[2]))
    (nx, ny), (least, most) = histogram["shape"], histogram["widths"]
    bins = np.array(histogram["bins"])
    common = dict(npe=toys, nworker=workers, seed=1)
    if ny == 1:
        edges = np.linspace(0, 20, nx + 1)
        hunter = pyBumpHunter.BumpHunter1D(
            rang=[0, 20], bins=edges, width_min=least, width_max=most, width_step=1, scan_step=1, **common
        )
    else:
        bins = bins.reshape(nx, ny)
        edges = [np.linspace(0, 20, nx + 1), np.linspace(0, 20, ny + 1)]
        pair = lambda n: [n, n]
        hunter = pyBumpHunter.BumpHunter2D(
            rang=[[0, 20], [0, 20]], bins=edges, width_min=pair(least), width_max=pair(most), width_step=pair(1), scan_step=pair(1), **common
        )
    data = np.random.default_rng(1).poisson(bins)
    started, cpu_started = time.perf_counter(), time.process_time()
    with redirect_stdout(StringIO()):
        hunter.bump_scan(data, bins, is_hist=True)
    seconds, cpu = time.perf_counter() - started, time.process_time() - cpu_started
    windows = sum(len(p) for p in hunter.res_ar)
    if windows != len(histogram["windows"]):
        raise SystemExit(f"{windows} windows, expected {len(histogram['windows'])}")
    ln_p = np.sort(np.log(hunter.min_Pval_ar[1:].astype(float)))
    print(json.dumps({"seconds": seconds, "cpuSeconds": cpu, "medianLnP": ln_p[toys // 2]}))


main()
