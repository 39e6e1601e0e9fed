"""Reference values for src/stats: 60-digit mpmath at the exact double arguments listed in each row.

Run from the repository root:  python tests/golden/make_stats_tables.py   (mpmath 1.4.1; about three minutes)
Writes tests/golden/stats-*.json: {provenance, functions: {name: {columns, rows}}}; rows end with the value.
An infinite or out-of-range value is written as a string. Arguments are doubles, so their decimal form is exact for
the reader; values are rounded once, to the nearest double (17 digits).
"""

import json
import platform
import sys

import mpmath as m
from mpmath import mpf

m.mp.dps = 60
PROVENANCE = {
    "program": "mpmath, 60 digits or more",
    "versions": f"mpmath {m.__version__}, python {platform.python_version()}",
    "command": "python tests/golden/make_stats_tables.py",
}


def number(value):
    return float(m.nstr(+value, 25))  # + rounds to the working precision first


def table(columns, rows):
    return {"columns": columns, "rows": rows}


def write(name, functions):
    text = json.dumps({"provenance": PROVENANCE, "functions": {k: {"columns": v["columns"], "rows": "@" + k} for k, v in functions.items()}}, indent=1)
    for key, value in functions.items():
        lines = ",\n".join("   " + json.dumps(row) for row in value["rows"])
        text = text.replace('"@' + key + '"', "[\n" + lines + "\n  ]")
    with open(f"tests/golden/stats-{name}.json", "w") as file:
        file.write(text + "\n")
    print(name, len(text), "bytes", {k: len(v["rows"]) for k, v in functions.items()}, file=sys.stderr)


def lcg(seed):
    """Small fixed generator of doubles in [0, 1): the tables do not depend on a library's random numbers."""
    state = seed
    while True:
        state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
        yield (state >> 11) / 2**53


# --- elementary functions -------------------------------------------------------------------------------------------
def elementary():
    u = lcg(1)
    n = 80
    spread = lambda low, high: [low + (high - low) * next(u) for _ in range(n)]
    logs = lambda low, high: [float(m.e ** (low + (high - low) * next(u))) for _ in range(n)]
    signed = lambda values: [v if i % 2 else -v for i, v in enumerate(values)]
    f = {}

    def one(name, function, arguments):
        f[name] = table(["x", "value"], [[x, number(function(mpf(x)))] for x in arguments])

    one("exp", m.exp, spread(-745, 709.7) + spread(-1, 1) + [0.5, -745.1, 709.78, 1e-300, -1e-17])
    one("expm1", m.expm1, spread(-40, 700) + signed(logs(-40, 1)) + [1e-300, -1e-16, 0.0108, 0.0109, 0.3465, 0.3466])
    one("log", m.log, logs(-740, 709) + spread(0.5, 2) + [5e-324, 1e-310, 1.0000000000000002, 0.9999999999999999, 1.7976931348623157e308])
    one("log1p", m.log1p, logs(-40, 700) + [-x for x in logs(-40, -0.001)] + spread(-0.999, 1.5) + [1e-300, -1e-300, -0.9999999999999999])
    one("log10", m.log10, logs(-740, 709) + spread(0.5, 2) + [10.0**k for k in range(0, 23, 2)])
    one("sin", m.sin, signed(logs(-20, 11.5)) + spread(-10, 10) + [3.141592653589793, 6.283185307179586, 355.0, 103993.0, 1e5])
    one("cos", m.cos, signed(logs(-20, 11.5)) + spread(-10, 10) + [1.5707963267948966, 4.71238898038469, 11.0, 52174.0, 1e5])
    one("tan", m.tan, signed(logs(-20, 11.5)) + spread(-10, 10))
    one("atan", m.atan, signed(logs(-40, 40)) + spread(-4, 4) + [0.4375, 0.6875, 1.1875, 2.4375])
    pairs = list(zip(logs(-20, 20), spread(-30, 30))) + list(zip(spread(0.9, 1.1), spread(-6000, 6000))) + [[10.0, 308.0], [10.0, -320.0], [1.0000000000000002, 1e18], [2.0, 0.5], [0.5, -2.5]]
    f["pow"] = table(["x", "y", "value"], [[x, y, number(mpf(x) ** mpf(y))] for x, y in pairs])
    pairs = list(zip(signed(logs(-5, 5)), spread(-10, 10)))
    f["atan2"] = table(["y", "x", "value"], [[y, x, number(m.atan2(mpf(y), mpf(x)))] for y, x in pairs])
    write("elementary", f)


