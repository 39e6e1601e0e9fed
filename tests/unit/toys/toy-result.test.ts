/** toys.json, tables and figures of campaigns at their edges: no event, no toy beyond the data, signals. */
import { expect, test } from 'vitest';
import { numbersOf } from '../../../src/model/result.ts';
import { loadPngRenderer } from '../../../src/node/png.ts';
import {
  listToyFigures,
  restoreToyFigures,
  storeToyFigures,
  type ToyFigureInputs,
} from '../../../src/report/toy-figures.ts';
import { toysText } from '../../../src/report/toys-text.ts';
import { lnNormalTail } from '../../../src/stats/normal.ts';
import { throwToys } from '../../../src/toys/campaign.ts';
import { observedExtreme } from '../../../src/toys/observed.ts';
import type { ToySetup } from '../../../src/toys/prepare-toys.ts';
import { significanceLevels } from '../../../src/toys/significance-levels.ts';
import { maxZTable, whereTable } from '../../../src/toys/toy-extremes.ts';
import { toysIn, type ToyTally } from '../../../src/toys/tally.ts';
import { toyResult } from '../../../src/toys/toy-result.ts';
import { cpu, edit, LINE_TOYS, setupOf } from './toy-setup.ts';

const INJECT = edit(LINE_TOYS, ['statistics:', 'simulation: { inject: [{ x: 2, events: 14 }] }\nstatistics:']);
const SETUP = await setupOf();

/** The same campaign with other data: counts of every window. */
function withData(setup: ToySetup, counts: Uint32Array): ToySetup {
  return { ...setup, observed: observedExtreme(counts, setup.tables, { n: counts, b0: setup.tables.b0 }) };
}

async function thrown(setup: ToySetup, n = 2000): Promise<ToyTally> {
  const backend = cpu();
  const { tally } = await throwToys(setup, backend, { from: 0, to: n });
  await backend.close();
  return tally;
}

function inputsOf(setup: ToySetup, tally: ToyTally): ToyFigureInputs {
  const { sample, z_local_max: zLocal } = toyResult(setup, tally);
  const labels = {
    title: 'title',
    experiment: '',
    conditions: '',
    x: { label: 'x', unit: '' },
    poi: { label: 'S', unit: '' },
  };
  const levels = significanceLevels(setup);
  return { labels, maxZ: maxZTable(setup, tally), nToys: toysIn(tally), sample, zLocal, levels };
}

const none = withData(SETUP, new Uint32Array(SETUP.windows.count));
const peak = SETUP.tables.b0.map((b) => Math.ceil(b));
peak[20] = 35;
const discovery = withData(SETUP, Uint32Array.from(peak));
const CASES: [string, ToySetup][] = [
  ['data', SETUP],
  ['no event', none],
  ['a discovery', discovery],
  ['a signal', await setupOf(INJECT, { inject: true })],
];

test('without any event every toy reaches the data: p is 1', async () => {
  const tally = await thrown(none);
  const result = toyResult(none, tally);
  expect(result).toMatchObject({ best: null, z_local_max: null, p_local: 1, p_global: 1, z_global: null });
  expect(result.n_exceedances).toBe(2000);
  expect(toysText(result)).toContain('NONE HAS AN EVENT');
});

test('no toy beyond the data: p is 1/(N + 1), never 0, and its interval begins at 0', async () => {
  const tally = await thrown(discovery);
  const result = toyResult(discovery, tally);
  expect(result.n_exceedances).toBe(0);
  expect(result.p_global).toBeCloseTo(1 / 2001, 15);
  expect(result.p_global_low).toBe(0);
  // P(0 of N) = (1 - high)^N is half of what is outside
  expect(result.p_global_high).toBeCloseTo(1 - 0.15865525393145707 ** (1 / 2000), 12);
  expect(result.best).toMatchObject({ n: 35, window: 20 });
  expect(toysText(result)).toMatch(/0 toys reach it: global p 0\.000500 \[0, 0\.000920\]/);
});

test('expected and observed windows above a level', () => {
  const { z, windows, observed, independent, pLocal } = significanceLevels(discovery);
  z.forEach((level, i) => {
    expect(pLocal[i]).toBeCloseTo(Math.exp(lnNormalTail(level)), 14);
    // discrete counts reach a level at most as often as a continuous Z, and not far less often at 8 events each
    expect(windows[i]).toBeLessThanOrEqual(pLocal[i] * SETUP.windows.count * (1 + 1e-9));
    expect(independent[i]).toBeLessThanOrEqual(Math.min(1, windows[i]) * (1 + 1e-9));
    const { ranks } = discovery.tables;
    const above = [...discovery.observed.counts].filter((n, w) => {
      const lnP = ranks.lnP[ranks.ranks[Math.min(ranks.first[w] + n, ranks.first[w + 1] - 1)]];
      return n > 0 && lnP <= lnNormalTail(level) + 1e-9;
    });
    expect(observed[i]).toBe(above.length);
  });
  expect(observed[0]).toBeGreaterThan(0);
});

test.each(CASES)('tables and figures of %s', async (_, setup) => {
  const tally = await thrown(setup);
  const maxZ = maxZTable(setup, tally);
  const [toys, orMore, low, high] = ['toys', 'toys_or_more', 'p_low', 'p_high'].map((name) => [
    ...numbersOf(maxZ, name),
  ]);
  expect(orMore[0]).toBe(2000);
  orMore.forEach((k, i) => {
    expect(k).toBe(toys.slice(i).reduce((sum, n) => sum + n, 0));
    expect(low[i]).toBeLessThan(k / 2000);
    expect(high[i]).toBeGreaterThanOrEqual(k / 2000);
  });
  const where = whereTable(setup, tally);
  expect([...numbersOf(where, 'toys')].reduce((sum, n) => sum + n, 0)).toBe(2000 - (tally.byRank.get(0) ?? 0));

  const inputs = inputsOf(setup, tally);
  const renderer = await loadPngRenderer(1);
  if (typeof renderer !== 'function') throw new Error(renderer.unavailable);
  const stored = restoreToyFigures(JSON.parse(JSON.stringify(storeToyFigures(inputs))));
  const again = listToyFigures(stored).map((figure) => figure.draw());
  const figures = listToyFigures(inputs);
  expect(figures).toHaveLength(setup.injected.length > 0 ? 2 : 3);
  figures.forEach(({ name, draw }, i) => {
    const svg = draw();
    expect(svg, name).not.toMatch(/NaN|undefined|Infinity/);
    expect(svg, name).toMatch(/<title>[^<]{5,}<\/title><desc>[^<]{10,}<\/desc>/);
    expect(again[i] === svg, name).toBe(true);
    expect([...renderer(svg).subarray(1, 4)]).toEqual([...Buffer.from('PNG')]);
  });
});
