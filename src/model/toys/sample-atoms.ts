/** A simulated sample by atoms: every event in the cell it lies in. */
import type { Events } from '../columns.ts';
import type { FineLattice } from '../fine-lattice.ts';
import type { Atoms } from './atoms.ts';
import { cellAt } from './cells.ts';
import { withoutNegative, type SimulatedAtoms } from './replica-maps.ts';

/** A sample as it was read, and the factor on its weights. */
export interface Simulated {
  readonly events: Events;
  readonly scale: number;
}

/** Atom and weight of every simulated event; events outside the lattice are in no region. */
export function sampleAtoms({ events, scale }: Simulated, lattice: FineLattice, { ofCell }: Atoms): SimulatedAtoms {
  const { x, y, weight } = events;
  const atoms = Uint32Array.from(x, (px, i) => {
    const cell = cellAt(lattice, px, y?.[i] ?? 0);
    return cell < 0 ? 0 : ofCell[cell];
  });
  return { atoms, weights: Float64Array.from(x, (_, i) => scale * (weight?.[i] ?? 1)) };
}

/**
 * [nAtoms] expected events: sums of weights, 0 in atom 0. Where a sum is negative it is cut to 0 and the rest scaled, so
 * that the sum over atoms is kept.
 */
export function sampleOverAtoms({ atoms, weights }: SimulatedAtoms, nAtoms: number): Float64Array {
  const events = new Float64Array(nAtoms);
  atoms.forEach((atom, i) => (events[atom] += atom > 0 ? weights[i] : 0));
  return events.some((sum) => sum < 0) ? withoutNegative(events) : events;
}
