/** Significance of Li and Ma against their formula in 50 digits, and against Cousins, Linnemann, Tucker (2008). */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { betaI } from '../../../src/stats/beta.ts';
import { liMaZ } from '../../../src/stats/li-ma.ts';
import { zFromLnP } from '../../../src/stats/normal.ts';
import golden from '../../golden/classic.json' with { type: 'json' };

const CLT = new URL('../../../../shared/reference/z_on_off_cousins_linnemann_tucker.json', import.meta.url);

test('Z is that of the two logarithms in 50 digits, up to 1e7 events and down to an excess of one', () => {
  let worst = 0;
  for (const [nOn, nOff, tau, expected] of golden.li_ma.rows as [number, number, number, number][])
    worst = Math.max(worst, Math.abs(liMaZ(nOn, nOff, tau) - expected));
  expect(worst).toBeLessThan(1e-11);
});

test('without an excess Z is exactly 0, without a band event it is sqrt(2 n ln(1 + tau))', () => {
  for (const [nOn, nOff, tau] of [
    [0, 0, 1],
    [0, 7, 0.5],
    [3, 9, 3],
    [2, 9, 3],
  ])
    expect(liMaZ(nOn, nOff, tau)).toBe(0);
  for (const [n, tau] of [
    [1, 1],
    [12, 0.3],
    [1e6, 40],
  ])
    expect(liMaZ(n, 0, tau) / Math.sqrt(2 * n * Math.log1p(tau))).toBeCloseTo(1, 13);
});

test('the same excess seen from the other side: n_on, n_off, tau and n_off, n_on, 1/tau', () => {
  // only the excess side has a Z, so the deviance is compared through the square of the log-likelihood ratio
  const q0 = (nOn: number, nOff: number, tau: number) =>
    2 * (nOn * Math.log((nOn * (1 + tau)) / (nOn + nOff)) + nOff * Math.log((nOff * (1 + tau)) / (tau * (nOn + nOff))));
  for (const [nOn, nOff, tau] of [
    [40, 50, 2],
    [7, 3, 1.5],
    [300, 90, 0.5],
  ]) {
    expect(liMaZ(nOn, nOff, tau) ** 2).toBeCloseTo(q0(nOff, nOn, 1 / tau), 10);
  }
});

describe.skipIf(!existsSync(CLT))('the ten cases of Cousins, Linnemann and Tucker', () => {
  const { rows } = existsSync(CLT)
    ? (JSON.parse(readFileSync(CLT, 'utf8')) as { rows: Record<string, number>[] })
    : { rows: [] };

  // Their numbers are differences of f64 logarithms: with 2.4e7 events the last is off by 2.4e-10 itself (that
  // case in 50 digits is in the table above).
  test('profile likelihood, to the digits they have', () => {
    expect(rows).toHaveLength(10);
    for (const { n_on, n_off, tau, Z_PL_Poisson } of rows)
      expect(Math.abs(liMaZ(n_on, n_off, tau) - Z_PL_Poisson), `${n_on} ${n_off} ${tau}`).toBeLessThan(
        n_off > 1e5 ? 1e-9 : 1e-12,
      );
  });

  test('binomial, to the digits given, for bands with parts of events too', () => {
    for (const { n_on, n_off, tau, Z_Bi } of rows) {
      const p = betaI(1 / (1 + tau), n_on, n_off + 1, tau / (1 + tau));
      expect(Math.abs(zFromLnP(Math.log(p)) - Z_Bi), `${n_on} ${n_off} ${tau}`).toBeLessThan(1e-10);
    }
  });
});
