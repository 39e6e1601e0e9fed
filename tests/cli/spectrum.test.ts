/** Every command on a card of sliding-range fits: what it writes, what it prints, and which say that they cannot. */
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { numbersOf } from '../../src/model/result.ts';
import { readTable } from '../../src/node/read-run.ts';
import { complaints, COUNTS, FITS_CARD, spectrumBench } from './spectrum-bench.ts';

const { at, cli, card, scan, folder } = spectrumBench();

let out = '';
beforeAll(async () => {
  const outcome = await cli(`scan ${card('bump')} --out run`);
  if (outcome.code !== 0) throw new Error(outcome.err);
  out = outcome.out;
});

describe('scan', () => {
  test('writes table, summary, provenance, card and figures', () => {
    expect(readdirSync(at('run')).sort()).toEqual(['card.yaml', 'hypotheses.parquet', 'plots', 'run.json', 'summary.json']); // prettier-ignore
    expect(readFileSync(at('run', 'card.yaml'), 'utf8')).toBe(FITS_CARD);
    const figures = readdirSync(at('run', 'plots')).filter((name) => name.endsWith('.svg'));
    expect(figures.sort()).toEqual(['limit.svg', 'p0.svg', 'pull.svg', 'spectrum-1.svg', 'spectrum-2.svg', 'spectrum-3.svg', 'spectrum.svg']); // prettier-ignore
    for (const name of figures) {
      const svg = readFileSync(at('run', 'plots', name), 'utf8');
      expect(svg, name).toMatch(/^(<\?xml.*\?>\s*)?<svg /);
      expect(svg, name).not.toMatch(/NaN|Infinity|undefined/);
      expect(statSync(at('run', 'plots', name.replace('.svg', '.png'))).size).toBeGreaterThan(1000);
    }
  });

  test('prints the most significant masses, what the best one means, limits and statuses', () => {
    expect(out).toMatch(/^bump \(bump\)\n19 hypotheses, fitted in /);
    expect(out).toMatch(/M \[GeV\]: (\d+) of \1 rows used in 60 bins/);
    expect(out).toMatch(/\n {2}9 +30 +146 ± 32 +479 +8\.4\de-7 +4\.79 /);
    expect(out).toContain('the best of 19 hypotheses, were they independent (Sidak): p 0.0000160 (Z 4.16)');
    expect(out).toContain('upper limits over hypotheses in events (cls-asymptotic, 95 % CL)');
    expect(out).toContain('hypotheses by status: 19 ok');
    expect(out).not.toMatch(/NaN|undefined|WARNING/);
  });

  test('as JSON is the summary', async () => {
    const { code, out: json, err } = await scan('json', [], '--json');
    expect(code, err).toBe(0);
    const { run, summary } = JSON.parse(json) as { run: string; summary: Record<string, unknown> };
    expect(run).toBe(at('json'));
    const written = JSON.parse(readFileSync(at('json', 'summary.json'), 'utf8')) as Record<string, unknown>;
    expect(summary).toEqual(written);
    expect(summary).toMatchObject({ schema: 'darkscan/spectrum-summary/1', nHypotheses: 19, status: { ok: 19 } });
    expect(existsSync(at('json', 'plots', 'p0.svg'))).toBe(false);
  });

  test('with -q says nothing', async () => {
    expect(await scan('quiet', [], '-q')).toEqual({ code: 0, out: '', err: '' });
  });

  test('a dry run says sizes and statuses and writes nothing', async () => {
    const before = readdirSync(folder);
    const dry = await cli('scan bump.yaml --dry-run');
    expect([dry.code, dry.err]).toEqual([0, '']);
    const total = COUNTS.reduce((a, b) => a + b);
    expect(dry.out).toBe(
      `bump: 19 fits\nspectrum: ${total} of ${total} rows in 60 bins, 19 hypotheses (19 ok), at most 18 bins and 4 parameters in a fit\n`,
    );
    const { code, out: json } = await cli('scan bump.yaml --dry-run --json');
    expect(code).toBe(0);
    expect(JSON.parse(json)).toMatchObject({
      card: 'bump',
      hypotheses: 19,
      spectra: [{ bins: 60, hypotheses: 19, largestRange: 18, parameters: 4, status: { ok: 19 } }],
    });
    expect(readdirSync(folder)).toEqual(before);
  });

  test('from standard input, numbered without --out', async () => {
    for (const n of [1, 2]) {
      const { code, err } = await cli('scan - --no-plots -q', { stdin: FITS_CARD });
      expect(code, err).toBe(0);
      expect(existsSync(at('runs', `bump-${n}`, 'hypotheses.parquet'))).toBe(true);
    }
  });

  test('refuses an existing directory, and replaces it with --force', async () => {
    expect((await scan('twice')).code).toBe(0);
    const again = await scan('twice');
    expect([again.code, complaints(again.err)]).toEqual([6, [expect.stringContaining('twice exists; choose another name or add --force')]]); // prettier-ignore
    expect((await scan('twice', [], '--force')).code).toBe(0);
  });

  test('interrupted leaves nothing behind', async () => {
    const { code, err } = await cli('scan bump.yaml --out stopped', { signal: AbortSignal.abort() });
    expect([code, complaints(err)]).toEqual([130, ['interrupted; nothing was written']]);
    expect(readdirSync(folder).filter((name) => /^stopped|^\.darkscan/.test(name))).toEqual([]);
  });
});

