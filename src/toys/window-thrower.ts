/** Toys of a window scan on a backend: one kernel throws, counts and ranks them. */
import type { Backend, Handle, RunOptions } from '../engine/backend.ts';
import { RESULT_CODE } from '../kernels/plan-bindings.ts';
import { toyScan, TOY_STRIDE } from '../kernels/toy_scan.ts';
import type { ToyThrower } from './campaign.ts';
import type { ToySetup } from './prepare-toys.ts';

const FIRST_BATCH = 1024;
const LARGEST_BATCH = 2 ** 20;

/** Tables on the backend, and two results in turn. */
export function windowThrower(setup: ToySetup, backend: Backend): ToyThrower {
  const tables = setup.tables.arrays.map((array) => backend.upload(array));
  const results: (Handle | undefined)[] = [undefined, undefined];
  let turn = 0;

  /** The result that is not being tallied, made larger where it has to be. */
  function resultOf(length: number): Handle {
    turn = 1 - turn;
    const old = results[turn];
    if (old !== undefined && old.length >= length) return old;
    if (old !== undefined) backend.free(old);
    return (results[turn] = backend.upload(new Uint32Array(length)));
  }

  return {
    first: FIRST_BATCH,
    most: LARGEST_BATCH,
    async start(at: number, count: number, options: RunOptions) {
      const result = resultOf(TOY_STRIDE * count);
      await backend.run(toyScan, [...tables, result], toyParams(setup, at), 0, count, options);
      const words = (await backend.read(result)) as Uint32Array;
      return { words, settle: () => repeatFailed(setup, at, words, count) };
    },
    free() {
      for (const handle of [...tables, ...results]) if (handle !== undefined) backend.free(handle);
    },
  };
}

/** Params of the kernel for toys base, base + 1, ... */
export function toyParams(
  { seed, tables }: Pick<ToySetup, 'seed' | 'tables'>,
  base: number,
  fingerprint = 0,
): Record<string, number> {
  return {
    ...counterParams(seed, base),
    fingerprint,
    floor_rank: tables.floorRank,
    count_bits: tables.countBits,
  };
}

/** Key and counter of toys base, base + 1, ... as kernels take them. */
export function counterParams(seed: number, base: number): Record<string, number> {
  const [low, high] = [(value: number) => value % 2 ** 32, (value: number) => Math.floor(value / 2 ** 32)];
  return { seed_low: low(seed), seed_high: high(seed), base_low: low(base), base_high: high(base) };
}

/** Toys the device could not hold, by the CPU twin. */
function repeatFailed(setup: ToySetup, base: number, words: Uint32Array, count: number): void {
  const own = new Uint32Array(TOY_STRIDE);
  for (let i = 0; i < count; i++) {
    if (words[TOY_STRIDE * i + 3] === RESULT_CODE.ok) continue;
    toyScan.run([...setup.tables.arrays, own], toyParams(setup, base + i), 0, 1);
    words.set(own, TOY_STRIDE * i);
  }
}
