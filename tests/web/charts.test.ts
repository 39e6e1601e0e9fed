/** What charts show, against the result they show it of. */
import { beforeAll, describe, expect, test } from 'vitest';
import { signal } from '@preact/signals';
import { findColumn, numbersOf, type ResultTable } from '../../src/model/result.ts';
import type { SpectrumScanResult } from '../../src/model/spectrum/spectrum-result.ts';
import { binLimits, groupColumns } from '../../src/report/limit-bins.ts';
import { zHistogram } from '../../src/report/z-histogram.ts';
import { explainHypothesis } from '../../src/scan/spectrum/explain-hypothesis.ts';
import { toCoordinate, ticksOf, zoomed } from '../../src/web/charts/axis.ts';
import { heightDomain, plainAxis, type ChartModel, type Layer } from '../../src/web/charts/chart-model.ts';
import { chartTable } from '../../src/web/charts/chart-table.ts';
import { drawLayers } from '../../src/web/charts/draw-layers.ts';
import { limitChoices } from '../../src/web/charts/limit-choices.ts';
import { limitModel, massRows, p0Model, signalModel } from '../../src/web/charts/mass-model.ts';
import { pageCursor } from '../../src/web/charts/page-cursor.ts';
import { bestRows, largestZ, projectedLimits, slicedAxis } from '../../src/web/charts/projection-model.ts';
import { fitOfHypothesis, wholeSpectrum } from '../../src/web/charts/spectrum-model.ts';
import { keyAction, nearestStop } from '../../src/web/charts/stops.ts';
import { placeWords, rowWords } from '../../src/web/charts/words.ts';
import { zModel, zRemarks } from '../../src/web/charts/z-model.ts';
import type { KeptSpectra } from '../../src/web/engine/kept.ts';
import { syntheticScan } from '../support/synthetic-scan.ts';
import { SPECTRUM_CARD } from './support/detail-cards.ts';
import { keepScan } from './support/keep-scan.ts';

const MASS = { label: 'm_{a}', unit: 'GeV' };
const layerOf = (model: ChartModel, label: RegExp): Layer => model.layers.find((layer) => label.test(layer.label))!;
const valuesOf = (layer: Layer): number[] => Array.from(layer.kind === 'band' ? layer.from : layer.values);

describe('axes', () => {
  test('a logarithmic axis has ticks however little of it is shown', () => {
    for (const domain of [[0.2, 9000], [3, 40], [6.1, 6.4], [6.1001, 6.1004]] as const) {
      const { major } = ticksOf({ ...MASS, kind: 'log', domain }, 'x', 400);
      expect(major.length, domain.join()).toBeGreaterThan(1);
      for (const { at, label } of major) {
        expect(toCoordinate({ kind: 'log' }, domain[0]) - 1e-9).toBeLessThanOrEqual(at);
        expect(Number(label)).toBeCloseTo(10 ** at, 6);
      }
    }
  }); // prettier-ignore

  test('numbers of probabilities are powers of ten', () => {
    const { major } = ticksOf(plainAxis('p', 'log10', [-12.2, 0]), 'y', 200);
    expect(major.map(({ label }) => label)).toEqual(['1', '10⁻²', '10⁻⁴', '10⁻⁶', '10⁻⁸', '10⁻¹⁰', '10⁻¹²']);
  });

  test('zoom keeps its place and never leaves the axis', () => {
    const axis = { ...MASS, kind: 'linear', domain: [0, 10] } as const;
    expect(zoomed(axis, [0, 10], 2, 0.5)).toEqual([1, 6]);
    expect(zoomed({ ...axis, domain: [1, 6] }, [0, 10], 1, 2)).toEqual([1, 10]);
    expect(zoomed({ ...axis, domain: [1, 6] }, [0, 10], 2, 2)).toBeUndefined();
    expect(zoomed({ ...axis, domain: [1, 6] }, [0, 10], 3, Infinity)).toBeUndefined();
    const log = { ...MASS, kind: 'log', domain: [1, 100] } as const;
    expect(zoomed(log, [1, 100], 10, 0.5)!.map((end) => end ** 2)).toEqual([expect.closeTo(10), expect.closeTo(1000)]);
  });

  test('heights are those in view, and positive where the axis is logarithmic', () => {
    const places = [0, 1, 2, 3].map((low) => ({ low, high: low + 1 }));
    const layers: Layer[] = [{ kind: 'line', label: '', tone: '--ink', values: [0, 5, NaN, 500] }];
    const [low, high] = heightDomain({ places, layers }, [0.5, 2.5], 'log');
    expect([low < 5, low > 1, high > 5, high < 10]).toEqual([true, true, true, true]);
    expect(heightDomain({ places, layers }, [0.5, 1.5], 'linear')[0]).toBe(0);
    expect(heightDomain({ places: [], layers: [] }, undefined, 'log')).toEqual([0.1, 1]);
  });
});

