/** Throws a range of toys on a backend, batch after batch, and tallies them in toy order. */
import type { Backend, Handle } from '../engine/backend.ts';
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

/**
 * Whatever ends it, the tally holds complete toys from `from` on without a gap. While one batch is tallied the next one is
 * already being thrown, so that a GPU does not wait.
 */
export async function throwToys(setup: ToySetup, backend: Backend, options: ThrowOptions): Promise<Thrown> {
  const { from, to, untilExceedances = Infinity, deadline = Infinity, signal } = options;
  const tally = new GrowingTally(from, setup.observed.rank);
  const finished = (ended: Thrown['ended']): Thrown => ({ tally: tally.finish(), ended });
  if (signal?.aborted) return finished('interrupted');
  if (performance.now() >= deadline) return finished('time');
  const thrower = new BatchThrower(setup, backend, options, () => tally.exceedanceCount);
  let next = from < to ? thrower.start(from) : undefined;
  try {
    while (next !== undefined) {
      const { at, count } = next;
      const words = await next.words.catch((error: unknown) => {
        if (signal?.aborted && isDarkscanError(error, 'interrupted')) return undefined;
        throw error;
      });
      if (words === undefined) return finished('interrupted');
      const isOver = at + count >= to;
      const isLate = performance.now() >= deadline;
      next = isOver || isLate || signal?.aborted ? undefined : thrower.start(at + count);
      for (let i = 0; i < count; i++) {
        const word = TOY_STRIDE * i;
        if (words[word + 3] !== RESULT_CODE.ok) repeat(setup, at + i, words, i);
        tally.add(words[word], words[word + 1], words[word + 3] !== RESULT_CODE.ok);
        if (tally.exceedanceCount >= untilExceedances) return finished('exceedances');
      }
      if (next === undefined && !isOver) return finished(signal?.aborted ? 'interrupted' : 'time');
    }
    return finished('range');
  } finally {
    await next?.words.catch(() => undefined);
    thrower.free();
  }
}

interface Batch {
  readonly at: number;
  readonly count: number;
  /** [count][TOY_STRIDE] and perhaps more. */
  readonly words: Promise<Uint32Array>;
}

/** Tables on the backend, and two results in turn. Batches grow until one takes about BATCH_MS. */
class BatchThrower {
  private readonly setup: ToySetup;
  private readonly backend: Backend;
  private readonly options: ThrowOptions;
  private readonly reached: () => number;
  private readonly tables: readonly Handle[];
  private readonly results: (Handle | undefined)[] = [undefined, undefined];
  private batch: number;
  private turn = 0;

  constructor(setup: ToySetup, backend: Backend, options: ThrowOptions, reached: () => number) {
    this.setup = setup;
    this.backend = backend;
    this.options = options;
    this.reached = reached;
    this.tables = setup.tables.arrays.map((array) => backend.upload(array));
    this.batch = options.batch ?? FIRST_BATCH;
  }

  start(at: number): Batch {
    const count = Math.min(this.batch, this.options.to - at);
    return { at, count, words: this.run(at, count, this.resultOf(TOY_STRIDE * count)) };
  }

  free(): void {
    for (const handle of [...this.tables, ...this.results]) if (handle !== undefined) this.backend.free(handle);
  }

  private async run(at: number, count: number, result: Handle): Promise<Uint32Array> {
    const { from, to, signal, onProgress, batch } = this.options;
    const started = performance.now();
    await this.backend.run(toyScan, [...this.tables, result], toyParams(this.setup, at), 0, count, {
      signal,
      onProgress: (done) => onProgress?.(at - from + done, to - from, this.reached()),
    });
    const words = (await this.backend.read(result)) as Uint32Array;
    const isShort = performance.now() - started < BATCH_MS / 4;
    if (batch === undefined && isShort && count === this.batch) this.batch = Math.min(4 * this.batch, LARGEST_BATCH);
    return words;
  }

  /** The result that is not being tallied, made larger where it has to be. */
  private resultOf(length: number): Handle {
    this.turn = 1 - this.turn;
    const old = this.results[this.turn];
    if (old !== undefined && old.length >= length) return old;
    if (old !== undefined) this.backend.free(old);
    const handle = this.backend.upload(new Uint32Array(length));
    this.results[this.turn] = handle;
    return handle;
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
