import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { parseAnyCard } from '../../../src/io/card.ts';
import { numbersOf } from '../../../src/model/result.ts';
import { readTable } from '../../../src/node/read-run.ts';
import { exampleNames, packageVersion } from '../../../src/cli/package-files.ts';
import { SMALL_CARD, workplace } from './run-cli.ts';

const { folder, cli } = workplace();
const at = (...parts: string[]): string => join(folder, ...parts);
const oneLine = (text: string): void => expect(text.trimEnd().split('\n')).toHaveLength(1);

let first: Awaited<ReturnType<typeof cli>>;

beforeAll(async () => {
  writeFileSync(at('card.yaml'), SMALL_CARD);
  first = await cli('scan card.yaml --out first --backend cpu --json');
});

describe('command line', () => {
  test('help names every command and every exit code', async () => {
    const { code, out } = await cli('--help');
    expect(code).toBe(0);
    for (const command of [
      'scan',
      'simulate',
      'validate',
      'inspect',
      'explain',
      'plot',
      'export',
      'compare',
      'doctor',
      'init',
      'serve',
    ]) {
      expect(out).toMatch(new RegExp(`^  ${command} `, 'm'));
    }
    for (const exitCode of [0, 1, 2, 3, 5, 6, 7, 8, 9, 70, 130])
      expect(out).toMatch(new RegExp(`^  ${exitCode} `, 'm'));
  });

  test('the version is that of the package', async () => {
    const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'));
    expect(await cli('--version')).toEqual({ code: 0, out: `${version}\n`, err: '' });
    expect(packageVersion()).toBe(version);
  });

  test.each([
    ['scann card.yaml', /^darkscan: unknown command 'scann' \(Did you mean scan\?\)$/],
    ['scan card.yaml --frobnicate', /^darkscan: unknown option '--frobnicate'/],
    ['scan card.yaml --backend fpga', /Allowed choices are auto, webgpu, cpu/],
    ['scan card.yaml --threads 0', /--threads.*expected a whole number from 1 to 1024/],
    ['scan card.yaml --seed 1.5', /--seed.*expected a whole number/],
    ['explain card.yaml', /^explain: found nothing, a card of windows needs --window ID; add it$/],
    ['explain card.yaml --hypothesis 1', /^explain: found --hypothesis, a card of windows needs --window ID; add it$/],
    ['explain card.yaml --window 100000 -q', /^explain: no window 100000, this scan has 0 to \d+$/],
    ['compare first', /missing required argument 'run2'/],
    ['compare first first --rtol x', /tolerance is 'x'/],
    ['init --example nope', /^init: no example 'nope'; there are/],
    ['plot first --what nope', /^plot: no figure 'nope'; this run has event-plane/],
  ])('%s is wrong use, told in one line', async (line, expected) => {
    const { code, out, err } = await cli(line);
    expect([code, out]).toEqual([2, '']);
    oneLine(err);
    expect(err.trim()).toMatch(expected);
  });
});

describe('validate', () => {
  test('a good card is valid, from a file or from standard input', async () => {
    expect(await cli('validate card.yaml')).toMatchObject({ code: 0, out: '' });
    const { code, out } = await cli('validate - --json', { stdin: SMALL_CARD });
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ card: 'small', files: [] });
  });

  test('mistakes are listed line by line with exit code 3', async () => {
    const { code, err } = await cli('validate -', { stdin: SMALL_CARD.replace('step:', 'stepp:').replace('0.9', '9') });
    expect(code).toBe(3);
    expect(err.trimEnd().split('\n')).toHaveLength(2);
    expect(err).toMatch(/^standard input:\d+:\d+: /);
  });

  test('a missing card and missing data are told with exit code 5', async () => {
    expect(await cli('validate nothing.yaml')).toMatchObject({ code: 5 });
    const card = SMALL_CARD.replace('{ simulate: true }', '{ file: nothing.csv }');
    const { code, err } = await cli('validate -', { stdin: card });
    expect(code).toBe(5);
    oneLine(err);
    expect(err).toContain("data.file: file 'nothing.csv' not found");
    expect((await cli('validate - --no-data', { stdin: card })).code).toBe(0);
  });
});

