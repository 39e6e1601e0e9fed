/** Details of what is looked at: when the engine is asked, and that its answers are those of the table. */
import { signal } from '@preact/signals';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { findColumn, numbersOf, type ResultTable } from '../../src/model/result.ts';
import { posteriorPicture, PICTURE } from '../../src/web/detail/posterior-picture.ts';
import { explainKept, type Detail, type WindowDetail } from '../../src/web/engine/explain.ts';
import type { Kept } from '../../src/web/engine/kept.ts';
import { followShown } from '../../src/web/state/detail.ts';
import { SPECTRUM_CARD, WINDOWS_CARD } from './support/detail-cards.ts';
import { keepScan } from './support/keep-scan.ts';

describe('when the engine is asked', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function follow() {
    const shown = signal<number | undefined>(undefined);
    const scanned = signal<object | undefined>({});
    const detail = signal<Detail | undefined>(undefined);
    const asked: { id: number; answer: () => Promise<void>; fail: () => Promise<void> }[] = [];
    const explain = (id: number) =>
      new Promise<Detail>((resolve, reject) => {
        const settle = async (act: () => void) => {
          act();
          await vi.advanceTimersByTimeAsync(0);
        };
        const told = { kind: 'window', window: id } as Detail;
        asked.push({
          id,
          answer: () => settle(() => resolve(told)),
          fail: () => settle(() => reject(new Error('no'))),
        });
      });
    const stop = followShown({ shown, scanned, detail, explain });
    const rest = () => vi.advanceTimersByTimeAsync(1000);
    return { shown, scanned, detail, asked, rest, stop, row: () => (detail.value as WindowDetail | undefined)?.window };
  }

  test('not for a row that the pointer only crosses', async () => {
    const { shown, asked, rest } = follow();
    for (const row of [1, 2, 3]) shown.value = row;
    await rest();
    expect(asked.map(({ id }) => id)).toEqual([3]);
  });

  test('one question at a time, then the last one', async () => {
    const { shown, asked, rest, row } = follow();
    for (const next of [1, 2, 3]) {
      shown.value = next;
      await rest();
    }
    expect(asked.map(({ id }) => id)).toEqual([1]);
    await asked[0].answer();
    expect(row()).toBeUndefined(); // told about 1, looked at is 3
    expect(asked.map(({ id }) => id)).toEqual([1, 3]);
    await asked[1].answer();
    expect(row()).toBe(3);
  });

  test('never twice for the same row', async () => {
    const { shown, asked, rest, row } = follow();
    for (const next of [1, 2]) {
      shown.value = next;
      await rest();
      await asked.at(-1)!.answer();
    }
    shown.value = 1;
    expect(row()).toBe(1);
    await rest();
    expect(asked).toHaveLength(2);
  });

  test('anew after another scan, and an answer about the one before is not taken', async () => {
    const { shown, scanned, asked, rest, row } = follow();
    shown.value = 1;
    await rest();
    scanned.value = {};
    await rest();
    await asked[0].answer();
    expect(row()).toBeUndefined();
    expect(asked.map(({ id }) => id)).toEqual([1, 1]);
    await asked[1].answer();
    expect(row()).toBe(1);
  });

  test('an engine that does not answer leaves no detail of another row, and may be asked again', async () => {
    const { shown, asked, rest, row } = follow();
    shown.value = 1;
    await rest();
    await asked[0].answer();
    shown.value = 2;
    await rest();
    await asked[1].fail();
    expect(row()).toBeUndefined();
    shown.value = undefined;
    shown.value = 2;
    await rest();
    await asked[2].answer();
    expect(row()).toBe(2);
  });

  test('nothing is asked, and nothing shown, without a row or after the end', async () => {
    const { shown, asked, rest, row, stop } = follow();
    shown.value = 4;
    shown.value = undefined;
    await rest();
    stop();
    shown.value = 5;
    await rest();
    expect([asked, row()]).toEqual([[], undefined]);
  });
});

