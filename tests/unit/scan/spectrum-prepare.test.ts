/** From the files of a card of sliding-range fits to spectra, hypotheses and what the signal means. */
import { describe, expect, test } from 'vitest';
import { prepareSpectra } from '../../../src/scan/spectrum/prepare.ts';
import { HISTOGRAM, memoryFiles, prepare, refusalOf, spectrumCard, unitTable } from '../../support/spectrum-cards.ts';

const MODEL = `shape: { kind: gaussian }
background: { kind: chebyshev, degree: 1 }`;
const FLAT = Array.from({ length: 20 }, (_, i) => 10 + (i % 3));

const EVENTS = `x: { column: m, unit: GeV }
bins: { from: 0, to: 20, width: 1 }
hypotheses: { from: 5, to: 15, step: 1 }
resolution: 1
range: { half_width: 5 }
${MODEL}`;
const TABLE = `${HISTOGRAM}
x: { label: m, unit: GeV }
hypotheses: { from: 5, to: 15, step: 1 }
resolution: 1
range: { half_width: 5 }
${MODEL}`;

const events = (rows: readonly (number | string)[]) => `w,m\n${rows.map((m) => `1,${m}\n`).join('')}`;

describe('a spectrum of events', () => {
  test('is counted in bins that own their low edge; what is outside is told', async () => {
    const rows = [0, 0.5, 1, 1.999, 2, 19.999, 20, -0.001, 57];
    const { parts } = await prepare({ spectra: [`data: { file: e.csv }\n${EVENTS}`] }, { 'e.csv': events(rows) });
    const [{ spectrum, rows: counted }] = parts;
    expect([...spectrum.counts]).toEqual([2, 2, 1, ...Array.from({ length: 16 }, () => 0), 1]);
    expect(counted).toEqual({ read: 9, used: 6, rejected: { 'outside the bins': 3 } });
  });

  test('is selected and derived as the card says; every row is used or has a reason', async () => {
    const block = `data: { file: e.csv, derive: { m2: "m*m" }, select: ["m2 < 200", "m > 3"] }
${EVENTS.replace('column: m', 'column: m2').replace('to: 20', 'to: 150')}`;
    const { parts } = await prepare({ spectra: [block] }, { 'e.csv': events([1, 2, 4, 5, 12, 13, 14.2, 'nan', '']) });
    expect(parts[0].rows).toEqual({
      read: 9,
      used: 3,
      rejected: { 'm: not finite': 1, 'm: empty': 1, 'select: m2 < 200': 1, 'select: m > 3': 2, 'outside the bins': 1 },
    });
    const filled = [...parts[0].spectrum.counts.entries()].filter(([, n]) => n > 0);
    expect(filled).toEqual([
      [16, 1],
      [25, 1],
      [144, 1],
    ]);
  });

  test('has bins as wide as a formula of their low edge says, and none that sticks out', async () => {
    const block = `data: { file: e.csv }\n${EVENTS}`.replace('to: 20, width: 1', 'to: 20, width: "1 + x/2"');
    const { parts } = await prepare({ spectra: [block] }, { 'e.csv': events([0.5]) });
    // x -> 1.5 x + 1: 0, 1, 2.5, 4.75, ...
    const edges = [0, 1, 2.5, 4.75, 8.125, 13.1875];
    expect([...parts[0].spectrum.low]).toEqual(edges.slice(0, -1));
    expect([...parts[0].spectrum.high]).toEqual(edges.slice(1));
  });

  test.each([
    ['0.01', 0, 100, 10_000],
    ['0.1', 0, 1000, 10_000],
    ['"0.1 + 0*x"', 0, 1000, 10_000],
    ['0.001', 0, 100, 100_000],
    ['0.1', 0.3, 0.9, 6],
    ['0.3', 0, 1, 3],
  ])('bins of width %s from %d to %d: %d of them', async (width, from, to, n) => {
    const block = `data: { file: e.csv }\n${EVENTS}`.replace(
      'from: 0, to: 20, width: 1',
      `from: ${from}, to: ${to}, width: ${width}`,
    );
    const { parts } = await prepare({ spectra: [block] }, { 'e.csv': events([0.5]) });
    const { nBins, low, high } = parts[0].spectrum;
    expect(nBins).toBe(n);
    // edges are what the card means, and not what is left of it after many additions
    const step = Number(width.replace(/[^\d.]*(\d\.\d+).*/, '$1'));
    for (const i of [1, n >> 1, n - 1]) {
      expect(Math.abs(low[i] - (from + i * step)), `bin ${i}`).toBeLessThan(2e-16 * to);
      expect(high[i - 1]).toBe(low[i]);
    }
    expect(Math.abs(high[n - 1] - (from + n * step))).toBeLessThan(2e-16 * to);
  });

  test.each([
    ['no event in the bins', events([-5, 30]), "data: e.csv: 2 events selected, none between 0 and 20; check spectra[0].data.select and spectra[0].bins"], // prettier-ignore
    ['no rows', 'm\n', 'data: e.csv: 0 events selected, none between 0 and 20; check spectra[0].data.select and spectra[0].bins'], // prettier-ignore
    ['an empty file', '', /^data: e\.csv: is empty .*expected a header line/],
    ['a missing column', 'mm,w\n1,2\n', "data: e.csv: no column 'm'; did you mean 'mm'? the file has mm, w"],
  ])('%s is refused', async (_, text, expected) => {
    const refusal = await refusalOf(() =>
      prepare({ spectra: [`data: { file: e.csv }\n${EVENTS}`] }, { 'e.csv': text }),
    );
    if (typeof expected === 'string') expect(refusal).toBe(expected);
    else expect(refusal).toMatch(expected);
  });
});

