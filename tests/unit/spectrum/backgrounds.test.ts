/** Backgrounds over bins: integrals, normalisation, what they describe exactly, and what is refused. */
import { describe, expect, test } from 'vitest';
import { LOG_NODES } from '../../../src/kernels/shared/spectrum-arrays.ts';
import { HYPOTHESIS_STRIDE as KERNEL_STRIDE, SETTINGS as KERNEL_SETTINGS } from '../../../src/kernels/shared/spectrum-arrays.ts'; // prettier-ignore
import { rangeBasis } from '../../../src/model/spectrum/background-bases.ts';
import { HYPOTHESIS_STRIDE, makeFitPlan, SETTINGS, type Background } from '../../../src/model/spectrum/fit-plan.ts';
import { countLogCoefficients, logNodes, NODES, type LogBackground } from '../../../src/model/spectrum/log-backgrounds.ts'; // prettier-ignore
import { gaussian } from '../../../src/model/spectrum/signal-shapes.ts';
import { makeSpectrum } from '../../../src/model/spectrum/spectrum.ts';
import { fitSpectrum } from '../../../src/scan/spectrum/fit-spectrum.ts';

test('model and kernel agree on how arrays are laid out', () => {
  expect([HYPOTHESIS_STRIDE, SETTINGS, NODES]).toEqual([KERNEL_STRIDE, KERNEL_SETTINGS, LOG_NODES]);
});

describe('polynomials', () => {
  const row = (kind: 'chebyshev' | 'bernstein', degree: number, from: number, to: number) => {
    const values = new Float64Array(degree + 1);
    rangeBasis({ kind, degree }, 10, 14).addIntegrals(values, from, to);
    return [...values];
  };

  test('Chebyshev integrals over the range are those of T_k over -1..1, halved', () => {
    row('chebyshev', 7, 10, 14).forEach((value, k) => {
      expect(value).toBeCloseTo(k % 2 === 1 ? 0 : 1 / (1 - k * k), 14);
    });
  });

  test('Bernstein polynomials have integral 1 each and add up to a flat density', () => {
    for (const value of row('bernstein', 7, 10, 14)) expect(value).toBeCloseTo(1, 14);
    const sum = row('bernstein', 7, 11, 11.5).reduce((a, b) => a + b, 0);
    expect(sum).toBeCloseTo(8 * 0.125, 13);
  });

  test('integrals over parts add up, to degree 7', () => {
    for (const kind of ['chebyshev', 'bernstein'] as const)
      row(kind, 7, 10.3, 13).forEach((value, k) => {
        expect(row(kind, 7, 10.3, 11.7)[k] + row(kind, 7, 11.7, 13)[k]).toBeCloseTo(value, 13);
      });
  });

  test('T_2 = 2 t^2 - 1 of a bin', () => {
    // t from -0.5 to 0.25: [2 t^3/3 - t]/2
    expect(row('chebyshev', 2, 11, 12.5)[2]).toBeCloseTo((2 * (0.25 ** 3 + 0.5 ** 3)) / 6 - 0.75 / 2, 14);
  });

  test('densities are T_k(t) = cos(k arccos t), and 8 binomial(7, k) x^k (1 - x)^(7 - k), over the width', () => {
    const densities = (kind: 'chebyshev' | 'bernstein', m: number) => {
      const values = new Float64Array(8);
      rangeBasis({ kind, degree: 7 }, 10, 14).addDensities(values, m);
      return values;
    };
    densities('chebyshev', 12.6).forEach((value, k) => {
      expect(value).toBeCloseTo(Math.cos(k * Math.acos(0.3)) / 4, 14);
    });
    const binomials = [1, 7, 21, 35, 35, 21, 7, 1];
    densities('bernstein', 12.6).forEach((value, k) => {
      expect(value).toBeCloseTo((8 * binomials[k] * 0.65 ** k * 0.35 ** (7 - k)) / 4, 14);
    });
  });

  test.each([-1, 8, 2.5])('degree %d is refused', (degree) =>
    expect(() => rangeBasis({ kind: 'chebyshev', degree }, 0, 1)).toThrow(`background: degree is ${degree}`),
  );
});

/** Counts as a density would have them, rounded: the fit is as good as rounding allows. */
function spectrumOf(integral: (low: number, high: number) => number, low: number, high: number, nBins: number) {
  const edges = Array.from({ length: nBins + 1 }, (_, i) => low * (high / low) ** (i / nBins));
  const counts = edges.slice(1).map((edge, i) => Math.round(integral(edges[i], edge)));
  return makeSpectrum(edges.slice(0, -1), edges.slice(1), counts);
}

