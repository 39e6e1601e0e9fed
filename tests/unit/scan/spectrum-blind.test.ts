/** Blind masses of a scan of fits: what is withheld, what is told all the same, and that nothing else changes. */
import { describe, expect, test } from 'vitest';
import { isDarkscanError } from '../../../src/errors.ts';
import { toJsonText } from '../../../src/io/result-json.ts';
import { blindHypotheses, hiddenBins, hiddenIntervals } from '../../../src/model/spectrum/blind-masses.ts';
import { findColumn, numbersOf, type ResultTable } from '../../../src/model/result.ts';
import type { SpectrumScanResult } from '../../../src/model/spectrum/spectrum-result.ts';
import { listSpectrumFigures } from '../../../src/report/spectrum/figures.ts';
import { spectrumSummaryText } from '../../../src/report/spectrum/summary-text.ts';
import { explainHypothesis } from '../../../src/scan/spectrum/explain-hypothesis.ts';
import { prepareSpectra } from '../../../src/scan/spectrum/prepare.ts';
import { scanSpectra } from '../../../src/scan/spectrum/spectrum-scan.ts';
import { prepareToysOfSpectra } from '../../../src/toys/spectrum/prepare-toys-of-spectra.ts';
import { HISTOGRAM, memoryFiles, scan, spectrumCard, unitTable } from '../../support/spectrum-cards.ts';

/** An excess in the blind range, a smaller one outside. */
const COUNTS = Array.from({ length: 60 }, (_, i) =>
  Math.round(300 * Math.exp(-i / 30) + 90 * Math.exp(-((i - 30) ** 2) / 4) + 40 * Math.exp(-((i - 15) ** 2) / 4)),
);
const FILES = { 'counts.csv': unitTable(COUNTS) };
const BLOCK = `${HISTOGRAM}
x: { label: M, unit: GeV }
hypotheses: { from: 12, to: 48, step: 1 }
resolution: 1
range: { half_width: 9 }
shape: { kind: gaussian }
background: { kind: chebyshev, degree: 2 }`;
const LIMITS = '{ method: cls-asymptotic, confidence: 0.95 }, { method: profile, confidence: 0.9 }, { method: bayes, credibility: 0.9, poi_max: 10000 }'; // prettier-ignore
const BLIND = 'blind: [{ mass: [28, 33] }]';
const ALL = 'blind: [{ mass: [-1e30, 1e30] }]';

const parts = (more: string) => ({ spectra: [BLOCK], limits: LIMITS, more });
const [open, blind, dark] = await Promise.all([scan(parts(''), FILES), scan(parts(BLIND), FILES), scan(parts(ALL), FILES)]); // prettier-ignore
const isBlindMass = (mass: number) => mass >= 28 && mass <= 33;

const rowsOf = (table: ResultTable) => Array.from({ length: table.rowCount }, (_, i) => i);
const statusOf = (table: ResultTable) => findColumn(table, 'status')!.values as readonly string[];

/** Columns that have seen no signal. */
const TOLD = /^(id|mass|sigma|range_low|range_high|n_bins|n_background|sens|limit_exp_.*)$/;

describe('blind hypotheses', () => {
  test('tell their inputs and expected limits, equal to those of the open scan, and nothing else', () => {
    for (const name of open.table.columns.map((column) => column.name)) {
      if (name === 'status' || name === 'iterations') continue;
      const [seen, told] = [numbersOf(open.table, name), numbersOf(blind.table, name)];
      for (const row of rowsOf(open.table)) {
        const isHidden = isBlindMass(numbersOf(open.table, 'mass')[row]) && !TOLD.test(name);
        expect([name, row, told[row]]).toEqual([name, row, isHidden ? NaN : seen[row]]);
      }
    }
    const masses = numbersOf(blind.table, 'mass');
    expect(statusOf(blind.table)).toEqual(
      rowsOf(blind.table).map((row) => (isBlindMass(masses[row]) ? 'blind' : 'ok')),
    );
    expect(rowsOf(blind.table).every((row) => numbersOf(blind.table, 'limit_exp_0_bayes_90')[row] > 0)).toBe(true);
  });

  test('are no best ones, and no part of the global significance', () => {
    expect(isBlindMass(open.summary.best[0].mass)).toBe(true);
    expect(Math.abs(blind.summary.best[0].mass - 15.5)).toBeLessThan(1);
    expect(blind.summary.best.every(({ mass }) => !isBlindMass(mass))).toBe(true);
    expect(blind.summary.global!.bonferroni.lnP).toBeGreaterThan(open.summary.global!.bonferroni.lnP);
    expect(blind.summary).toMatchObject({ blindHypotheses: 6, status: { blind: 6 } });
    expect(blind.fits.every(({ id }) => statusOf(blind.table)[id] !== 'blind')).toBe(true);
  });

  test('keep the events under their signals: 2 widths to each side', () => {
    const [spectrum] = blind.spectra;
    const [[low, high]] = spectrum.blind!;
    expect([low, high]).toEqual([26, 35]);
    spectrum.counts.forEach((n, bin) => expect(n).toBe(bin >= 26 && bin < 35 ? null : COUNTS[bin]));
    expect(spectrum.background.every((mean) => mean === null || mean > 0)).toBe(true);
  });

  test('are counted in run.json, with who looked', async () => {
    expect(blind.provenance).toMatchObject({ unblinded: false, blindHypotheses: 6 });
    const card = spectrumCard(parts(BLIND));
    const looked = await scanSpectra(card, { files: memoryFiles(FILES), unblind: true });
    expect(looked.provenance).toMatchObject({ unblinded: true, blindHypotheses: 0 });
    expect(looked.table).toEqual(open.table);
    expect(looked.spectra).toEqual(open.spectra);
  });
});

