"""Fits of real and public spectra by iminuit: three Upsilons of CMS 2011 open data (the others vetoed) and the diphoton-like
pseudo-data of Combine's tutorial. Run: python3 tests/golden/spectrum_real.py DATA > tests/golden/spectrum_real.json
"""
import csv
import gzip
import json
import sys
from math import erf, exp, log, sqrt

import iminuit
import numpy as np


def read(name):
    with gzip.open(f"{sys.argv[1]}/{name}", "rt") as file:
        return list(csv.DictReader(file))


def upsilons():
    values = []
    for row in read("cms-dimuon-2011/Ymumu.csv.gz"):
        row = {key.strip(): value for key, value in row.items()}
        total = [float(row[f"{c}1"]) + float(row[f"{c}2"]) for c in ("E", "px", "py", "pz")]
        values.append(sqrt(max(0.0, total[0] ** 2 - sum(p * p for p in total[1:]))))
    return np.array(values)


def integral(mass, sigma, low, high):
    phi = lambda x: 0.5 * (1 + erf((x - mass) / (sigma * sqrt(2))))
    return np.array([phi(b) - phi(a) for a, b in zip(low, high)])


def fit(low, high, n, signal, background, start):
    """S, its error, Z and the deviance of the fit with signal; `background(c)` is events per bin."""

    def nll(c, s):
        nu = background(c) + s * signal
        if (nu <= 0).any():
            return 1e9
        return float(np.sum(nu - n * np.log(nu)))

    def minimum(with_signal):
        first = list(start) + ([1.0] if with_signal else [])
        m = iminuit.Minuit(lambda p: nll(p[: len(start)], p[len(start)] if with_signal else 0.0), first)
        m.errordef = 0.5
        m.strategy = 2
        m.tol = 1e-6
        for _ in range(3):
            m.migrad(ncall=100000)
        m.hesse()
        assert m.valid
        return m

    null, full = minimum(False), minimum(True)
    nu = background(np.array(full.values)[: len(start)]) + full.values[-1] * signal
    deviance = 2 * float(np.sum(nu - n + np.where(n > 0, n * np.log(np.where(n > 0, n, 1) / nu), 0)))
    s = full.values[-1]
    return {
        "sHat": s,
        "sErr": full.errors[-1],
        "z": float(np.sign(s)) * sqrt(max(0.0, 2 * (null.fval - full.fval))),
        "deviance": deviance,
    }


def upsilon_cases():
    edges = 8.7 + 0.02 * np.arange(136)
    n, _ = np.histogram(upsilons(), edges)
    low, high = edges[:-1], edges[1:]
    peaks = {"1S": 9.4453, "2S": 10.0173, "3S": 10.3427}
    for name, mass in peaks.items():
        vetoes = [(m - 0.2, m + 0.2) for other, m in peaks.items() if other != name]
        if name == "2S":
            vetoes = [(9.2453, 9.6453), (10.2427, 10.5427)]
        if name == "3S":
            vetoes = [(9.2453, 9.6453), (9.8173, 10.1673)]
        keep = np.array([not any(a < v - 1e-11 and b > u + 1e-11 for u, v in vetoes) for a, b in zip(low, high)])
        a, b, counts = low[keep], high[keep], n[keep]
        t = lambda x: (2 * x - low[0] - high[-1]) / (high[-1] - low[0])
        poly = lambda c, x: sum(ck * x ** (k + 1) / (k + 1) for k, ck in enumerate(c))
        half = (high[-1] - low[0]) / 2
        background = lambda c: half * (poly(c, t(b)) - poly(c, t(a)))
        flat = counts.sum() / (b - a).sum()
        yield {"name": f"Upsilon({name})", "x": mass, "sigma": 0.08, "exclude": vetoes,
               **fit(a, b, counts, integral(mass, 0.08, a, b), background, [flat, 0.0, 0.0, 0.0])}


def diphoton_case():
    values = np.array([float(row["mass_GeV"]) for row in read("combine-counting/data_part1_mass.csv.gz")])
    edges = 100 + 0.5 * np.arange(161)
    n, _ = np.histogram(values, edges)
    low, high = edges[:-1], edges[1:]

    def background(c):
        norm, slope = exp(c[0]), c[1]
        middle = 140.0
        return norm * (np.exp(slope * (high - middle)) - np.exp(slope * (low - middle))) / slope

    start = [log(len(values) / 80), -0.02]
    yield {"name": "diphoton", "x": 125.0, "sigma": 1.4, **fit(low, high, n, integral(125.0, 1.4, low, high), background, start)}


cases = [*upsilon_cases(), *diphoton_case()]
print(json.dumps({"command": "python3 tests/golden/spectrum_real.py DATA", "iminuit": iminuit.__version__, "numpy": np.__version__, "cases": cases}, indent=1))
