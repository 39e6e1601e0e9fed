/** Hypotheses that cannot be fitted, or only just: which status, which numbers are missing, what the summary says. */
import { describe, expect, test } from 'vitest';
import { toJsonText } from '../../../src/io/result-json.ts';
import { tableToParquet } from '../../../src/io/result-parquet.ts';
import { findColumn, type ResultTable } from '../../../src/model/result.ts';
import { spectrumSummaryText } from '../../../src/report/spectrum/summary-text.ts';
import { binnedTable, HISTOGRAM, refusalOf, scan, unitTable, type Files } from '../../support/spectrum-cards.ts';

const CLS = '{ method: cls-asymptotic, confidence: 0.95 }';
const FITTED = ['s_hat', 's_err', 'b_hat', 'q0', 'z', 'p0', 'ln_p0', 'p_signed', 'p_fit', 'edm'];
const LIMITS = ['obs', 'exp_m2', 'exp_m1', 'exp_0', 'exp_p1', 'exp_p2'].map((q) => `limit_${q}`);

const statuses = (table: ResultTable) => findColumn(table, 'status')!.values as readonly string[];
const isNull = (table: ResultTable, name: string, row: number) => Number.isNaN(findColumn(table, name)!.values[row]);

// 20 empty bins, 10 with single events, 60 with about 45 each
const COUNTS = [
  ...Array.from({ length: 20 }, () => 0),
  1,
  0,
  0,
  2,
  0,
  0,
  0,
  1,
  0,
  0,
  ...Array.from({ length: 60 }, (_, i) => 40 + ((i * 7) % 11)),
];

interface Parts {
  readonly points: string;
  readonly background?: string;
  readonly range?: string;
  readonly shape?: string;
  readonly signal?: string;
  readonly files?: Files;
}

function scanOf({ points, background, range, shape, signal, files = {} }: Parts) {
  const block = `${HISTOGRAM}
x: { label: m, unit: GeV }
hypotheses: { table: { file: p.csv, columns: { x: x, sigma: s } } }
range: ${range ?? '{ half_width: 5 }'}
shape: ${shape ?? '{ kind: gaussian }'}
background: ${background ?? '{ kind: chebyshev, degree: 2 }'}`;
  return scan(
    { spectra: [block], limits: CLS, ...(signal ? { signal } : {}) },
    { 'counts.csv': unitTable(COUNTS), 'p.csv': `x,s\n${points}`, ...files },
  );
}

describe('each reason for no fit', () => {
  const CASES: [status: string, parts: Parts, message: RegExp][] = [
    [
      'few-bins',
      { points: '50,1\n52,0.35\n' },
      /^1 of 2 hypotheses without a fit \(few-bins\): fewer bins in the range than parameters of the fit; /,
    ],
    [
      'few-bins', // beyond the end of the spectrum
      { points: '50,1\n120,1\n' },
      /^1 of 2 hypotheses without a fit \(few-bins\)/,
    ],
    ['empty-range', { points: '10,1\n50,1\n' }, /^1 of 2 hypotheses without a fit \(empty-range\): no event in the range; /],
    [
      'signal-outside', // wider than the range that it may use
      { points: '50,1\n60,20\n', range: '{ half_width: 5, clip: [40, 62] }' },
      /^1 of 2 hypotheses without a fit \(signal-outside\): less than half of the signal in the fitted bins; /,
    ],
    [
      'signal-outside', // vetoed
      { points: '50,1\n70,1\n', range: '{ half_width: 5, exclude: [[69, 71]] }' },
      /^1 of 2 hypotheses without a fit \(signal-outside\)/,
    ],
    [
      'degenerate', // flat signal, flat background
      {
        points: '50,1\n70,1\n',
        background: '{ kind: chebyshev, degree: 0 }',
        range: '{ half_width: 5, clip: [44, 75] }',
        shape: '{ kind: template, table: { file: s.csv, columns: { low: a, high: b, content: w } }, scale: "x < 60 ? 1 : 5" }',
        files: { 's.csv': 'a,b,w\n-20,-1,0\n-1,1,1\n1,20,0\n' },
      },
      /^1 of 2 hypotheses without a fit \(degenerate\): signal and backgrounds cannot be told apart in the range; /,
    ],
    [
      'outside-domain',
      { points: '50,1\n82,1\n', background: '{ kind: power-law, powers: 1, end: 85.5 }' },
      /^1 of 2 hypotheses without a fit \(outside-domain\): the range goes beyond threshold or end of the background; /,
    ],
  ]; // prettier-ignore

  test.each(CASES)('%s', async (status, parts, message) => {
    const { table, summary, provenance } = await scanOf(parts);
    const row = statuses(table).indexOf(status);
    expect([...statuses(table)].sort(), 'one of them is fitted').toEqual(['ok', status].sort());
    for (const name of [...FITTED, ...LIMITS]) {
      expect(isNull(table, name, row), `${name} of the other`).toBe(true);
      expect(isNull(table, name, 1 - row), name).toBe(false);
    }
    for (const name of ['mass', 'sigma', 'range_low', 'range_high', 'sens'])
      expect(isNull(table, name, row), name).toBe(false);
    expect(findColumn(table, 'n_background')!.values[row]).toBe(0);
    expect(summary.status).toEqual({ ok: 1, [status]: 1 });
    const told = summary.warnings.filter((warning) => message.test(warning));
    expect(told, summary.warnings.join('\n')).toHaveLength(1);
    expect(provenance.warnings).toEqual(summary.warnings);
    const text = spectrumSummaryText(summary);
    expect(text).toContain(`1 ${status.toUpperCase()}`);
    expect(text).toContain(`WARNING ${told[0]}`);
    expect(() => [toJsonText(summary), tableToParquet(table, provenance)]).not.toThrow();
  });
});

