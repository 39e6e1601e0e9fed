/** A card of sliding-range fits as a table and a summary: columns, units, what the numbers are to each other. */
import { describe, expect, test } from 'vitest';
import { tableToCsv } from '../../../src/io/result-csv.ts';
import { tableToJson, toJsonText } from '../../../src/io/result-json.ts';
import { tableFromParquet, tableToParquet } from '../../../src/io/result-parquet.ts';
import { findColumn, numbersOf, type ResultTable } from '../../../src/model/result.ts';
import { scanSpectra } from '../../../src/scan/spectrum/spectrum-scan.ts';
import { HISTOGRAM, memoryFiles, scan, spectrumCard, unitTable } from '../../support/spectrum-cards.ts';

const COUNTS = Array.from({ length: 60 }, (_, i) =>
  Math.round(300 * Math.exp(-i / 30) + 60 * Math.exp(-((i - 30) ** 2) / 4)),
);
const FILES = { 'counts.csv': unitTable(COUNTS) };
const BLOCK = `${HISTOGRAM}
x: { label: M, unit: GeV }
hypotheses: { from: 12, to: 48, step: 1 }
resolution: "1 + 0.01*x"
range: { half_width: 9 }
shape: { kind: gaussian }
background: { kind: chebyshev, degree: 2 }`;
const CLS = '{ method: cls-asymptotic, confidence: 0.95 }';

const column = (table: ResultTable, name: string) => [...numbersOf(table, name)];
const unitsOf = (table: ResultTable) => Object.fromEntries(table.columns.map(({ name, unit }) => [name, unit ?? '']));

const BASIC = ['id', 'mass', 'sigma', 'range_low', 'range_high', 'n_bins', 'n_background', 's_hat', 's_err', 'b_hat', 'q0', 'z', 'p0', 'ln_p0', 'p_signed', 'p_fit', 'sens', 'iterations', 'edm', 'status']; // prettier-ignore
const limitNames = (suffix = '') =>
  ['obs', 'exp_m2', 'exp_m1', 'exp_0', 'exp_p1', 'exp_p2'].map((q) => `limit_${q}${suffix}`);

