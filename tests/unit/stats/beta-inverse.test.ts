/** Quantiles of beta distributions against mpmath (tests/golden/make_beta_inverse.py). */
import { expect, test } from 'vitest';
import { lnBetaI } from '../../../src/stats/beta.ts';
import { betaIInverse, betaQInverse } from '../../../src/stats/beta-inverse.ts';
import { log } from '../../../src/stats/portable.ts';
import { expectWithin, readTables, worstDeviation } from './tables.ts';

const tables = readTables('beta-inverse');
const allowed = (expected: number) => 1e-12 * expected;

test('the inverse of the lower tail is that of mpmath to 1e-12', () => {
  expectWithin(worstDeviation(tables.lower, ([a, b, p]) => betaIInverse(p, a, b), allowed));
});

test('the inverse of the upper tail is that of mpmath to 1e-12', () => {
  expectWithin(worstDeviation(tables.upper, ([a, b, p]) => betaQInverse(p, a, b), allowed));
});

test('uniform and power distributions have their closed forms', () => {
  expect(betaIInverse(0.3, 1, 1)).toBeCloseTo(0.3, 14);
  expect(betaIInverse(0.25, 2, 1)).toBeCloseTo(0.5, 14);
  expect(betaQInverse(0.25, 1, 2)).toBeCloseTo(0.5, 14);
});

test('quantiles below 1e-16, where 1 - x is 1 in a double, keep their digits', () => {
  // I_x(1, b) = 1 - (1 - x)^b = b x - ... : x = p / b (1 + p / 2 + ...)
  expect((betaIInverse(1e-8, 1, 1e9) * 1e17) / (1 + 0.5e-8)).toBeCloseTo(1, 12);
  expect(betaIInverse(1e-9, 3, 1) / 1e-3).toBeCloseTo(1, 13);
  expect(betaIInverse(1e-90, 3, 1) / 1e-30).toBeCloseTo(1, 13);
});

test('both ends of the interval are reached', () => {
  expect([betaIInverse(0, 3, 4), betaIInverse(1, 3, 4), betaQInverse(0, 3, 4), betaQInverse(1, 3, 4)]).toEqual([
    0, 1, 1, 0,
  ]);
});

test('real shapes and tiny tails come back through the forward function', () => {
  for (const [a, b, p] of [
    [0.3, 7.7, 1e-3],
    [2.5, 0.4, 0.9],
    [1234.5, 3.25, 1e-200],
  ]) {
    expect(lnBetaI(betaIInverse(p, a, b), a, b)).toBeCloseTo(log(p), 8);
  }
});

test('bad arguments are refused', () => {
  expect(() => betaIInverse(0.5, 0, 1)).toThrow(/a=0/);
  expect(() => betaIInverse(-1, 1, 1)).toThrow(/p in/);
});