describe('cursor', () => {
  test('the nearest stop', () => {
    const stops = [1, 2, 4, 8];
    expect([-5, 1.4, 1.6, 3.1, 100].map((value) => nearestStop(stops, value))).toEqual([0, 0, 1, 2, 3]);
    expect(nearestStop([], 1)).toBeUndefined();
  });

  test('keys move along the stops, let go, and zoom', () => {
    const move = (to: number) => ({ do: 'move', to });
    expect(keyAction('ArrowRight', 3, 5)).toEqual(move(4));
    expect(keyAction('ArrowRight', 4, 5)).toEqual(move(4));
    expect(keyAction('ArrowRight', undefined, 5)).toEqual(move(0));
    expect(keyAction('ArrowLeft', undefined, 5)).toEqual(move(4));
    expect(keyAction('PageDown', 3, 50)).toEqual(move(0));
    expect(keyAction('End', undefined, 5)).toEqual(move(4));
    expect(keyAction('Home', 3, 5)).toEqual(move(0));
    expect(keyAction('ArrowRight', undefined, 0)).toBeUndefined();
    expect(keyAction('Escape', 3, 5)).toEqual({ do: 'unpin' });
    expect(keyAction('+', 3, 5)).toEqual({ do: 'zoom', factor: 0.5 });
    expect(keyAction('a', 3, 5)).toBeUndefined();
  });

  test('points at and pins rows of the table; a stop without a row leaves the pinned one', () => {
    const page = { hovered: signal<number | undefined>(undefined), pinned: signal<number | undefined>(7) };
    const rows = [7, undefined, 9];
    const stopOf = (row: number) => rows.indexOf(row);
    const cursor = pageCursor(page, { stops: [1, 2, 3], rowAt: (stop) => rows[stop], stopOf, words: String });
    expect(cursor.pinned.value).toBe(0);
    cursor.hover(2);
    expect([page.hovered.value, cursor.hovered.value]).toEqual([9, 2]);
    cursor.hover(1);
    expect(page.hovered.value).toBeUndefined();
    cursor.pin(1);
    expect(page.pinned.value).toBe(7);
    cursor.pin(undefined);
    expect(page.pinned.value).toBeUndefined();
  });
});

