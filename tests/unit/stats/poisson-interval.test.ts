import { expect, test } from 'vitest';
import { poissonInterval } from '../../../src/stats/poisson-interval.ts';

// scipy 1.17.1: chi2.ppf(t, 2n)/2 and chi2.isf(t, 2n + 2)/2, t = norm.sf(1); those of 0 to 3 are also the rounded
// numbers of N. Gehrels, Astrophys. J. 303 (1986) 336, Tables 1 and 2
test.each([
  [0, 0, 1.8410216450092631],
  [1, 0.17275377902344996, 3.299526559115855],
  [2, 0.7081854398189713, 4.637859623455245],
  [3, 1.367295313890434, 5.918185832883396],
  [10, 6.891305560638357, 14.266949761009391],
  [100, 90.0167451771134, 111.03336094114967],
])('n = %d: %d to %d at 68.27 %', (n, low, high) => {
  const [from, to] = poissonInterval(n);
  expect(from).toBeCloseTo(low, 10);
  expect(to).toBeCloseTo(high, 10);
});

// scipy 1.17.1: chi2.ppf(0.025, 14)/2, chi2.ppf(0.975, 16)/2
test('the interval of 95 %', () => {
  const [low, high] = poissonInterval(7, 0.05);
  expect(low).toBeCloseTo(2.8143630515198654, 12);
  expect(high).toBeCloseTo(14.422675361702376, 12);
});