describe('scan', () => {
  test('writes a run directory and the summary as JSON on stdout', () => {
    expect(first.code).toBe(0);
    const { run, summary } = JSON.parse(first.out);
    expect(run).toBe(at('first'));
    expect(summary.status.ok).toBe(summary.nWindows);
    expect(readdirSync(at('first')).sort()).toEqual([
      'card.yaml',
      'plots',
      'run.json',
      'summary.json',
      'windows.parquet',
    ]);
    expect(readFileSync(at('first/card.yaml'), 'utf8')).toBe(SMALL_CARD);
    expect(existsSync(at('first/plots/map-z.svg'))).toBe(true);
    expect(JSON.parse(readFileSync(at('first/run.json'), 'utf8'))).toMatchObject({ seed: 1, unblinded: false });
  });

  test('finds the injected signal where it was put', () => {
    const [best] = JSON.parse(first.out).summary.best;
    // 20 events on about 0.3: far above anything else, within one resolution of (3, 5)
    expect(Math.abs(best.x - 3)).toBeLessThan(0.1);
    expect(Math.abs(best.y - 5)).toBeLessThan(1);
    expect(best.z).toBeGreaterThan(3);
  });

  test('an existing directory is refused with exit code 6, replaced with --force', async () => {
    const refused = await cli('scan card.yaml --out first --backend cpu');
    expect(refused.code).toBe(6);
    expect(refused.err).toContain('--force');
    expect(await cli('scan card.yaml --out first --force --backend cpu --no-plots -q')).toEqual({
      code: 0,
      out: '',
      err: '',
    });
    // and plots again for the tests below
    expect((await cli('scan card.yaml --out first --force --backend cpu -q')).code).toBe(0);
  });

  test('a place that cannot be written is told before any work, with exit code 6', async () => {
    writeFileSync(at('a-file'), '');
    const { code, err } = await cli('scan card.yaml --out a-file/run --backend cpu');
    expect(code).toBe(6);
    oneLine(err);
  });

  test('without --out runs are numbered', async () => {
    for (const expected of ['small-1', 'small-2']) {
      const { out } = await cli('scan card.yaml --backend cpu --no-plots');
      expect(out).toContain(at('runs', expected));
    }
  });

  test('a GPU asked for by name that is not there is exit code 7', async () => {
    const { code, err } = await cli('scan card.yaml --out gpu --backend webgpu -q');
    expect(code).toBe(7);
    oneLine(err);
    expect(existsSync(at('gpu'))).toBe(false);
  });

  test('a dry run says sizes and time and writes nothing', async () => {
    const before = readdirSync(folder);
    const { code, out } = await cli('scan card.yaml --dry-run --backend cpu --json');
    expect(code).toBe(0);
    const { nWindows } = JSON.parse(first.out).summary;
    expect(JSON.parse(out)).toMatchObject({ card: 'small', windows: nWindows, trialWindows: nWindows });
    expect(JSON.parse(out).estimatedSeconds).toBeGreaterThan(0);
    expect(readdirSync(folder)).toEqual(before);
  });

  test('Ctrl-C in the middle leaves nothing behind', async () => {
    const controller = new AbortController();
    const before = readdirSync(folder);
    const onError = (text: string): void => {
      if (text.startsWith('local p0')) controller.abort();
    };
    const { code, err } = await cli('scan card.yaml --out stopped --backend cpu', {
      signal: controller.signal,
      onError,
    });
    expect(code).toBe(130);
    expect(err).toContain('interrupted');
    expect(readdirSync(folder)).toEqual(before);
  });

  test('blind windows show no counts until --unblind, which is recorded', async () => {
    writeFileSync(at('blind.yaml'), `${SMALL_CARD}blind: [{ x: [2.8, 3.2], y: [4, 6] }]\n`);
    await cli('scan blind.yaml --out blind --backend cpu --no-plots -q');
    await cli('scan blind.yaml --out unblind --backend cpu --no-plots -q --unblind');
    const { table } = await readTable(at('blind'));
    const { table: open, provenance } = await readTable(at('unblind'));
    const [x, y, n, seen] = [numbersOf(table, 'x'), numbersOf(table, 'y'), numbersOf(table, 'n'), numbersOf(open, 'n')];
    let nBlind = 0;
    n.forEach((count, i) => {
      const isInside = x[i] >= 2.8 && x[i] <= 3.2 && y[i] >= 4 && y[i] <= 6;
      if (isInside) nBlind++;
      expect(count).toBe(isInside ? -1 : seen[i]);
      expect(Number.isNaN(numbersOf(table, 'limit_obs')[i])).toBe(isInside);
      // the solver starts from what it solved before: equal to the stated accuracy of 1e-10, not to the bit
      const [hidden, shown] = [numbersOf(table, 'limit_exp_0')[i], numbersOf(open, 'limit_exp_0')[i]];
      expect(Math.abs(hidden / shown - 1)).toBeLessThan(1e-10);
    });
    expect(nBlind).toBeGreaterThan(0);
    expect(provenance.unblinded).toBe(true);
  });
});

describe('simulate', () => {
  test('is a function of card and seed', async () => {
    const [one, again, other] = await Promise.all(
      ['1', '1', '2'].map((seed) => cli(`simulate card.yaml --seed ${seed}`)),
    );
    expect(one.out).toBe(again.out);
    expect(one.out).not.toBe(other.out);
    expect(one.out.split('\n')[0]).toBe('m,r,source');
    // Poisson of mean 420: within 6 sigma (false alarm 2e-9)
    expect(Math.abs(one.out.trimEnd().split('\n').length - 1 - 420)).toBeLessThan(6 * Math.sqrt(420));
  });

  test('a card that reads the simulated file counts the same as one that simulates', async () => {
    await cli('simulate card.yaml --out events.csv');
    writeFileSync(at('file.yaml'), SMALL_CARD.replace('{ simulate: true }', '{ file: events.csv }'));
    expect((await cli('scan file.yaml --out file --backend cpu --no-plots')).code).toBe(0);
    const [direct, read] = await Promise.all([readTable(at('first')), readTable(at('file'))]);
    expect(numbersOf(read.table, 'n')).toEqual(numbersOf(direct.table, 'n'));
  });
});