describe('windows of a plane', () => {
  const result = syntheticScan({ step: 8, nEvents: 300, injected: 8, blind: [8, 9] });
  const { table } = result;
  const z = numbersOf(table, 'z');
  const look = { quantity: result.labels.x };

  test('the largest Z of each bin is that of one of its windows, which the bin stands for', () => {
    const axis = slicedAxis(table, 'x');
    const best = bestRows(axis, table, 'z', 'largest');
    const values = valuesOf(largestZ(table, axis, 'z', look).layers[0]);
    axis.slices.forEach(({ rows }, slice) => {
      const all = rows.map((row) => z[row]).filter((value) => !Number.isNaN(value));
      if (all.length === 0) return void expect(best[slice]).toBeUndefined();
      expect(values[slice]).toBe(Math.max(...all));
      expect(z[best[slice]!]).toBe(values[slice]);
      expect(axis.sliceOf[best[slice]!]).toBe(slice);
    });
    expect(Math.max(...z.filter((value) => !Number.isNaN(value)))).toBeGreaterThan(3); // levels up to it
    expect(largestZ(table, axis, 'z', look).levels!.map(({ label }) => label)).toContain('3σ');
  });

  test('limits are those of the figures; blind windows have expected ones only', () => {
    const columns = groupColumns('');
    const axis = slicedAxis(table, 'x');
    const model = projectedLimits(table, axis, 'x', columns, { ...look, title: 'limit', isLogY: true });
    const bins = binLimits(table, 'x', columns);
    expect(valuesOf(layerOf(model, /^observed/))).toEqual(bins.map((bin) => bin.medianObserved));
    expect(valuesOf(layerOf(model, /^best expected/))).toEqual(bins.map((bin) => bin.bestExpected));
    const blind = findColumn(table, 'status')!.values as readonly string[];
    const allBlind = axis.slices.findIndex(({ rows }) => rows.every((row) => blind[row] === 'blind'));
    expect(allBlind).toBeGreaterThanOrEqual(0);
    expect(valuesOf(layerOf(model, /^observed/))[allBlind]).toBeNaN();
    expect(placeWords(model, allBlind)).toMatch(/^M_μμ [\d.]+ to [\d.]+ GeV\/c²: best expected [\d.]+$/);
  });

  test('the distribution of Z counts every window once', () => {
    const histogram = zHistogram(table, result.expectedZ);
    const { counts, withZ, atOne, outside } = histogram;
    const without = numbersOf(table, 'ln_p0').filter(Number.isNaN).length;
    expect(without).toBeGreaterThan(0);
    expect(counts.reduce((sum, n) => sum + n, 0) + outside).toBe(withZ);
    expect(withZ + atOne + without).toBe(table.rowCount);
    expect(zRemarks(histogram, table.rowCount)[0]).toContain(`${without} blind or without a result`);
    const model = zModel(histogram, { method: 'marginal', isLogY: true });
    expect(valuesOf(model.layers[0])).toEqual([...counts]);
    const rows = chartTable({ ...model, x: { ...model.x, domain: [-99, 99] } }).rows;
    expect(rows.reduce((sum, cells) => sum + Number(cells[2]), 0)).toBe(withZ - outside);
  });

  test('only what is expected is drawn of a scan that is blind', () => {
    const blind = syntheticScan({ step: 8, nEvents: 100, blind: [0, 20] });
    const histogram = zHistogram(blind.table, blind.expectedZ);
    expect(zModel(histogram, { method: 'marginal', isLogY: true }).layers.every(({ kind }) => kind !== 'bars')).toBe(true); // prettier-ignore
    expect(bestRows(slicedAxis(blind.table, 'y'), blind.table, 'z', 'largest').every((row) => row === undefined)).toBe(true); // prettier-ignore
    const [choice] = limitChoices(blind);
    const model = projectedLimits(blind.table, slicedAxis(blind.table, 'y'), 'y', choice.columns, { ...look, title: choice.title, isLogY: true }); // prettier-ignore
    expect(model.layers.some(({ label }) => label.includes('observed'))).toBe(false);
    expect(layerOf(model, /^median expected/)).toBeDefined();
  });
});

