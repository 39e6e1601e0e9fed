/** Background components of a card as expected events over atoms: what toys draw their events from. */
import type { Card } from '../card.ts';
import type { Scope } from '../expression.ts';
import { makeFineLattice, type FineLattice } from '../fine-lattice.ts';
import type { PlaneFunction } from '../plane-function.ts';
import { makeResolution } from '../resolution.ts';
import type { WindowSet } from '../windows.ts';
import type { Atoms } from './atoms.ts';
import { cellArea, centreX, centreY } from './cells.ts';
import { sampleAtoms, sampleOverAtoms } from './sample-atoms.ts';
import { toyBox } from './toy-box.ts';
import type { NamedDensity } from './toy-densities.ts';
import { measuredComponent } from './toy-regions.ts';
import type { ToyComponent } from './toy-sources.ts';

export { toyDensities, type NamedDensity, type WindowBackground } from './toy-densities.ts';

/** Cells per resolution along each principal axis (contract.md: at least 4). */
const CELLS_PER_RESOLUTION = 4;
/** Cells whose density is computed in one block. */
const BLOCK = 4096;

/** Fine cells over the windows and their bands. Errors: those of measuredComponent, toyBox and makeFineLattice. */
export function toyLattice(
  card: Card,
  scope: Scope,
  windows: WindowSet,
  densities: readonly NamedDensity[],
): FineLattice {
  const is2D = windows.kind === 'ellipses';
  const resolution = 'table' in card.windows ? undefined : makeResolution(card.windows, is2D, scope);
  const all: PlaneFunction = (x, y, count, out) => {
    const part = new Float64Array(count);
    out.fill(0, 0, count);
    for (const density of densities) {
      (density.present ?? density.at)(x, y, count, part);
      for (let i = 0; i < count; i++) out[i] += part[i];
    }
  };
  const box = { ...toyBox(windows, measuredComponent(card, scope)), hasCondition: false, contains: () => true };
  return makeFineLattice(box, all, is2D, resolution, CELLS_PER_RESOLUTION);
}

/**
 * Expected events per atom: density at the centre of a cell times its area, summed over the cells of the atom, or the
 * weights of the simulated events in them.
 */
export function overAtoms({ name, at, simulated }: NamedDensity, lattice: FineLattice, atoms: Atoms): ToyComponent {
  if (simulated !== undefined) {
    return { name, atoms: sampleOverAtoms(sampleAtoms(simulated, lattice, atoms), atoms.count) };
  }
  const events = new Float64Array(atoms.count);
  const [x, y, area, density] = [0, 1, 2, 3].map(() => new Float64Array(BLOCK));
  const cells = new Uint32Array(BLOCK);
  let n = 0;
  const flush = () => {
    at(x, y, n, density);
    for (let i = 0; i < n; i++) events[atoms.ofCell[cells[i]]] += density[i] * area[i];
    n = 0;
  };
  for (let c = 0; c < lattice.slope.length; c++) {
    for (let cell = lattice.firstCell[c]; cell < lattice.firstCell[c + 1]; cell++) {
      if (atoms.ofCell[cell] === 0) continue;
      cells[n] = cell;
      x[n] = centreX(lattice, c);
      y[n] = lattice.is2D ? centreY(lattice, c, cell) : 0;
      area[n] = cellArea(lattice, c, cell);
      if (++n === BLOCK) flush();
    }
  }
  flush();
  return { name, atoms: events };
}