describe('where nothing at all can be fitted', () => {
  test.each([
    ['every range is empty', { points: '5,1\n10,1\n' }, /^data: test-spectra: nothing to scan: 2 of 2 hypotheses without a fit \(empty-range\): no event in the range; /],
    ['every range has too few bins', { points: '50,0.2\n', range: '{ half_width: 5 }' }, /^data: test-spectra: nothing to scan: 1 of 1 hypotheses without a fit \(few-bins\)/],
    ['the signal is wider than the range', { points: '50,40\n60,40\n', range: '{ half_width: 1, clip: [45, 65] }' }, /^data: test-spectra: nothing to scan: 2 of 2 hypotheses without a fit \(signal-outside\)/],
    ['for several reasons', { points: '10,1\n50,0.2\n' }, /^data: test-spectra: nothing to scan: 1 of 2 hypotheses without a fit \(few-bins\).*; 1 of 2 .* \(empty-range\)/],
  ] as [string, Parts, RegExp][])('%s: one line', async (_, parts, message) => {
    expect(await refusalOf(() => scanOf(parts))).toMatch(message);
  }); // prettier-ignore

  test('all counts are 0', async () => {
    const files = { 'counts.csv': unitTable(COUNTS.map(() => 0)) };
    expect(await refusalOf(() => scanOf({ points: '50,1\n', files }))).toMatch(/\(empty-range\)/);
  });

  test('a template that does not cover the range', async () => {
    const shape = '{ kind: template, table: { file: s.csv, columns: { low: a, high: b, content: w } } }';
    const files = { 's.csv': 'a,b,w\n-2,0,1\n0,2,1\n' };
    expect(await refusalOf(() => scanOf({ points: '50,1\n', shape, files }))).toBe(
      'data: s.csv: it ends at 48 and 52 with events at the end, expected all of the bin from 45 to 46 covered; add empty bins or narrow the range',
    );
  });

  test.each([
    ['gaps', 'a,b,w\n-9,0,1\n1,9,1\n', 's.csv: bin 1 starts at 1, the one before ends at 0, expected a template without gaps; sort or fill it'],
    ['negative contents', 'a,b,w\n-9,0,1\n0,9,-1\n', 's.csv: content -1 in bin 1, expected a number >= 0'],
    ['no content', 'a,b,w\n-9,0,0\n0,9,0\n', 's.csv: no content, expected a sum above 0'],
    ['edges from right to left', 'a,b,w\n9,0,1\n', 's.csv: edges 9, 0, expected ascending numbers'],
  ])('a template with %s', async (_, text, message) => {
    const shape = '{ kind: template, table: { file: s.csv, columns: { low: a, high: b, content: w } } }';
    expect(await refusalOf(() => scanOf({ points: '50,1\n', shape, files: { 's.csv': text } }))).toBe(`data: ${message}`);
  }); // prettier-ignore
});

