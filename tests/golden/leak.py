"""Upper limits of a counting window whose side band holds some of its signal, by direct integration in mpmath.

n ~ Poisson(e T + F b + d), n_off ~ Poisson(tau b + leak e T), flat priors in T (= s U, s = 1) in [0, POI_max] and b >= 0,
e and F with their constraints (normal cut at 0, lognormal), d known. For every (e, F) node the integral over b is done
by expanding (F b + a)^n (tau b + c)^n_off in powers of b (mpmath, 60 digits, so nothing is lost to cancellation: all terms
are positive), then T by Gauss-Legendre panels. Run: python3 tests/golden/leak.py > tests/golden/leak.json (mpmath 1.3)
"""

import json
import mpmath as mp

mp.mp.dps = 40


def b_integral(n, n_off, tau, leak, factor, known, t):
    """int db Poisson(n; t + factor b + known) Poisson(n_off; tau b + leak t), times n! n_off!."""
    a, c = t + known, leak * t
    rate = factor + tau
    total = mp.mpf(0)
    for i in range(n + 1):
        pa = mp.binomial(n, i) * mp.mpf(factor) ** i * (mp.mpf(a) ** (n - i) if n > i else 1)
        if pa == 0:
            continue
        inner = mp.mpf(0)
        for j in range(n_off + 1):
            pc = mp.mpf(c) ** (n_off - j) if n_off > j else mp.mpf(1)
            if pc == 0:
                continue
            inner += mp.binomial(n_off, j) * mp.mpf(tau) ** j * pc * mp.factorial(i + j) / mp.mpf(rate) ** (i + j + 1)
        total += pa * inner
    return mp.exp(-(a + c)) * total


def nodes(kind, size):
    """Trapezoid nodes of a factor around 1: (value, weight)."""
    if size == 0:
        return [(mp.mpf(1), mp.mpf(1))]
    step = mp.mpf(1) / 8
    result = []
    for k in range(-72, 73):
        z = k * step
        value = 1 + size * z if kind == "normal" else mp.exp(z * mp.log(1 + size))
        if value > 0:
            result.append((value, mp.exp(-z * z / 2)))
    return result


def limit(case):
    n, n_off, tau, leak = case["n"], case["n_off"], mp.mpf(case["tau"]), mp.mpf(case["leak"])
    level, edge, known = mp.mpf(case["credibility"]), mp.mpf(case["poi_max"]), mp.mpf(case["known"])
    eff = nodes(case["efficiency"][0], mp.mpf(case["efficiency"][1]))
    transfer = nodes(case["transfer"][0], mp.mpf(case["transfer"][1]))

    # posterior density in t' = e U is the same function for every e: tabulate its integral on a fine panel grid
    def density(t):
        return sum(w * b_integral(n, n_off, tau, leak, f, known, t) for f, w in transfer)

    top = n + 14 * mp.sqrt(n + 1) + 60
    panels = 48
    width = top / panels
    order = 24
    xs, ws = zip(*[(x, w) for x, w in mp.calculus.quadrature.GaussLegendre(mp.mp).calc_nodes(4, 200)])
    values = []
    for p in range(panels):
        values.append([(p * width + (x + 1) * width / 2, w * width / 2) for x, w in zip(xs, ws)])
    dens = [[density(t) for t, _ in panel] for panel in values]
    cumulative = [mp.mpf(0)]
    for panel, d in zip(values, dens):
        cumulative.append(cumulative[-1] + sum(w * y for (_, w), y in zip(panel, d)))

    # integral from 0 to T by barycentric interpolation inside a panel
    def integral(t):
        if t >= top:
            return cumulative[-1]
        p = int(t / width)
        low = p * width
        extra = mp.mpf(0)
        half = (t - low) / 2
        for x, w in zip(xs, ws):
            extra += w * half * interpolate(values[p], dens[p], low + (x + 1) * half)
        return cumulative[p] + extra

    def interpolate(points, ys, t):
        numerator = denominator = mp.mpf(0)
        for k, ((x, _), y) in enumerate(zip(points, ys)):
            if t == x:
                return y
            weight = bary[k] / (t - x)
            numerator += weight * y
            denominator += weight
        return numerator / denominator

    bary = []
    for k, x in enumerate(xs):
        product = mp.mpf(1)
        for m, other in enumerate(xs):
            if m != k:
                product *= x - other
        bary.append(1 / product)

    def below(u):
        return sum(w / e * integral(e * u) for e, w in eff)

    goal = level * below(edge)
    low, high = mp.mpf(0), min(edge, top)
    for _ in range(60):
        middle = (low + high) / 2
        if below(middle) < goal:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def main():
    cases = []

    def add(n, n_off, tau, leak, efficiency=("normal", 0.0), transfer=("lognormal", 0.0), known=0.0, credibility=0.9, poi_max=1e3):
        cases.append(dict(n=n, n_off=n_off, tau=tau, leak=leak, efficiency=list(efficiency), transfer=list(transfer),
                          known=known, credibility=credibility, poi_max=poi_max))

    for leak in (0.001, 0.013, 0.1, 0.5):
        add(5, 12, 3.0, leak)
        add(0, 4, 2.0, leak)
        add(3, 0, 1.5, leak)
    add(0, 0, 2.0, 0.2)
    add(12, 3, 0.5, 0.3)
    add(1, 40, 5.0, 0.05)
    add(25, 30, 2.0, 0.156)
    add(40, 20, 4.0, 0.1, credibility=0.95)
    add(5, 12, 3.0, 0.1, efficiency=("normal", 0.15))
    add(2, 9, 3.0, 0.013, efficiency=("normal", 0.15), known=1.5)
    add(7, 10, 2.5, 0.2, efficiency=("lognormal", 0.3), known=0.7)
    add(4, 6, 2.0, 0.1, transfer=("lognormal", 0.2))
    add(6, 8, 3.0, 0.05, transfer=("lognormal", 0.2), known=0.5)
    for case in cases:
        case["limit"] = mp.nstr(limit(case), 15)
    print(json.dumps(dict(program="tests/golden/leak.py", version=f"mpmath {mp.__version__}", digits=12, cases=cases), indent=1))


main()
