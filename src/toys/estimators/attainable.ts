/**
 * What each window can do: counts are whole, so a window's p0 takes steps, and only the largest attainable p0 that is at
 * most the observed local p counts as reaching it. N x p_local is 2-3 times too large at low counts.
 */
import { exp } from '../../stats/portable.ts';
import type { RankTable } from '../../model/toys/rank-table.ts';

/** Relative width of a tie in ln p (model/toys/rank-table.ts). */
const TIE = 1e-12;

/** Lowest rank at or above the observed local p0, ties included; the number of ranks when nothing attainable is. */
export function rankOfLnP({ lnP }: RankTable, lnPLocal: number): number {
  let [from, to] = [0, lnP.length];
  const reach = lnPLocal + TIE * Math.max(1, -lnPLocal);
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (lnP[middle] > reach) from = middle + 1;
    else to = middle;
  }
  return from;
}

/**
 * [nWindows] ln of every window's largest attainable p0 at or below the observed one. Where the table of a window ends
 * earlier (p0 below 1e-24), the smaller of the last entry and p_local, which is not below the true value.
 */
export function attainableLnP(table: RankTable, lnPLocal: number): Float64Array {
  const { first, ranks, lnP } = table;
  const observed = rankOfLnP(table, lnPLocal);
  return Float64Array.from({ length: first.length - 1 }, (_, w) => {
    let [from, to] = [first[w], first[w + 1]];
    while (from < to) {
      const middle = (from + to) >>> 1;
      if (ranks[middle] < observed) from = middle + 1;
      else to = middle;
    }
    return from < first[w + 1] ? lnP[ranks[from]] : Math.min(lnPLocal, lnP[ranks[from - 1]]);
  });
}

/** Mean of attainable p0 over p_local: 1 for a continuous statistic, below it the more the counts are discrete. */
export function attainedShare(attainable: Float64Array, lnPLocal: number): number {
  return attainable.reduce((sum, lnP) => sum + exp(lnP - lnPLocal), 0) / attainable.length;
}
