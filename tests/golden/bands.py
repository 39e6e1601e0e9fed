"""Side bands: areas, densities and Gaussian signals in cut annuli, by nested quadrature in x and y (scipy).

Per case tau = integral over the allowed band / integral over the allowed window, and leak = the same of the Gaussian of
the resolution (the window then whole). Resolution sx, sy, rho; window at x0, y0 with half-axes kx, ky; band between
`inner` and `outer` resolutions (outer null: up to the region) inside region and condition.

python3 tests/golden/bands.py > tests/golden/bands.json
"""

import json
import math
import sys

import scipy
from scipy.integrate import quad

SX, SY, RHO = 0.4, 1.0, -0.8


def chord(x, sx, sy, rho, reach):
    """y - y0 of the ellipse of `reach` resolutions at x - x0: None outside."""
    if abs(x) >= reach * sx:
        return None
    middle = rho * sy / sx * x
    half = sy * math.sqrt((1 - rho * rho) * (reach * reach - (x / sx) ** 2))
    return middle - half, middle + half


def window_chord(x, kx, ky):
    # covariance D V D: marginal widths kx sx, ky sy and the same correlation
    return chord(x, kx * SX, ky * SY, RHO, 1.0)


def band_pieces(x, inner, outer):
    whole = (-math.inf, math.inf) if outer is None else chord(x, SX, SY, RHO, outer)
    if whole is None:
        return []
    hole = chord(x, SX, SY, RHO, inner)
    if hole is None:
        return [whole]
    return [(whole[0], hole[0]), (hole[1], whole[1])]


def integrate(f, pieces_at, limits_at, low, high, breaks):
    def along(x):
        total = 0.0
        bottom, top = limits_at(x)
        for a, b in pieces_at(x):
            a, b = max(a, bottom), min(b, top)
            if a < b:
                total += quad(lambda y: f(x, y), a, b, epsabs=1e-13, epsrel=1e-11)[0]
        return total

    points = sorted({low, high, *[p for p in breaks if low < p < high]})
    return sum(
        quad(along, a, b, epsabs=1e-12, epsrel=1e-10, limit=400)[0] for a, b in zip(points, points[1:])
    )


def gauss(x, y):
    q = (x / SX) ** 2 - 2 * RHO * x * y / (SX * SY) + (y / SY) ** 2
    return math.exp(-0.5 * q / (1 - RHO**2)) / (2 * math.pi * SX * SY * math.sqrt(1 - RHO**2))


def case(name, x0, y0, kx, ky, inner, outer, box, density, limits, breaks, x_range=(-math.inf, math.inf)):
    """limits(x, y-range allowed) and breaks in absolute x; density and Gaussian around the window."""
    (xl, xh), (yl, yh) = box

    def region(dx):
        low, high = limits(x0 + dx, "band")
        return max(yl, low) - y0, min(yh, high) - y0

    def region_window(dx):
        low, high = limits(x0 + dx, "window")
        return max(yl, low) - y0, min(yh, high) - y0

    reach = 1e9 if outer is None else outer * SX
    cuts = [*[b - x0 for b in breaks], *[s * r * SX for s in (-1, 1) for r in (inner, outer or inner)]]
    low, high = max(xl - x0, -reach, x_range[0] - x0), min(xh - x0, reach, x_range[1] - x0)
    band = lambda f: integrate(f, lambda x: band_pieces(x, inner, outer), region, low, high, cuts)
    wl, wh = max(xl - x0, -kx * SX), min(xh - x0, kx * SX)
    chords = lambda x: [c] if (c := window_chord(x, kx, ky)) else []
    window = lambda f: integrate(f, chords, region_window, wl, wh, [b - x0 for b in breaks])
    whole_window = integrate(gauss, chords, lambda x: (-math.inf, math.inf), -kx * SX, kx * SX, [])
    f = lambda x, y: density(x0 + x, y0 + y)
    return {
        "name": name,
        "area": band(lambda x, y: 1.0) / window(lambda x, y: 1.0),
        "density": band(f) / window(f),
        "leak": band(gauss) / whole_window,
    }


FREE = lambda x, which: (-math.inf, math.inf)
BOX = ((0.0, 10.0), (0.0, 20.0))
FALL = lambda x, y: math.exp(-x / 3 - y / 7)

CASES = [
    case("whole", 5, 10, 2, 2, 3, 6, BOX, FALL, FREE, []),
    case("axes", 5, 10, 2, 3, 4, 6, BOX, FALL, FREE, []),
    case("corner", 1, 2, 2, 2, 3, 6, BOX, FALL, FREE, []),
    case("slant", 3, 5, 2, 2, 3, 6, BOX, FALL, lambda x, which: (-math.inf, 2 * x), []),
    case("left", 5, 10, 2, 2, 3, 6, BOX, FALL, FREE, [5], (-math.inf, 5)),
    case("quarter", 5, 10, 2, 2, 3, 6, BOX, FALL, lambda x, which: (10 if which == "band" else -math.inf, math.inf), [5], (-math.inf, 5)),
    case("open", 5, 10, 2, 2, 3, None, BOX, FALL, lambda x, which: (9, 11) if which == "band" else (-math.inf, math.inf), []),
]

json.dump(
    {
        "provenance": {
            "command": "python3 tests/golden/bands.py > tests/golden/bands.json",
            "python": sys.version.split()[0],
            "scipy": scipy.__version__,
            "accuracy": "1e-8 relative",
        },
        "resolution": {"x": SX, "y": SY, "correlation": RHO},
        "cases": CASES,
    },
    sys.stdout,
    indent=1,
)
print()
