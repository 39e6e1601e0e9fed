"""Bin integrals of signal shapes for tests/unit/spectrum/signal-shapes.test.ts, by quadrature of their densities in mpmath,
and the densities themselves.

python tests/golden/spectrum_shapes.py > tests/golden/spectrum_shapes.json        (mpmath; version in the output)
"""
import json

import mpmath as mp

mp.mp.dps = 30


def crystal_ball(sigma, low, high):
    def density(x):
        t = x / mp.mpf(sigma)
        for tail, u in ((low, -t), (high, t)):
            if tail and u > tail[0]:
                alpha, n = map(mp.mpf, tail)
                return mp.exp(-alpha**2 / 2) * (1 + (u - alpha) * alpha / n) ** -n
        return mp.exp(-t * t / 2)

    kinks = [-low[0] * mp.mpf(sigma)] if low else []
    kinks += [high[0] * mp.mpf(sigma)] if high else []
    return density, kinks


def voigt(sigma, width):
    sigma, gamma = mp.mpf(sigma), mp.mpf(width) / 2

    def density(x):
        z = (x + 1j * gamma) / (sigma * mp.sqrt(2))
        return (mp.exp(-z * z) * mp.erfc(-1j * z)).real / (sigma * mp.sqrt(2 * mp.pi))

    return density, []


def integrate(density, a, b, kinks, grain):
    points = sorted({mp.mpf(a), mp.mpf(b), *[k for k in kinks if a < k < b], *[mp.mpf(g) for g in grain if a < g < b]})
    return mp.quad(density, points)


BINS = [(-400, -100), (-30, -6), (-6, -2.5), (-1.5, -1.4), (-0.3, 0.4), (0, 1), (1.2, 3), (2.9, 8), (8, 60)]


def rows(density, kinks, unit, cdf_norm):
    grain = [unit * g for g in (-100, -30, -10, -6, -3, -1, 0, 1, 3, 6, 10, 30, 100)]
    return [[unit * a, unit * b, float(integrate(density, unit * a, unit * b, kinks, grain) / cdf_norm)] for a, b in BINS]


POINTS = [-120, -7, -2, -0.4, 0, 0.15, 1.1, 2.5, 5, 40]


def values(density, unit, cdf_norm):
    return [[unit * x, float(density(mp.mpf(unit * x)) / cdf_norm)] for x in POINTS]


out = []
for sigma, low, high in [(1, (1.2, 3), None), (0.25, None, (2, 1.5)), (2, (0.7, 5), (1.6, 2.2)), (1, (1.5, 130), (3, 1.05))]:
    density, kinks = crystal_ball(sigma, low, high)
    s = mp.mpf(sigma)
    norm = mp.quad(density, sorted([-12 * s, *kinks, 0, 12 * s])) if not (low and high) else mp.quad(density, sorted([*kinks, 0]))
    if not low:
        norm = mp.quad(density, [-40 * s, -8 * s, 0, *kinks])
    if low and not high:
        norm = mp.quad(density, [*kinks, 0, 8 * s, 40 * s])
    # beyond the kinks the power law has the primitive that calculus gives it
    for tail in (low, high):
        if tail:
            alpha, n = map(mp.mpf, tail)
            norm += s * mp.exp(-alpha**2 / 2) * n / (alpha * (n - 1))
    out.append({"kind": "crystal-ball", "sigma": sigma, "low": low, "high": high, "bins": rows(density, kinks, sigma, norm), "densities": values(density, sigma, norm)})
for sigma, width in [(1, 0.01), (1, 1), (0.5, 3), (0.02, 2), (3, 1e-5)]:
    density, kinks = voigt(sigma, width)
    unit = max(sigma, width / 2)
    out.append({"kind": "voigt", "sigma": sigma, "width": width, "bins": rows(density, kinks, unit, 1), "densities": values(density, unit, 1)})
head = json.dumps({"made_by": "tests/golden/spectrum_shapes.py", "versions": {"mpmath": mp.__version__}})[:-1]
print(f'{head}, "shapes": [\n' + ",\n".join(map(json.dumps, out)) + "]}")
