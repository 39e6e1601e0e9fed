/**
 * Ranks: every attainable p0 of every window, ordered once in f64, so that toys compare integers (methods.md section 5).
 * Rank 0 is p0 = 1; a higher rank is a smaller p0; values within 1e-12 of each other (in ln p) are ties and share one.
 */
import { log } from '../../stats/portable.ts';

export interface RankTable {
  /** [nWindows + 1] window w has ranks[first[w] + n] for n = 0 .. first[w + 1] - first[w] - 1; larger n as the last. */
  readonly first: Uint32Array;
  readonly ranks: Uint32Array;
  /** [number of ranks] ln p0 of a rank. */
  readonly lnP: Float64Array;
}

/** Smaller p0 than this are all the same rank of their window: one in 1e9 toys of 1e4 windows would have one. */
const SMALLEST = 1e-24;
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
  const order = Uint32Array.from(all.keys()).sort((i, j) => all[j] - all[i] || i - j);
  const ranks = new Uint32Array(all.length);
  const lnP: number[] = [];
  let previous = NaN;
  for (const i of order) {
    if (!(previous - all[i] <= TIE * Math.max(1, -previous))) lnP.push(all[i]);
    previous = all[i];
    ranks[i] = lnP.length - 1;
  }
  return { first, ranks, lnP: Float64Array.from(lnP) };
}

/** Rank of a count. */
export function rankOf({ first, ranks }: RankTable, w: number, n: number): number {
  return ranks[Math.min(first[w] + n, first[w + 1] - 1)];
}