describe('the table', () => {
  test('of a plain card has the documented columns, in the unit of the variable', async () => {
    const { table } = await scan({ spectra: [BLOCK] }, FILES);
    const units = unitsOf(table);
    expect(Object.keys(units)).toEqual(BASIC);
    const inGeV = Object.keys(units).filter((name) => units[name] === 'GeV');
    expect(inGeV).toEqual(['mass', 'sigma', 'range_low', 'range_high']);
    expect(Object.values(units).filter((unit) => unit !== '' && unit !== 'GeV')).toEqual([]);
    expect(table.columns.every(({ description }) => description.length > 5)).toBe(true);
    expect(column(table, 'id')).toEqual(Array.from({ length: table.rowCount }, (_, i) => i));
  });

  test('of several spectra says which, and has the mass beside the position', async () => {
    const spectra = [
      `name: low\nmass: "sqrt(x)"\n${BLOCK.replace('to: 48', 'to: 30')}`,
      `name: high\nmass: "sqrt(x)"\n${BLOCK.replace('from: 12', 'from: 31')}`,
    ];
    const { table, summary } = await scan({ spectra, more: 'mass: { label: "m_{a}", unit: "GeV/c^{2}" }' }, FILES);
    expect(table.columns.slice(0, 5).map(({ name, unit }) => [name, unit])).toEqual([
      ['id', undefined],
      ['spectrum', undefined],
      ['mass', 'GeV/c^{2}'],
      ['x', 'GeV'],
      ['sigma', 'GeV'],
    ]);
    const x = column(table, 'x');
    expect(column(table, 'mass')).toEqual(x.map(Math.sqrt));
    const names = findColumn(table, 'spectrum')!.values as string[];
    expect(names).toEqual(x.map((at) => (at < 30.5 ? 'low' : 'high')));
    expect(summary.mass).toEqual({ label: 'm_{a}', unit: 'GeV/c^{2}' });
    expect(summary.spectra.map(({ name, nHypotheses }) => [name, nHypotheses])).toEqual([
      ['low', names.filter((name) => name === 'low').length],
      ['high', names.filter((name) => name === 'high').length],
    ]);
  });

  test('has no common unit where spectra differ in it', async () => {
    const spectra = [`name: a\n${BLOCK}`, `name: b\n${BLOCK.replace('unit: GeV', 'unit: MeV')}`];
    const { table } = await scan({ spectra }, FILES);
    expect(Object.values(unitsOf(table)).filter((unit) => unit !== '')).toEqual([]);
  });

  test('has limits and couplings in the unit of the POI', async () => {
    const signal = '{ poi: { name: sigma, unit: fb }, luminosity: { value: 20, unit: "1/fb" }, efficiency: "0.01*x", branching: 0.5 }'; // prettier-ignore
    const limits = `${CLS}, { method: cls-asymptotic, confidence: 0.9 }`;
    const more = 'couplings: [{ name: g, formula: "sqrt(limit)/m + x" }]';
    const [inFb, inEvents] = await Promise.all([
      scan({ spectra: [BLOCK], signal, limits, more }, FILES),
      scan({ spectra: [BLOCK], limits: CLS }, FILES),
    ]);
    const at = BASIC.indexOf('iterations');
    const suffixes = ['_cls_asymptotic_95', '_cls_asymptotic_90'];
    const extra = [...suffixes.flatMap(limitNames), 'g_obs', 'g_exp_0'];
    expect(inFb.table.columns.map(({ name }) => name)).toEqual([...BASIC.slice(0, at), ...extra, ...BASIC.slice(at)]);
    const units = unitsOf(inFb.table);
    expect(suffixes.flatMap(limitNames).map((name) => units[name])).toEqual(Array(12).fill('fb'));

    const x = column(inFb.table, 'mass');
    const sens = column(inFb.table, 'sens');
    x.forEach((m, h) => expect(sens[h]).toBeCloseTo(20 * 0.01 * m * 0.5, 12));
    for (const name of limitNames()) {
      const events = column(inEvents.table, name);
      column(inFb.table, `${name}_cls_asymptotic_95`).forEach((limit, h) =>
        expect(limit * sens[h], `${name}[${h}]`).toBeCloseTo(events[h], 6),
      );
    }
    for (const [coupling, limit] of [
      ['g_obs', 'limit_obs'],
      ['g_exp_0', 'limit_exp_0'],
    ] as const)
      // prettier-ignore
      expect(column(inFb.table, coupling)).toEqual(
        column(inFb.table, `${limit}_cls_asymptotic_95`).map((value, h) => Math.sqrt(value) / x[h] + x[h]),
      );
    expect(inFb.limitGroups.map(({ suffix }) => suffix)).toEqual(suffixes);
    expect(inFb.couplings).toEqual([{ name: 'g', label: 'g' }]);
  });

  test('has expected limits at round percentages, or at whole sigmas', async () => {
    const card = { spectra: [BLOCK.replace('step: 1', 'step: 12')], limits: CLS };
    const percent = await scan(card, FILES);
    const parsed = spectrumCard(card);
    const sigma = await scanSpectra(
      { ...parsed, card: { ...parsed.card, statistics: { ...parsed.card.statistics, expected: 'sigma' } } },
      { files: memoryFiles(FILES) },
    );
    const of = ({ table }: typeof percent, name: string) => numbersOf(table, name)[0];
    // 2.5, 16, 50, 84, 97.5 % against 2.28, 15.87, 50, 84.13, 97.72 %
    expect(of(sigma, 'limit_exp_0')).toBe(of(percent, 'limit_exp_0'));
    for (const [low, high] of [
      ['exp_m2', 'exp_p2'],
      ['exp_m1', 'exp_p1'],
    ] as const) {
      // prettier-ignore
      expect(of(sigma, `limit_${low}`)).toBeLessThan(of(percent, `limit_${low}`));
      expect(of(sigma, `limit_${high}`)).toBeGreaterThan(of(percent, `limit_${high}`));
      expect(of(sigma, `limit_${low}`) / of(percent, `limit_${low}`)).toBeGreaterThan(0.97);
    }
  });

  test('has a p0 of one half without an excess, a signed p beside it, and the same in logarithms', async () => {
    const { table } = await scan({ spectra: [BLOCK] }, FILES);
    const [sHat, z, q0, p0, lnP0, pSigned] = ['s_hat', 'z', 'q0', 'p0', 'ln_p0', 'p_signed'].map((name) => column(table, name)); // prettier-ignore
    const deficits = [...sHat.keys()].filter((h) => sHat[h] < 0);
    expect(deficits.length).toBeGreaterThan(5);
    expect(sHat.length - deficits.length).toBeGreaterThan(5);
    sHat.forEach((s, h) => {
      expect(Math.sign(z[h])).toBe(Math.sign(s));
      expect(q0[h]).toBeCloseTo(s > 0 ? z[h] ** 2 : 0, 9);
      expect(p0[h]).toBeCloseTo(Math.exp(lnP0[h]), 15);
      expect(pSigned[h]).toBeCloseTo(s > 0 ? normalTail(z[h]) : 1 - normalTail(-z[h]), 9);
      expect(p0[h]).toBeCloseTo(s > 0 ? normalTail(z[h]) : 0.5, 9);
    });
  });
});

/** P(N(0, 1) > z), z >= 0: integral of the density by Simpson's rule up to z + 12. */
function normalTail(z: number): number {
  const n = 4000;
  const h = 12 / n;
  const f = (t: number) => Math.exp(-t * t / 2) / Math.sqrt(2 * Math.PI); // prettier-ignore
  let sum = f(z) + f(z + 12);
  for (let i = 1; i < n; i++) sum += (i % 2 ? 4 : 2) * f(z + i * h);
  return (sum * h) / 3;
}