describe('validate', () => {
  test('a good card and its files', async () => {
    const { code, err } = await cli('validate bump.yaml');
    expect(code).toBe(0);
    const [first, second] = err.trimEnd().split('\n');
    expect(first).toMatch(/^bump\.yaml: valid card 'bump', sha256 [0-9a-f]{64}$/);
    expect(second).toMatch(/^spectra\[0\]\.data\.histogram\.file: counts\.csv, \d+ bytes, sha256 [0-9a-f]{64}$/);
  });

  test('every file that the card names', async () => {
    const named = card('files', [
      ['hypotheses: { from: 12, to: 48, step: 2 }', 'hypotheses: { table: { file: points.csv, columns: { x: x } } }'],
      ['{ kind: gaussian }', '{ kind: template, table: { file: shape.csv, columns: { low: a, high: b, content: w } } }'],
    ]); // prettier-ignore
    writeFileSync(at('points.csv'), 'x\n20\n30\n');
    const missing = await cli(`validate ${named}`);
    expect([missing.code, complaints(missing.err).length]).toEqual([5, 1]);
    expect(missing.err).toMatch(/shape\.table\.file.*'shape\.csv' not found|'shape\.csv' not found/);
    writeFileSync(at('shape.csv'), 'a,b,w\n-30,-1,0\n-1,1,1\n1,30,0\n');
    const { code, out: json } = await cli(`validate ${named} --json`);
    expect(code).toBe(0);
    const { files } = JSON.parse(json) as { files: { where: string }[] };
    expect(files.map(({ where }) => where)).toEqual([
      'spectra[0].data.histogram.file',
      'spectra[0].hypotheses.table.file',
      'spectra[0].shape.table.file',
    ]);
    expect((await cli(`scan ${named} --no-plots --out files`)).code).toBe(0);
  });

  test('a mistake: line, column, place', async () => {
    const wrong = card('wrong', [['kind: gaussian', 'kind: gausian']]);
    const { code, err } = await cli(`validate ${wrong} --no-data`);
    expect([code, err]).toEqual([
      3,
      "wrong.yaml:10:20: spectra[0].shape.kind is 'gausian', allowed: gaussian, crystal-ball, voigt, template; did you mean 'gaussian'?\n",
    ]);
  });
});

