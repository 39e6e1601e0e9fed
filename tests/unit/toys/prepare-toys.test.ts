/** From a card to a campaign: the recount by cells, the windows taken, what is refused. */
import { expect, test } from 'vitest';
import { parseCard } from '../../../src/io/card.ts';
import { lnNormalTail } from '../../../src/stats/normal.ts';
import { quadraticForm } from '../../../src/model/ellipse.ts';
import { prepareToys } from '../../../src/toys/prepare-toys.ts';
import { scanWindows } from '../../../src/scan/window-scan.ts';
import { numbersOf } from '../../../src/model/result.ts';
import { SMALL_CARD } from '../cli/run-cli.ts';
import { cpu, edit, LINE_TOYS, prepared, setupOf } from './toy-setup.ts';

const PLANE = SMALL_CARD;

test('an event is in the windows that contain the centre of its cell, by a search through all cells', async () => {
  const { lattice, observed, windows } = await setupOf(PLANE);
  const { events } = await prepared(PLANE);
  const counts = new Uint32Array(windows.count);
  for (let i = 0; i < events.x.length; i++) {
    const [x, y] = [events.x[i], events.y![i]];
    for (let c = 0; c < lattice.slope.length; c++) {
      const [left, right] = [lattice.xEdges[c], lattice.xEdges[c + 1]];
      if (!(x > left && x <= right) && !(c === 0 && x === left)) continue;
      const centre = (left + right) / 2;
      for (let k = lattice.firstCell[c] + c; k < lattice.firstCell[c + 1] + c; k++) {
        const [low, high] = [lattice.yEdges[k], lattice.yEdges[k + 1]];
        const sheared = y - lattice.slope[c] * (x - centre);
        if (!(sheared > low && sheared <= high)) continue;
        for (let w = 0; w < windows.count; w++) {
          const d = [centre - windows.x[w], (low + high) / 2 - windows.y[w]];
          if (quadraticForm(windows.qxx[w], windows.qxy[w], windows.qyy[w], d[0], d[1]) <= 1) counts[w]++;
        }
      }
    }
  }
  expect([...observed.counts]).toEqual([...counts]);
  expect(counts.reduce((sum, n) => sum + n, 0)).toBeGreaterThan(200);
});

test.each([
  ['plane', PLANE],
  ['line', LINE_TOYS],
])('the best window of the %s is that of the scan where the counts agree', async (_, text) => {
  const setup = await setupOf(text);
  const { table } = await scanWindows(parseCard(text, 'card'), {
    backend: cpu(),
    files: { read: () => Promise.reject(new Error('no file')) },
  });
  const [n, lnP0] = [numbersOf(table, 'n'), numbersOf(table, 'ln_p0')];
  const { observed, tables, windows } = setup;
  let compared = 0;
  for (let w = 0; w < windows.count; w++) {
    const rank = tables.ranks.ranks[tables.ranks.first[w] + observed.counts[w]];
    expect(rank).toBeLessThanOrEqual(observed.rank);
    if (observed.counts[w] !== n[w]) continue;
    compared++;
    // |d ln P(N >= n) / d ln b| = b pmf(n - 1) / P(N >= n) is at most n, also in a mixture; 1.1: b changes by percents
    expect(Math.abs(tables.ranks.lnP[rank] - lnP0[w])).toBeLessThan(1.1 * n[w] * observed.largestB0Change + 1e-9);
  }
  expect(compared + observed.nDifferent).toBe(windows.count);
  expect(compared).toBeGreaterThan(windows.count / 2);
  expect(observed.largestB0Change).toBeLessThan(0.05);
  expect(observed.lnPLocal).toBe(tables.ranks.lnP[observed.rank]);
  expect(observed.lnPLocal).toBeLessThan(lnNormalTail(1));
});

test('blind windows are left out of counts, ranks and toys', async () => {
  const blind = edit(LINE_TOYS, ['statistics:', 'blind: [{ x: [1.4, 2.2] }]\nstatistics:']);
  const [all, some] = [await setupOf(), await setupOf(blind)];
  const kept = [...all.windows.x.keys()].filter((w) => !(all.windows.x[w] >= 1.4 && all.windows.x[w] <= 2.2));
  expect([...some.ids]).toEqual(kept);
  expect(some.windows.count).toBeLessThan(all.windows.count);
  expect([...some.observed.counts]).toEqual(kept.map((w) => all.observed.counts[w]));
  const everything = edit(LINE_TOYS, ['statistics:', 'blind: [{ x: [0, 9] }]\nstatistics:']);
  await expect(setupOf(everything)).rejects.toThrow(/^toys: every window is blind/);
});

