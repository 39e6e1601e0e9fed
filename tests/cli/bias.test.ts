/** `darkscan bias`: what it writes and prints, the spurious-signal test, and every wrong use in one line. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { tableFromParquet } from '../../src/io/result-parquet.ts';
import type { BiasResult } from '../../src/model/spectrum/bias-result.ts';
import { numbersOf } from '../../src/model/result.ts';
import { workplace, SMALL_CARD } from '../unit/cli/run-cli.ts';
import { edited, type Edit } from './line-card.ts';

const { folder, cli } = workplace();
const at = (...parts: string[]): string => join(folder, ...parts);
const read = (...parts: string[]): string => readFileSync(at(...parts), 'utf8');
const resultOf = (run: string): BiasResult => JSON.parse(read(run, 'bias.json'));

/** A parabola on a falling line, 2500 events a bin: 31 hypotheses, fitted by a straight line in the whole spectrum. */
const CARD = `schema: darkscan/card/1
name: falling
scan: { kind: spectrum }
spectra:
  - data: { simulate: { density: '2500 - 30*x + 0.8*(x - 20)^2' } }
    x: { label: m, unit: GeV }
    bins: { from: 0, to: 40, width: 1 }
    hypotheses: { from: 5, to: 35, step: 1 }
    resolution: 1
    shape: { kind: gaussian }
    range: { half_width: 100 }
    background: { kind: chebyshev, degree: 1 }
signal:
  poi: { name: S, unit: events }
statistics:
  limits: []
`;
const write = (name: string, edits: readonly Edit[] = []) => writeFileSync(at(name), edited(CARD, edits));
write('card.yaml');
write('parabola.yaml', [['degree: 1', 'degree: 2']]);
write('other-data.yaml', [['2500 -', '2400 -']]);
write('fewer-bins.yaml', [['to: 40, width', 'to: 39, width']]);
write('narrow.yaml', [
  ['half_width: 100', 'half_width: 8'],
  ['to: 35', 'to: 20'],
]);
write('spurious.yaml', [['    range:', '    spurious_signal: 20\n    range:']]);
writeFileSync(at('windows.yaml'), SMALL_CARD);

const bias = (args: string, options?: Parameters<typeof cli>[1]) => cli(`bias ${args} --backend cpu`, options);
/** Lines of stderr that are not progress. */
const complaints = (err: string): string[] =>
  err
    .split('\n')
    .filter((line) => line !== '' && !/ toys of \d+ hypotheses at \d+ strengths on |^toys: \d+ of \d+/.test(line));

let first: Awaited<ReturnType<typeof cli>>;
beforeAll(async () => void (first = await bias('card.yaml --n 300 --every 10 --strengths 0,3 --out first')));