describe('backgrounds with a linear logarithm describe their own kind', () => {
  const cases: [string, LogBackground, (a: number, b: number) => number][] = [
    ['exponential', { kind: 'exponential', degree: 1 }, (a, b) => 4e6 * (Math.exp(-a / 30) - Math.exp(-b / 30))],
    ['power law', { kind: 'power-law', powers: 1 }, (a, b) => 1e11 * (a ** -2.5 - b ** -2.5)],
    [
      'power law with a threshold',
      { kind: 'power-law', powers: 1, threshold: 50 },
      // (m - 50) m^-3
      (a, b) => 2e7 * (1 / a - 1 / b - 25 * (1 / a ** 2 - 1 / b ** 2)),
    ],
    [
      'power law with an end',
      { kind: 'power-law', powers: 1, end: 400, root: 1 },
      // (1 - m/400)^2 m^-2
      (a, b) => 1e8 * (1 / a - 1 / b - Math.log(b / a) / 200 + (b - a) / 160000),
    ],
  ];
  test.each(cases)('%s', (_, background, integral) => {
    const spectrum = spectrumOf(integral, 60, 300, 40);
    const plan = makeFitPlan(spectrum, [{ mass: 120, sigma: 6 }], {
      signalAt: (h) => gaussian(h.mass, h.sigma),
      background,
      range: { halfWidth: 1000 },
    });
    const [fit] = fitSpectrum(plan, spectrum.counts);
    expect(fit.status).toBe('ok');
    // rounding moves each count by 1/sqrt(12), far below its error
    expect(fit.deviance).toBeLessThan(0.1);
    expect(Math.abs(fit.z)).toBeLessThan(0.1);
    // whole bins by their overlap with the window: half a bin at each end is the curvature of the density there
    expect(Math.abs(fit.bHat / integral(108, 132) - 1)).toBeLessThan(0.01);
    expect(fit.edm).toBeLessThan(1e-12);
  });

  test('an exponential is a Chebyshev of degree 0 where it is flat', () => {
    const counts = Array.from({ length: 30 }, (_, i) => 40 + ((i * 17) % 13));
    const spectrum = makeSpectrum(counts.map((_, i) => i), counts.map((_, i) => i + 1), counts); // prettier-ignore
    const [a, b] = [
      { kind: 'chebyshev', degree: 0 },
      { kind: 'exponential', degree: 0 },
    ].map((background) => {
      const model = { signalAt: () => gaussian(12, 2), background: background as Background, range: { halfWidth: 99 } };
      return fitSpectrum(makeFitPlan(spectrum, [{ mass: 12, sigma: 2 }], model), spectrum.counts)[0];
    });
    for (const key of ['sHat', 'sErr', 'bHat', 'z', 'deviance', 'pFit'] as const) expect(b[key]).toBeCloseTo(a[key], 8);
  });
});

describe('what a formula cannot describe', () => {
  const edges = (first: number) => [Float64Array.of(first, first + 1), Float64Array.of(first + 1, first + 2)] as const;

  test('bins at or below 0 or the threshold, or beyond the end', () => {
    expect(logNodes({ kind: 'power-law', powers: 1 }, ...edges(0))).toBeUndefined();
    expect(logNodes({ kind: 'power-law', powers: 1, threshold: 5 }, ...edges(4.5))).toBeUndefined();
    expect(logNodes({ kind: 'power-law', powers: 1, end: 7 }, ...edges(5))).toBeUndefined();
    expect(logNodes({ kind: 'power-law', powers: 1 }, ...edges(5))?.length).toBe(2 * NODES * 3);
  });

  test('is a status of the hypothesis', () => {
    const spectrum = makeSpectrum([0, 1, 2, 3, 4, 5], [1, 2, 3, 4, 5, 6], [9, 8, 7, 6, 5, 4]);
    const plan = makeFitPlan(spectrum, [{ mass: 3, sigma: 0.7 }], {
      signalAt: (h) => gaussian(h.mass, h.sigma),
      background: { kind: 'power-law', powers: 1 },
      range: { halfWidth: 9 },
    });
    expect(fitSpectrum(plan, spectrum.counts)[0]).toMatchObject({ status: 'outside-domain', sHat: 0, z: 0 });
  });

  test.each([
    [{ kind: 'exponential', degree: 8 }, 'background: degree is 8, expected 0 to 7'],
    [{ kind: 'power-law', powers: 0 }, 'background: powers is 0, expected 1 to 3'],
    [{ kind: 'power-law', powers: 1, root: 2 }, 'background: root is 2'],
    [{ kind: 'power-law', powers: 1, threshold: NaN }, 'background: threshold is NaN'],
    [{ kind: 'power-law', powers: 1, end: 0 }, 'background: end is 0'],
  ] as [LogBackground, string][])('%j', (spec, message) => expect(() => countLogCoefficients(spec)).toThrow(message));
});