describe('what the engine tells', () => {
  const at = (table: ResultTable, name: string, row: number) => numbersOf(table, name)[row];

  test('is what the table says of a window; the events inside are counted, the posterior has the limit', async () => {
    const all = await keepScan(WINDOWS_CARD);
    const { table } = all.result;
    for (const row of [0, 7, table.rowCount - 1]) {
      if (findColumn(table, 'status')!.values[row] === 'blind') continue;
      const told = (await explainKept(all, row)) as WindowDetail;
      expect([told.window, told.n, told.events.count]).toEqual([row, at(table, 'n', row), at(table, 'n', row)]);
      expect(told.background).toBe(at(table, 'bkg', row));
      expect(told.limits[0].observed).toBe(at(table, 'limit_obs', row));
      expect(told.p0[0].z ?? NaN).toBe(at(table, 'z', row));
      for (const [i, x] of told.events.x.entries()) {
        const [dx, dy, phi] = [x - told.x, told.events.y[i] - told.y!, (told.phiDeg! * Math.PI) / 180];
        const along = (dx * Math.cos(phi) + dy * Math.sin(phi)) / told.a;
        const across = (dy * Math.cos(phi) - dx * Math.sin(phi)) / told.b!;
        expect(Math.hypot(along, across)).toBeLessThanOrEqual(1 + 1e-9);
      }
      const { poi, density } = told.posterior!;
      const step = poi[1] - poi[0];
      const below = density.filter((_, i) => poi[i] <= told.limits[0].observed!);
      expect(step * (below.reduce((sum, p) => sum + p, 0) - 0.5 * (density[0] + below.at(-1)!))).toBeCloseTo(0.9, 1);
    }
  });

  test('has the status of the table also where the tail of the posterior reaches the end of the prior', async () => {
    const card = (credibility: number) =>
      WINDOWS_CARD.replace('credibility: 0.9, poi_max: 1000', `credibility: ${credibility}, poi_max: 8`);
    const [half, tail] = [await keepScan(card(0.5)), await keepScan(card(0.99))];
    const statuses = ({ result: { table } }: Kept) => findColumn(table, 'status')!.values;
    const row = [...statuses(half)].findIndex((status, i) => status === 'ok' && statuses(tail)[i] === 'prior-edge');
    expect(row).toBeGreaterThanOrEqual(0);
    expect((await explainKept(half, row)) as WindowDetail).toMatchObject({ status: 'ok' });
  });

  test('hides count, events and posterior of a blind window and has its expected limits', async () => {
    const all = await keepScan(WINDOWS_CARD);
    const { table } = all.result;
    const row = (findColumn(table, 'status')!.values as string[]).indexOf('blind');
    expect(row).toBeGreaterThanOrEqual(0);
    const told = (await explainKept(all, row)) as WindowDetail;
    expect([told.n, told.events, told.posterior]).toEqual([null, { count: 0, x: [], y: [] }, undefined]);
    expect([told.limits[0].observed, told.limits[0].posterior, told.p0[0].z]).toEqual([null, [], null]);
    expect(told.limits[0].expected[2]).toBe(at(table, 'limit_exp_0', row));
  });

  test('is what the table says of a hypothesis, with both fits bin by bin', async () => {
    const all = await keepScan(SPECTRUM_CARD);
    const { table } = all.result;
    const row = 4;
    const told = await explainKept(all, row);
    if (told.kind !== 'hypothesis') throw new Error('expected a hypothesis');
    expect([told.hypothesis, told.mass]).toEqual([row, at(table, 'mass', row)]);
    expect([told.sHat, told.z, told.pFit]).toEqual([
      at(table, 's_hat', row),
      at(table, 'z', row),
      at(table, 'p_fit', row),
    ]);
    expect(told.limits[0].observed).toBe(at(table, 'limit_obs', row));
    expect(told.bins).toHaveLength(told.nBins);
    const fitted = told.bins.reduce((sum, bin) => sum + bin.withSignal! - bin.backgroundOfFull!, 0);
    expect(fitted / told.sHat!).toBeCloseTo(1, 2); // the range holds all but tails of the signal
  });

  test('hides the fit of a blind hypothesis and the events under it, and has its expected limits', async () => {
    const all = await keepScan(`${SPECTRUM_CARD}blind: [{ mass: [14.5, 15.5] }]\n`);
    const { table } = all.result;
    const row = 4;
    const told = await explainKept(all, row);
    if (told.kind !== 'hypothesis') throw new Error('expected a hypothesis');
    expect(told.status).toBe('blind');
    expect([told.sHat, told.z, told.pFit, told.limits[0].observed]).toEqual([undefined, undefined, undefined, null]);
    expect(told.limits[0].expected[2]).toBe(at(table, 'limit_exp_0', row));
    const under = told.bins.filter(({ low, high }) => high > 14 && low < 16);
    expect(under.length).toBeGreaterThan(0);
    for (const { n, withSignal } of under) expect([n, withSignal]).toEqual([null, null]);
  });

  test('a row that the scan does not have is refused', async () => {
    const all = await keepScan(SPECTRUM_CARD);
    await expect(explainKept(all, 1000)).rejects.toThrow(/^internal: found row 1000, the last scan has 0 to \d+$/);
  });
});

describe('picture of a posterior', () => {
  const curve = { poi: [0, 1, 2, 3, 4], density: [1, 0.5, 0.25, 0.125, 0.0625] };

  test('fills the area up to the limit and marks it', () => {
    const { line, area, observed, expected, ticks } = posteriorPicture(curve, { observed: 2.5, expected: 1 });
    expect(line.startsWith(`M${PICTURE.left.toFixed(2)},${PICTURE.top.toFixed(2)}L`)).toBe(true);
    const middle = 0.5 * (PICTURE.left + PICTURE.right);
    expect(observed).toBeCloseTo(PICTURE.left + (2.5 / 4) * (PICTURE.right - PICTURE.left), 6);
    expect(expected).toBeLessThan(middle);
    expect(area.endsWith(`L${observed!.toFixed(2)},${PICTURE.bottom}Z`)).toBe(true);
    expect(ticks.map(({ label }) => label)).toEqual(['0', '1', '2', '3', '4']);
  });

  test('widens where a limit lies beyond the density, and fills nothing without one', () => {
    const wide = posteriorPicture(curve, { expected: 8 });
    expect(wide.area).toBe('');
    expect(wide.expected!).toBeLessThan(PICTURE.right);
    expect(wide.observed).toBeUndefined();
  });
});
