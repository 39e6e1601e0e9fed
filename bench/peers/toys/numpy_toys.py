"""Toys in batches with numpy, one thread: numpy_toys.py TABLES TOYS [HISTOGRAM.json] -> {seconds, cpuSeconds, medianRank}.

Planes: events from the cumulative distribution over atoms, their windows repeated, one bincount for the batch.
Histograms: Poisson counts per bin, prefix sums, differences for windows. Both: ranks from the tables, the largest of a
toy. Numpy's own generator; nuisances stay at their centre, which spares numpy drawing them.
"""
import json
import sys
import time

import numpy as np


def read(file):
    words = np.fromfile(file, dtype=np.uint32)
    arrays, at = [], 4
    for _ in range(words[0]):
        arrays.append(words[at + 1 : at + 1 + words[at]])
        at += 1 + int(words[at])
    return int(words[2]), arrays


def atom_probabilities(alias, bits):
    pairs = alias.reshape(-1, 2)[: 2**bits].astype(np.int64)
    own = np.where(pairs[:, 0] == 0xFFFFFFFF, 1.0, pairs[:, 0] / 2**32)
    weight = own.copy()
    np.add.at(weight, pairs[:, 1], 1 - own)
    return weight / 2**bits


def plane_thrower(rng, first_source, header, totals, alias, first, windows, n_windows):
    if header[0] != 1:
        raise SystemExit("one source of events only")
    place, least, size, _, bits = header[first_source : first_source + 5].astype(np.int64)
    mean = least + (1 - totals.reshape(-1, 2)[place : place + size, 0] / 2**32).sum()
    cumulative = np.cumsum(atom_probabilities(alias, bits))
    cumulative /= cumulative[-1]
    first = first.astype(np.int64)
    windows = windows.astype(np.int64)
    lengths_of = first[1:] - first[:-1]

    def counts_of(n):
        totals_drawn = rng.poisson(mean, n)
        atoms = np.searchsorted(cumulative, rng.random(totals_drawn.sum()), side="right")
        lengths = lengths_of[atoms]
        ends = np.cumsum(lengths)
        places = np.arange(ends[-1]) + np.repeat(first[atoms] - (ends - lengths), lengths)
        toys = np.repeat(np.repeat(np.arange(n) * n_windows, totals_drawn), lengths)
        return np.bincount(toys + windows[places], minlength=n * n_windows).reshape(n, n_windows)

    return counts_of


def histogram_thrower(rng, histogram):
    nx, ny = histogram["shape"]
    bins = np.array(histogram["bins"])
    x0, x1, y0, y1 = np.array(histogram["windows"]).T

    def line(n):
        sums = np.zeros((n, nx + 1), dtype=np.int64)
        np.cumsum(rng.poisson(bins, (n, nx)), axis=1, out=sums[:, 1:])
        return sums[:, x1] - sums[:, x0]

    def plane(n):
        sums = np.zeros((n, nx + 1, ny + 1), dtype=np.int64)
        sums[:, 1:, 1:] = rng.poisson(bins, (n, nx * ny)).reshape(n, nx, ny).cumsum(axis=1).cumsum(axis=2)
        flat = sums.reshape(n, -1)
        at = lambda x, y: flat[:, x * (ny + 1) + y]
        return at(x1, y1) - at(x0, y1) - at(x1, y0) + at(x0, y0)

    return line if ny == 1 else plane


def main():
    tables, toys = sys.argv[1], int(sys.argv[2])
    first_source, (header, totals, alias, first, windows, rank_first, ranks) = read(tables)
    n_windows = len(rank_first) - 1
    rng = np.random.default_rng(1)
    if len(sys.argv) > 3:
        counts_of, batch = histogram_thrower(rng, json.load(open(sys.argv[3]))), 512
    else:
        counts_of, batch = plane_thrower(rng, first_source, header, totals, alias, first, windows, n_windows), 16
    low, high = rank_first[:-1].astype(np.int64), rank_first[1:].astype(np.int64) - 1
    best = np.empty(toys, dtype=np.uint32)
    started, cpu_started = time.perf_counter(), time.process_time()
    for at in range(0, toys, batch):
        counts = counts_of(min(batch, toys - at))
        counts += low
        best[at : at + batch] = ranks[np.minimum(counts, high, out=counts)].max(axis=1)
    seconds, cpu = time.perf_counter() - started, time.process_time() - cpu_started
    print(json.dumps({"seconds": seconds, "cpuSeconds": cpu, "medianRank": int(np.sort(best)[toys // 2])}))


main()