describe('a scan that is blind everywhere', () => {
  test('has expected limits and no count of any bin', () => {
    expect(new Set(statusOf(dark.table))).toEqual(new Set(['blind']));
    expect(dark.summary.best).toEqual([]);
    expect(dark.summary.global).toBeNull();
    expect(dark.fits).toEqual([]);
    const seen = dark.spectra[0].counts.flatMap((n, bin) => (n === null ? [] : [bin]));
    expect(seen).toEqual([...Array.from({ length: 10 }, (_, i) => i), ...Array.from({ length: 10 }, (_, i) => 50 + i)]);
    for (const { observed, expected } of dark.summary.limits) {
      expect(observed).toBeNull();
      expect(expected['0']!.median).toBeGreaterThan(0);
    }
  });

  test('is drawn: spectrum without data, expected limits only', () => {
    const figures = figuresOf(dark);
    expect([...figures.keys()].filter((name) => !name.startsWith('limit'))).toEqual(['spectrum']);
    expect(figures.get('spectrum')).toContain('blind: events not shown');
    expect([...figures.keys()].filter((name) => name.startsWith('limit'))).toHaveLength(3);
    for (const svg of figures.values()) expect(svg).not.toMatch(/NaN|undefined|null|Infinity/);
    expect(spectrumSummaryText(dark.summary)).toContain('hypotheses by status: 37 blind');
  });

  test('warns of few expected events as an open one does', async () => {
    const few = { 'counts.csv': unitTable(COUNTS.map((n) => (n > 100 ? 2 : 1))) };
    const [seen, unseen] = await Promise.all([scan(parts(''), few), scan(parts(ALL), few)]);
    const isAsymptotic = (warning: string) => warning.includes('asymptotic');
    expect(seen.summary.warnings.filter(isAsymptotic)).toHaveLength(1);
    expect(unseen.summary.warnings.filter(isAsymptotic)).toHaveLength(1);
  });
});

test('figures of a scan that is blind in part hatch that part and draw the rest', () => {
  const figures = figuresOf(blind);
  expect([...figures.keys()]).toEqual([...figuresOf(open).keys()].slice(0, figures.size));
  for (const svg of figures.values()) expect(svg).not.toMatch(/NaN|undefined|Infinity/);
  expect(figures.get('spectrum')).toContain('class="blind"');
  expect(figuresOf(open).get('spectrum')).not.toContain('blind');
  expect(figures.get('spectrum')!.match(/<circle class="data"/g)).toHaveLength(51);
});

test('one hypothesis in full: the fit without signal and expected limits; its neighbours do not show hidden events', async () => {
  const { card } = spectrumCard(parts(BLIND));
  const prepared = await prepareSpectra(card, { files: memoryFiles(FILES), seed: 1 });
  const inside = await explainHypothesis(prepared, 18); // at 30
  expect(inside).toMatchObject({ mass: 30, status: 'blind' });
  expect(inside).not.toHaveProperty('sHat');
  expect(inside.bins).toHaveLength(18);
  for (const { low, n, background, withSignal, backgroundOfFull } of inside.bins) {
    expect(n).toBe(low >= 26 && low < 35 ? null : COUNTS[low]);
    expect(background).toBeGreaterThan(0);
    expect([withSignal, backgroundOfFull]).toEqual([null, null]);
  }
  for (const { observed, expected } of inside.limits) {
    expect(observed).toBeNull();
    expect(expected.every((limit) => limit! > 0)).toBe(true);
  }
  const beside = await explainHypothesis(prepared, 13); // at 25
  expect(beside.sHat).toBeDefined();
  expect(beside.bins.filter(({ n }) => n === null).map(({ low }) => low)).toEqual([26, 27, 28, 29, 30, 31, 32, 33]);
});