describe('a measurement', () => {
  test('writes its result as JSON, CSV and Parquet, the card, the record and the figures', async () => {
    const { code, out, err } = first;
    expect([code, complaints(err)]).toEqual([0, []]);
    expect(readdirSync(at('first')).sort()).toEqual([
      'bias.csv',
      'bias.json',
      'bias.parquet',
      'card.yaml',
      'plots',
      'run.json',
    ]);
    const { rows, overall, ...result } = resultOf('first');
    expect(result).toMatchObject({
      card: 'falling',
      truth: null,
      seed: 1,
      n_toys: 300,
      n_hypotheses: 4,
      spurious: null,
    });
    expect(rows.map(({ id, strength }) => [id, strength])).toEqual([0, 10, 20, 30].flatMap((id) => [[id, 0], [id, 3]])); // prettier-ignore
    for (const { bias: found, bias_err, pull_width, pull_width_err } of rows) {
      // 16 numbers within 5 errors
      expect(Math.abs(found!)).toBeLessThan(5 * bias_err!);
      expect(Math.abs(pull_width! - 1)).toBeLessThan(5 * pull_width_err!);
    }
    const { table } = await tableFromParquet(readFileSync(at('first', 'bias.parquet')), 'bias');
    expect([...numbersOf(table, 'bias')]).toEqual(rows.map((row) => row.bias));
    expect(read('first', 'bias.csv').trimEnd().split('\n')).toHaveLength(1 + rows.length);
    expect(read('first', 'card.yaml')).toBe(CARD);
    expect(JSON.parse(read('first', 'run.json'))).toMatchObject({
      schema: 'darkscan/bias-run/1',
      seed: 1,
      backend: { kind: 'cpu' },
    });
    expect(out).toContain('falling: 300 toys of 4 hypotheses at 2 strengths, thrown from its fits, stitched, seed 1');
    expect(out).toMatch(/signed Z without signal, share of toys \(normal\): Z < -2 [\d.]+ % \(2.28 %\)/);
    expect(out).toContain(`${overall[0].largest!.in_errors.toFixed(3)} at `);
  });

  test('its figures show every strength, and plot draws them again', async () => {
    for (const name of ['bias', 'bias-pull']) {
      const svg = read('first', 'plots', `${name}.svg`);
      expect(svg).toContain('no signal');
      expect(svg).toContain('signal of 3 errors');
      // four hypotheses at two strengths, in both panels of the pull
      expect(svg.match(/<circle /g)).toHaveLength(name === 'bias' ? 8 : 16);
    }
    const { code, err } = await cli('plot first --out again --no-png');
    expect([code, err.trimEnd().split('\n')]).toEqual([0, ['again/bias-pull.svg', 'again/bias.svg']]);
    expect(read('again', 'bias.svg') === read('first', 'plots', 'bias.svg')).toBe(true);
  });

  test('export and compare read it', async () => {
    expect((await cli('export first --to csv')).out).toBe(read('first', 'bias.csv'));
    expect((await cli('compare first first')).code).toBe(0);
  });

  test('named hypotheses, another seed, JSON on stdout; the same numbers whatever else is thrown', async () => {
    const { code, out } = await bias(
      'card.yaml --n 300 --hypotheses 20,10 --strengths 0 --json --no-plots --out named',
    );
    expect(code).toBe(0);
    const { run, result } = JSON.parse(out) as { run: string; result: BiasResult };
    expect(run).toBe(at('named'));
    expect(existsSync(at('named', 'plots', 'bias.svg'))).toBe(false);
    expect(result.rows).toEqual(
      resultOf('first').rows.filter(({ id, strength }) => [10, 20].includes(id) && strength === 0),
    );
    await bias('card.yaml --n 300 --hypotheses 10 --strengths 0 --seed 1 --no-plots -q --out same');
    expect(resultOf('same').rows[0]).toEqual(result.rows[0]);
  });

  test('by default 20 hypotheses at 0, 2 and 5 errors, in runs/<card>-bias-<n>', async () => {
    const { code, err } = await bias('card.yaml --n 2 --no-plots');
    expect([code, complaints(err)]).toEqual([0, []]);
    const { rows, overall } = resultOf('runs/falling-bias-1');
    expect(overall.map(({ strength }) => strength)).toEqual([0, 2, 5]);
    expect(new Set(rows.map(({ id }) => id)).size).toBe(20);
  });

  test('the spurious signal of the card does not enter what it is measured by', async () => {
    const { code, err } = await bias('spurious.yaml --n 300 --every 10 --strengths 0,3 --no-plots --out spurious');
    expect([code, complaints(err)]).toEqual([
      0,
      ['the spurious_signal of the card is left out of these fits: it is what they measure'],
    ]);
    expect(resultOf('spurious').rows).toEqual(resultOf('first').rows);
  });
});

