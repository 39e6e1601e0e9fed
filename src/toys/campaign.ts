/** Throws a range of toys on a backend, batch after batch, and tallies them in toy order. */
import type { Backend, RunOptions } from '../engine/backend.ts';
import { TOY_STRIDE } from '../kernels/toy_scan.ts';
import { RESULT_CODE } from '../kernels/plan-bindings.ts';
import { isDarkscanError } from '../errors.ts';
import type { ToySetup } from './prepare-toys.ts';
import { GrowingTally, type ToyTally } from './tally.ts';
import { windowThrower } from './window-thrower.ts';

export { toyParams } from './window-thrower.ts';

/** What toys are compared with, and how they are thrown. */
export interface ToyCampaign {
  readonly observed: { readonly rank: number };
  open(backend: Backend): ToyThrower;
}

export interface ToyThrower {
  /** Toys of the first batch, and of any at most. */
  readonly first: number;
  readonly most: number;
  /** Toys [at, at + count). `onProgress` counts toys. One batch is asked for after the words of the one before are there. */
  start(at: number, count: number, options: RunOptions): Promise<ThrownBatch>;
  free(): void;
}

export interface ThrownBatch {
  /** [count][TOY_STRIDE] and perhaps more: rank, window, unused, code other than `ok` where some p0 is missing. */
  readonly words: Uint32Array;
  /** Completes the words while the next batch is being thrown. */
  settle?(): void | Promise<void>;
}

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
  /** After every batch: the tally so far can be asked for while it is called. */
  readonly onTallied?: (soFar: () => ToyTally) => void;
  /** Toys in one batch, which the result does not depend on; default: what takes about half a second. */
  readonly batch?: number;
}

export interface Thrown {
  readonly tally: ToyTally;
  readonly ended: 'range' | 'exceedances' | 'time' | 'interrupted';
}

const BATCH_MS = 500;

/**
 * Whatever ends it, the tally holds complete toys from `from` on without a gap. While one batch is tallied the next one is
 * already being thrown, so that a GPU does not wait.
 */
export async function throwToys(
  setup: ToySetup | ToyCampaign,
  backend: Backend,
  options: ThrowOptions,
): Promise<Thrown> {
  const { from, to, untilExceedances = Infinity, deadline = Infinity, signal } = options;
  const tally = new GrowingTally(from, setup.observed.rank);
  const finished = (ended: Thrown['ended']): Thrown => ({ tally: tally.finish(), ended });
  if (signal?.aborted) return finished('interrupted');
  if (performance.now() >= deadline) return finished('time');
  const thrower = 'open' in setup ? setup.open(backend) : windowThrower(setup, backend);
  const batches = new Batches(thrower, options, () => tally.exceedanceCount);
  let next = from < to ? batches.start(from) : undefined;
  try {
    while (next !== undefined) {
      const { at, count } = next;
      const thrown = await next.thrown.catch((error: unknown) => {
        if (signal?.aborted && isDarkscanError(error, 'interrupted')) return undefined;
        throw error;
      });
      if (thrown === undefined) return finished('interrupted');
      const isOver = at + count >= to;
      const isLate = performance.now() >= deadline;
      next = isOver || isLate || signal?.aborted ? undefined : batches.start(at + count);
      await thrown.settle?.();
      const { words } = thrown;
      for (let i = 0; i < count; i++) {
        const word = TOY_STRIDE * i;
        tally.add(words[word], words[word + 1], words[word + 3] !== RESULT_CODE.ok);
        if (tally.exceedanceCount >= untilExceedances) return finished('exceedances');
      }
      options.onTallied?.(() => tally.finish());
      if (next === undefined && !isOver) return finished(signal?.aborted ? 'interrupted' : 'time');
    }
    return finished('range');
  } finally {
    await next?.thrown.catch(() => undefined);
    thrower.free();
  }
}

interface Batch {
  readonly at: number;
  readonly count: number;
  readonly thrown: Promise<ThrownBatch>;
}

/** Batches grow until one takes about BATCH_MS. */
class Batches {
  private readonly thrower: ToyThrower;
  private readonly options: ThrowOptions;
  private readonly reached: () => number;
  private batch: number;

  constructor(thrower: ToyThrower, options: ThrowOptions, reached: () => number) {
    this.thrower = thrower;
    this.options = options;
    this.reached = reached;
    this.batch = options.batch ?? thrower.first;
  }

  start(at: number): Batch {
    const count = Math.min(this.batch, this.options.to - at);
    return { at, count, thrown: this.run(at, count) };
  }

  private async run(at: number, count: number): Promise<ThrownBatch> {
    const { from, to, signal, onProgress, batch } = this.options;
    const started = performance.now();
    const thrown = await this.thrower.start(at, count, {
      signal,
      onProgress: (done) => onProgress?.(at - from + done, to - from, this.reached()),
    });
    const isShort = performance.now() - started < BATCH_MS / 4;
    if (batch === undefined && isShort && count === this.batch) {
      this.batch = Math.min(4 * this.batch, this.thrower.most);
    }
    return thrown;
  }
}
