/**
 * Poisson numbers from a 64-bit uniform integer and a table of integer thresholds, built once with portable functions:
 * the count is the number of thresholds at or below the integer.
 */
import { DarkscanError } from '../errors.ts';
import { exp } from '../stats/portable.ts';
import { lnPoissonPmf } from '../stats/poisson.ts';

export interface PoissonTable {
  /** Counts below this have a probability under 2^-64. */
  readonly first: number;
  /** [size] P(N <= first + i) in units of 2^-64, as high and low words. */
  readonly high: Uint32Array;
  readonly low: Uint32Array;
}

/** Largest mean of a table. */
export const MAX_MEAN = 1e9;

/** Error of each probability: 1e-15 (f64). Error (kind card) for a mean that is negative, NaN or above 1e9. */
export function makePoissonTable(mean: number): PoissonTable {
  if (!(mean >= 0 && mean <= MAX_MEAN)) {
    throw new DarkscanError(
      'card',
      `simulation: ${mean} expected events, expected a number between 0 and 1e9; correct it`,
    );
  }
  const reach = 10 * Math.sqrt(mean) + 50;
  const first = Math.max(0, Math.floor(mean - reach));
  const size = Math.ceil(mean + reach) - first;
  const high = new Uint32Array(size);
  const low = new Uint32Array(size);
  let cumulative = 0;
  for (let i = 0; i < size; i++) {
    cumulative = Math.min(1, cumulative + exp(lnPoissonPmf(first + i, mean)));
    const scaled = cumulative * 2 ** 32;
    high[i] = Math.min(0xffffffff, Math.floor(scaled));
    low[i] = scaled >= 2 ** 32 ? 0xffffffff : Math.floor((scaled - high[i]) * 2 ** 32);
  }
  return { first, high, low };
}

/** Count from a 64-bit uniform integer given as two words. */
export function drawPoisson(table: PoissonTable, wordHigh: number, wordLow: number): number {
  let [from, to] = [0, table.high.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    const h = table.high[middle];
    if (h < wordHigh || (h === wordHigh && table.low[middle] <= wordLow)) from = middle + 1;
    else to = middle;
  }
  return table.first + from;
}