test('--truth gives the spurious signal of a line on a parabola in the form of the card', async () => {
  const { code, out } = await bias('card.yaml --truth parabola.yaml --n 400 --every 5 --no-plots --out truth');
  expect(code, out).toBe(0);
  const { rows, truth, spurious, warnings } = resultOf('truth');
  expect(truth).toBe('parabola.yaml');
  const largest = rows
    .filter(({ strength }) => strength === 0)
    .reduce((a, b) => (Math.abs(b.mean_s!) > Math.abs(a.mean_s!) ? b : a));
  expect(spurious).toMatchObject([
    { where: 'spectra[0].spurious_signal', events: Math.abs(largest.mean_s!), id: largest.id },
  ]);
  expect(spurious![0].in_errors).toBeGreaterThan(0.5);
  expect(warnings.join()).toMatch(/S\^ is biased by more than 0.2 of its error/);
  const line = out.split('\n').find((text) => /^ +spurious_signal: /.test(text))!;
  expect(Number(/: ([\d.]+) # events$/.exec(line)![1]) / spurious![0].events).toBeCloseTo(1, 2);
  // which a card takes, as it does the other form
  const lines = out.split('\n').filter((text) => /^ +spurious_signal: /.test(text));
  expect(lines).toHaveLength(2);
  for (const pasted of lines) {
    write('pasted.yaml', [['    range:', `    ${pasted.trim()}\n    range:`]]);
    expect((await cli('validate pasted.yaml')).code).toBe(0);
  }
  expect(read('truth', 'truth.yaml')).toBe(read('parabola.yaml'));
});

test.each([
  ['card.yaml --strengths 0,-1', 2, /--strengths.*expected up to 16 different numbers from 0 to 1000/],
  ['card.yaml --strengths 2,2', 2, /--strengths/],
  ['card.yaml --hypotheses 3,x', 2, /--hypotheses.*expected numbers of hypotheses separated by commas/],
  ['card.yaml --hypotheses 31', 2, /^bias: no hypothesis 31, this scan has 0 to 30$/],
  ['card.yaml --hypotheses 3 --every 2', 2, /cannot be used with/],
  ['card.yaml --every 0', 2, /--every.*expected a whole number/],
  ['card.yaml --n 1', 2, /--n.*expected a number of toys from 2 to 1000000/],
  ['card.yaml --n 2e6', 2, /--n.*expected a number of toys from 2 to 1000000/],
  [
    'card.yaml --truth parabola.yaml --strengths 2',
    2,
    /^bias: --truth measures toys without signal; add 0 to --strengths$/,
  ],
  ['card.yaml --truth parabola.yaml --from own', 2, /^bias: --truth throws from the stitched fits of another card/],
  ['card.yaml --from fit', 2, /--from.*Allowed choices are stitched, own/],
  ['', 2, /missing required argument 'card'/],
  ['none.yaml', 5, /^card: none.yaml is not there/],
  ['windows.yaml', 3, /scan is windows, expected \{kind: spectrum\}: bias needs a card of sliding-range fits$/],
  ['card.yaml --truth windows.yaml', 3, /^windows.yaml: scan is windows/],
  [
    'card.yaml --truth fewer-bins.yaml',
    3,
    /^bias: fewer-bins.yaml has 39 bins in spectra\[0\], not 40; --truth needs a card on the same data$/,
  ],
  ['card.yaml --truth other-data.yaml', 3, /^bias: other-data.yaml has other counts in spectra\[0\], bin \d+/],
  [
    'card.yaml --truth narrow.yaml',
    3,
    /^bias: no fit of narrow.yaml reaches the bin at 28, in the range of the hypothesis at/,
  ],
  ['card.yaml --out card.yaml', 6, /^output: .*card.yaml is a file/],
  ['card.yaml --out first', 6, /^output: .*first exists; choose another name or add --force$/],
] as const)('bias %s is told in one line, exit code %i', async (args, code, message) => {
  const before = readdirSync(folder);
  const outcome = await bias(args);
  expect([outcome.code, outcome.out]).toEqual([code, '']);
  expect(complaints(outcome.err)).toHaveLength(1);
  expect(complaints(outcome.err)[0].trim()).toMatch(message);
  expect(readdirSync(folder)).toEqual(before);
});

test('Ctrl-C leaves nothing', async () => {
  const before = readdirSync(folder);
  const controller = new AbortController();
  const onError = (text: string) => text.includes('hypotheses at') && controller.abort();
  const { code, err } = await bias('card.yaml --n 1000 --out stopped', { signal: controller.signal, onError });
  expect(code).toBe(130);
  expect(complaints(err)).toEqual(['interrupted; nothing was written']);
  expect(readdirSync(folder)).toEqual(before);
});
