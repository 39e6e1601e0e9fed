/** A distribution of counts as 64-bit integer thresholds: the count is the number of thresholds at or below a word. */
import type { CountDistribution } from './predictive-counts.ts';

export interface Thresholds {
  /** Least count. */
  readonly first: number;
  /** [size][2] P(N <= first + i) in units of 2^-64, high and low word; counts rarer than 2^-64 at either end are cut. */
  readonly thresholds: Uint32Array;
}

export function makeThresholds({ first, pmf }: CountDistribution): Thresholds {
  let total = 0;
  for (const p of pmf) total += p;
  const words: number[] = [];
  let least = first;
  let cumulative = 0;
  for (let i = 0; i < pmf.length; i++) {
    cumulative = Math.min(1, cumulative + pmf[i] / total);
    const scaled = cumulative * 2 ** 32;
    const high = Math.min(0xffffffff, Math.floor(scaled));
    const low = scaled >= 2 ** 32 ? 0xffffffff : Math.floor((scaled - high) * 2 ** 32);
    if (high === 0 && low === 0 && words.length === 0) {
      least++;
      continue;
    }
    words.push(high, low);
    if (high === 0xffffffff && low === 0xffffffff) break;
  }
  // the last threshold is never reached: the largest count takes what is left
  return { first: least, thresholds: Uint32Array.from(words.slice(0, -2)) };
}
