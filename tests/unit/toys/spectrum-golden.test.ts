/** Global p-values of sliding-range fits against brute force with numpy (tests/golden/spectrum_toys.py). */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { throwToys } from '../../../src/toys/campaign.ts';
import { maxZOfHypotheses } from '../../../src/toys/spectrum/spectrum-toy-tables.ts';
import { numbersOf } from '../../../src/model/result.ts';
import { unitSpectrum } from '../../support/spectra.ts';
import { cpu } from './toy-setup.ts';
import { partOf, setupOf } from './spectrum-setup.ts';

interface Golden {
  readonly toys: number;
  readonly masses: readonly number[];
  readonly levels: readonly number[];
  readonly atOrAbove: readonly number[];
  readonly meanLargest: number;
  readonly widthLargest: number;
  readonly where: readonly number[];
}
const golden = JSON.parse(readFileSync('tests/golden/spectrum_toys.json', 'utf8')) as Golden;

const TOYS = 8000;
const expected = Array.from({ length: 60 }, (_, i) => 40 * Math.exp(-(i + 0.5) / 50));
const counts = expected.map(Math.round);
[4, 13, 13, 4].forEach((more, k) => (counts[28 + k] += more));
const part = partOf(
  unitSpectrum(counts),
  golden.masses.map((mass) => ({ mass, sigma: 1.5 })),
  { background: { kind: 'chebyshev', degree: 2 }, range: { halfWidth: 8 } },
);
const setup = await setupOf([part], { expected: [expected] });
const { tally } = await throwToys(setup, cpu(), { from: 0, to: TOYS });

/** Allowed difference of two shares: 4.5 standard errors, exceeded with probability 7e-6. */
const allowed = (p: number) => 4.5 * Math.sqrt(p * (1 - p) * (1 / TOYS + 1 / golden.toys));

test('toys reach levels of Z as often as those of numpy', () => {
  const table = maxZOfHypotheses(setup, tally);
  const [z, orMore] = [numbersOf(table, 'z'), numbersOf(table, 'toys_or_more')];
  golden.levels.forEach((level, i) => {
    const share = golden.atOrAbove[i] / golden.toys;
    const row = z.findIndex((value) => value >= level - 1e-9);
    expect(Math.abs(orMore[row] / TOYS - share), `level ${level}`).toBeLessThan(allowed(share));
  });
  expect(tally.nFailures).toBe(0);
});

test('the largest Z of a toy has the mean and the width of those of numpy', () => {
  const table = maxZOfHypotheses(setup, tally);
  const [z, toys] = [numbersOf(table, 'z'), numbersOf(table, 'toys')];
  const step = 0.0025; // middle of a step of 0.005
  let [sum, squares] = [0, 0];
  z.forEach((value, i) => {
    const middle = Number.isNaN(value) ? 0 : value + step;
    sum += toys[i] * middle;
    squares += toys[i] * middle * middle;
  });
  const mean = sum / TOYS;
  const width = Math.sqrt(squares / TOYS - mean * mean);
  const error = golden.widthLargest * Math.sqrt(1 / TOYS + 1 / golden.toys);
  expect(Math.abs(mean - golden.meanLargest)).toBeLessThan(4.5 * error);
  expect(Math.abs(width - golden.widthLargest)).toBeLessThan(4.5 * error);
});

test('the best hypothesis is anywhere as often as with numpy', () => {
  const chi2 = golden.where.reduce((sum, n, h) => {
    const own = tally.byWindow.get(h) ?? 0;
    const share = (n + own) / (golden.toys + TOYS);
    return sum + (own / TOYS - n / golden.toys) ** 2 / (share * (1 / TOYS + 1 / golden.toys));
  }, 0);
  // 24 degrees of freedom: above 67 with probability 6e-6
  expect(chi2).toBeLessThan(67);
});
