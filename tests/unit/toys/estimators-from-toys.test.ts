/** p-values and intervals from numbers of toys: published values and exact coverage by direct sums. */
import { expect, test } from 'vitest';
import { clopperPearson, fromToys, negativeBinomial } from '../../../src/toys/estimators/from-toys.ts';

const LN_LOCAL = Math.log(1e-4);

test('the interval is the one of Clopper and Pearson', () => {
  // scipy.stats.beta.ppf, scipy 1.17.1; k = 0 in closed form, 1 - 0.025^(1/n)
  expect(clopperPearson(5, 50, 0.05).low).toBeCloseTo(0.03327509, 8);
  expect(clopperPearson(5, 50, 0.05).high).toBeCloseTo(0.21813537, 8);
  expect(clopperPearson(0, 10, 0.05)).toEqual({ low: 0, high: expect.closeTo(1 - 0.025 ** 0.1, 14) });
  expect(clopperPearson(10, 10, 0.05)).toEqual({ low: expect.closeTo(0.025 ** 0.1, 14), high: 1 });
});

test('p is (k + 1)/(N + 1) and never 0', () => {
  const none = fromToys({ toys: 999, exceedances: 0 }, LN_LOCAL);
  expect(none.pGlobal).toBeCloseTo(1e-3, 15);
  expect(none.interval!.low).toBe(0);
  expect(none.interval!.high).toBeCloseTo(1 - 0.15865525393145707 ** (1 / 999), 12);
  expect(none.trialsFactor).toBeCloseTo(10, 10);
  const some = fromToys({ toys: 9999, exceedances: 176 }, LN_LOCAL);
  expect(some.pGlobal).toBeCloseTo(0.0177, 15);
  expect(some.zGlobal).toBeCloseTo(2.103753, 6); // scipy.stats.norm.isf(0.0177)
  expect(some.effectiveWindows).toBeCloseTo(Math.log(1 - 0.0177) / Math.log(1 - 1e-4), 8);
  expect(fromToys({ toys: 10, exceedances: 10 }, LN_LOCAL)).toMatchObject({ pGlobal: 1, zGlobal: null });
});

test('with the number of exceedances fixed p is K/N and its interval covers as often as it says, or more', () => {
  const stopped = fromToys({ toys: 5000, exceedances: 25, stop: 'exceedances' }, LN_LOCAL);
  expect(stopped.pGlobal).toBeCloseTo(0.005, 15);
  // probability that toy n is exceedance number K, summed over the n whose interval holds p
  for (const [K, p] of [
    [1, 0.05],
    [5, 0.1],
    [20, 0.3],
  ]) {
    let [term, covered, all] = [p ** K, 0, 0];
    for (let n = K; n < 2000; n++) {
      const { low, high } = negativeBinomial(K, n, 0.31731050786291415);
      all += term;
      if (p >= low && p <= high) covered += term;
      term *= (n / (n - K + 1)) * (1 - p);
    }
    expect(all).toBeCloseTo(1, 10);
    expect(covered).toBeGreaterThan(0.6826);
    expect(covered).toBeLessThan(0.85);
  }
});

test('failed toys count in the headline, and the interval holds both readings', () => {
  const failed = fromToys({ toys: 999, exceedances: 4, failures: 3 }, LN_LOCAL);
  expect(failed.pGlobal).toBeCloseTo(8e-3, 12);
  expect(failed.pWithoutFailures).toBeCloseTo(5e-3, 12);
  expect(failed.interval!.low).toBe(fromToys({ toys: 999, exceedances: 4 }, LN_LOCAL).interval!.low);
  expect(failed.interval!.high).toBe(fromToys({ toys: 999, exceedances: 7 }, LN_LOCAL).interval!.high);
  expect(failed.warning).toMatch(/^3 of 999 toys failed/);
  expect(fromToys({ toys: 999, exceedances: 40, failures: 4 }, LN_LOCAL).warning).toBeUndefined();
});

test('no toys and impossible counts are refused', () => {
  expect(() => fromToys({ toys: 0, exceedances: 0 }, LN_LOCAL)).toThrow(/0 toys/);
  expect(() => fromToys({ toys: 5, exceedances: 4, failures: 2 }, LN_LOCAL)).toThrow(/4 exceedances and 2 failures/);
  expect(() => fromToys({ toys: 5, exceedances: 0, stop: 'exceedances' }, LN_LOCAL)).toThrow(/throw toys first/);
  expect(() => fromToys({ toys: 5.5, exceedances: 1 }, LN_LOCAL)).toThrow(/5.5 toys/);
});