describe('a binned table', () => {
  test('gives edges and counts as they are', async () => {
    const { parts, files } = await prepare({ spectra: [TABLE] }, { 'counts.csv': unitTable(FLAT) });
    expect([...parts[0].spectrum.counts]).toEqual(FLAT);
    expect([...parts[0].spectrum.high]).toEqual(FLAT.map((_, i) => i + 1));
    const total = FLAT.reduce((a, b) => a + b);
    expect(parts[0].rows).toEqual({ read: total, used: total, rejected: {} });
    expect(files).toEqual([{ name: 'counts.csv', sha256: 'sha256 of counts.csv', bytes: unitTable(FLAT).length }]);
  });

  const line = (i: number, text: string) =>
    unitTable(FLAT)
      .split('\n')
      .map((row, k) => (k === i ? text : row))
      .join('\n');
  test.each([
    ['unsorted bins', line(4, '1.5,1.7,3'), 'bin 3 starts at 1.5, below bin 2 at 2, expected ascending bins; sort the table'],
    ['overlapping bins', line(4, '2.5,3.5,3'), 'bin 3 starts at 2.5, inside bin 2 that ends at 3, expected bins without overlap'],
    ['a negative count', line(4, '3,4,-3'), 'bin 3 has -3 events, expected a whole number >= 0; give counts, not densities or weights'],
    ['a count that is not whole', line(4, '3,4,2.5'), 'bin 3 has 2.5 events, expected a whole number >= 0; give counts, not densities or weights'],
    ['a huge count', line(4, '3,4,1e12'), 'bin 3 has 1000000000000 events, expected at most 4294967295; give counts, not densities or weights'],
    ['a bin without width', line(4, '3,3,1'), 'bin 3 goes from 3 to 3, expected two finite edges, the low one first'],
    ['a bin from right to left', line(4, '4,3,1'), 'bin 3 goes from 4 to 3, expected two finite edges, the low one first'],
  ])('with %s is refused', async (_, text, expected) => {
    expect(await refusalOf(() => prepare({ spectra: [TABLE] }, { 'counts.csv': text }))).toBe(
      `data: counts.csv: ${expected}`,
    );
  }); // prettier-ignore

  test.each([
    ['a count that is no number', line(4, '3,4,many'), /^data: counts\.csv:5: n: not a number, expected a number in every row/],
    ['an infinite edge', line(4, '3,inf,1'), /^data: counts\.csv:5: hi: not finite, expected a number in every row/],
    ['an empty cell', line(4, '3,4,'), /^data: counts\.csv:5: n: empty, expected a number in every row/],
    ['no rows', 'lo,hi,n\n', /^data: counts\.csv: has a header but no rows, expected at least one$/],
    ['nothing', '', /^data: counts\.csv: is empty/],
    ['a missing column', 'lo,hi,m\n1,2,3\n', /^data: counts\.csv: no column 'n'; /],
  ])('with %s is refused', async (_, text, expected) => {
    expect(await refusalOf(() => prepare({ spectra: [TABLE] }, { 'counts.csv': text }))).toMatch(expected);
  }); // prettier-ignore
});