describe('along a mass', () => {
  test('lines of two spectra do not run into each other, and 40 sigma has its place', () => {
    const real = (name: string, values: number[]) => ({ name, type: 'f64', description: '', values: Float64Array.from(values) } as const); // prettier-ignore
    const table: ResultTable = {
      rowCount: 4,
      columns: [
        real('mass', [1, 3, 2, 4]),
        { name: 'spectrum', type: 'string', description: '', values: ['a', 'a', 'b', 'b'] },
        real('ln_p0', [-1, NaN, -804.6, -0.5]),
        real('z', [0.3, NaN, 40, -0.2]),
      ],
    };
    const along = massRows(table, 'mass');
    expect(along.rows).toEqual([0, 2, 1, 3]);
    expect(along.runs).toEqual([[0, 2], [1, 3]]); // prettier-ignore
    const model = p0Model(table, along, [{ method: 'asymptotic', suffix: '' }], { quantity: MASS, isLogX: false });
    expect(model.y.domain[0]).toBeLessThan(-349);
    expect(placeWords(model, 1)).toBe('m_a = 2 GeV: p0 3.7×10⁻³⁵⁰');
    expect(placeWords(model, 2)).toBe('m_a = 3 GeV: no number');
    expect(chartTable(model).rows.map((cells) => cells.at(-1))).toEqual(['0.37', '3.7×10⁻³⁵⁰', '-', '0.61']);
  });

  test('windows along one axis have their p0 and limits there', () => {
    const result = syntheticScan({ oneDimension: true, nEvents: 200 });
    const along = massRows(result.table, 'x');
    const [choice] = limitChoices(result);
    const model = limitModel(result.table, along, choice.columns, { quantity: MASS, isLogX: false, title: choice.title, isLogY: true }); // prettier-ignore
    expect(model.layers.map(({ label }) => label)).toEqual(['expected, 95 %', 'expected, 68 %', 'median expected', 'observed']); // prettier-ignore
    expect(valuesOf(layerOf(model, /^observed/))).toEqual([...numbersOf(result.table, 'limit_obs')]);
    expect(rowWords(result.table, 3, 'window')).toMatch(/^window 3(, Z [−\d.]+)?$/);
  });
});

