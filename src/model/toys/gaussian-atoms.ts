/** An injected signal over atoms: the Gaussian of the resolution at its true point, cell by cell. */
import { exp } from '../../stats/portable.ts';
import type { Injection } from '../card.ts';
import type { FineLattice } from '../fine-lattice.ts';
import type { Resolution } from '../resolution.ts';
import type { Atoms } from './atoms.ts';
import { centreX, centreY } from './cells.ts';

/** Standard deviations beyond which nothing is left (1e-14 of it). */
const REACH = 8;

/**
 * [atoms.count] expected events: density at the centre of a cell times its area, like the background (a cell is a quarter
 * of a resolution: 1e-3 of a Gaussian's integral over a window).
 */
export function gaussianOverAtoms(
  { x: x0, y: y0 = 0, events }: Injection,
  resolution: Resolution,
  lattice: FineLattice,
  atoms: Atoms,
): Float64Array {
  const { sigma } = resolution.at(x0, y0);
  const sx = Math.sqrt(sigma.xx);
  const slope = lattice.is2D ? sigma.xy / sigma.xx : 0;
  const sRest = lattice.is2D ? Math.sqrt(sigma.det / sigma.xx) : 1;
  const norm = events / (lattice.is2D ? 2 * Math.PI * sx * sRest : Math.sqrt(2 * Math.PI) * sx);
  const result = new Float64Array(atoms.count);
  for (let c = 0; c < lattice.slope.length; c++) {
    const u = (centreX(lattice, c) - x0) / sx;
    if (!(u > -REACH && u < REACH)) continue;
    const width = lattice.xEdges[c + 1] - lattice.xEdges[c];
    const middle = y0 + slope * sx * u;
    for (let cell = lattice.firstCell[c]; cell < lattice.firstCell[c + 1]; cell++) {
      const atom = atoms.ofCell[cell];
      if (atom === 0) continue;
      const v = lattice.is2D ? (centreY(lattice, c, cell) - middle) / sRest : 0;
      if (!(v > -REACH && v < REACH)) continue;
      const height = lattice.is2D ? lattice.yEdges[cell + c + 1] - lattice.yEdges[cell + c] : 1;
      result[atom] += norm * width * height * exp(-0.5 * (u * u + v * v));
    }
  }
  return result;
}
