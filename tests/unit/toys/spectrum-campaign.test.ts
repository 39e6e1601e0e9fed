/** Toys of sliding-range fits: whatever the batch, the threads and the split, the extremes of toys fitted one by one. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runCampaign } from '../../../src/cli/toy-run.ts';
import { fitSpectrum } from '../../../src/scan/spectrum/fit-spectrum.ts';
import { throwToys } from '../../../src/toys/campaign.ts';
import { throwSpectrum } from '../../../src/toys/spectrum/fit-toys.ts';
import { joinPlans } from '../../../src/toys/spectrum/joint-plan.ts';
import { lowerEdge, observedRank, rankOfZ, Z_STEP } from '../../../src/toys/spectrum/z-ranks.ts';
import { mergeTallies, type ToyTally } from '../../../src/toys/tally.ts';
import { testCpu } from '../../support/backends.ts';
import { unitSpectrum } from '../../support/spectra.ts';
import { cpu } from './toy-setup.ts';
import { masses, partOf, setupOf, twoParts } from './spectrum-setup.ts';

const PARTS = twoParts();
const SETUP = await setupOf(PARTS);
const N = 200;

const plain = ({ byRank, byWindow, ...rest }: ToyTally) => ({
  ...rest,
  byRank: [...byRank].sort(([a], [b]) => a - b),
  byWindow: [...byWindow].sort(([a], [b]) => a - b),
});

const tallyOf = async (from: number, to: number, batch?: number) =>
  (await throwToys(SETUP, cpu(), { from, to, batch })).tally;

const WHOLE = await tallyOf(0, N);

test('ranks order as Z and reach that of the data when Z does', () => {
  const observed = 3.6057;
  const levels = [-1, 0, 1e-9, 0.0049, 0.005, 0.1, 3.6, observed - 1e-4, observed, observed + 1e-4, 3.61, 40];
  const ranks = levels.map((z) => rankOfZ(z, observed));
  expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
  levels.forEach((z, i) => expect(ranks[i] >= observedRank(observed), `z ${z}`).toBe(z >= observed));
  expect(rankOfZ(observed - 1e-9, observed)).toBe(observedRank(observed));
  for (const z of [0.0001, 0.1234, 2, 3.604, 3.6056, 3.6058, 3.62, 7]) {
    const edge = lowerEdge(rankOfZ(z, observed), observed);
    expect(edge <= z && z - edge < Z_STEP, `z ${z} from ${edge}`).toBe(true);
  }
  // data without an excess are reached by every toy
  expect(rankOfZ(-2, -0.3)).toBeGreaterThanOrEqual(observedRank(-0.3));
});

test('fits of all parts at once are those of every part alone', () => {
  const alone = PARTS.flatMap(({ plan, spectrum }) => fitSpectrum(plan, spectrum.counts));
  expect(fitSpectrum(joinPlans(PARTS), SETUP.counts)).toEqual(alone);
  expect(SETUP.tested).toHaveLength(74);
  const { z, best } = SETUP.observed;
  expect(SETUP.tested[best]).toMatchObject({ spectrum: 'low', part: 0, id: best });
  expect(z).toBe(Math.max(...alone.map((fit) => fit.z)));
  expect(Math.abs(SETUP.tested[best].mass - 30.5)).toBeLessThan(1.5);
});

test('the tally is that of toys thrown and fitted one by one to the last step', () => {
  const byWindow = new Map<number, number>();
  const exceedances: number[] = [];
  for (let toy = 0; toy < N; toy++) {
    const counts = new Uint32Array(90);
    throwSpectrum(SETUP.tables, 1, toy, counts);
    const fits = fitSpectrum(joinPlans(PARTS), counts);
    const best = fits.reduce((most, { z }, h) => (z > fits[most].z ? h : most), 0);
    byWindow.set(best, (byWindow.get(best) ?? 0) + 1);
    if (fits[best].z >= SETUP.observed.z) exceedances.push(toy);
  }
  expect(WHOLE.exceedances).toEqual(exceedances);
  expect(exceedances.length).toBeGreaterThan(5);
  expect(WHOLE.nFailures).toBe(0);
  expect(plain(WHOLE).byWindow).toEqual([...byWindow].sort(([a], [b]) => a - b));
});

test('batches, threads and splits do not matter', async () => {
  for (const batch of [1, 7, 199]) expect(plain(await tallyOf(0, N, batch)), `batch ${batch}`).toEqual(plain(WHOLE));
  expect(plain(mergeTallies([await tallyOf(0, 110), await tallyOf(110, N)]))).toEqual(plain(WHOLE));
  const two = testCpu(2);
  try {
    expect(plain((await throwToys(SETUP, two, { from: 0, to: N })).tally)).toEqual(plain(WHOLE));
  } finally {
    await two.close();
  }
});

test('a campaign goes on from its shards, and refuses those of another seed or spectrum', async () => {
  const shards = mkdtempSync(join(tmpdir(), 'spectrum-toys-'));
  try {
    const controller = new AbortController();
    const first = await runCampaign(SETUP, cpu(), {
      from: 0,
      to: N,
      shards,
      shardSize: 50,
      signal: controller.signal,
      onProgress: (done) => done > 90 && controller.abort(),
    });
    expect(first.ended).toBe('interrupted');
    expect(first.thrown).toBeLessThan(N);
    const second = await runCampaign(SETUP, cpu(), { from: 0, to: N, shards, shardSize: 50 });
    expect(second.thrown).toBe(N - first.thrown);
    expect(plain(second.tally)).toEqual(plain(WHOLE));
    const others = [await setupOf(PARTS, { seed: 2 }), await setupOf([PARTS[0]])];
    for (const other of others)
      await expect(runCampaign(other, cpu(), { from: 0, to: N, shards })).rejects.toThrow(/another campaign/);
  } finally {
    rmSync(shards, { recursive: true });
  }
});

test('with one hypothesis the global p-value is the local one', async () => {
  // S^ is normal at these counts: T = z of one hypothesis, P(T >= z) = P(N(0, 1) >= z)
  const counts = Array.from({ length: 40 }, (_, i) => 1000 - 8 * i);
  [30, 45, 30].forEach((more, k) => (counts[19 + k] += more));
  const setup = await setupOf([partOf(unitSpectrum(counts), masses(20.5, 20.5, 1, 1))]);
  const toys = 4000;
  const { tally } = await throwToys(setup, cpu(), { from: 0, to: toys });
  const pLocal = Math.exp(setup.observed.lnPLocal);
  expect(setup.observed.z).toBeGreaterThan(1);
  // false alarm 1e-5 (4.4 standard errors), and a tenth of an error for what is left of the discrete counts
  const error = Math.sqrt((pLocal * (1 - pLocal)) / toys);
  expect(Math.abs(tally.nExceedances / toys - pLocal)).toBeLessThan(4.5 * error);
  // without an excess in the data every toy reaches them
  const dip = await setupOf([partOf(unitSpectrum(counts), masses(10.5, 10.5, 1, 1))]);
  expect(dip.observed.z).toBeLessThan(0);
  const all = await throwToys(dip, cpu(), { from: 0, to: 50 });
  expect(all.tally.nExceedances).toBe(50);
});