test('identity is of card, seed, ensemble and signal, nothing else', async () => {
  const identity = async (...args: Parameters<typeof setupOf>) => (await setupOf(...args)).identity;
  const inject = edit(LINE_TOYS, ['statistics:', 'simulation: { inject: [{ x: 2, events: 9 }] }\nstatistics:']);
  const others = [
    await identity(LINE_TOYS),
    await identity(LINE_TOYS, { seed: 2 }),
    await identity(edit(LINE_TOYS, ['statistics:', 'toys: { ensemble: fixed }\nstatistics:'])),
    await identity(edit(LINE_TOYS, ['background: 0.1', 'background: 0.11'])),
    await identity(edit(LINE_TOYS, ['half_axes: 2', 'half_axes: 2.1'])),
    await identity(inject),
    await identity(inject, { inject: true }),
  ];
  expect(new Set(others).size).toBe(others.length);
  expect(await identity(`# again\n${LINE_TOYS}`)).toBe(others[0]);
});

test('an injected signal has its events around its place, and p0 does not know it', async () => {
  const inject = edit(LINE_TOYS, ['statistics:', 'simulation: { inject: [{ x: 2, events: 9 }] }\nstatistics:']);
  // the data of this card hold the signal too, so the tables are compared at equal counts
  const [without, withSignal] = [await setupOf(inject), await setupOf(inject, { inject: true })];
  expect([...withSignal.tables.arrays[6]]).toEqual([...without.tables.arrays[6]]);
  expect(withSignal.tables.b0).toEqual(without.tables.b0);
  const [{ atoms: events }] = withSignal.injected;
  const { atoms, windows } = withSignal;
  const inWindow = (w: number) =>
    events.reduce(
      (sum, e, a) => sum + (atoms.windows.subarray(atoms.first[a], atoms.first[a + 1]).includes(w) ? e : 0),
      0,
    );
  const best = [...windows.x.keys()].reduce((b, w) =>
    Math.abs(windows.x[w] - 2) < Math.abs(windows.x[b] - 2) ? w : b,
  );
  // window of +-2 sigma, centre within half a step: Phi(2 - d) - Phi(-2 - d)
  const d = (windows.x[best] - 2) / 0.05;
  const share = Math.exp(lnNormalTail(-2 - d)) - Math.exp(lnNormalTail(2 - d));
  expect(inWindow(best) / 9).toBeCloseTo(share, 1);
  expect(events.reduce((sum, e) => sum + e, 0)).toBeCloseTo(9, 2);
  expect(withSignal.tables.events - without.tables.events).toBeCloseTo(9, 2);
});

test('what toys cannot do is refused in one line that says what to do', async () => {
  const refusal = async (text: string, options = {}): Promise<string> => {
    const outcome = prepareToys(await prepared(text), { seed: 1, ...options });
    const error = await outcome.then(
      () => new Error('accepted'),
      (e: unknown) => e as Error,
    );
    expect(error.message).not.toContain('\n');
    return error.message;
  };
  const lopsided = edit(LINE_TOYS, ['p0: marginal', 'p0: profile'], ['0.1 }', '{ up: 0.1, down: 0.2 } }']);
  expect(await refusal(lopsided)).toMatch(/^card: nuisance 'norm' has different sizes up and down.*of one size$/);
  expect(await refusal(LINE_TOYS, { inject: true })).toMatch(/no simulation\.inject/);
  const band = edit(
    LINE_TOYS,
    [
      "{ name: fall, density: 'exp(-x)', events: 120, support: { x: [0.8, 3.2] } }",
      '{ name: band, side_band: { inner: 3, outer: 6, tau: area } }',
    ],
    ['data: { simulate: true }', 'data: { file: events.csv }'],
  );
  expect(await refusal(band)).toMatch(
    /^card: background\.components\[0\] \(band\) has no event density.*toys\.density\.band .*; give windows/,
  );
});

test('the card takes the ensembles there are', () => {
  const card = edit(LINE_TOYS, ['statistics:', 'toys: { ensemble: nominal }\nstatistics:']);
  expect(() => parseCard(card, 'card.yaml')).toThrow(/toys\.ensemble .*nominal.*predictive, auxiliary, fixed/);
});
