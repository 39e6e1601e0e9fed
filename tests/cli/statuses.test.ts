/** Input that is odd but usable: the scan ends with exit code 0, and statuses and counts tell what was odd. */
import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { numbersOf } from '../../src/model/result.ts';
import { bench, EVENTS, expectWholeRows, MASSES, textsOf, type Edit } from './line-card.ts';

const { at, scan, tableOf } = bench();
const LN_10 = Math.log(10);
const rowsWhere = (values: ArrayLike<unknown>, wanted: (value: never, row: number) => boolean): number[] =>
  Array.from(values as ArrayLike<never>).flatMap((value, row) => (wanted(value, row) ? [row] : []));

test('NaN, infinities, blanks, stars and words among good rows are counted by reason and change nothing else', async () => {
  writeFileSync(at('dirty.csv'), `${EVENTS}nan,1\ninf,1\n-inf,1\n,1\n****,1\nabc,1\n`);
  await scan('clean');
  const { code } = await scan('dirty', [['events.csv', 'dirty.csv']]);
  expect(code).toBe(0);
  const { rows, warnings } = JSON.parse(readFileSync(at('dirty/run.json'), 'utf8'));
  expect(rows).toMatchObject({ read: MASSES.length + 6, used: MASSES.length });
  const rejected = Object.values(rows.rejected as Record<string, number>);
  expect(rejected.reduce((sum, count) => sum + count, 0)).toBe(6);
  expect(warnings).toHaveLength(rejected.length);
  expect((await tableOf('dirty')).columns).toEqual((await tableOf('clean')).columns);
});

test('a window without events has p0 = 1, no Z, and the limit of no event', async () => {
  await scan('empty-windows');
  const table = await tableOf('empty-windows');
  const empty = rowsWhere(numbersOf(table, 'n'), (n) => n === 0);
  expect(empty.length).toBeGreaterThan(2);
  expectWholeRows(table, empty);
  for (const row of empty) {
    expect(numbersOf(table, 'p0')[row]).toBe(1);
    expect(numbersOf(table, 'z')[row]).toBeNaN(); // null in the files
    // n = 0, flat prior, nothing uncertain: the background drops out, U = -ln(1 - 0.9) / sensitivity; poi_max is far away
    expect(numbersOf(table, 'limit_obs')[row]).toBeCloseTo(LN_10 / 0.5, 9);
    expect(textsOf(table, 'status')[row]).toBe('ok');
  }
});

test('events on zero background are a status; an empty window is as good as any', async () => {
  const { code, out } = await scan('zero', [['density: 10', 'density: 0']]);
  expect(code).toBe(0);
  expect(out).toContain('ZERO-BACKGROUND');
  const table = await tableOf('zero');
  const status = textsOf(table, 'status');
  expect(new Set(numbersOf(table, 'bkg'))).toEqual(new Set([0]));
  const [full, empty] = [1, 0].map((any) => rowsWhere(numbersOf(table, 'n'), (n) => Math.sign(n) === any));
  expect([full.length > 0, empty.length > 0]).toEqual([true, true]);
  for (const row of empty) {
    expect(status[row]).toBe('ok');
    expect(numbersOf(table, 'p0')[row]).toBe(1);
    expect(numbersOf(table, 'limit_obs')[row]).toBeCloseTo(LN_10 / 0.5, 9);
  }
  // events where none can be: no significance is claimed, and no infinity is in the table; the limit stands
  for (const row of full) {
    expect(status[row]).toBe('zero-background');
    expect(numbersOf(table, 'z')[row]).toBeNaN();
    expect(numbersOf(table, 'limit_obs')[row]).toBeGreaterThan(LN_10 / 0.5);
  }
});

test('efficiency 0 is a status: a significance, but no limit', async () => {
  const { code, out } = await scan('blunt', [['efficiency: 0.5', 'efficiency: "x < 1.5 ? 0 : 0.5"']]);
  expect(code).toBe(0);
  expect(out).toContain('NO-SENSITIVITY');
  const table = await tableOf('blunt');
  const x = numbersOf(table, 'x');
  textsOf(table, 'status').forEach((status, row) => {
    expect(status).toBe(x[row] < 1.5 ? 'no-sensitivity' : 'ok');
    expect(Number.isNaN(numbersOf(table, 'limit_obs')[row])).toBe(x[row] < 1.5);
    expect(Number.isNaN(numbersOf(table, 'limit_exp_0')[row])).toBe(x[row] < 1.5);
    expect(Number.isFinite(numbersOf(table, 'ln_p0')[row])).toBe(true);
  });
});

test('a negative sum of weights is a status of its window and stops no other', async () => {
  // negative on balance below 1.5, positive above
  const sample = Array.from({ length: 100 }, (_, i) => `${1 + i / 50},${i < 25 ? -1 : 1}\n`).join('');
  writeFileSync(at('mc.csv'), `m,weight\n${sample}`);
  const fromSample: Edit = [
    'name: flat, density: 10',
    'name: mc, sample: { file: mc.csv, weight: weight, scale: 0.5 }',
  ];
  const { code, out } = await scan('weights', [fromSample]);
  expect(code).toBe(0);
  expect(out).toContain('BAD-BACKGROUND');
  const table = await tableOf('weights');
  const status = textsOf(table, 'status');
  const x = numbersOf(table, 'x');
  const bad = rowsWhere(status, (value) => value === 'bad-background');
  expect(bad.length).toBeGreaterThan(0);
  for (const row of bad) {
    expect(x[row]).toBeLessThan(1.5);
    for (const name of ['ln_p0', 'z', 'limit_obs', 'limit_exp_0']) expect(numbersOf(table, name)[row]).toBeNaN();
  }
  const good = rowsWhere(status, (value) => value === 'ok');
  expect(good.length).toBeGreaterThan(4);
  expectWholeRows(table, good);
});

test.each([
  ['flat', 'density: 10'],
  ['nearly empty', 'density: 1.0e-30'],
])('a peak far beyond 8 sigma on a %s background has finite bounds', async (_, density) => {
  const masses = Array.from({ length: 60 }, (__, i) => `${1.1 + i / 100},1\n`).join('');
  writeFileSync(at('peak.csv'), `m,w\n${masses}`);
  const edits: Edit[] = [
    ['events.csv', 'peak.csv'],
    ['density: 10', density],
  ];
  expect((await scan('peak', edits, '--force')).code).toBe(0);
  const { best, global, nWindows } = JSON.parse(readFileSync(at('peak/summary.json'), 'utf8'));
  expect(best[0].z).toBeGreaterThan(10);
  for (const bound of [global.sidak, global.bonferroni]) {
    expect(bound.lnP).toBeGreaterThanOrEqual(best[0].lnP0);
    expect(bound.lnP).toBeLessThanOrEqual(best[0].lnP0 + Math.log(nWindows) + 1e-9);
    expect(bound.z).toBeLessThanOrEqual(best[0].z);
  }
});