describe('explain', () => {
  test('gives the numbers of the scan and a posterior whose quantile at the credibility is the limit', async () => {
    const { table } = await readTable(at('first'));
    const row = JSON.parse(first.out).summary.best[0].id;
    const { code, out } = await cli(`explain card.yaml --window ${row} --json`);
    expect(code).toBe(0);
    const told = JSON.parse(out);
    for (const [key, column] of [
      ['n', 'n'],
      ['background', 'bkg'],
      ['backgroundError', 'bkg_err'],
      ['sensitivity', 'sens'],
    ]) {
      expect(told[key], key).toBe(numbersOf(table, column)[row]);
    }
    expect(told.p0[0].z).toBe(numbersOf(table, 'z')[row]);
    const [limit] = told.limits;
    expect(limit.observed).toBe(numbersOf(table, 'limit_obs')[row]);
    const quantiles = limit.posterior.map(({ poi }: { poi: number }) => poi);
    expect([...quantiles].sort((a, b) => a - b)).toEqual(quantiles);
    expect(limit.posterior.find(({ probability }: { probability: number }) => probability === 0.9).poi).toBe(
      limit.observed,
    );
  });

  test('the text names every input', async () => {
    const { out } = await cli('explain card.yaml --window 0');
    for (const word of ['observed events', 'flat', 'on efficiency', 'on background', 'local p0', 'posterior', 'σ'])
      expect(out).toContain(word);
    expect(out).not.toMatch(/NaN|undefined|#sigma/);
  });
});

describe('compare, export, plot', () => {
  test('a run equals itself; another seed differs with exit code 1', async () => {
    expect((await cli('compare first first')).code).toBe(0);
    await cli('scan card.yaml --out seed2 --seed 2 --backend cpu --no-plots -q');
    const { code, out } = await cli('compare first seed2');
    expect(code).toBe(1);
    expect(out).toMatch(/DIFFER/);
    const json = await cli('compare first seed2 --json --rtol 1e-6');
    expect(JSON.parse(json.out)).toMatchObject({ equal: false, groups: [{ rtol: 1e-6, atol: 0 }] });
    expect((await cli('compare first nowhere')).code).toBe(5);
  });

  test('CSV, JSON and Parquet hold the same columns and numbers', async () => {
    const { table } = await readTable(at('first'));
    const csv = (await cli('export first')).out
      .trimEnd()
      .split('\n')
      .map((line) => line.split(','));
    const json = JSON.parse((await cli('export first --to json')).out);
    expect((await cli('export first --to parquet --out copy.parquet')).code).toBe(0);
    const copy = (await readTable(at('copy.parquet'))).table;
    const names = table.columns.map(({ name }) => name);
    expect(csv[0]).toEqual(names);
    expect(Object.keys(json[0])).toEqual(names);
    expect(copy.columns).toEqual(table.columns);
    expect([csv.length - 1, json.length]).toEqual([table.rowCount, table.rowCount]);
    const column = names.indexOf('limit_obs');
    numbersOf(table, 'limit_obs').forEach((value, i) => {
      expect(Number(csv[i + 1][column])).toBe(value);
      expect(json[i].limit_obs).toBe(value);
    });
    expect((await cli('export first --to parquet --out copy.parquet')).code).toBe(6);
  });

  test('plot draws the figures of the scan again, byte for byte', async () => {
    const { out } = await cli('plot first --list');
    const names = out.trimEnd().split('\n');
    expect(names).toContain('map-z');
    mkdirSync(at('again'));
    expect((await cli('plot first --what map-z,event-plane --no-png --out again -q')).code).toBe(0);
    expect(readdirSync(at('again')).sort()).toEqual(['event-plane.svg', 'map-z.svg']);
    for (const file of readdirSync(at('again'))) {
      expect(readFileSync(at('again', file), 'utf8')).toBe(readFileSync(at('first/plots', file), 'utf8'));
    }
    expect((await cli('plot first -q')).code).toBe(6);
  });
});

test('doctor says what auto takes and why', async () => {
  const { code, out } = await cli('doctor --json');
  expect(code).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ darkscan: packageVersion(), noAdapter: 'none in this test', auto: {} });
  expect((await cli('doctor')).out).toContain('auto takes:');
});

test('init writes cards that are valid', async () => {
  const names = exampleNames();
  expect((await cli('init --list')).out.trimEnd().split('\n')).toEqual(names);
  for (const name of names) {
    expect((await cli(`init ${name}.yaml --example ${name}`)).code).toBe(0);
    expect(() => parseAnyCard(readFileSync(at(`${name}.yaml`), 'utf8'), name)).not.toThrow();
    expect((await cli(`init ${name}.yaml --example ${name}`)).code).toBe(6);
  }
});
