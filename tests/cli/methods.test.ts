/** Cards with several p0 methods and limits on the command line: scan, explain, several bands. */
import { readFileSync, writeFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { findColumn, numbersOf } from '../../src/model/result.ts';
import { bench, EVENTS, type Edit } from './line-card.ts';

const { at, cli, scan, tableOf } = bench();
const LIMITS = 'limits: [{ method: bayes, credibility: 0.9, poi_max: 1000 }]';
const SEVERAL: readonly Edit[] = [
  ['p0: marginal', 'p0: [marginal, marginal-mid-p]'],
  [
    LIMITS,
    'limits: [{ method: bayes, credibility: 0.9, poi_max: .inf }, { method: cls-exact, confidence: 0.9 }, { method: cls-exact, confidence: 0.95 }]',
  ],
];

test('explain prints every p0 and every limit with its name and level, as the table has them', async () => {
  expect((await scan('several', SEVERAL)).code).toBe(0);
  const table = await tableOf('several');
  const row = 3;
  const { code, out } = await cli(`explain several.yaml --window ${row}`);
  expect(code).toBe(0);
  for (const line of [
    /^local p0 \(marginal\): 0\.\d+, Z = -?\d\.\d{4}$/m,
    /^local p0 \(marginal-mid-p\): 0\.\d+, Z = -?\d\.\d{4}$/m,
    /^upper limit on S \(bayes, 90 % credibility\): [\d.]+ events$/m,
    /^upper limit on S \(cls-exact, 90 % CL\): [\d.]+ events$/m,
    /^upper limit on S \(cls-exact, 95 % CL\): [\d.]+ events$/m,
  ])
    expect(out).toMatch(line);
  expect(out.match(/^posterior/gm)).toHaveLength(1); // only one of them is Bayesian
  const told = JSON.parse((await cli(`explain several.yaml --window ${row} --json`)).out);
  expect(told.p0.map(({ z }: { z: number }) => z)).toEqual([
    numbersOf(table, 'z')[row],
    numbersOf(table, 'z_marginal_mid_p')[row],
  ]);
  expect(told.limits.map(({ observed }: { observed: number }) => observed)).toEqual(
    ['_bayes_90', '_cls_exact_90', '_cls_exact_95'].map((suffix) => numbersOf(table, `limit_obs${suffix}`)[row]),
  );
  expect(told.limits[0]).toMatchObject({ method: 'bayes', credibility: 0.9 });
  expect(told.limits[2]).toMatchObject({ method: 'cls-exact', confidence: 0.95, posterior: [] });
  // background known, prior without end: the Bayesian limit is the exact CLs limit
  expect(told.limits[0].observed).toBe(told.limits[1].observed);
});

test('several bands: n_off and tau of the first without suffix, of the others with their names', async () => {
  writeFileSync(at('loose.csv'), EVENTS);
  const bands: Edit = [
    '- { name: flat, density: 10 }',
    '- { name: loose, control: { file: loose.csv, transfer: 0.25 } }\n    - { name: around, side_band: { inner: 3, outer: 6, tau: 1.5 } }',
  ];
  expect((await scan('bands', [bands])).code).toBe(0);
  const table = await tableOf('bands');
  const names = table.columns.map(({ name }) => name).filter((name) => /^(n_off|tau)/.test(name));
  expect(names).toEqual(['n_off', 'tau', 'n_off_around', 'tau_around']);
  // the control sample is the data again: as many events in every window
  expect(Array.from(numbersOf(table, 'n_off'))).toEqual(Array.from(numbersOf(table, 'n')));
  expect(new Set(numbersOf(table, 'tau'))).toEqual(new Set([4]));
  expect(new Set(numbersOf(table, 'tau_around'))).toEqual(new Set([1.5]));
  expect(findColumn(table, 'n_off')!.description).toBe("events in the control sample 'loose'");
  expect(findColumn(table, 'n_off_around')!.description).toBe("events in the side band 'around'");
});

test('li-ma, on-off and both mid-p of one band: windows without an excess have Z = 0 and p0 = 0.5 in li-ma', async () => {
  const { code, out } = await scan('band', [
    ['- { name: flat, density: 10 }', '- { name: around, side_band: { inner: 3, outer: 6, tau: 1.5 } }'],
    ['p0: marginal', 'p0: [li-ma, on-off, on-off-mid-p, marginal-mid-p]'],
  ]);
  expect(code).toBe(0);
  expect(out).toMatch(/windows \(p0: li-ma, local\)/);
  const table = await tableOf('band');
  const column = (name: string) => Array.from(numbersOf(table, name));
  const [n, nOff, z, p0] = ['n', 'n_off', 'z', 'p0'].map(column);
  const none = n.map((_, i) => i).filter((i) => 1.5 * n[i] <= nOff[i]);
  expect(none.length).toBeGreaterThan(2);
  expect(none.length).toBeLessThan(n.length);
  none.forEach((i) => expect([z[i], p0[i]]).toEqual([0, 0.5]));
  n.forEach((_, i) => expect(z[i] === 0).toBe(none.includes(i)));
  for (const name of ['p0_on_off', 'p0_on_off_mid_p', 'p0_marginal_mid_p', 'z_on_off_mid_p'])
    column(name).forEach((value) => expect(Number.isFinite(value)).toBe(true));
});

test('asymptotic methods at low counts are said to be too optimistic, exact ones are not', async () => {
  const warningsOf = async (name: string, edits: Parameters<typeof scan>[1]): Promise<string[]> => {
    await scan(name, edits);
    return JSON.parse(readFileSync(at(name, 'summary.json'), 'utf8')).warnings;
  };
  const exact = 'limits: [{ method: bayes, credibility: 0.9, poi_max: 1000 }]';
  expect(await warningsOf('exact', [])).toEqual([]);
  const profile = await warningsOf('profile', [[exact, 'limits: [{ method: profile, confidence: 0.9 }]']]);
  expect(profile).toHaveLength(1);
  expect(profile[0]).toMatch(/^10 windows expect fewer than 5 events: profile limits are asymptotic/);
  const many: Parameters<typeof scan>[1] = [
    [exact, 'limits: [{ method: profile, confidence: 0.9 }]'],
    ['density: 10', 'density: 1000'],
  ];
  expect(await warningsOf('many', many)).toEqual([]);
});