describe('the summary', () => {
  test('ranks one hypothesis per excess, with what the best one means for all of them', async () => {
    const { summary, table, fits } = await scan({ spectra: [BLOCK], limits: CLS }, FILES);
    const z = column(table, 'z');
    const [best] = summary.best;
    expect(best.z).toBe(Math.max(...z));
    expect(Math.abs(best.mass - 30)).toBeLessThan(1.5);
    expect(best).toMatchObject({ id: z.indexOf(best.z), status: 'ok', sHat: column(table, 's_hat')[best.id] });
    expect(best.limitObs).toBe(column(table, 'limit_obs')[best.id]);
    summary.best.forEach(({ z: own }, i) => expect(own).toBeLessThanOrEqual(summary.best[Math.max(0, i - 1)].z));
    for (const [i, one] of summary.best.entries())
      for (const other of summary.best.slice(0, i))
        expect(Math.abs(one.mass - other.mass)).toBeGreaterThan(4 * Math.min(one.sigma, other.sigma));
    const p = Math.exp(best.lnP0);
    const n = table.rowCount;
    expect(summary.nHypotheses).toBe(n);
    expect(Math.exp(summary.global!.bonferroni.lnP) / (n * p)).toBeCloseTo(1, 12);
    // 1 - (1 - p)^n = n p - n (n-1)/2 p^2 + ...
    expect(Math.exp(summary.global!.sidak.lnP) / (n * p)).toBeCloseTo(1 - ((n - 1) / 2) * p, 9);
    expect(fits.map(({ id }) => id)).toEqual(summary.best.slice(0, 3).map(({ id }) => id));
    expect(summary.status).toEqual({ ok: n });
    expect(summary.warnings).toEqual([]);
  });

  test('of a spectrum without an excess has no best one', async () => {
    const block = BLOCK.replace('from: 12, to: 48', 'from: 29, to: 30');
    const dip = COUNTS.map((n, i) => (i > 27 && i < 33 ? n >> 1 : n));
    const { summary, fits, table } = await scan({ spectra: [block] }, { 'counts.csv': unitTable(dip) });
    expect(Math.max(...column(table, 'z'))).toBeLessThan(0);
    expect([summary.best, summary.global, fits]).toEqual([[], null, []]);
  });

  test('says which rows of a file were not used', async () => {
    const block = BLOCK.replace(
      /data.*\n/,
      'data: { file: e.csv, select: ["w > 0"] }\nbins: { from: 0, to: 60, width: 1 }\n',
    ) // prettier-ignore
      .replace('x: { label', 'x: { column: m, label');
    const rows = COUNTS.flatMap((n, i) => Array.from({ length: n }, (_, k) => `1,${i + (k + 0.5) / n}`));
    const { summary } = await scan(
      { spectra: [block] },
      { 'e.csv': `w,m\n${rows.join('\n')}\n1,71\n1,-3\n1,nan\n0,20\n` },
    );
    expect(summary.spectra[0].rows).toEqual({
      read: rows.length + 4,
      used: rows.length,
      rejected: { 'm: not finite': 1, 'select: w > 0': 1, 'outside the bins': 2 },
    });
    expect(summary.warnings).toEqual(['1 rows rejected: m: not finite', '2 rows rejected: outside the bins']);
  });

  test('warns where few events make asymptotic formulae wrong', async () => {
    const { summary, table } = await scan({ spectra: [BLOCK], limits: CLS }, { 'counts.csv': unitTable(COUNTS.map((n) => n >> 6)) }); // prettier-ignore
    const few = column(table, 'b_hat').filter((b) => b < 5).length;
    expect(few).toBeGreaterThan(3);
    expect(summary.warnings).toContain(
      `${few} hypotheses have fewer than 5 background events within 2 widths of the signal: p0, cls-asymptotic are asymptotic there`,
    );
  });
});

describe('provenance', () => {
  test('names seed, files and spectra; the card stays as it was written', async () => {
    const { provenance, cardText } = await scan({ spectra: [BLOCK] }, FILES, 77);
    expect(provenance).toMatchObject({
      scan: 'spectrum',
      seed: 77,
      files: [{ name: 'counts.csv', sha256: 'sha256 of counts.csv', bytes: FILES['counts.csv'].length }],
      card: { name: 'test-spectra', source: 'card.yaml', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
    });
    expect(cardText).toContain('half_width: 9');
  });

  test('and numbers come back from the files they are written to', async () => {
    const { table, provenance, summary } = await scan({ spectra: [BLOCK], limits: CLS }, FILES);
    const { table: again } = await tableFromParquet(tableToParquet(table, provenance), 'hypotheses.parquet');
    expect(again).toEqual(table);
    const rows = JSON.parse(tableToJson(table)) as Record<string, number>[];
    expect(rows.map(({ s_hat }) => s_hat)).toEqual(column(table, 's_hat'));
    const [head, first] = tableToCsv(table).split('\n');
    expect(Number(first.split(',')[head.split(',').indexOf('z')])).toBe(column(table, 'z')[0]);
    expect(JSON.parse(toJsonText(summary))).toEqual(summary);
  });
});
