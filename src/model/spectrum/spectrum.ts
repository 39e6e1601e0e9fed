/** A binned spectrum: counts between edges, in ascending order, with gaps where the table has none. */
import { DarkscanError } from '../../errors.ts';

export interface Spectrum {
  readonly nBins: number;
  /** [nBins] edges in the units of the variable; bin i is [low_i, high_i). */
  readonly low: Float64Array;
  readonly high: Float64Array;
  /** [nBins] observed events. */
  readonly counts: Uint32Array;
}

/** Share of a bin by which neighbours may overlap: edges that were printed with few digits. */
const ROUNDING = 1e-9;
const MOST_BINS = 1e6;
const MOST_EVENTS = 2 ** 32 - 1;

type Numbers = ArrayLike<number>;

/**
 * Errors of kind data, with the bin: columns of different lengths, edges that are not finite and ascending, bins that
 * overlap or are not sorted, counts that are not whole numbers from 0 to 2^32 - 1.
 * @param where what the columns were read from, for messages
 */
export function makeSpectrum(low: Numbers, high: Numbers, counts: Numbers, where = 'spectrum'): Spectrum {
  const nBins = low.length;
  const refuse = (found: string, allowed: string) => {
    throw new DarkscanError('data', `${where}: ${found}, expected ${allowed}`, { where });
  };
  if (high.length !== nBins || counts.length !== nBins)
    refuse(`${nBins} low edges, ${high.length} high edges and ${counts.length} counts`, 'as many of each');
  if (nBins === 0 || nBins > MOST_BINS) refuse(`${nBins} bins`, `1 to ${MOST_BINS}; check the table`);
  for (let i = 0; i < nBins; i++) {
    if (!(low[i] < high[i] && high[i] - low[i] < Infinity))
      refuse(`bin ${i} goes from ${low[i]} to ${high[i]}`, 'two finite edges, the low one first');
    if (i > 0 && low[i] < low[i - 1])
      refuse(`bin ${i} starts at ${low[i]}, below bin ${i - 1} at ${low[i - 1]}`, 'ascending bins; sort the table');
    if (i > 0 && high[i - 1] - low[i] > ROUNDING * (high[i - 1] - low[i - 1]))
      refuse(`bin ${i} starts at ${low[i]}, inside bin ${i - 1} that ends at ${high[i - 1]}`, 'bins without overlap');
    if (!(Number.isInteger(counts[i]) && counts[i] >= 0 && counts[i] <= MOST_EVENTS))
      refuse(`bin ${i} has ${counts[i]} events`, `${allowedCount(counts[i])}; give counts, not densities or weights`);
  }
  return { nBins, low: Float64Array.from(low), high: Float64Array.from(high), counts: Uint32Array.from(counts) };
}

function allowedCount(found: number): string {
  return Number.isInteger(found) && found > 0 ? `at most ${MOST_EVENTS}` : 'a whole number >= 0';
}

/** Counts values between ascending edges, low edges included; `outside` are those below, above, or not a number. */
export function binEvents(values: Numbers, edges: Numbers): { spectrum: Spectrum; outside: number } {
  const all = Float64Array.from(edges);
  const empty = makeSpectrum(all.subarray(0, -1), all.subarray(1), new Uint32Array(Math.max(0, all.length - 1)));
  const counts = new Uint32Array(empty.nBins);
  let outside = 0;
  for (let i = 0; i < values.length; i++) {
    const bin = binOf(all, values[i]);
    if (bin < 0) outside++;
    else counts[bin]++;
  }
  return { spectrum: { ...empty, counts }, outside };
}

/** -1 outside. */
function binOf(edges: Float64Array, value: number): number {
  let [low, high] = [0, edges.length - 1];
  if (!(value >= edges[low] && value < edges[high])) return -1;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (value >= edges[middle]) low = middle;
    else high = middle;
  }
  return low;
}
