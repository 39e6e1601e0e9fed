/** Expected events of the fits per bin: by the equations a maximum of the likelihood satisfies, and a closed form. */
import { describe, expect, test } from 'vitest';
import { makeFitPlan, type Background } from '../../../src/model/spectrum/fit-plan.ts';
import { gaussian } from '../../../src/model/spectrum/signal-shapes.ts';
import { fitCurves } from '../../../src/scan/spectrum/fit-curves.ts';
import { fitSpectrum } from '../../../src/scan/spectrum/fit-spectrum.ts';
import { unitSpectrum } from '../../support/spectra.ts';

const COUNTS = [40, 33, 36, 29, 25, 31, 44, 40, 22, 18, 19, 15, 9, 12, 8, 7, 0, 5];
const H = { mass: 6.5, sigma: 0.9 };

function curvesOf(counts: readonly number[], background: Background) {
  const spectrum = unitSpectrum(counts);
  const signalAt = (h: typeof H) => gaussian(h.mass, h.sigma);
  const plan = makeFitPlan(spectrum, [{ mass: 3.5, sigma: 0.9 }, H], {
    signalAt,
    background,
    range: { halfWidth: 6.2, excluded: [[10, 11]] },
  });
  return { curves: fitCurves(plan, spectrum.counts, 1), result: fitSpectrum(plan, spectrum.counts)[1], signalAt };
}

const sum = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => a + b, 0);
const BACKGROUNDS: Background[] = [
  { kind: 'chebyshev', degree: 2 },
  { kind: 'bernstein', degree: 3 },
  { kind: 'exponential', degree: 1 },
];

describe.each(BACKGROUNDS)('the curves of $kind', (background) => {
  const { curves, result, signalAt } = curvesOf(COUNTS, background);
  const counts = Array.from(curves!.bins, (bin) => COUNTS[bin]);

  test('leave the vetoed bin out and differ by the fitted signal, bin by bin', () => {
    expect([...curves!.bins]).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 11]);
    const shape = signalAt(H);
    curves!.bins.forEach((bin, i) => {
      const signal = curves!.signalPlusBackground[i] - curves!.backgroundOfFull[i];
      expect(signal).toBeCloseTo(result.sHat * shape.integral(bin, bin + 1), 9);
    });
  });

  // the derivatives of ln L along the normalisation of the background, and along S, are 0 at the maximum
  test('have as many events as the data, and satisfy the equation of S', () => {
    expect(sum(curves!.background)).toBeCloseTo(sum(counts), 7);
    const shape = signalAt(H);
    const slope = Array.from(curves!.bins, (bin, i) => {
      const nu = curves!.signalPlusBackground[i];
      return shape.integral(bin, bin + 1) * (counts[i] / nu - 1);
    });
    expect(sum(slope)).toBeCloseTo(0, 7);
  });

  test('have the deviance of the fit', () => {
    const terms = counts.map((n, i) => {
      const nu = curves!.signalPlusBackground[i];
      return 2 * ((n > 0 ? n * Math.log(n / nu) : 0) - (n - nu));
    });
    expect(sum(terms)).toBeCloseTo(result.deviance, 9);
    expect(curves!.result).toEqual(result);
  });
});

test('a flat background without signal is the mean count', () => {
  const { curves } = curvesOf([3, 5, 9, 1, 4, 4, 0, 7, 6, 5, 90, 1], { kind: 'chebyshev', degree: 0 });
  // bins 1 to 9 and 11
  for (const mean of curves?.background ?? [NaN]) expect(mean).toBeCloseTo(42 / 10, 9);
});

test('there are none where the fit has no numbers', () => {
  expect(
    curvesOf(
      COUNTS.map(() => 0),
      { kind: 'chebyshev', degree: 1 },
    ).curves,
  ).toBeUndefined();
});
