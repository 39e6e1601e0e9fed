/**
 * Ranks: every attainable p0 of every window, ordered once in f64, so that toys compare integers (methods.md section 5).
 * Rank 0 is p0 = 1; a higher rank is a smaller p0; values within 1e-12 of each other (in ln p) are ties and share one.
 * Where p0 depends on more than the count of the window, there is a row of ranks per n_off, or per step (src/toys/rank-rows.ts).
 */
import { log } from '../../stats/portable.ts';

export interface RankTable {
  /** What rows are by (AXIS in kernels/toys/layout.ts); `none`: one row per window. */
  readonly axis: 'none' | 'step' | 'sideBand' | 'complement';
  readonly nWindows: number;
  /** The array `rank_first` of kernels/toy_scan.ts: [nWindows + 1], window w has ranks[first[w] + n]; larger n as the last. */
  readonly first: Uint32Array;
  readonly ranks: Uint32Array;
  /** [number of ranks] ln p0 of a rank. */
  readonly lnP: Float64Array;
}

/** Smaller p0 than this are all the same rank of their window: one in 1e9 toys of 1e4 windows would have one. */
export const SMALLEST = 1e-24;
const TIE = 1e-12;

/**
 * @param tails tails[w][n] = P(N >= n) of window w, n = 0, 1, ...
 * @param least [nWindows] counts that must have a rank of their own: those of the data
 */
export function makeRankTable(nWindows: number, tailsOf: (w: number) => Float64Array, least: Uint32Array): RankTable {
  const first = new Uint32Array(nWindows + 1);
  const lnPs: Float64Array[] = [];
  for (let w = 0; w < nWindows; w++) {
    const tails = tailsOf(w);
    let size = 1;
    while (size < tails.length && tails[size] > 0 && (tails[size - 1] > SMALLEST || size <= least[w] + 1)) size++;
    lnPs.push(Float64Array.from(tails.subarray(0, size), (p, n) => (n === 0 ? 0 : log(p))));
    first[w + 1] = first[w] + size;
  }
  const all = new Float64Array(first[nWindows]);
  lnPs.forEach((lnP, w) => all.set(lnP, first[w]));
  return { axis: 'none', nWindows, first, ...rankValues(all) };
}

/** Ranks of values of ln p0, and the largest value of every rank. Ties are chains of values each within 1e-12 of the next. */
export function rankValues(all: Float64Array): Pick<RankTable, 'ranks' | 'lnP'> {
  const sorted = all.slice().sort();
  const lnP: number[] = [];
  const lowest: number[] = []; // of every rank
  for (let i = sorted.length - 1; i >= 0; i--) {
    const value = sorted[i];
    const previous = lowest[lowest.length - 1];
    if (lnP.length === 0 || previous - value > TIE * Math.max(1, -previous)) {
      lnP.push(value);
      lowest.push(value);
    } else lowest[lowest.length - 1] = value;
  }
  const ranks = Uint32Array.from(all, (value) => rankAtOrAbove(lowest, value));
  return { ranks, lnP: Float64Array.from(lnP) };
}

/** First rank whose lowest value is at or below a value. */
function rankAtOrAbove(lowest: readonly number[], value: number): number {
  let [from, to] = [0, lowest.length];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (lowest[middle] > value) from = middle + 1;
    else to = middle;
  }
  return from;
}