# --- normal tail ----------------------------------------------------------------------------------------------------
def ln_tail(z):
    z = mpf(z)
    with m.workdps(80):
        if z > 30:  # asymptotic series to far below 60 digits, checked against erfc at z = 35 below
            x = z * z
            total = term = mpf(1)
            k = 0
            while abs(term) > mpf(10) ** -70 and k < 400:
                k += 1
                new = -term * (2 * k - 1) / x
                if abs(new) > abs(term):
                    break
                term = new
                total += term
            return -x / 2 - m.log(z * m.sqrt(2 * m.pi)) + m.log(total)
        if z < -5:
            return m.log1p(-m.erfc(-z / m.sqrt(2)) / 2)
        return m.log(m.erfc(z / m.sqrt(2)) / 2)


def normal():
    assert abs(ln_tail(35) - m.log(m.erfc(35 / m.sqrt(mpf(2))) / 2)) < mpf(10) ** -50
    u = lcg(2)
    f = {}
    xs = [-6.0, -3.0, -1.0, -0.5, -1e-5, 0.0, 1e-10, 0.1, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 26.0, 26.5] + [30 * next(u) - 4 for _ in range(60)]
    f["erfc"] = table(["x", "value"], [[x, number(m.erfc(mpf(x)))] for x in xs])
    xs = [-20.0, -5.0, -1.0, 0.0, 1e-8, 3.75, 40.0, 100.0] + [float(m.e ** (25 * next(u) - 10)) for _ in range(60)]

    def scaled(x):
        x = mpf(x)
        if x > 25:
            return m.exp(ln_tail(x * m.sqrt(2)) + x * x) * 2
        return m.exp(x * x) * m.erfc(x)

    f["erfcx"] = table(["x", "value"], [[x, number(scaled(x))] for x in xs])
    zs = [-38.0, -30.0, -10.0, -5.0, -1.0, 0.0, 1e-6, 1.0, 3.0, 5.0, 8.0, 10.0, 40.0, 100.0, 1000.0, 1414.2, 1e5]
    zs += [-38 + 80 * next(u) for _ in range(60)] + [float(m.e ** (12 * next(u))) for _ in range(40)]
    f["lnNormalTail"] = table(["z", "value"], [[z, number(ln_tail(z))] for z in zs])
    rows = []
    lnps = [-0.6, -0.69, -0.6931471805599453, -0.7, -1.0, -2.0, -5.0, -34.538776394910684, -700.0, -745.0, -1e4, -1e6, -1e9, -1e-5, -1e-15, -1e-100, -1e-300]
    lnps += [-float(m.e ** (-30 + 45 * next(u))) for _ in range(60)]
    for lnp in lnps:
        target = mpf(lnp)
        low = target <= -m.ln2
        goal = target if low else m.log(-m.expm1(target))
        z = m.sqrt(max(-2 * goal - m.log(2 * m.pi), mpf(1) / 100))
        for _ in range(200):
            hazard = m.exp(-z * z / 2 - ln_tail(z)) / m.sqrt(2 * m.pi)
            step = (ln_tail(z) - goal) / hazard
            z += step
            if abs(step) < mpf(10) ** -45:
                break
        else:
            raise ValueError(lnp)
        rows.append([lnp, number(z if low else -z)])
    f["zFromLnP"] = table(["lnP", "value"], rows)
    write("normal", f)


# --- gamma family ---------------------------------------------------------------------------------------------------
def ln_gamma_tails(a, x):
    """(ln P, ln Q) by the Kummer series of P, or the continued fraction of Q evaluated backwards."""
    a, x = mpf(a), mpf(x)
    with m.workdps(90):
        ln_d = a * m.log(x) - x - m.loggamma(a + 1)
        if x < a + 1 or x < 3:
            total = term = mpf(1)
            k = 0
            while term > total * mpf(10) ** -88:
                k += 1
                term *= x / (a + k)
                total += term
            ln_p = ln_d + m.log(total)
            return ln_p, m.log1p(-m.exp(ln_p))
        previous = None
        depth = 400
        while True:
            value = mpf(0)
            for k in range(depth, 0, -1):
                value = k * (k - a) / (x + 2 * k + 1 - a - value)
            result = 1 / (x + 1 - a - value)
            if previous is not None and abs(result / previous - 1) < mpf(10) ** -50:
                break
            previous = result
            depth *= 2
        ln_q = ln_d + m.log(a * result)
        return m.log1p(-m.exp(ln_q)), ln_q


