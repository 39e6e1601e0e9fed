/**
 * The Sidak bound of independent windows against direct enumeration: every combination of counts, its probability by
 * the negative binomial formula, and p0 of each count by formulas of this file.
 */
import { describe, expect, test } from 'vitest';
import { scanBounds } from '../../../src/scan/attainable.ts';
import type { P0Method } from '../../../src/scan/statistics.ts';
import { erfc } from '../../../src/stats/normal.ts';
import { lnGamma } from '../../../src/stats/gamma.ts';
import { countingModel } from '../../support/counting.ts';

/** n_off and tau of three windows; every combination of counts below MOST is listed. */
const BANDS = [
  [3, 2],
  [0, 1],
  [9, 1.5],
] as const;
const MOST = 80;
const windows = [0, 1, 2];
const model = countingModel(BANDS.map((band) => ({ n: 0, b0: 0, band })));

/** P(N = n), n_off known, flat prior in b: negative binomial. */
const pmf = BANDS.map(([nOff, tau]) =>
  Float64Array.from({ length: MOST }, (_, n) =>
    Math.exp(
      lnGamma(n + nOff + 1) -
        lnGamma(nOff + 1) -
        lnGamma(n + 1) -
        n * Math.log(1 + tau) +
        (nOff + 1) * Math.log(tau / (1 + tau)),
    ),
  ),
);
const upper = (w: number, n: number) => pmf[w].slice(n).reduce((sum, p) => sum + p, 0);
const xLn = (x: number, y: number) => (x === 0 ? 0 : x * Math.log(y));

/** p0 of count n in window w, written out; the profile likelihood of a band alone is li-ma. */
function p0Of(method: P0Method, w: number, n: number): number {
  if (method === 'marginal' || method === 'on-off') return upper(w, n);
  if (method === 'marginal-mid-p' || method === 'on-off-mid-p') return upper(w, n) - 0.5 * pmf[w][n];
  const [nOff, tau] = BANDS[w];
  if (n * tau <= nOff) return 0.5;
  const total = n + nOff;
  const q0 = 2 * (xLn(n, (n * (1 + tau)) / total) + xLn(nOff, (nOff * (1 + tau)) / (tau * total)));
  return 0.5 * erfc(Math.sqrt(q0 / 2));
}

/** P(some window has p0 <= best), by adding up all combinations of counts. */
function enumerated(method: P0Method, best: number): number {
  const reaches = windows.map((w) => Array.from({ length: MOST }, (_, n) => p0Of(method, w, n) <= best * (1 + 1e-9)));
  let sum = 0;
  for (let i = 0; i < MOST; i++)
    for (let j = 0; j < MOST; j++)
      for (let k = 0; k < MOST; k++)
        if (reaches[0][i] || reaches[1][j] || reaches[2][k]) sum += pmf[0][i] * pmf[1][j] * pmf[2][k];
  return sum;
}

describe.each<P0Method>(['marginal', 'on-off', 'marginal-mid-p', 'on-off-mid-p', 'li-ma', 'profile'])(
  '%s',
  (method) => {
    test.each([
      [0, 5],
      [0, 9],
      [1, 3],
      [1, 7],
      [2, 11],
      [2, 16],
    ])('the Sidak bound is exact when window %d is the best with %d events', (w, n) => {
      const best = p0Of(method, w, n);
      const { sidak, bonferroni } = scanBounds(model, method, windows, Math.log(best));
      const expected = enumerated(method, best);
      expect(Math.abs(Math.exp(sidak.lnP) / expected - 1), `${Math.exp(sidak.lnP)} ${expected}`).toBeLessThan(1e-8);
      expect(bonferroni.lnP).toBeGreaterThanOrEqual(sidak.lnP);
    });

    test('the expected distribution of Z holds all windows and has their mean', () => {
      const { expectedZ } = scanBounds(model, method, windows, Math.log(0.01));
      const { edges, expected, expectedAtOne } = expectedZ;
      expect(expected.reduce((sum, e) => sum + e, expectedAtOne)).toBeCloseTo(3, method === 'profile' ? 6 : 8);
      // the share of Z >= 1 by the p0 of each count
      const share = expected.reduce((sum, e, i) => sum + (edges[i] >= 1 ? e : 0), 0);
      const p1 = 0.5 * erfc(Math.SQRT1_2);
      const wanted = windows.reduce(
        (sum, w) => sum + pmf[w].reduce((part, p, n) => part + (p0Of(method, w, n) <= p1 ? p : 0), 0),
        0,
      );
      expect(share).toBeCloseTo(wanted, method === 'profile' ? 6 : 8);
    });
  },
);

test('asymptotic p0 is no probability: far out the bound is that of the counts, not N times p0', () => {
  const best = p0Of('li-ma', 1, 60);
  const { sidak } = scanBounds(model, 'li-ma', windows, Math.log(best));
  expect(best).toBeLessThan(1e-15);
  // the window without events in its band reaches 60 events with probability 2^-60, the others contribute less
  expect(sidak.lnP).toBeGreaterThan(-60 * Math.LN2 - 1e-9);
  expect(sidak.lnP).toBeLessThan(-60 * Math.LN2 + 0.5);
});

test('no excess anywhere: the bound is 1 for asymptotic methods', () => {
  const { sidak, bonferroni } = scanBounds(model, 'li-ma', windows, -Math.LN2);
  expect([sidak, bonferroni]).toEqual([
    { lnP: 0, z: null },
    { lnP: 0, z: null },
  ]);
});
