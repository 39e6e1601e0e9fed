/** Throwing toys in batches and ranges: whatever the split, the same integers. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Backend } from '../../../src/engine/backend.ts';
import { toyScan, TOY_STRIDE } from '../../../src/kernels/toy_scan.ts';
import { RESULT_CODE } from '../../../src/kernels/plan-bindings.ts';
import { throwToys, toyParams, type Thrown, type ThrowOptions } from '../../../src/toys/campaign.ts';
import { mergeTallies, toysIn, type ToyTally } from '../../../src/toys/tally.ts';
import { cpu, setupOf } from './toy-setup.ts';

const SETUP = await setupOf();

async function thrown(options: ThrowOptions, backend: Backend = cpu()): Promise<Thrown> {
  try {
    return await throwToys(SETUP, backend, options);
  } finally {
    await backend.close();
  }
}

const tallyOf = async (from: number, to: number, more: Partial<ThrowOptions> = {}): Promise<ToyTally> =>
  (await thrown({ from, to, ...more })).tally;

/** Order of the maps does not count. */
const plain = ({ byRank, byWindow, ...rest }: ToyTally) => ({
  ...rest,
  byRank: [...byRank].sort(([a], [b]) => a - b),
  byWindow: [...byWindow].sort(([a], [b]) => a - b),
});

/** Rank of every toy, one call of the kernel for each. */
function ranksOneByOne(from: number, to: number): number[] {
  const result = new Uint32Array(TOY_STRIDE);
  return Array.from({ length: to - from }, (_, i) => {
    toyScan.run([...SETUP.tables.arrays, result], toyParams(SETUP, from + i), 0, 1);
    return result[0];
  });
}

const WHOLE = await tallyOf(0, 3000);

test('the tally is that of toys thrown one by one', () => {
  const ranks = ranksOneByOne(0, 3000);
  expect(toysIn(WHOLE)).toBe(3000);
  for (const [rank, n] of WHOLE.byRank) expect(ranks.filter((r) => r === rank)).toHaveLength(n);
  const beyond = ranks.flatMap((rank, i) => (rank >= SETUP.observed.rank ? [i] : []));
  expect(WHOLE.exceedances).toEqual(beyond);
  expect(WHOLE.nExceedances).toBe(beyond.length);
  expect(beyond.length).toBeGreaterThan(20);
});

test('the size of a batch does not matter', async () => {
  for (const batch of [1, 7, 1000, 2999, 3001]) {
    const to = batch === 1 ? 300 : 3000;
    expect(plain(await tallyOf(0, to, { batch })), `batch ${batch}`).toEqual(plain(await tallyOf(0, to)));
  }
});

test('any tiling of a range merges to the same tally', async () => {
  const cuts = fc.uniqueArray(fc.integer({ min: 1, max: 2999 }), { maxLength: 6 });
  const property = fc.asyncProperty(cuts, fc.integer(), async (places, shuffle) => {
    const edges = [0, ...places.sort((a, b) => a - b), 3000];
    const parts = await Promise.all(edges.slice(1).map((to, i) => tallyOf(edges[i], to)));
    const order = parts.map((part, i) => [Math.imul(i + 1, shuffle | 1), part] as const).sort(([a], [b]) => a - b);
    const merged = mergeTallies(order.map(([, part]) => part));
    expect(merged.gaps).toEqual([]);
    expect(plain(merged)).toEqual(plain(WHOLE));
  });
  await fc.assert(property, { seed: 4, numRuns: 12 });
});

test('toys around 2^32 are the toys of a range that passes it', async () => {
  const [from, to] = [2 ** 32 - 4, 2 ** 32 + 4];
  const parts = await Promise.all([tallyOf(from, 2 ** 32), tallyOf(2 ** 32, to)]);
  expect(plain(mergeTallies(parts))).toEqual(plain(await tallyOf(from, to, { batch: 3 })));
  // the high word enters: these are not toys 0 to 3 again
  expect(plain(parts[1]).byRank).not.toEqual(plain(await tallyOf(0, 4)).byRank);
});

test('until K ends right at the K-th toy that reaches the data, whatever the batch', async () => {
  for (const [K, batch] of [
    [1, 16_384],
    [5, 1],
    [5, 64],
    [5, 3000],
    [17, 100],
  ]) {
    const { tally, ended } = await thrown({ from: 0, to: 3000, untilExceedances: K, batch });
    expect(ended).toBe('exceedances');
    expect(tally.exceedances).toEqual(WHOLE.exceedances.slice(0, K));
    expect(tally.to).toBe(WHOLE.exceedances[K - 1] + 1);
    expect(plain(tally)).toEqual(plain(await tallyOf(0, tally.to)));
  }
  const all = await thrown({ from: 0, to: 3000, untilExceedances: WHOLE.nExceedances + 1 });
  expect([all.ended, all.tally.to]).toEqual(['range', 3000]);
});

test('a deadline and an abort close the tally at a complete batch, and the rest goes on from there', async () => {
  const late = await thrown({ from: 0, to: 3000, deadline: performance.now() - 1 });
  expect([late.ended, late.tally.to, toysIn(late.tally)]).toEqual(['time', 0, 0]);
  const controller = new AbortController();
  let calls = 0;
  const onProgress = () => {
    if (++calls === 30) controller.abort();
  };
  const { tally, ended } = await thrown({ from: 0, to: 3000, batch: 50, signal: controller.signal, onProgress });
  expect(ended).toBe('interrupted');
  expect(tally.to % 50).toBe(0);
  expect(tally.to).toBeGreaterThan(0);
  expect(tally.to).toBeLessThan(3000);
  expect(plain(mergeTallies([tally, await tallyOf(tally.to, 3000)]))).toEqual(plain(WHOLE));
});

test('a toy that the device hands back is thrown again by the twin', async () => {
  const inner = cpu();
  const backend: Backend = {
    ...inner,
    info: inner.info,
    warnings: [],
    upload: (data) => inner.upload(data),
    run: (...call) => inner.run(...call),
    free: (handle) => inner.free(handle),
    close: () => inner.close(),
    async read(handle) {
      const words = (await inner.read(handle)) as Uint32Array;
      for (let i = 0; i < words.length; i += 3 * TOY_STRIDE) words.set([12345, 6, 0, RESULT_CODE.ok + 1], i);
      return words;
    },
  };
  expect(plain((await thrown({ from: 0, to: 3000 }, backend)).tally)).toEqual(plain(WHOLE));
});

test('nothing stays on the backend', async () => {
  const backend = cpu();
  await throwToys(SETUP, backend, { from: 0, to: 100 });
  expect(backend.liveHandles).toBe(0);
  await backend.close();
});
