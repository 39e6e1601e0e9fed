/** A fixed random choice of windows: which ones are recomputed as a check depends on seed and number only. */
import { makeStream } from '../stats/philox.ts';

/** Stream number kept for this purpose (simulate.ts uses those below). */
const SAMPLING_STREAM = 0xffff0000;

/** Tells whether item `index` belongs to a random part of the given fraction, the same in every run of a seed. */
export function isSampled(seed: number, index: number, fraction: number): boolean {
  return makeStream(seed, SAMPLING_STREAM).words(index)[0] < fraction * 2 ** 32;
}
