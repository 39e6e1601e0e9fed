/** The density that the page draws against the limits, which are its quantiles, and against closed forms. */
import { expect, test } from 'vitest';
import { posteriorCurve, type PosteriorCurve } from '../../../src/scan/posterior-curve.ts';
import { countingModel, type CountingCase } from '../../support/counting.ts';
import { evaluateCases } from '../../support/evaluate.ts';

const CASES: Record<string, CountingCase> = {
  'no event': { n: 0, b0: 0.3 },
  'an excess with uncertain background and efficiency': {
    n: 7,
    b0: 2.5,
    s0: 0.4,
    background: ['normal', 0.3],
    signal: ['lognormal', 0.2],
  },
  'many events': { n: 1040, b0: 1000, background: ['lognormal', 0.05] },
  'a deficit over a side band': { n: 1, b0: 0, band: [30, 5] },
  'signal that leaks into the side band': { n: 9, b0: 0, band: [20, 4], leak: 0.5 },
};

test.each(Object.entries(CASES))('the limit of every level is a quantile of the density: %s', async (_name, one) => {
  const curve = posteriorCurve(countingModel([one]), 1e5)!;
  expect(curve.poi[0]).toBe(0);
  for (const level of [0.1, 0.5, 0.9, 0.99]) {
    const { limits } = await evaluateCases([one], { limits: [{ method: 'bayes', level, poiMax: 1e5 }] });
    // the trapezoidal rule on 120 steps: h^2/12 of the change of the slope
    expect(integralTo(curve, limits[0].observed[0]), `at ${level}`).toBeCloseTo(level, 3);
  }
});

test('without an event the density is that of an exponential, whatever the background', () => {
  const s0 = 0.7;
  const { poi, density } = posteriorCurve(countingModel([{ n: 0, b0: 3, s0 }]), 0)!;
  poi.forEach((u, i) => expect(density[i]).toBeCloseTo(s0 * Math.exp(-s0 * u), 12));
  expect(Math.exp(-s0 * poi.at(-1)!)).toBeCloseTo(0.002, 6);
});

test('a prior that ends is where the density ends, and holds all of it', () => {
  const curve = posteriorCurve(countingModel([{ n: 5, b0: 1 }]), 3)!;
  expect(curve.poi.at(-1)).toBeLessThanOrEqual(3);
  expect(integralTo(curve, curve.poi.at(-1)!)).toBeCloseTo(0.998, 3);
});

test('there is none where no signal is expected', () => {
  expect(posteriorCurve(countingModel([{ n: 5, b0: 1, s0: 0 }]), 0)).toBeUndefined();
});

function integralTo({ poi, density }: PosteriorCurve, end: number): number {
  let sum = 0;
  for (let i = 1; i < poi.length && poi[i - 1] < end; i++) {
    const [low, high] = [poi[i - 1], Math.min(poi[i], end)];
    const atHigh = density[i - 1] + ((density[i] - density[i - 1]) * (high - low)) / (poi[i] - low);
    sum += 0.5 * (density[i - 1] + atHigh) * (high - low);
  }
  return sum;
}
