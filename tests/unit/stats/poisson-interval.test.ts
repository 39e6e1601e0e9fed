import { expect, test } from 'vitest';
import { poissonInterval } from '../../../src/stats/poisson-interval.ts';

// N. Gehrels, Astrophys. J. 303 (1986) 336, Tables 1 and 2, column S = 1
test.each([
  [0, 0, 1.841],
  [1, 0.173, 3.3],
  [2, 0.708, 4.638],
  [3, 1.367, 5.918],
  [10, 6.891, 14.27],
  [100, 90.02, 111],
])('n = %d: %d to %d at 68.27 %', (n, low, high) => {
  const [from, to] = poissonInterval(n);
  expect(Number(from.toPrecision(4))).toBe(low);
  expect(Number(to.toPrecision(4))).toBe(high);
});

// scipy 1.17.1: chi2.ppf(0.025, 14)/2, chi2.ppf(0.975, 16)/2
test('the interval of 95 %', () => {
  const [low, high] = poissonInterval(7, 0.05);
  expect(low).toBeCloseTo(2.8143630515198654, 12);
  expect(high).toBeCloseTo(14.422675361702376, 12);
});