def gamma_start(a, p, upper):
    from scipy.special import gammainccinv, gammaincinv  # a starting point only

    return float(gammainccinv(a, p) if upper else gammaincinv(a, p))


def gamma():
    u = lcg(3)
    f = {}
    xs = [0.001, 1e-10, 1e-300, 0.5, 0.9999999, 1.0000001, 1.4999, 1.5, 1.9999999, 2.0000001, 2.5, 3.0, 9.99, 10.0, 100.0, 1e6, 1e12, 1e300]
    xs += [float(m.e ** (40 * next(u) - 10)) for _ in range(60)] + [0.5 + 3 * next(u) for _ in range(60)]
    f["lnGamma"] = table(["x", "value"], [[x, number(m.loggamma(mpf(x)))] for x in xs])
    ns = [0.01, 0.5, 1.0, 2.0, 3.0, 7.0, 15.0, 15.5, 16.0, 100.0, 499.0, 501.0, 1e6, 1e12] + [float(m.e ** (12 * next(u) - 3)) for _ in range(40)]
    err = lambda n: m.loggamma(n + 1) - (n + mpf(1) / 2) * m.log(n) + n - m.log(2 * m.pi) / 2
    f["stirlingError"] = table(["n", "value"], [[n, number(err(mpf(n)))] for n in ns])
    rows = []
    for _ in range(80):
        x = float(m.e ** (22 * next(u) - 6))
        mean = float(x * m.e ** ((next(u) - 0.5) * 10 ** (1 - 6 * next(u))))
        rows.append([x, mean])
    rows += [[1000.0, 1007.91], [1e6, 1.04e6], [1e6, 999999.9999999], [10.0, 1e-300], [1e-12, 5.0], [1e6, 1e6]]
    f["bd0"] = table(["x", "mean", "value"], [[x, y, number(mpf(x) * m.log(mpf(x) / mpf(y)) + mpf(y) - mpf(x))] for x, y in rows])
    f["lnPoissonPmf"] = table(["n", "mean", "value"], [[float(round(x)), y, number(round(x) * m.log(mpf(y)) - mpf(y) - m.loggamma(mpf(round(x)) + 1))] for x, y in rows] + [[0.0, 3.5, -3.5]])

    points = [[1000.0, 1007.91], [2000.0, 2010.0], [0.5, 0.2], [1.0, 700.0], [10.0, 1e-6], [5000.0, 7200.0], [1.0, 1e6], [0.25, 1e6], [1e6, 1e7], [1e6, 1e3], [300.0, 1e-6], [1e6, 1e-6], [1.0, 2.0], [1e-10, 1.0], [1e-10, 1.1], [1e-5, 1e-5], [0.01, 1.05], [0.99, 1.09], [0.99, 1.95], [29.999, 30.0], [30.0, 20.2], [30.0, 42.3], [199.0, 150.0], [2999.0, 2400.0]]
    for a in [0.03, 0.3, 1.0, 2.5, 7.0, 20.0, 29.0, 31.0, 60.0, 150.0, 250.0, 1000.0, 3500.0, 1e4, 1e5, 1e6]:
        for z in [-30.0, -12.0, -5.0, -2.0, -0.7, -0.05, 0.0, 0.05, 1.0, 3.0, 8.0, 20.0, 30.0]:
            x = a + z * a**0.5 if z > 0 or a > 2000 else a * 2.718281828459045 ** (z / a**0.5)
            if x > 0:
                points.append([a, float(f"{x:.9g}")])
    for _ in range(60):
        points.append([float(m.e ** (16 * next(u) - 3)), float(m.e ** (16 * next(u) - 3))])
    rows = []
    for a, x in points:
        p, q = ln_gamma_tails(a, x)
        rows.append([a, x, number(p), number(q)])
    f["lnGammaPQ"] = table(["a", "x", "lnP", "lnQ"], rows)

    inverse = []
    for a in [0.1, 0.5, 1.0, 4.0, 11.0, 35.0, 300.0, 1e4, 1e6]:
        for p, upper in [(0.1, True), (0.05, True), (1e-10, True), (1e-200, True), (0.3, False), (0.01, False), (1e-12, False)]:
            goal = m.log(mpf(p))
            start = gamma_start(a, p, upper)
            column = 1 if upper else 0
            x = m.findroot(lambda u: ln_gamma_tails(a, m.exp(u))[column] - goal, m.log(start), tol=1e-45)
            inverse.append([a, p, 1.0 if upper else 0.0, number(m.exp(x))])
    f["gammaInverse"] = table(["a", "p", "upper", "x"], inverse)
    write("gamma", f)