describe('fits that need care', () => {
  test('no expected signal: the fit has its numbers, the limits are missing', async () => {
    const signal = '{ poi: { name: s, unit: fb }, efficiency: "x > 60 ? 0 : 0.5" }';
    const { table } = await scanOf({ points: '50,1\n70,1\n', signal });
    expect(statuses(table)).toEqual(['ok', 'no-sensitivity']);
    for (const name of FITTED) expect(isNull(table, name, 1), name).toBe(false);
    for (const name of LIMITS) expect([isNull(table, name, 0), isNull(table, name, 1)], name).toEqual([false, true]);
  });

  test('a density at 0 is `boundary`, and keeps its z', async () => {
    // a hole in the middle of the range: the best parabola touches 0 there
    const counts = COUNTS.map((n, i) => (i >= 46 && i <= 54 ? 0 : n));
    const { table } = await scanOf({ points: '50,1\n75,1\n', files: { 'counts.csv': unitTable(counts) } });
    expect(statuses(table)[1]).toBe('ok');
    expect(['boundary', 'no-error', 'empty-range']).toContain(statuses(table)[0]);
  });
});

describe('no number is ever NaN or infinite where its status does not say so', () => {
  const random = (seed: number) => {
    let state = seed;
    return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
  };
  const BACKGROUNDS = [
    '{ kind: chebyshev, degree: 0 }',
    '{ kind: chebyshev, degree: 3 }',
    '{ kind: chebyshev, degree: 7 }',
    '{ kind: bernstein, degree: 4 }',
    '{ kind: exponential, degree: 2 }',
    '{ kind: power-law, powers: 2 }',
    '{ kind: chebyshev, degree: { rule: bic, from: 0, to: 4 } }',
  ];
  const SHAPES = [
    '{ kind: gaussian }',
    '{ kind: voigt, width: 1 }',
    '{ kind: crystal-ball, low: { alpha: 1, n: 1.5 } }',
    '{ kind: template, table: { file: s.csv, columns: { low: a, high: b, content: w } }, scale: 2 }',
  ];
  const SCALES = [0.02, 0.5, 5, 1e3, 2e8];

  test.each(Array.from({ length: 18 }, (_, i) => i))('random spectrum %d', async (i) => {
    const next = random(i + 1);
    const scale = SCALES[i % SCALES.length];
    const low: number[] = [0.5];
    for (let k = 0; k < 40; k++) low.push(low[k] + 0.25 + next());
    const counts = low.slice(1).map(() => Math.floor(scale * -Math.log(1 - next())));
    const { table, summary, provenance } = await scanOf({
      points: Array.from({ length: 6 }, (_, k) => `${1 + 5 * k + next()},${0.2 + 2 * next()}\n`).join(''),
      background: BACKGROUNDS[i % BACKGROUNDS.length],
      shape: SHAPES[i % SHAPES.length],
      range: `{ half_width: ${2 + Math.floor(8 * next())}, min_width: 6 }`,
      files: {
        'counts.csv': binnedTable(low.slice(0, -1), low.slice(1), counts),
        's.csv': 'a,b,w\n-50,-1,0\n-1,0,2\n0,2,1\n2,50,0\n',
      },
    }).catch((error: Error) => {
      expect(error.message).toMatch(/^test-spectra: nothing to scan: /);
      return { table: undefined, summary: undefined, provenance: undefined };
    });
    if (table === undefined) return;
    expect(() => [toJsonText(summary), tableToParquet(table, provenance)]).not.toThrow();
    statuses(table).forEach((status, row) => {
      if (status === 'ok')
        for (const name of [...FITTED, ...LIMITS]) expect(isNull(table, name, row), `${name}[${row}]`).toBe(false);
      const z = findColumn(table, 'z')!.values[row] as number;
      if (!Number.isNaN(z)) expect(findColumn(table, 'p0')!.values[row] as number).toBeLessThanOrEqual(0.5);
    });
  });
});
