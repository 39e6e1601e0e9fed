/** `darkscan toys` of a card of sliding-range fits: files, texts, shards, wrong uses. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { tableFromParquet } from '../../../src/io/result-parquet.ts';
import { findColumn, numbersOf } from '../../../src/model/result.ts';
import { workplace } from './run-cli.ts';

const { folder, cli } = workplace();
const read = (...parts: string[]): string => readFileSync(join(folder, ...parts), 'utf8');

const table = (counts: readonly number[]) =>
  ['low,high,n', ...counts.map((n, i) => `${i},${i + 1},${n}`)].join('\n') + '\n';
const falling = (n: number, events: number) =>
  Array.from({ length: n }, (_, i) => Math.round(events * Math.exp(-i / n)) + ((7 * i) % 11) - 5);
const low = falling(50, 90);
[14, 22, 14].forEach((more, k) => (low[24 + k] += more));
writeFileSync(join(folder, 'low.csv'), table(low));
writeFileSync(join(folder, 'high.csv'), table(falling(40, 60)));

const total = (values: ArrayLike<number>) => Array.from(values).reduce((sum, n) => sum + n, 0);

const part = (name: string, to: number, more = '') => `  - name: ${name}
    data: { histogram: { file: ${name}.csv, columns: { low: low, high: high, count: n } } }
    x: { label: m, unit: GeV }${more}
    hypotheses: { from: 5, to: ${to}, step: 1 }
    resolution: 1.5
    shape: { kind: gaussian }
    range: { half_width: 8 }
    background: { kind: chebyshev, degree: 2 }
`;
const card = (name: string, parts: string) => `schema: darkscan/card/1
name: ${name}
scan: { kind: spectrum }
spectra:
${parts}signal:
  poi: { name: S, unit: events }
statistics: { limits: [] }
`;
writeFileSync(join(folder, 'one.yaml'), card('one', part('low', 45)));
writeFileSync(
  join(folder, 'two.yaml'),
  card('two', part('low', 45, "\n    mass: 'x'") + part('high', 35, "\n    mass: '100 + x'")),
);

test('toys write result, tables, figures and record, and print what they say', async () => {
  const { code, out, err } = await cli('toys one.yaml --backend cpu --n 300 --out run');
  expect([code, err]).toEqual([0, expect.stringContaining('one: toys of 27 hypotheses on CPU')]);
  const result = JSON.parse(read('run', 'toys.json'));
  const { n_exceedances: k, best } = result;
  expect(result).toMatchObject({
    schema: 'darkscan/spectrum-toys-result/1',
    card: 'one',
    ensemble: 'auxiliary',
    expected: 'stitched',
    n_toys: 300,
    n_hypotheses: 27,
    n_left_out: 0,
    n_failures: 0,
    range: [0, 300],
    warnings: [],
  });
  expect(result.p_global).toBeCloseTo((k + 1) / 301, 12);
  expect(Math.abs(best.mass - 25.5)).toBeLessThan(1.5);
  expect(best.s_hat).toBeGreaterThan(20);
  expect(result.z_local_max).toBeGreaterThan(2);
  expect(result.estimators.map(({ name }: { name: string }) => name)).toEqual([
    'toys',
    'gaussian-process',
    'upcrossings',
    'sidak',
    'bonferroni',
  ]);
  expect(out).toContain('one: 300 background toys of 27 hypotheses, ensemble auxiliary, seed 1');
  expect(out).toMatch(/best hypothesis of the data: \d+ at 2[5-7][\d.]*, S = [\d.]+ \+- [\d.]+, local p0/);
  expect(out).toContain(`${k} toys reach it: global p ${result.p_global.toPrecision(3)}`);
  expect(JSON.parse(read('run', 'run.json'))).toMatchObject({ seed: 1, thrown: 300, ended: 'range', card: 'one' });
  expect(readdirSync(join(folder, 'run', 'plots')).filter((name) => name.endsWith('.svg'))).toEqual([
    'toys-global-significance.svg',
    'toys-hypotheses-above.svg',
    'toys-max-z.svg',
  ]);
  const { table: maxZ } = await tableFromParquet(readFileSync(join(folder, 'run', 'toys-max-z.parquet')), 'max-z');
  const [z, orMore] = [numbersOf(maxZ, 'z'), numbersOf(maxZ, 'toys_or_more')];
  const atData = z.findIndex((value) => value >= result.z_local_max);
  expect(atData < 0 ? 0 : orMore[atData]).toBe(k);
  expect(total(numbersOf(maxZ, 'toys'))).toBe(300);
  const { table: where } = await tableFromParquet(readFileSync(join(folder, 'run', 'toys-where.parquet')), 'where');
  expect(total(numbersOf(where, 'toys'))).toBe(300 - (Number.isNaN(z[0]) ? orMore[0] - orMore[1] : 0));
});

test('shards make the same result; until ends at the K-th toy; merge adds them up', async () => {
  const by = (line: string) => cli(`toys one.yaml --backend cpu --no-plots --quiet ${line}`);
  expect(await by('--n 300 --shards shards --shard-size 80 --out shards-run')).toMatchObject({ code: 0, err: '' });
  expect(read('shards-run', 'toys.json')).toBe(read('run', 'toys.json'));
  expect(readdirSync(join(folder, 'shards'))).toHaveLength(4);
  const merged = await cli('toys merge shards --out merged.json');
  const { n_exceedances: k } = JSON.parse(read('run', 'toys.json'));
  expect(merged.out).toContain(`4 shards, 300 toys of [0, 300), ${k} reach the data`);
  if (k > 0) {
    await by('--until 1 --out until-run');
    const until = JSON.parse(read('until-run', 'toys.json'));
    expect(until).toMatchObject({ stop: 'exceedances', n_exceedances: 1 });
    expect(until.p_global).toBeCloseTo(1 / until.n_toys, 12);
  }
  expect(await cli('toys two.yaml --backend cpu --n 300 --shards shards')).toMatchObject({
    code: 6,
    err: expect.stringMatching(/another campaign \(card one, expected two\)/),
  });
});

test('two spectra with masses of their own have both in the tables', async () => {
  const { code, out, err } = await cli('toys two.yaml --backend cpu --n 60 --no-plots --out two-run');
  expect([code, err]).toEqual([0, expect.stringContaining('toys of 48 hypotheses')]);
  expect(out).toMatch(/best hypothesis of the data: \d+ at 2[5-7][\d.]* in low/);
  const { table: where } = await tableFromParquet(readFileSync(join(folder, 'two-run', 'toys-where.parquet')), 'where');
  const names = findColumn(where, 'spectrum')!.values as readonly string[];
  Array.from(numbersOf(where, 'mass'), (mass, i) => expect(names[i]).toBe(mass > 100 ? 'high' : 'low'));
  expect(new Set(names).size).toBe(2);
});

test('scan --global has the toys of toys in its summary and its run directory', async () => {
  const { code, out } = await cli('scan one.yaml --backend cpu --global --n 300 --no-plots --out scan-run');
  expect(code).toBe(0);
  const result = JSON.parse(read('run', 'toys.json'));
  expect(JSON.parse(read('scan-run', 'toys.json'))).toEqual(result);
  expect(JSON.parse(read('scan-run', 'summary.json')).global.toys).toMatchObject({
    nToys: 300,
    nExceedances: result.n_exceedances,
    p: result.p_global,
    zLocal: result.z_local_max,
  });
  expect(out).toContain(
    `${result.n_exceedances} of 300 auxiliary toys reach Z ${result.z_local_max.toFixed(2)}: global p`,
  );
});

test('--inject is for windows', async () => {
  const { code, err } = await cli('toys one.yaml --inject');
  expect(code).toBe(2);
  expect(err).toContain('toys: --inject is for scans of windows, the card has spectra; leave it out');
});

test('blind masses are told by no command until --unblind, which is recorded', async () => {
  writeFileSync(join(folder, 'blind.yaml'), `${card('blind', part('low', 45))}blind: [{ mass: [20, 30] }]\n`);
  writeFileSync(join(folder, 'all.yaml'), `${card('all', part('low', 45))}blind: [{ mass: [0, 100] }]\n`);
  const run = (name: string) => JSON.parse(read(name, 'run.json'));
  const { out } = await cli('scan blind.yaml --out blind --no-plots');
  expect(out).toMatch(/hypotheses by status: 20 ok, 7 blind/);
  expect(run('blind')).toMatchObject({ unblinded: false, blindHypotheses: 7 });
  await cli('scan blind.yaml --out open --no-plots -q --unblind');
  expect(run('open')).toMatchObject({ unblinded: true, blindHypotheses: 0 });
  expect(read('open', 'hypotheses.parquet')).not.toBe(read('blind', 'hypotheses.parquet'));
  const toys = await cli('toys blind.yaml --backend cpu --n 20 --out blind-toys --no-plots');
  expect(toys.out).toContain('WARNING 7 hypotheses are blind or have no fit to the data and were left out');
  await cli('toys blind.yaml --backend cpu --n 20 --out open-toys --no-plots -q --unblind');
  expect(run('open-toys')).toMatchObject({ unblinded: true });
  expect(JSON.parse(read('open-toys', 'toys.json'))).toMatchObject({ n_hypotheses: 27, n_left_out: 0 });
  const none = await cli('toys all.yaml --backend cpu --n 20 --out none');
  expect(none.code).toBe(3);
  expect(none.err).toContain('all of them blind or without a fit to the data; --unblind, or look at the scan');
  const [shut, open] = [
    await cli('explain blind.yaml --hypothesis 13'),
    await cli('explain blind.yaml --hypothesis 13 --unblind'),
  ];
  expect(shut.out).toContain('blind: nothing that has seen a signal is shown');
  expect(shut.out).not.toMatch(/S = |\bq0\b/);
  expect(open.out).toMatch(/S = .* events/);
});
