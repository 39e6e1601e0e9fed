/** Throws a range of toys on a backend, batch after batch, and tallies them in toy order. */
import type { Backend } from '../engine/backend.ts';
import { toyScan, TOY_STRIDE } from '../kernels/toy_scan.ts';
import { RESULT_CODE } from '../kernels/plan-bindings.ts';
import { isDarkscanError } from '../errors.ts';
import { GrowingTally, type ToyTally } from './tally.ts';
import type { ToySetup } from './prepare-toys.ts';

export interface ThrowOptions {
  /** Toys [from, to). */
  readonly from: number;
  readonly to: number;
  /** Stop at this exceedance, in toy order. */
  readonly untilExceedances?: number;
  /** performance.now() at which no further batch begins. */
  readonly deadline?: number;
  readonly signal?: AbortSignal;
  /** Toys done of all, and how many of the tallied ones reach the data. */
  readonly onProgress?: (done: number, total: number, reached: number) => void;
  /** Toys in one batch, which the result does not depend on; default: what takes about half a second. */
  readonly batch?: number;
}

export interface Thrown {
  readonly tally: ToyTally;
  readonly ended: 'range' | 'exceedances' | 'time' | 'interrupted';
}

const FIRST_BATCH = 1024;
const LARGEST_BATCH = 2 ** 20;
const BATCH_MS = 500;

/** Whatever ends it, the tally holds complete toys from `from` on without a gap. */
export async function throwToys(setup: ToySetup, backend: Backend, options: ThrowOptions): Promise<Thrown> {
  const { from, to, untilExceedances = Infinity, deadline = Infinity, signal } = options;
  const tally = new GrowingTally(from, setup.observed.rank);
  const finished = (ended: Thrown['ended']): Thrown => ({ tally: tally.finish(), ended });
  const tables = setup.tables.arrays.map((array) => backend.upload(array));
  let batch = Math.min(options.batch ?? FIRST_BATCH, to - from);
  let result = backend.upload(new Uint32Array(TOY_STRIDE * batch));
  try {
    for (let at = from; at < to;) {
      if (signal?.aborted) return finished('interrupted');
      const started = performance.now();
      if (started >= deadline) return finished('time');
      const count = Math.min(batch, to - at);
      try {
        await backend.run(toyScan, [...tables, result], toyParams(setup, at), 0, count, {
          signal,
          onProgress: (done) => options.onProgress?.(at - from + done, to - from, tally.exceedanceCount),
        });
      } catch (error) {
        if (signal?.aborted && isDarkscanError(error, 'interrupted')) return finished('interrupted');
        throw error;
      }
      const words = (await backend.read(result)) as Uint32Array;
      for (let i = 0; i < count; i++) {
        if (words[TOY_STRIDE * i + 3] !== RESULT_CODE.ok) repeat(setup, at + i, words, i);
        const word = TOY_STRIDE * i;
        tally.add(words[word], words[word + 1], words[word + 3] !== RESULT_CODE.ok);
        if (tally.exceedanceCount >= untilExceedances) return finished('exceedances');
      }
      at += count;
      if (options.batch !== undefined || performance.now() - started > BATCH_MS / 2 || batch === LARGEST_BATCH)
        continue;
      batch = Math.min(4 * batch, LARGEST_BATCH);
      backend.free(result);
      result = backend.upload(new Uint32Array(TOY_STRIDE * batch));
    }
    return finished('range');
  } finally {
    [...tables, result].forEach((handle) => backend.free(handle));
  }
}

/** Params of the kernel for toys base, base + 1, ... */
export function toyParams(
  { seed, tables }: Pick<ToySetup, 'seed' | 'tables'>,
  base: number,
  fingerprint = 0,
): Record<string, number> {
  const [low, high] = [(value: number) => value % 2 ** 32, (value: number) => Math.floor(value / 2 ** 32)];
  return {
    seed_low: low(seed),
    seed_high: high(seed),
    base_low: low(base),
    base_high: high(base),
    fingerprint,
    floor_rank: tables.floorRank,
    count_bits: tables.countBits,
  };
}

/** A toy the device could not hold, by the CPU twin. */
function repeat(setup: ToySetup, toy: number, words: Uint32Array, i: number): void {
  const own = new Uint32Array(TOY_STRIDE);
  toyScan.run([...setup.tables.arrays, own], toyParams(setup, toy), 0, 1);
  words.set(own, TOY_STRIDE * i);
}