# --- beta family ----------------------------------------------------------------------------------------------------
def ln_beta(x, y, a, b):
    """ln I_x(a, b) by x^a y^b / (a B) sum_k prod (a+b+j)/(a+1+j) x^j, or 1 minus the same in y: whichever argument is
    below 1/2, so that few terms are needed; with as many digits as cancellation can eat."""
    swap = x > y
    n = mpf(a) + mpf(b)
    one_minus = (a < n * x) != swap  # the series gives a value next to 1: ln of it needs the digits of the other tail
    digits = 120 + (int((a * m.log(a / (n * x)) + b * m.log(b / (n * y))) / m.ln10) if one_minus else 0)
    if digits > 900:
        return None  # log-gamma of so many digits takes minutes
    with m.workdps(digits):
        x, y, a, b = mpf(x), mpf(y), mpf(a), mpf(b)
        x, y = x / (x + y), y / (x + y)  # the two doubles miss 1 by a rounding
        if swap:
            x, y, a, b = y, x, b, a
        total = term = mpf(1)
        k = 0
        while term > total * mpf(10) ** (10 - digits):
            term *= (a + b + k) / (a + 1 + k) * x
            total += term
            k += 1
        ln_value = a * m.log(x) + b * m.log(y) - m.log(a) - (m.loggamma(a) + m.loggamma(b) - m.loggamma(a + b)) + m.log(total)
        return m.log1p(-m.exp(ln_value)) if swap else ln_value


def beta():
    u = lcg(4)
    f = {}
    points = [[0.3, 1.0, 2.0], [0.5, 2.0, 2.0], [0.5, 1e3, 1e3], [0.25, 1e5, 3e5], [0.1, 0.5, 0.5], [1e-5, 1e-5, 2.0], [0.75, 1.0, 1e-3], [0.984375, 20.0, 0.001], [0.015625, 3.0, 1.0], [0.0009765625, 4.0, 4096.0]]
    for a in [0.5, 1.0, 3.0, 20.0, 300.0, 1e4]:
        for b in [0.5, 1.0, 6.0, 80.0, 1e3, 2e4]:
            for z in [-20.0, -6.0, -1.0, 0.3, 4.0, 15.0]:
                odds = a / b * 2.718281828459045 ** (z * (1 / a + 1 / b) ** 0.5)
                x = round(odds / (1 + odds) * 2**40) / 2**40  # 1 - x is then exact
                if 0 < x < 1:
                    points.append([x, a, b])
    rows = [(x, a, b, ln_beta(x, 1 - x, a, b)) for x, a, b in points]
    f["lnBetaI"] = table(["x", "a", "b", "value"], [[x, a, b, number(v)] for x, a, b, v in rows if v is not None])
    rows = []
    for n in [0, 1, 4, 30, 500, 20000]:
        for shape, mean in [[1e-12, 1.0], [1e-3, 0.5], [1.0, 3.0], [2.5, 10.0], [10.0, 10.0], [100.0, 30.0], [1e4, 100.0], [1e6, 2e4], [1e12, 10.0]]:
            q = mean / (mean + shape)
            p = shape / (mean + shape)
            exact_q = mpf(q) / (mpf(p) + mpf(q))
            exact_p = mpf(p) / (mpf(p) + mpf(q))
            with m.workdps(80):
                pmf = m.loggamma(n + mpf(shape)) - m.loggamma(mpf(shape)) - m.loggamma(mpf(n) + 1) + shape * m.log(exact_p) + n * m.log(exact_q)
                tail = mpf(0) if n == 0 else ln_beta(q, p, n, shape)
            if tail is not None:
                rows.append([float(n), shape, p, q, number(pmf), number(tail)])
    f["lnNegativeBinomial"] = table(["n", "shape", "p", "q", "lnPmf", "lnTail"], rows)
    write("beta", f)


if __name__ == "__main__":
    wanted = sys.argv[1:] or ["elementary", "normal", "gamma", "beta"]
    for part in wanted:
        globals()[part]()
