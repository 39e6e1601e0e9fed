/** The scan of the data as toys are scanned: events counted by cells, the extreme as a rank. */
import { DarkscanError } from '../errors.ts';
import type { Events } from '../model/columns.ts';
import type { FineLattice } from '../model/fine-lattice.ts';
import type { Atoms } from '../model/toys/atoms.ts';
import { cellAt } from '../model/toys/cells.ts';
import type { ToyRegions } from '../model/toys/toy-regions.ts';
import { rankOf } from './rank-rows.ts';
import type { ToyTables } from './toy-tables.ts';

export interface Observed {
  /** [nWindows] events by the rule `cells`. */
  readonly counts: Uint32Array;
  /** [nWindows] events beside the windows by the same rule, where toys count them. */
  readonly nOff?: Uint32Array;
  /** [nWindows] rank of every window. */
  readonly ranks: Uint32Array;
  /** The most significant window, the lowest number among ties; rank 0 when no window has an event. */
  readonly rank: number;
  readonly window: number;
  readonly lnPLocal: number;
  /** Windows in which (or beside which) the rule `exact` counts differently, and the largest relative difference of b0. */
  readonly nDifferent: number;
  readonly largestB0Change: number;
}

/** [nWindows] events whose cell's centre is inside; events outside the lattice are in no window. */
export function countByCells(events: Events, lattice: FineLattice, atoms: Atoms, nWindows: number): Uint32Array {
  return addByCells(events, lattice, atoms, 0, new Uint32Array(nWindows));
}

/** Events of the data as toys count theirs. */
export interface CellCounts {
  /** [nWindows] in the windows. */
  readonly n: Uint32Array;
  /** [nWindows] in the side bands, or in the control sample; undefined where toys count none. */
  readonly nOff?: Uint32Array;
}

/** @param control events of the control sample, needed where `regions` have one */
export function countRegions(events: Events, lattice: FineLattice, regions: ToyRegions, control?: Events): CellCounts {
  const { atoms, nWindows, axis, controlShift } = regions;
  const counts = addByCells(events, lattice, atoms, 0, new Uint32Array(regions.nRegions));
  if (axis === 'none') return { n: counts };
  if (controlShift > 0) {
    if (control === undefined) throw new DarkscanError('internal', 'toys: the control sample was not read');
    addByCells(control, lattice, atoms, controlShift, counts);
  }
  const every = (id: (w: number) => number) => Uint32Array.from({ length: nWindows }, (_, w) => id(w));
  const inPlane = counts[2 * nWindows];
  return {
    n: every((w) => counts[2 * w]),
    nOff: every((w) => (axis === 'complement' ? inPlane - counts[2 * w + 1] : counts[2 * w + 1])),
  };
}

/** Adds events to the counts of regions; an event in a cell of atom a > 0 has atom a + shift. */
function addByCells(
  events: Events,
  lattice: FineLattice,
  atoms: Atoms,
  shift: number,
  counts: Uint32Array,
): Uint32Array {
  for (let i = 0; i < events.x.length; i++) {
    const cell = cellAt(lattice, events.x[i], events.y?.[i] ?? 0);
    if (cell < 0 || atoms.ofCell[cell] === 0) continue;
    const atom = atoms.ofCell[cell] + shift;
    for (let k = atoms.first[atom]; k < atoms.first[atom + 1]; k++) counts[atoms.windows[k]]++;
  }
  return counts;
}

/**
 * @param exact what the scan has for the same windows
 * @param nOff [nWindows] counts beside the windows where p0 depends on them: a row of the ranks each
 * Error (kind internal): ranks that do not reach the counts of the data.
 */
export function observedExtreme(
  counts: Uint32Array,
  tables: Pick<ToyTables, 'ranks' | 'b0'>,
  exact: { readonly n: Uint32Array; readonly b0: Float64Array; readonly nOff?: Uint32Array },
  nOff?: Uint32Array,
): Observed {
  let [rank, window] = [0, 0];
  let nDifferent = 0;
  let largestB0Change = 0;
  const ranks = counts.map((n, w) => rankOf(tables.ranks, w, n, nOff?.[w]));
  counts.forEach((n, w) => {
    const own = ranks[w];
    if (own > rank) [rank, window] = [own, w];
    if (n !== exact.n[w] || (nOff !== undefined && nOff[w] !== exact.nOff?.[w])) nDifferent++;
    if (exact.b0[w] > 0) largestB0Change = Math.max(largestB0Change, Math.abs(tables.b0[w] / exact.b0[w] - 1));
  });
  return {
    counts,
    ...(nOff && { nOff }),
    ranks,
    rank,
    window,
    lnPLocal: tables.ranks.lnP[rank],
    nDifferent,
    largestB0Change,
  };
}