describe('spectra', () => {
  let kept: KeptSpectra;
  let result: SpectrumScanResult;
  beforeAll(async () => {
    kept = (await keepScan(SPECTRUM_CARD)) as KeptSpectra;
    ({ result } = kept);
  });

  test('the whole spectrum: every event once, and in parts of it only what is in view', () => {
    const [spectrum] = result.spectra;
    const { heights, pulls } = wholeSpectrum(spectrum, { isLogY: false });
    const events = spectrum.counts.reduce<number>((sum, n) => sum + (n ?? 0), 0);
    expect(valuesOf(layerOf(heights, /^data/)).reduce((sum, n) => sum + n, 0)).toBeCloseTo(events, 6);
    const b = valuesOf(layerOf(heights, /^b: /));
    const bin = b.findIndex((value) => !Number.isNaN(value));
    const pull = (spectrum.counts[bin]! - spectrum.background[bin]!) / Math.sqrt(spectrum.background[bin]!);
    expect(valuesOf(layerOf(pulls, /^pulls of b/))[bin]).toBeCloseTo(pull, 12);
    const part = wholeSpectrum(spectrum, { isLogY: false, view: [14, 16] });
    expect(part.heights.places.every(({ low, high }) => high >= 14 && low <= 16)).toBe(true);
    expect(part.heights.x.domain).toEqual([14, 16]);
  });

  test('the fit of a hypothesis: both fits over the data of its range, signal at its place', async () => {
    const best = numbersOf(result.table, 'z').indexOf(Math.max(...numbersOf(result.table, 'z')));
    const detail = await explainHypothesis(kept.prepared, best);
    const { heights, pulls } = fitOfHypothesis(detail.bins, result.spectra[0], { isLogY: false });
    const [full, background] = [/^fit with signal/, /^its background/].map((label) =>
      valuesOf(layerOf(heights, label)),
    );
    const excess = heights.places.map((_, i) => full[i] - background[i]);
    const peak = heights.places[excess.indexOf(Math.max(...excess))];
    expect(Math.abs(0.5 * (peak.low + peak.high) - detail.x)).toBeLessThan(0.5);
    expect(excess.reduce((sum, n) => sum + n, 0)).toBeCloseTo(detail.sHat!, 0);
    expect(pulls.y.domain[1]).toBeGreaterThan(3);
    expect(chartTable(heights).rows.flat().join()).not.toContain('NaN');
  });

  test('nothing is drawn of the events under blind signals, and only expected limits', async () => {
    const blind = (await keepScan(`${SPECTRUM_CARD}blind: [{ mass: [13.5, 16.5] }]\n`)) as KeptSpectra;
    const [spectrum] = blind.result.spectra;
    const { heights, pulls } = wholeSpectrum(spectrum, { isLogY: true });
    const bump = heights.places.findIndex(({ high }) => high > 15);
    for (const model of [heights, pulls])
      for (const layer of model.layers.filter(({ label }) => /^data|^pulls/.test(label)))
        expect(valuesOf(layer)[bump]).toBeNaN();
    expect(placeWords(heights, bump)).toMatch(/^m 15 to 15\.5 GeV: b [\d.]+$/);
    expect(heights.hatched).toEqual([expect.objectContaining({ label: 'blind: events not shown' })]);

    const { table, labels } = blind.result;
    const along = massRows(table, 'mass');
    const row = numbersOf(table, 'mass').indexOf(15);
    const [choice] = limitChoices(blind.result);
    const look = { quantity: labels.x, isLogX: false };
    const limit = limitModel(table, along, choice.columns, { ...look, title: choice.title, isLogY: true });
    expect(valuesOf(layerOf(limit, /^observed/))[along.rows.indexOf(row)]).toBeNaN();
    expect(valuesOf(layerOf(limit, /^median/))[along.rows.indexOf(row)]).toBeGreaterThan(0);
    const { bins } = await explainHypothesis(blind.prepared, row);
    const fit = fitOfHypothesis(bins, spectrum, { isLogY: false });
    expect(fit.heights.layers.map(({ label }) => label)).toEqual(['b: fit without signal', 'data']);
    expect(fit.pulls.layers.map(({ label }) => label)).toEqual(['pulls of b']);
    expect(rowWords(table, row, 'hypothesis')).toBe(`hypothesis ${row}, blind`);
  });

  test('signal over its error, with bands at 1 and 2', () => {
    const along = massRows(result.table, 'mass');
    const model = signalModel(result.table, along, { quantity: MASS, isLogX: false });
    const [sHat, sErr] = [numbersOf(result.table, 's_hat'), numbersOf(result.table, 's_err')];
    const expected = along.rows.map((row) => sHat[row] / sErr[row]);
    expect(valuesOf(layerOf(model, /^Ŝ/))).toEqual(expected);
  });
});

test('lines break where a value is missing and where bins do not touch', () => {
  const strokes: string[] = [];
  const context = new Proxy({} as CanvasRenderingContext2D, {
    get: (_, name) => {
      if (name === 'moveTo') return (x: number, y: number) => strokes.push(`${x},${y}`);
      if (name === 'lineTo') return (x: number, y: number) => (strokes[strokes.length - 1] += ` ${x},${y}`);
      return () => {};
    },
    set: () => true,
  });
  const same = (value: number) => value;
  const box = { left: 0, top: 0, right: 9, bottom: 9 };
  const bins = [0, 1, 2, 3, 5].map((low) => ({ low, high: low + 1 }));
  const layers: Layer[] = [{ kind: 'line', label: '', tone: '--ink', values: [7, NaN, 8, 6, 5] }];
  const axis = plainAxis('', 'linear', [0, 9]);
  const brush = { context, toX: same, toY: same, box, ratio: 1, colour: () => '' };
  drawLayers(brush, { x: axis, y: axis, places: bins, layers });
  expect(strokes).toEqual(['0,7 1,7', '2,8 3,8 3,6 4,6', '5,5 6,5']);
});