describe('hypotheses', () => {
  const withTable = (columns: string, more = '') =>
    `${HISTOGRAM}
x: { label: m }
hypotheses: { table: { file: points.csv, columns: ${columns} } }
${more}
range: { half_width: 5 }
${MODEL}`;
  const tables = { 'counts.csv': unitTable(FLAT), 'points.csv': 'id,s0,x0\n1,0.5,4\n2,0.75,6\n3,1,7.5\n' };

  test('of a table keep its rows, with the resolution of a column or of the card', async () => {
    const [own, formula] = await Promise.all([
      prepare({ spectra: [withTable('{ x: x0, sigma: s0 }')] }, tables),
      prepare({ spectra: [withTable('{ x: x0 }', 'resolution: "0.1*x"')] }, tables),
    ]);
    expect(own.parts[0].hypotheses).toEqual([
      { mass: 4, sigma: 0.5 },
      { mass: 6, sigma: 0.75 },
      { mass: 7.5, sigma: 1 },
    ]);
    expect(formula.parts[0].hypotheses.map(({ sigma }) => sigma)).toEqual([0.4, 0.6000000000000001, 0.75]);
  });

  test.each([
    ['unsorted rows', 'x0,s0\n4,1\n3,1\n', /^data: points\.csv: row 1 has mass 3, .*sort the table/],
    [
      'a resolution of 0',
      'x0,s0\n4,0\n',
      /^data: points\.csv: resolution is 0 at 4, expected a finite number above 0$/,
    ],
    ['no rows', 'x0,s0\n', /^data: points\.csv: has a header but no rows/],
    ['a missing column', 'x0,sigma\n4,1\n', /^data: points\.csv: no column 's0'/],
  ])('of a table with %s are refused', async (_, text, expected) => {
    const refusal = refusalOf(() =>
      prepare({ spectra: [withTable('{ x: x0, sigma: s0 }')] }, { ...tables, 'points.csv': text }),
    );
    expect(await refusal).toMatch(expected);
  });

  test('are numbered through several spectra, and have a mass', async () => {
    const steps = (from: number, to: number) =>
      TABLE.replace('from: 5, to: 15', `from: ${from}, to: ${to}`).replace('resolution', 'mass: "sqrt(x)"\nresolution');
    const { parts, nHypotheses, mass, sensitivity } = await prepare(
      {
        spectra: [`name: a\n${steps(4, 6)}`, `name: b\n${steps(9, 12)}`],
        signal: '{ poi: { name: s, unit: fb }, luminosity: { value: 20, unit: "1/fb" }, efficiency: "0.05*m + 0.01*x", branching: 0.5 }',
      },
      { 'counts.csv': unitTable(FLAT) },
    ); // prettier-ignore
    expect(parts.map(({ name, first, hypotheses }) => [name, first, hypotheses.length])).toEqual([
      ['a', 0, 3],
      ['b', 3, 4],
    ]);
    expect(nHypotheses).toBe(7);
    const at = [4, 5, 6, 9, 10, 11, 12];
    expect([...mass]).toEqual(at.map(Math.sqrt));
    at.forEach((x, h) => expect(sensitivity[h]).toBeCloseTo(20 * 0.5 * (0.05 * Math.sqrt(x) + 0.01 * x), 13));
  });

  test('a file that is named twice is read once', async () => {
    const reads = new Map<string, number>();
    const { card } = spectrumCard({ spectra: [`name: a\n${TABLE}`, `name: b\n${TABLE}`] });
    const { files } = await prepareSpectra(card, {
      files: memoryFiles({ 'counts.csv': unitTable(FLAT) }, reads),
      seed: 1,
    });
    expect([...reads]).toEqual([['counts.csv', 1]]);
    expect(files).toHaveLength(1);
  });
});

