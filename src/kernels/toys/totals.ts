/** A count from 64 random bits and integer thresholds (src/model/toys/thresholds.ts). Twin of shaders/shared/totals.wgsl. */

/**
 * Number of thresholds at or below the 64-bit word (high, low).
 * @param totals [.][2] high and low words, ascending in [place, place + size)
 */
export function thresholdsReached(totals: Uint32Array, place: number, size: number, high: number, low: number): number {
  let [from, to] = [0, size];
  while (from < to) {
    const middle = (from + to) >>> 1;
    const at = 2 * (place + middle);
    if (totals[at] < high || (totals[at] === high && totals[at + 1] <= low)) from = middle + 1;
    else to = middle;
  }
  return from;
}
