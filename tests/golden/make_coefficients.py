"""Polynomial and series coefficients of src/stats, printed with the bound of each fit.

Run:  python tests/golden/make_coefficients.py   (mpmath 1.4.1, 60 digits; a few seconds)
Fits are Chebyshev interpolations, near minimax; coefficients from the constant term up, rounded once to double.
"""

from fractions import Fraction

import mpmath as m
from mpmath import mpf

m.mp.dps = 60


def fit(name, function, low, high, terms):
    coefficients, error = m.chebyfit(function, [low, high], terms, error=True)
    print(name, [float(c) for c in coefficients[::-1]], "absolute error", m.nstr(error, 2))


def head(value, bits):
    """The leading bits of a constant, so that products with small integers are exact."""
    scale = mpf(2) ** (bits - int(m.floor(m.log(abs(value), 2))) - 1)
    return m.floor(value * scale) / scale


def split(name, value, *bits):
    parts = []
    for count in bits:
        parts.append(head(value, count))
        value -= parts[-1]
    print(name, [float(p) for p in (*parts, value)])


# portable.ts: z = s^2 <= ((sqrt 2 - 1)/(sqrt 2 + 1))^2
z_log = ((m.sqrt(2) - 1) / (m.sqrt(2) + 1)) ** 2 * mpf("1.01")
fit("log, R/z", lambda z: sum(2 * z**k / mpf(2 * k + 3) for k in range(45)), 0, z_log, 7)
fit("log, tail from s^5", lambda z: sum(2 * z**k / mpf(2 * k + 5) for k in range(45)), 0, z_log, 6)
split("ln 2", m.ln2, 42)
split("ln 2 / 32", m.ln2 / 32, 36)
print("1/ln 10", float(1 / m.ln(10)), float(1 / m.ln(10) - mpf(float(1 / m.ln(10)))))

# trigonometry.ts: z = r^2 <= (pi/4)^2 and (7/16)^2
z_sin = (m.pi / 4) ** 2 * mpf("1.01")
fit("sin from r^3", lambda z: sum((-1) ** (k + 1) * z**k / m.factorial(2 * k + 3) for k in range(20)), 0, z_sin, 6)
fit("cos from r^4", lambda z: sum((-1) ** k * z**k / m.factorial(2 * k + 4) for k in range(20)), 0, z_sin, 6)
z_atan = (mpf(7) / 16) ** 2 * mpf("1.01")
fit("atan from t^3", lambda z: sum((-1) ** (k + 1) * z**k / mpf(2 * k + 3) for k in range(160)), 0, z_atan, 11)
split("pi/2", m.pi / 2, 33, 33, 33)
for value in (mpf(1) / 2, mpf(1), mpf(3) / 2):
    print("atan", value, float(m.atan(value)), float(m.atan(value) - mpf(float(m.atan(value)))))


# erf.ts: Chebyshev series of (1 + 2x) erfcx(x) in t = (x - 3.75)/(x + 3.75)
def scaled_erfcx(t):
    x = mpf("3.75") * (1 + t) / (1 - t)
    if x < 12:
        return (1 + 2 * x) * m.exp(x * x) * m.erfc(x)
    return (1 + 2 * x) / (x * m.sqrt(m.pi)) * sum((-1) ** k * m.fac2(2 * k - 1) / (2 * x * x) ** k for k in range(60))


nodes = [m.cos(m.pi * (k + mpf(1) / 2) / 60) for k in range(60)]
values = [scaled_erfcx(t) for t in nodes]
chebyshev = [
    sum(v * m.cos(m.pi * j * (k + mpf(1) / 2) / 60) for k, v in enumerate(values)) * 2 / 60 for j in range(30)
]
print("erfcx", [float(c) for c in chebyshev])

# ln-gamma.ts
print("zeta", [float((-1) ** k * (m.zeta(k) - 1) / k) for k in range(2, 29)], float(1 - m.euler))
print("Stirling", [float(m.bernoulli(2 * k) / (2 * k * (2 * k - 1))) for k in range(1, 11)])

# temme.ts: mu = x/a - 1 as a series in eta from mu mu' = eta (1 + mu); c_0 = 1/mu - 1/eta,
# c_k = c_{k-1}'/eta + g_k/mu with g_k such that the pole at eta = 0 cancels. Exact rational arithmetic.
TERMS = 48
mu = [Fraction(0), Fraction(1)]
for n in range(2, TERMS + 3):
    mu.append((mu[n - 1] - sum(mu[i] * (n - i + 1) * mu[n - i + 1] for i in range(2, n))) / (n + 1))
inverse = [Fraction(1)]  # eta/mu
for n in range(1, TERMS + 2):
    inverse.append(-sum(mu[j + 1] * inverse[n - j] for j in range(1, n + 1)))
row = [inverse[n + 1] for n in range(TERMS)]
for k in range(8):
    print(f"Temme c_{k}", [float(c) for c in row[: 22 - 2 * k]])
    pole = row[1]
    row = [(n + 2) * row[n + 2] - pole * inverse[n + 1] for n in range(len(row) - 2)]