describe('formulas whose value is impossible somewhere: the place, the value, where', () => {
  const edits: [string, string, string, RegExp][] = [
    ['a resolution of 0', 'resolution: 1', 'resolution: 0', /^card: card: spectra\[0\]\.resolution is 0 at x = 5, expected a finite number above 0; correct it$/],
    ['a negative resolution', 'resolution: 1', 'resolution: "8 - x"', /^card: card: spectra\[0\]\.resolution is 0 at x = 8, expected a finite number above 0/],
    ['a resolution that is no number', 'resolution: 1', 'resolution: "sqrt(4 - x)"', /^card: card: spectra\[0\]\.resolution is NaN at x = 5, expected a finite number above 0/],
    ['a mass that is no number', 'resolution: 1', 'mass: "sqrt(x - 6)"\nresolution: 1', /^card: card: spectra\[0\]\.mass is NaN at x = 5, expected a finite number; correct it$/],
    ['a degree below 0', 'degree: 1', 'degree: "7 - x"', /^card: card: spectra\[0\]\.background\.degree is -1 at x = 8, expected a finite number of at least 0 and below 8; correct it$/],
    ['a degree above 7', 'degree: 1', 'degree: "x"', /^card: card: spectra\[0\]\.background\.degree is 8 at x = 8, expected a finite number of at least 0 and below 8/],
    ['a width below 0', 'kind: gaussian', 'kind: voigt, width: "x - 6"', /^card: card: spectra\[0\]\.shape\.width is -1 at x = 5, expected a finite number of at least 0; correct it$/],
    ['a tail that starts at 0', 'kind: gaussian', 'kind: crystal-ball, low: { alpha: "x - 6", n: 3 }', /^card: card: spectra\[0\]\.shape\.low\.alpha is -1 at x = 5, expected a finite number above 0/],
    ['a tail without an integral', 'kind: gaussian', 'kind: crystal-ball, high: { alpha: 1, n: 1 }', /^card: card: spectra\[0\]\.shape\.high\.n is 1 at x = 5, expected a finite number above 1/],
    ['a million steps', 'step: 1', 'step: 1.0e-17', /^card: card: spectra\[0\]\.hypotheses: more than 1000000 steps from 5 to 15 with sigma = 1 at 5; take a larger step or check the units$/],
    ['a spurious signal below 0', 'resolution: 1', 'resolution: 1\nspurious_signal: "6 - x"', /^card: card: spectra\[0\]\.spurious_signal is -1 at x = 7, expected a finite number of at least 0/],
  ]; // prettier-ignore
  test.each(edits)('%s', async (_, from, to, expected) => {
    expect(TABLE).toContain(from);
    const block = TABLE.replace(from, () => to);
    expect(await refusalOf(() => prepare({ spectra: [block] }, { 'counts.csv': unitTable(FLAT) }))).toMatch(expected);
  });

  test.each([
    ['0', /^card: card: spectra\[0\]\.bins\.width is 0 at x = 0, expected a finite number above 0; correct it$/],
    ['"3 - x"', /^card: card: spectra\[0\]\.bins\.width is 0 at x = 3, expected a finite number above 0/],
    ['"log(x - 1)"', /^card: card: spectra\[0\]\.bins\.width is NaN at x = 0/],
    ['1.0e-9', /^card: card: spectra\[0\]\.bins: more than 1000000 bins from 0 to 20; make them wider$/],
    ['30', /^card: card: spectra\[0\]\.bins: the first bin, of width 30, ends beyond 20; make it narrower$/],
  ])('bins of width %s', async (width, expected) => {
    const block = `data: { file: e.csv }\n${EVENTS}`.replace('width: 1', `width: ${width}`);
    expect(await refusalOf(() => prepare({ spectra: [block] }, { 'e.csv': events([1]) }))).toMatch(expected);
  });

  const signals: [string, string, RegExp][] = [
    ['an efficiency above 1', 'efficiency: "x/10"', /^card: card: signal\.efficiency is 1\.1 at x = 11, expected a finite number of at least 0 and of at most 1; correct it$/],
    ['a negative branching', 'branching: "6 - x"', /^card: card: signal\.branching is -1 at x = 7, expected a finite number of at least 0 and of at most 1/],
  ]; // prettier-ignore
  test.each(signals)('%s', async (_, signal, expected) => {
    const parts = { spectra: [TABLE], signal: `{ poi: { name: S, unit: events }, ${signal} }` };
    expect(await refusalOf(() => prepare(parts, { 'counts.csv': unitTable(FLAT) }))).toMatch(expected);
  });

  test.each([
    ['lognormal', '"-0.1*x"', /nuisances\[0\]\.on\.efficiency is -1 at x = 10, expected a finite number above -1/],
    ['normal', '"1/(x - 7)"', /nuisances\[0\]\.on\.efficiency is Infinity at x = 7, expected a finite number/],
  ])('a %s size of %s', async (constraint, size, expected) => {
    const more = `nuisances: [{ name: eff, constraint: ${constraint}, on: { efficiency: ${size} } }]`;
    expect(await refusalOf(() => prepare({ spectra: [TABLE], more }, { 'counts.csv': unitTable(FLAT) }))).toMatch(
      expected,
    );
  });
});

describe('more than memory holds', () => {
  const fine = `data: { file: e.csv }\n${EVENTS}`.replace('width: 1', 'width: 0.0002').replace('step: 1', 'step: 0.01');

  test('is refused before it is taken', async () => {
    const started = performance.now();
    const refusal = await refusalOf(() => prepare({ spectra: [fine] }, { 'e.csv': events([1]) }));
    expect(refusal).toMatch(
      /^resource: card: spectra\[0\]: 1001 hypotheses with up to 5000\d bins each need 1\.5e\+8 numbers, at most 67108864 are allowed; take larger steps, wider bins or narrower ranges$/,
    );
    expect(performance.now() - started).toBeLessThan(3000);
  });

  test.each([
    ['fewer hypotheses', 'step: 0.01', 'step: 5'],
    ['narrower ranges', 'half_width: 5', 'half_width: 0.001'],
  ])('and is accepted with %s', async (_, from, to) => {
    const { parts } = await prepare({ spectra: [fine.replace(from, to)] }, { 'e.csv': events([1]) });
    expect(parts[0].spectrum.nBins).toBe(100_000);
  });
});
