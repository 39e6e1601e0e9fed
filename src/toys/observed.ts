/** The scan of the data as toys are scanned: events counted by cells, the extreme as a rank. */
import type { Events } from '../model/columns.ts';
import type { FineLattice } from '../model/fine-lattice.ts';
import type { Atoms } from '../model/toys/atoms.ts';
import { cellAt } from '../model/toys/cells.ts';
import { rankOf } from './rank-rows.ts';
import type { ToyTables } from './toy-tables.ts';

export interface Observed {
  /** [nWindows] events by the rule `cells`. */
  readonly counts: Uint32Array;
  /** The most significant window, the lowest number among ties; rank 0 when no window has an event. */
  readonly rank: number;
  readonly window: number;
  readonly lnPLocal: number;
  /** Windows in which the rule `exact` counts differently, and the largest relative difference of b0. */
  readonly nDifferent: number;
  readonly largestB0Change: number;
}

/** [nWindows] events whose cell's centre is inside; events outside the lattice are in no window. */
export function countByCells(events: Events, lattice: FineLattice, atoms: Atoms, nWindows: number): Uint32Array {
  const counts = new Uint32Array(nWindows);
  for (let i = 0; i < events.x.length; i++) {
    const cell = cellAt(lattice, events.x[i], events.y?.[i] ?? 0);
    if (cell < 0) continue;
    const atom = atoms.ofCell[cell];
    for (let k = atoms.first[atom]; k < atoms.first[atom + 1]; k++) counts[atoms.windows[k]]++;
  }
  return counts;
}

export function observedExtreme(
  counts: Uint32Array,
  tables: ToyTables,
  exact: { readonly n: Uint32Array; readonly b0: Float64Array },
): Observed {
  let [rank, window] = [0, 0];
  let nDifferent = 0;
  let largestB0Change = 0;
  counts.forEach((n, w) => {
    const own = rankOf(tables.ranks, w, n);
    if (own > rank) [rank, window] = [own, w];
    if (n !== exact.n[w]) nDifferent++;
    if (exact.b0[w] > 0) largestB0Change = Math.max(largestB0Change, Math.abs(tables.b0[w] / exact.b0[w] - 1));
  });
  return { counts, rank, window, lnPLocal: tables.ranks.lnP[rank], nDifferent, largestB0Change };
}
