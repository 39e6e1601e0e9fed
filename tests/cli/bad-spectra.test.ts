/** Input of sliding-range fits that cannot be used: the documented exit code, one clear line, nothing written. */
import { readdirSync, writeFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { unitTable } from '../support/spectrum-cards.ts';
import type { Edit } from './line-card.ts';
import { complaints, COUNTS, spectrumBench } from './spectrum-bench.ts';

const { at, cli, scan, card, folder } = spectrumBench();

async function expectRefused(name: string, edits: readonly Edit[], code: number, line: RegExp | string): Promise<void> {
  const outcome = await scan(name, edits);
  expect(complaints(outcome.err), 'stderr').toHaveLength(1);
  if (typeof line === 'string') expect(complaints(outcome.err)[0]).toBe(line);
  else expect(complaints(outcome.err)[0]).toMatch(line);
  expect([outcome.code, outcome.out]).toEqual([code, '']);
  const left = readdirSync(folder).filter((entry) => entry === name || entry.startsWith('.darkscan'));
  expect(left, 'nothing is written').toEqual([]);
}

const GOOD = unitTable(COUNTS).split('\n');
/** The table with bin `i` replaced. */
function tableWith(i: number, row: string): Edit {
  writeFileSync(at('bad.csv'), GOOD.map((line, k) => (k === i + 1 ? row : line)).join('\n'));
  return ['counts.csv', 'bad.csv'];
}
function tableOf(text: string | Uint8Array, name = 'bad.csv'): Edit {
  writeFileSync(at(name), text);
  return ['counts.csv', name];
}
const WHOLE = 'a whole number >= 0; give counts, not densities or weights';

describe('a binned table', () => {
  test.each([
    ['unsorted', '1.5,2,7', 'bin 5 starts at 1.5, below bin 4 at 4, expected ascending bins; sort the table'],
    ['overlapping', '4.5,6,7', 'bin 5 starts at 4.5, inside bin 4 that ends at 5, expected bins without overlap'],
    ['from right to left', '6,5,7', 'bin 5 goes from 6 to 5, expected two finite edges, the low one first'],
    ['without width', '5,5,7', 'bin 5 goes from 5 to 5, expected two finite edges, the low one first'],
    ['with a negative count', '5,6,-7', `bin 5 has -7 events, expected ${WHOLE}`],
    ['with half an event', '5,6,7.5', `bin 5 has 7.5 events, expected ${WHOLE}`],
    ['with a huge count', '5,6,5e9', 'bin 5 has 5000000000 events, expected at most 4294967295; give counts, not densities or weights'],
  ])('%s', (_, row, message) => expectRefused('bins', [tableWith(5, row)], 5, `bad.csv: ${message}`)); // prettier-ignore

  test.each([
    ['a count that is no number', '5,6,many', 'bad.csv:7: n: not a number, expected a number in every row; correct the table'],
    ['a missing cell', '5,6', /^bad\.csv:7: .*expected a number in every row; correct the table$/],
    ['an infinite edge', '5,inf,7', 'bad.csv:7: hi: not finite, expected a number in every row; correct the table'],
  ])('with %s: the line', (_, row, message) => expectRefused('cells', [tableWith(5, row)], 5, message)); // prettier-ignore

  test('that is not there, empty, without rows, without the column, not a table', async () => {
    await expectRefused('none', [['counts.csv', 'none.csv']], 5, /'none\.csv' not found, looked in /);
    await expectRefused('empty', [tableOf('')], 5, /^bad\.csv: is empty .* expected a header line/);
    await expectRefused('rows', [tableOf('lo,hi,n\n')], 5, 'bad.csv: has a header but no rows, expected at least one');
    await expectRefused(
      'column',
      [['count: n }', 'count: nn }']],
      5,
      /^counts\.csv: no column 'nn'; did you mean 'n'\?/,
    );
    await expectRefused('gzip', [tableOf(gzipSync(GOOD.join('\n')).subarray(0, 60), 'bad.csv.gz')], 5, /bad\.csv\.gz.*truncated gzip/); // prettier-ignore
  });

  test('may have counts up to 2^32 - 1', async () => {
    const { code, err } = await scan('large', [tableOf(unitTable(COUNTS.map((n) => n * 1e7)))]);
    expect([code, complaints(err)]).toEqual([0, []]);
  });
});

describe('events', () => {
  const events = (rows: readonly (string | number)[], more = ''): Edit[] => {
    writeFileSync(at('e.csv'), `m\n${rows.join('\n')}\n`);
    return [
      ['histogram: { file: counts.csv, columns: { low: lo, high: hi, count: n } }', `file: e.csv${more}`],
      ['x: { label', 'bins: { from: 0, to: 60, width: 1 }\n    x: { column: m, label'],
    ];
  };

  test('that are all outside, all rejected, or none', async () => {
    const message = (n: number) =>
      `e.csv: ${n} events selected, none between 0 and 60; check spectra[0].data.select and spectra[0].bins`;
    await expectRefused('outside', events([-4, 60, 1e9]), 5, message(3));
    await expectRefused('rejected', events([3, 4], ', select: ["m > 5"]'), 5, message(0));
    await expectRefused('no-rows', events([]), 5, message(0));
    await expectRefused('no-column', [...events([3]), ['column: m', 'column: mass']], 5, /^e\.csv: no column 'mass'/);
    await expectRefused('unknown', events([3], ', select: ["w > 5"]'), 5, "e.csv: no column 'w'; the file has m");
  });

  test('in bins that are none, or too many', async () => {
    const width = (w: string): Edit => ['width: 1 }', `width: ${w} }`];
    await expectRefused('zero', [...events([3]), width('0')], 3, 'card: spectra[0].bins.width is 0 at x = 0, expected a finite number above 0; correct it'); // prettier-ignore
    await expectRefused('wide', [...events([3]), width('61')], 3, 'card: spectra[0].bins: the first bin, of width 61, ends beyond 60; make it narrower'); // prettier-ignore
    await expectRefused('narrow', [...events([3]), width('1.0e-12')], 3, 'card: spectra[0].bins: more than 1000000 bins from 0 to 60; make them wider'); // prettier-ignore
  });
});

describe('fits', () => {
  const RANGE = 'half_width: 9';
  const GAUSSIAN = '{ kind: gaussian }';
  const TEMPLATE = '{ kind: template, table: { file: shape.csv, columns: { low: a, high: b, content: w } } }';

  test('with fewer bins than parameters everywhere', () =>
    expectRefused('few', [[RANGE, 'half_width: 1.5']], 5, 'bump: nothing to scan: 19 of 19 hypotheses without a fit (few-bins): fewer bins in the range than parameters of the fit; widen it, take narrower bins or a lower order, or leave these positions out')); // prettier-ignore

  test('with fewer bins than parameters somewhere: a warning, and the rest is scanned', async () => {
    const { code, out } = await scan('somewhere', [['resolution: 1', 'resolution: "x < 20 ? 0.15 : 1"']]);
    expect(code).toBe(0);
    expect(out).toMatch(/hypotheses by status: \d+ FEW-BINS, 14 ok\n/);
    expect(out).toMatch(/\nWARNING \d+ of \d+ hypotheses without a fit \(few-bins\): fewer bins in the range than /);
    expect(out).not.toMatch(/NaN|undefined/);
  });

  test('of nothing: all counts are 0', () =>
    expectRefused('zero', [tableOf(unitTable(COUNTS.map(() => 0)))], 5, 'bump: nothing to scan: 19 of 19 hypotheses without a fit (empty-range): no event in the range; widen it or leave these positions out')); // prettier-ignore

  test('of a signal wider than the range', () =>
    expectRefused('wide', [['resolution: 1', 'resolution: 50'], [RANGE, 'half_width: 9, clip: [20, 40]'], ['step: 2', 'step: 0.1']], 5, /^bump: nothing to scan: \d+ of \d+ hypotheses without a fit \(signal-outside\): less than half of the signal in the fitted bins; widen the range or leave these positions out$/)); // prettier-ignore

  test('with a template that does not cover the range, or is none', async () => {
    const template = (text: string): Edit[] => {
      writeFileSync(at('shape.csv'), text);
      return [[GAUSSIAN, TEMPLATE]];
    };
    await expectRefused('short', template('a,b,w\n-2,0,1\n0,2,1\n'), 5, 'shape.csv: it ends at 10 and 14 with events at the end, expected all of the bin from 3 to 4 covered; add empty bins or narrow the range'); // prettier-ignore
    await expectRefused('gap', template('a,b,w\n-9,0,1\n1,9,1\n'), 5, 'shape.csv: bin 1 starts at 1, the one before ends at 0, expected a template without gaps; sort or fill it'); // prettier-ignore
    await expectRefused('negative', template('a,b,w\n-9,9,-1\n'), 5, 'shape.csv: content -1 in bin 0, expected a number >= 0'); // prettier-ignore
    await expectRefused('nothing', template('a,b,w\n-9,9,0\n'), 5, 'shape.csv: no content, expected a sum above 0');
    await expectRefused('lost', [[GAUSSIAN, TEMPLATE.replace('shape', 'lost')]], 5, /'lost\.csv' not found/);
  });

  test('with a background that has no value there', () =>
    expectRefused('domain', [['{ kind: chebyshev, degree: 2 }', '{ kind: power-law, powers: 1, threshold: 58 }']], 5, /^bump: nothing to scan: 19 of 19 hypotheses without a fit \(outside-domain\)/)); // prettier-ignore

  test.each([
    ['a resolution of 0', 'resolution: 1', 'resolution: "x - 12"', 'card: spectra[0].resolution is 0 at x = 12, expected a finite number above 0; correct it'],
    ['a mass that is no number', 'resolution: 1', 'mass: "sqrt(x - 20)"\n    resolution: 1', 'card: spectra[0].mass is NaN at x = 12, expected a finite number; correct it'],
    ['a negative degree', 'degree: 2', 'degree: "20 - x"', 'card: spectra[0].background.degree is 8 at x = 12, expected a finite number of at least 0 and below 8; correct it'],
    ['a tail without an integral', GAUSSIAN, '{ kind: crystal-ball, low: { alpha: 1, n: 1 } }', 'card: spectra[0].shape.low.n is 1 at x = 12, expected a finite number above 1; correct it'],
    ['an efficiency above 1', 'unit: events }', 'unit: events }, efficiency: "x/40"', 'card: signal.efficiency is 1.05 at x = 42, expected a finite number of at least 0 and of at most 1; correct it'],
    ['too many hypotheses', 'step: 2', 'step: 1.0e-20', 'card: spectra[0].hypotheses: more than 1000000 steps from 12 to 48 with sigma = 1 at 12; take a larger step or check the units'],
  ] as const)('with %s', (_, found, put, message) => expectRefused('formula', [[found, put]], 3, message)); // prettier-ignore
});

test('all of it is found by a dry run and by explain too', async () => {
  const bad = card('bad', [tableWith(5, '1.5,2,7')]);
  for (const line of [`scan ${bad} --dry-run`, `explain ${bad} --hypothesis 1`, `toys ${bad} --n 3 --out t`]) {
    const { code, out, err } = await cli(line);
    expect([code, out, complaints(err)], line).toEqual([5, '', [expect.stringContaining('bad.csv: bin 5 starts at')]]);
  }
  expect(readdirSync(folder)).not.toContain('t');
});
