/** The embedded example end to end, against the published range of the search it imitates (PRL 130 (2023) 071804). */
import { readFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { CpuBackend } from '../../../src/engine/cpu-backend.ts';
import { parseCard } from '../../../src/io/card.ts';
import { numbersOf, type ScanResult } from '../../../src/model/result.ts';
import { scanWindows } from '../../../src/scan/window-scan.ts';

const NO_FILES = { read: () => Promise.reject(new Error('the example needs no file')) };
let result: ScanResult;
let inRange: number[];

beforeAll(async () => {
  const text = readFileSync('examples/dark-higgsstrahlung/card.yaml', 'utf8');
  result = await scanWindows(parseCard(text, 'card.yaml'), {
    backend: new CpuBackend({ threads: 1 }),
    files: NO_FILES,
  });
  const x = numbersOf(result.table, 'x');
  inRange = Array.from(x.keys()).filter((i) => x[i] > 4 && x[i] < 9.7);
}, 120_000);

test('median expected limits between 4.0 and 9.7 GeV lie within the published 1.7 to 5.0 fb', () => {
  const limits = numbersOf(result.table, 'limit_exp_0');
  for (const i of inRange) expect(limits[i]).toBeGreaterThan(1.7);
  for (const i of inRange) expect(limits[i]).toBeLessThan(5.0);
});

test('at least 90 % of the observed limits lie there, the smallest is the window without events', () => {
  const limits = numbersOf(result.table, 'limit_obs');
  const inside = inRange.filter((i) => limits[i] >= 1.7 && limits[i] <= 5.0);
  expect(inside.length).toBeGreaterThan(0.9 * inRange.length);
  const smallest = Math.min(...inRange.map((i) => limits[i]));
  // 2.42795 events: the reference with the same systematics (bayes_zprime2018.json), eps_max = 0.17
  expect(smallest).toBeCloseTo(2.427948 / (8.34 * 0.17), 5);
  expect(result.provenance.largestEfficiency).toBe(0.17);
});

test('eps^2 alpha_D has the published size: best below 1.7e-8, below 200e-8 everywhere in range but at the edges', () => {
  const coupling = numbersOf(result.table, 'eps2_alphaD_obs');
  const values = inRange.map((i) => coupling[i]).sort((a, b) => a - b);
  expect(values[0]).toBeGreaterThan(0.5e-8);
  expect(values[0]).toBeLessThan(1.7e-8);
  expect(values[Math.floor(0.95 * values.length)]).toBeLessThan(200e-8);
});

test('every window has a status and the distribution of Z is the expected one', () => {
  expect(result.summary.status).toEqual({ ok: result.table.rowCount });
  const { expected, expectedAtOne } = result.expectedZ!;
  const total = expected.reduce((sum, n) => sum + n, expectedAtOne);
  expect(total).toBeCloseTo(result.table.rowCount, 4);
  // windows overlap 2.2 times, so their number fluctuates more than Poisson: 5 sqrt(2.2 n) is a 5 sigma test
  const z = numbersOf(result.table, 'z');
  const atOne = Array.from(z).filter(Number.isNaN).length;
  const spread = 5 * Math.sqrt(2.2 * (result.table.rowCount - expectedAtOne));
  expect(Math.abs(atOne - expectedAtOne)).toBeLessThan(spread);
});

test('the summary has the coverage, a non-central chi-square at the centre and at the corner of a cell', () => {
  const { atCentre, atCorner, atWorst } = result.summary.coverage!;
  // k = 2.7: 1 - exp(-k^2/2); scipy.stats.ncx2(2, (2.7/sqrt(2))^2).cdf(2.7^2) = 0.7136378
  expect(atCentre).toBeCloseTo(1 - Math.exp(-(2.7 ** 2) / 2), 5);
  expect(atCorner).toBeCloseTo(0.7136378, 5);
  expect(atWorst).toBeLessThan(atCorner);
});

test('global bounds are no smaller than the local p0 of the best window', () => {
  const { global, best } = result.summary;
  expect(global!.sidak.lnP).toBeGreaterThan(best[0].lnP0!);
  expect(global!.bonferroni.lnP).toBeGreaterThanOrEqual(global!.sidak.lnP);
});
