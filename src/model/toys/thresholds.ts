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
  const words: number[] = [];
  let least = first;
  let below = 0;
  for (let i = 0; i < pmf.length; i++) {
    below += pmf[i];
    const isLower = below <= above[i];
    const [high, low] = wordsOf(Math.min(below, above[i]) / total);
    if (high === 0 && low === 0) {
      if (!isLower) break;
      least++;
    } else if (isLower) words.push(high, low);
    else words.push((low === 0 ? -high : ~high) >>> 0, -low >>> 0); // 2^64 less what is above
  }
  return { first: least, thresholds: Uint32Array.from(words) };
}

/** p < 1 in units of 2^-64, rounded down. */
function wordsOf(p: number): readonly [number, number] {
  const high = Math.floor(p * 2 ** 32);
  return [high, Math.floor((p * 2 ** 32 - high) * 2 ** 32)];
}
