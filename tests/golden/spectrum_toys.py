"""Toys of a sliding-range scan by brute force: numpy's own random numbers, plain Newton fits of every range of every toy.

python3 tests/golden/spectrum_toys.py > tests/golden/spectrum_toys.json   (2 min)

60 bins of width 1, expected 40 exp(-x/50); hypotheses at 6, 8, ..., 54 with sigma 1.5; ranges of whole bins in mass +- 8
sigma; signal: Gaussian, integrated; background: polynomial of degree 2 in x (the basis does not matter). The largest
signed Z of each toy, sign(S) sqrt(2 dlnL), and how many toys have it at or above some levels.
"""
import json

import numpy as np
from scipy.special import ndtr

N, TOYS, SIGMA, HALF, DEGREE = 60, 40_000, 1.5, 8 * 1.5, 2
edges = np.arange(N + 1.0)
expected = 40 * np.exp(-(edges[:-1] + 0.5) / 50)
masses = np.arange(6.0, 55.0, 2.0)
levels = [1.0, 1.5, 2.0, 2.5, 3.0, 3.5]


def minimum(n, design):
    """-lnL of [toys] fits n [toys][bins], design [bins][params], by Newton steps that keep nu > 0; the parameters."""
    start = np.linalg.lstsq(design, n.mean(axis=0), rcond=None)[0]
    theta = np.repeat(start[None, :], len(n), axis=0)
    for _ in range(60):
        nu = theta @ design.T
        gradient = (1 - n / nu) @ design
        hessian = np.einsum("tb,bk,bl->tkl", n / nu**2, design, design)
        step = -np.linalg.solve(hessian, gradient[..., None])[..., 0]
        change = step @ design.T
        length = np.minimum(1, np.where(change < 0, -0.7 * nu / np.where(change < 0, change, -1), 1).min(axis=1))
        theta = theta + length[:, None] * step
        if np.abs(gradient * step).sum(axis=1).max() < 1e-12:
            break
    nu = theta @ design.T
    assert (nu > 0).all()
    return (nu - n * np.log(nu)).sum(axis=1), theta


def z_of(n, mass):
    use = (edges[:-1] >= mass - HALF) & (edges[1:] <= mass + HALF)
    low, high = edges[:-1][use], edges[1:][use]
    a, b = (low - mass) / HALF, (high - mass) / HALF
    powers = [(b ** (d + 1) - a ** (d + 1)) / (d + 1) for d in range(DEGREE + 1)]
    background = np.linalg.qr(np.stack(powers, axis=1))[0]
    background *= np.sign(background[:1])
    signal = ndtr((high - mass) / SIGMA) - ndtr((low - mass) / SIGMA)
    n = n[:, use].astype(float)
    null, _ = minimum(n, background)
    full, theta = minimum(n, np.concatenate([background, signal[:, None]], axis=1))
    return np.sign(theta[:, -1]) * np.sqrt(np.maximum(0, 2 * (null - full)))


rng = np.random.default_rng(2015)
toys = rng.poisson(expected, size=(TOYS, N))
z = np.stack([np.concatenate([z_of(part, mass) for part in np.split(toys, 40)]) for mass in masses], axis=1)
largest = z.max(axis=1)
where = np.bincount(z.argmax(axis=1), minlength=len(masses))
print(
    json.dumps(
        {
            "made_by": f"tests/golden/spectrum_toys.py, numpy {np.__version__}, seed 2015",
            "toys": TOYS,
            "masses": masses.tolist(),
            "levels": levels,
            "atOrAbove": [int((largest >= level).sum()) for level in levels],
            "meanLargest": float(largest.mean()),
            "widthLargest": float(largest.std()),
            "where": where.tolist(),
        }
    )
)
