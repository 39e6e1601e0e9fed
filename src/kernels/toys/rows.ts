/** The best window of one toy whose p0 depend on n and on n_off: the last pass of kernels/toy_scan.ts, for its twin. */
import { AXIS, ROW_STRIDE } from './layout.ts';

export interface BestOfRows {
  readonly rank: number;
  /** The lowest number among ties; 0xffffffff where no window has a rank. */
  readonly window: number;
  /** A window with events whose n_off has no row: its p0 is not in the tables. */
  readonly isOutside: boolean;
}

/**
 * @param counts of regions: 2 w the window, 2 w + 1 its band (or what is not band), 2 nWindows all that can be band
 * @param rankFirst, ranks layout: AXIS in layout.ts
 */
export function bestOfRows(
  counts: ArrayLike<number>,
  axis: number,
  nWindows: number,
  rankFirst: Uint32Array,
  ranks: Uint32Array,
): BestOfRows {
  let [rank, window, isOutside] = [0, 0xffffffff, false];
  const all = axis === AXIS.complement ? counts[2 * nWindows] : 0;
  for (let w = 0; w < nWindows; w++) {
    const n = counts[2 * w];
    if (n === 0) continue;
    const nOff = axis === AXIS.complement ? all - counts[2 * w + 1] : counts[2 * w + 1];
    const place = placeInRows(rankFirst, nWindows, w, nOff);
    if (place < 0) {
      isOutside = true;
      continue;
    }
    const own = rankInRow(rankFirst, ranks, place, n);
    if (own > rank) [rank, window] = [own, w];
  }
  return { rank, window, isOutside };
}

/** Place in `rank_first` of the row of n_off; -1 where there is none. */
export function placeInRows(rankFirst: Uint32Array, nWindows: number, w: number, nOff: number): number {
  const row = nOff - rankFirst[ROW_STRIDE * w + 1];
  if (row < 0 || row >= rankFirst[ROW_STRIDE * w + 2]) return -1;
  return ROW_STRIDE * nWindows + rankFirst[ROW_STRIDE * w] + row;
}

/** Rank of a count in a row: 0 below its least count, the last one beyond its end. */
export function rankInRow(rankFirst: Uint32Array, ranks: Uint32Array, place: number, n: number): number {
  const start = rankFirst[place];
  const above = n - ranks[start];
  return above < 0 ? 0 : ranks[Math.min(start + 1 + above, rankFirst[place + 1] - 1)];
}