test('an unbinned fit withholds the same', async () => {
  const events = COUNTS.flatMap((n, bin) => Array.from({ length: n }, (_, i) => bin + (i + 0.5) / n));
  const files = { 'events.csv': `m\n${events.join('\n')}\n` };
  const block = BLOCK.replace(HISTOGRAM, 'data: { file: events.csv }\nbins: { from: 0, to: 60, unbinned: true }');
  const of = (more: string) => scan({ spectra: [block.replace('x: {', 'x: { column: m,')], limits: '', more }, files);
  const [seen, unseen] = await Promise.all([of(''), of(BLIND)]);
  const masses = numbersOf(seen.table, 'mass');
  const expected = Array.from(numbersOf(seen.table, 'z'), (z, row) => (isBlindMass(masses[row]) ? NaN : z));
  expect([...numbersOf(unseen.table, 'z')]).toEqual(expected);
  expect(unseen.spectra[0].counts.filter((n) => n === null)).toHaveLength(72); // bins of 1/8
});

test('toys test what is not blind; blind everywhere there are none', async () => {
  const setupOf = async (more: string) => {
    const { card } = spectrumCard(parts(more));
    return prepareToysOfSpectra(await prepareSpectra(card, { files: memoryFiles(FILES), seed: 1 }), 1);
  };
  const setup = await setupOf(BLIND);
  expect(setup.tested.map(({ mass }) => mass).filter(isBlindMass)).toEqual([]);
  expect([setup.tested.length, setup.nLeftOut]).toEqual([31, 6]);
  expect(setup.observed.z).toBe(blind.summary.best[0].z);
  expect(setup.identity).not.toBe((await setupOf('')).identity);
  await expect(setupOf(ALL)).rejects.toThrow(/^toys: 37 hypotheses, all of them blind or without a fit to the data/);
});

test('a blind result as JSON has the counts of no hidden bin', () => {
  const { spectra, summary, provenance, fits } = blind;
  const text = toJsonText({ spectra, summary, provenance, fits });
  expect(JSON.parse(text).spectra[0].counts.slice(26, 35)).toEqual(Array.from({ length: 9 }, () => null));
});

describe('ranges', () => {
  test('hold their ends, and are joined where signals overlap', () => {
    expect([...blindHypotheses([{ mass: [2, 3] }], Float64Array.of(1.9, 2, 3, 3.1))]).toEqual([0, 1, 1, 0]);
    const hypotheses = [10, 13, 20].map((mass) => ({ mass, sigma: 1 }));
    expect(hiddenIntervals(hypotheses, Uint8Array.of(1, 1, 1))).toEqual([
      [8, 15],
      [18, 22],
    ]);
    expect(hiddenIntervals([{ mass: 10, sigma: 1, width: 3 }], Uint8Array.of(1))).toEqual([[4, 16]]);
    const bins = { low: Float64Array.of(0, 1, 2), high: Float64Array.of(1, 2, 3) };
    expect([...hiddenBins(bins, [[1, 1.5]])]).toEqual([0, 1, 0]);
  });

  test('are checked with the card', () => {
    const message = (more: string) => {
      try {
        spectrumCard(parts(more));
      } catch (error) {
        if (isDarkscanError(error)) return error.message;
      }
      return '';
    };
    expect(message('blind: [{ mass: [5, 5] }]')).toMatch(
      /blind\[0\]\.mass is \[5, 5\], expected \[low, high\] with low < high/,
    );
    expect(message('blind: [{ x: [1, 2] }]')).toMatch(/blind\[0\]/);
  });
});

function figuresOf({ table, labels, p0Method, limitGroups, couplings, spectra, fits }: SpectrumScanResult) {
  const inputs = { table, labels, p0Method, limitGroups, couplings, spectra, fits };
  return new Map(listSpectrumFigures(inputs).map(({ name, draw }) => [name, draw()]));
}
