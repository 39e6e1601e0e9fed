"""Chosen orders of backgrounds for tests/unit/spectrum/order-choice.test.ts.

python tests/golden/spectrum_orders.py DATA > tests/golden/spectrum_orders.json     (numpy, scipy, iminuit; versions in the output)

Fits without signal by MIGRAD (trust-constr where the density would be negative) as in spectrum_fits.py, for every order;
the rules applied with scipy's chi2. DATA as there.
"""
import json
import platform

import iminuit
import numpy as np
import scipy
from scipy.stats import chi2

from spectrum_fits import Fit, LogFit, design, dimuon, raw_functions, table

diphoton_2015 = lambda: table("atlas_diphoton_2015_13TeV_digitised.csv")
# name, spectrum, sigma/mass, first and last mass, step in sigmas, half-width in sigmas, background, lowest and highest order
SCANS = [
    ("dimuon", dimuon, 0.0085, 2.1, 100, 2, 10, {"kind": "chebyshev"}, 0, 6),
    ("diphoton", lambda: table("cms_diphoton_EBEB_13TeV.csv"), 0.012, 520, 2500, 1, 12, {"kind": "bernstein"}, 1, 5),
    ("dijet", lambda: table("cms_dijet_13TeV.csv"), 0.05, 1800, 7000, 0.5, 5, {"kind": "chebyshev"}, 0, 7),
    ("diphoton-2015", diphoton_2015, 0.04, 200, 1600, 0.5, 7, {"kind": "chebyshev"}, 0, 4),
    ("dimuon-exponential", dimuon, 0.0085, 2.3, 60, 4, 10, {"kind": "exponential"}, 1, 4),
    ("diphoton-2015-function", diphoton_2015, 0.04, 200, 1600, 12, 1000, {"kind": "power-law", "end": 13000, "root": 1 / 3}, 1, 3),
]
# -1 instead of a choice that hangs on less than the fits' own precision in 2 ln L
TOO_CLOSE = 5e-4
RULES = {"f-test 0.05": 0.05, "f-test 0.01": 0.01, "aic": None, "bic": None}


def with_order(background, order):
    return {**background, "powers" if background["kind"] == "power-law" else "degree": order}


def null_loss(low, high, n, mass, sigma, background):
    """-2 ln L above the saturated model, or None where nothing can be fitted."""
    is_log = background["kind"] in ("exponential", "power-law")
    k = len(raw_functions(background, low[:1], 1, 2)) if is_log else background["degree"] + 1
    if len(n) < k + 1 or n.sum() == 0:
        return None
    a = design(low, high, mass, sigma, 0 if is_log else background["degree"])
    if a[:, 0].sum() < 0.5:
        return None
    if not is_log:
        signal, rest = a[:, 0], a[:, 1:]
        left = signal - rest @ np.linalg.lstsq(rest, signal, rcond=None)[0]
        if np.linalg.norm(left) < 1e-6 * np.linalg.norm(signal):
            return None
    fit = LogFit(background, low, high, a[:, 0], n, False) if is_log else Fit(a[:, 1:], n)
    u, _ = fit.run()
    hit = n[n > 0].astype(np.longdouble)
    return float(2 * (fit.loss(u) - (hit.sum() - (hit * np.log(hit)).sum())))


def choose(losses, n_bins, rule):
    """Index and how far the decisions were from falling otherwise, in 2 ln L."""
    fitted = [i for i, loss in enumerate(losses) if loss is not None]
    if not fitted:
        return 0, np.inf
    if rule.startswith("f-test"):
        chosen, margin = fitted[0], np.inf
        while chosen + 1 < len(losses) and losses[chosen + 1] is not None:
            gain = losses[chosen] - losses[chosen + 1]
            margin = min(margin, abs(gain - chi2.isf(RULES[rule], 1)))
            if chi2.sf(gain, 1) >= RULES[rule]:
                break
            chosen += 1
        return chosen, margin
    price = 2 if rule == "aic" else np.log(n_bins)
    values = sorted((losses[i] + price * i, i) for i in fitted)
    return values[0][1], values[1][0] - values[0][0] if len(values) > 1 else np.inf


def scan(name, spectrum, relative, first, last, step, half, background, lowest, highest):
    low, high, n = spectrum()
    rows, mass = [], first
    while mass <= last:
        sigma = relative * mass
        slack = 1e-9 * (high - low)
        inside = (low >= mass - half * sigma - slack) & (high <= mass + half * sigma + slack)
        losses = [null_loss(low[inside], high[inside], n[inside], mass, sigma, with_order(background, d)) for d in range(lowest, highest + 1)]
        choices = [choose(losses, inside.sum(), rule) for rule in RULES]
        rows.append([[None if x is None else round(x, 6) for x in losses], [c if margin > TOO_CLOSE else -1 for c, margin in choices]])
        mass += step * sigma
    return dict(name=name, sigma=relative, first=first, last=last, step=step, half=half, background=with_order(background, lowest), lowest=lowest, highest=highest, fits=rows)


if __name__ == "__main__":
    versions = {"python": platform.python_version(), "numpy": np.__version__, "scipy": scipy.__version__, "iminuit": iminuit.__version__}
    header = json.dumps({"made_by": "tests/golden/spectrum_orders.py", "versions": versions, "rules": list(RULES)})[:-1]
    scans = [scan(*s) for s in SCANS]
    body = ",\n".join(json.dumps({k: v for k, v in s.items() if k != "fits"})[:-1] + ', "fits": [\n' + ",\n".join(map(json.dumps, s["fits"])) + "]}" for s in scans)
    print(f'{header}, "scans": [\n{body}]}}')
