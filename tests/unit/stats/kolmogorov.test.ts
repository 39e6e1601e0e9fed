/** Kolmogorov's test against the exact distribution of scipy 1.17.1: scipy.stats.kstwo.sf(d / sqrt(n), n). */
import { expect, test } from 'vitest';
import { kolmogorovDistance, kolmogorovTail } from '../../../src/stats/kolmogorov.ts';

const EXACT = [
  [20, 0.3, 0.9999223692438118],
  [20, 0.7, 0.6549870650828139],
  [20, 1.0, 0.23255659230168213],
  [20, 1.3, 0.05437618463264293],
  [20, 1.6, 0.00848918831953227],
  [100, 0.3, 0.9999692479033473],
  [100, 0.7, 0.6846706791645851],
  [100, 1.0, 0.2526927570063874],
  [100, 1.6, 0.010543506724452142],
  [1000, 0.7, 0.7025814740323034],
  [1000, 1.0, 0.2644092421903177],
  [1000, 1.3, 0.06621653964577401],
  [1000, 2.2, 0.00011838360553231604],
] as const;

test.each(EXACT)('P(D >= d) of %i values, d = %f / sqrt(n)', (n, d, exact) => {
  const found = kolmogorovTail(d / Math.sqrt(n), n);
  expect(Math.abs(found - exact)).toBeLessThan(5e-4);
  // and in the tail relative to it
  if (exact < 0.02) expect(Math.abs(found / exact - 1)).toBeLessThan(n === 20 ? 0.06 : 0.01);
});

test('the distance is that of the step function on both sides of its steps', () => {
  const uniform = (x: number) => x;
  // scipy.stats.kstest([0.1, 0.2, 0.9], 'uniform').statistic = 2/3 - 0.2
  expect(kolmogorovDistance([0.9, 0.1, 0.2], uniform)).toBeCloseTo(2 / 3 - 0.2, 15);
  // all of the mass is above 0.6: below it the steps lie 0.6 too low
  expect(kolmogorovDistance([0.6, 0.8], uniform)).toBeCloseTo(0.6, 15);
  expect(kolmogorovTail(0, 10)).toBe(1);
});
