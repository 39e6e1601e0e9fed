/**
 * Probability under the ensemble that a window alone reaches the observed extreme, where p0 is not that probability
 * itself: p0 with rows (a side band counted in the toy, auxiliary measurements) and asymptotic p0. For nuisances that
 * are fixed in the toys, n and n_off of a window are independent Poisson counts:
 *   P = sum over rows r of P(r) P(N >= n_r),   n_r: the smallest count whose rank in row r reaches the observed one.
 */
import { lnPoissonPmf, lnPoissonTail } from '../../stats/poisson.ts';
import { exp, log } from '../../stats/portable.ts';
import type { RankTable } from '../../model/toys/rank-table.ts';
import { rankOf, rowRange } from '../rank-rows.ts';

export interface FixedMeans {
  /** [nWindows] expected events in the window. */
  readonly n: Float64Array;
  /** [nWindows] expected events in its band, for rows by n_off. */
  readonly nOff?: Float64Array;
  /** [rows] probabilities of the steps, for rows by step. */
  readonly weights?: Float64Array;
}

/** ln P of what does not happen. */
const LEAST = -1e5;

/** [nWindows] ln P; -1e5 where nothing a window can have reaches the extreme. */
export function reachLnP(ranks: RankTable, observedRank: number, means: FixedMeans): Float64Array {
  return means.n.map((mean, w) => {
    const [first, end] = rowRange(ranks, w);
    const most = mean + 14 * Math.sqrt(mean) + 60;
    let p = 0;
    for (let row = first; row < end; row++) {
      const weight = means.nOff === undefined ? (means.weights?.[row] ?? 1) : exp(lnPoissonPmf(row, means.nOff[w]));
      const n = leastCount(ranks, w, row, observedRank, Math.ceil(most));
      if (weight > 0 && n <= most) p += weight * exp(lnPoissonTail(n, mean));
    }
    return p > 0 ? Math.max(LEAST, log(p)) : LEAST;
  });
}

/** Smallest count up to `most` that reaches a rank; most + 1 when none does. Ranks grow with the count. */
function leastCount(ranks: RankTable, w: number, row: number, rank: number, most: number): number {
  let [from, to] = [0, most + 1];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (rankOf(ranks, w, middle, row) < rank) from = middle + 1;
    else to = middle;
  }
  return from;
}
