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

/**
 * The same with both tails summed from their ends: P(N > n) is as accurate as P(N <= n), and the least probable count
 * thrown at either end has 2^-64, where makeThresholds ends above at 2^-53. (Campaigns of toy_scan keep that one: their
 * toys must stay what they were.)
 */
export function makeTailThresholds({ first, pmf }: CountDistribution): Thresholds {
  // P(N > first + i), not normalised
  const above = new Float64Array(pmf.length);
  for (let i = pmf.length - 2; i >= 0; i--) above[i] = above[i + 1] + pmf[i + 1];
  const total = above[0] + pmf[0];
  const words = new Uint32Array(2 * pmf.length);
  let least = first;
  let size = 0;
  let below = 0;
  for (let i = 0; i < pmf.length; i++) {
    below += pmf[i];
    const isLower = below <= above[i];
    const p = (Math.min(below, above[i]) / total) * 2 ** 32;
    const high = Math.floor(p);
    const low = Math.floor((p - high) * 2 ** 32);
    if (high === 0 && low === 0) {
      if (!isLower) break;
      least++;
      continue;
    }
    // the upper half is 2^64 less what is above
    words[size] = isLower ? high : low === 0 ? -high : ~high;
    words[size + 1] = isLower ? low : -low;
    size += 2;
  }
  return { first: least, thresholds: words.slice(0, size) };
}
