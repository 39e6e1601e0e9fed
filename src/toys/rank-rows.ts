/**
 * Rank tables with rows: p0 of a window by its count and by n_off of its side band, or by the step of the toy
 * (auxiliary measurements). Layout: AXIS in kernels/toys/layout.ts.
 */
import { DarkscanError } from '../errors.ts';
import { ROW_STRIDE } from '../kernels/toys/layout.ts';
import { placeInRows, rankInRow } from '../kernels/toys/rows.ts';
import { rankValues, type RankTable } from '../model/toys/rank-table.ts';

/** One window: ln p0 [row][n], n = 0, 1, ... up to where larger counts share the last rank. */
export interface WindowRows {
  /** n_off of the first row; 0 for steps. */
  readonly least: number;
  readonly lnP: readonly Float64Array[];
}

/** ln p0 of a row that is nowhere below the floor. */
const CERTAIN = Float64Array.of(0);
/** Words of all tables together: what a GPU binds at least. */
const MOST_WORDS = 2 ** 25;

/** Rows by n_off. @param lnFloor p0 above this have rank 0: in nearly every toy some window is below it */
export function sideBandRanks(
  axis: 'sideBand' | 'complement',
  nWindows: number,
  rowsOf: (w: number) => WindowRows,
  lnFloor = 0,
): RankTable {
  const head = new Uint32Array(ROW_STRIDE * nWindows);
  const starts: number[] = [];
  const leasts: number[] = [];
  const values = new GrowingValues();
  for (let w = 0; w < nWindows; w++) {
    const { least, lnP } = rowsOf(w);
    head.set([starts.length, least, lnP.length], ROW_STRIDE * w);
    for (const row of lnP) {
      let n = 1;
      while (n < row.length && row[n] > lnFloor) n++;
      starts.push(values.length + starts.length);
      leasts.push(n);
      // a row needs an entry: the last one is that of all larger counts
      values.push(n < row.length ? row.subarray(n) : CERTAIN);
      if (values.length + starts.length > MOST_WORDS) throw tooLarge(w, nWindows);
    }
  }
  starts.push(values.length + starts.length);
  const { ranks: own, lnP } = rankValues(values.withZero());
  const ranks = new Uint32Array(starts[starts.length - 1]);
  for (let row = 0, from = 0; row + 1 < starts.length; row++) {
    const size = starts[row + 1] - starts[row] - 1;
    ranks[starts[row]] = leasts[row];
    ranks.set(own.subarray(1 + from, 1 + from + size), starts[row] + 1);
    from += size;
  }
  const first = new Uint32Array(head.length + starts.length);
  first.set(head);
  first.set(starts, head.length);
  return { axis, nWindows, first, ranks, lnP };
}

/** One row per window: ln p0 [nWindows][n]. */
export function rankTableOf(rows: readonly Float64Array[]): RankTable {
  return { ...stepRanks(rows.length, 1, (w) => [rows[w]]), axis: 'none' };
}

/** Rows by step: every window has ln p0 [steps][n]. */
export function stepRanks(nWindows: number, nSteps: number, rowsOf: (w: number) => readonly Float64Array[]): RankTable {
  const byWindow = Array.from({ length: nWindows }, (_, w) => rowsOf(w));
  const first = new Uint32Array(nSteps * nWindows + 1);
  const values = new GrowingValues();
  for (let row = 0; row < nSteps * nWindows; row++) {
    const w = row % nWindows;
    values.push(byWindow[w][(row - w) / nWindows]);
    first[row + 1] = values.length;
    if (values.length > MOST_WORDS) throw tooLarge(w, nWindows);
  }
  const { ranks, lnP } = rankValues(values.withZero());
  return { axis: 'step', nWindows, first, ranks: ranks.slice(1), lnP };
}

/** First row of a window and one past its last. */
export function rowRange({ axis, nWindows, first }: RankTable, w: number): readonly [from: number, to: number] {
  if (axis === 'none') return [0, 1];
  if (axis === 'step') return [0, (first.length - 1) / nWindows];
  const least = first[ROW_STRIDE * w + 1];
  return [least, least + first[ROW_STRIDE * w + 2]];
}

/** Rank of a count; `row`: n_off or step. Error (kind internal): a row the table does not have. */
export function rankOf({ axis, nWindows, first, ranks }: RankTable, w: number, n: number, row = 0): number {
  if (axis === 'sideBand' || axis === 'complement') {
    if (n === 0) return 0;
    const place = placeInRows(first, nWindows, w, row);
    if (place < 0)
      throw new DarkscanError('internal', `toys: window ${w} has no p0 for ${row} events in its side band`);
    return rankInRow(first, ranks, place, n);
  }
  const place = axis === 'step' ? row * nWindows + w : w;
  return ranks[Math.min(first[place] + n, first[place + 1] - 1)];
}

/** Numbers one behind the other. */
class GrowingValues {
  private values = new Float64Array(1024);
  length = 0;

  push(more: Float64Array): void {
    if (1 + this.length + more.length > this.values.length) {
      const larger = new Float64Array(2 * (1 + this.length + more.length));
      larger.set(this.values.subarray(0, 1 + this.length));
      this.values = larger;
    }
    this.values.set(more, 1 + this.length);
    this.length += more.length;
  }

  /** [1 + length] ln p0 = 0 first, so that rank 0 is p0 = 1. */
  withZero(): Float64Array {
    return this.values.slice(0, 1 + this.length);
  }
}

function tooLarge(w: number, nWindows: number): DarkscanError {
  const found = `p0 of ${w + 1} of ${nWindows} windows fill ${MOST_WORDS / 2 ** 18} MB`;
  const advice = 'use fewer windows, or bands with fewer events';
  return new DarkscanError('resource', `toys: ${found}, expected all of them to fit; ${advice}`);
}