describe('what comes after a scan', () => {
  test('plot lists the figures, and draws those wanted', async () => {
    const { out: list } = await cli('plot run --list');
    expect(list.trim().split('\n')).toEqual(['spectrum', 'spectrum-1', 'spectrum-2', 'spectrum-3', 'p0', 'pull', 'limit']); // prettier-ignore
    const { code, err } = await cli('plot run --what p0,spectrum-1 --no-png --out again');
    expect(code, err).toBe(0);
    expect(readdirSync(at('again')).sort()).toEqual(['p0.svg', 'spectrum-1.svg']);
    for (const name of ['p0.svg', 'spectrum-1.svg'])
      expect(readFileSync(at('again', name), 'utf8')).toBe(readFileSync(at('run', 'plots', name), 'utf8'));
    const unknown = await cli('plot run --what p00');
    expect([unknown.code, unknown.err]).toEqual([2, expect.stringMatching(/^plot: no figure 'p00'; this run has spectrum, /)]); // prettier-ignore
  });

  test('export gives the same columns as CSV, JSON and Parquet', async () => {
    const { table } = await readTable(at('run'));
    const csv = (await cli('export run --to csv')).out.trimEnd().split('\n').map((line) => line.split(',')); // prettier-ignore
    expect(csv[0]).toEqual(table.columns.map(({ name }) => name));
    expect(csv).toHaveLength(20);
    const column = (name: string) => csv.slice(1).map((row) => Number(row[csv[0].indexOf(name)]));
    for (const name of ['mass', 's_hat', 'z', 'limit_obs']) expect(column(name)).toEqual([...numbersOf(table, name)]);
    const rows = JSON.parse((await cli('export run --to json')).out) as Record<string, number>[];
    expect(rows.map(({ z }) => z)).toEqual([...numbersOf(table, 'z')]);
    expect((await cli('export run --to parquet --out table.parquet')).code).toBe(0);
    expect((await readTable(at('table.parquet'))).table).toEqual(table);
  });

  test('compare finds a run equal to itself and to a repetition, and different from another', async () => {
    expect((await scan('repeat')).code).toBe(0);
    for (const other of ['run', 'repeat', 'run/hypotheses.parquet'])
      expect((await cli(`compare run ${other} --rtol 0 -q`)).code).toBe(0);
    expect((await scan('other', [['degree: 2', 'degree: 3']])).code).toBe(0);
    const { code, out: told } = await cli('compare run other');
    expect(code).toBe(1);
    expect(told).toMatch(/DIFFERENT|different/);
    expect((await scan('fewer', [['step: 2', 'step: 3']])).code).toBe(0);
    expect((await cli('compare run fewer')).code).toBe(1);
  });

  test('explain gives the numbers of one mass as the table has them', async () => {
    const { code, out: text, err } = await cli('explain bump.yaml --hypothesis 9');
    expect(code, err).toBe(0);
    expect(text).toMatch(/^hypothesis 9: mass 30, /);
    const { out: json } = await cli('explain bump.yaml --hypothesis 9 --json');
    const { table } = await readTable(at('run'));
    expect(json).toContain(String(numbersOf(table, 's_hat')[9]));
    expect(json).toContain(String(numbersOf(table, 'limit_obs')[9]));
  });
});

describe('what a card of fits does not have is said', () => {
  test.each([
    ['explain bump.yaml', 2, 'explain: found nothing, a card of fits needs --hypothesis ID; add it'],
    ['explain bump.yaml --window 3', 2, 'explain: found --window, a card of fits needs --hypothesis ID; add it'],
    ['explain bump.yaml --hypothesis 19', 2, 'explain: no hypothesis 19, this scan has 0 to 18'],
    ['simulate bump.yaml', 3, 'bump.yaml: scan is {kind: spectrum}, expected windows: simulate needs a card of windows'],
    ['toys bump.yaml --inject --n 5', 2, 'toys: --inject is for scans of windows, the card has spectra; leave it out'],
    ['scan bump.yaml --n 5', 2, 'scan: --n is the number of toys, --global is not given; add it'],
  ])('%s', async (line, code, message) => {
    const outcome = await cli(line);
    expect([outcome.code, outcome.out, outcome.err]).toEqual([code, '', `${message}\n`]);
  }); // prettier-ignore
});

describe('pseudo-data', () => {
  const SIMULATE = [
    ['data: { histogram: { file: counts.csv, columns: { low: lo, high: hi, count: n } } }', 'data: { simulate: { density: "300*exp(-x/30)", inject: [{ x: 30, events: 200 }] } }\n    bins: { from: 0, to: 60, width: 1 }'],
  ] as const; // prettier-ignore

  test('are a function of card and seed', async () => {
    for (const [name, seed] of [
      ['sim', '1'],
      ['same', '1'],
      ['next', '2'],
    ] as const)
      // prettier-ignore
      expect((await scan(name, SIMULATE, `--seed ${seed} -q`)).code).toBe(0);
    expect((await cli('compare sim same --rtol 0 -q')).code).toBe(0);
    expect((await cli('compare sim next -q')).code).toBe(1);
    const { provenance } = await readTable(at('next'));
    expect(provenance).toMatchObject({ scan: 'spectrum', seed: 2, files: [] });
    const { table } = await readTable(at('sim'));
    const z = numbersOf(table, 'z');
    expect(Math.abs(numbersOf(table, 'mass')[z.indexOf(Math.max(...z))] - 30)).toBeLessThan(2.5);
  });
});
