/**
 * Fine cells over a part of the plane: columns in x, in each column cells in y sheared along the regression line of the
 * resolution. With V = L L^T a cell is a square of side 1/perResolution in u = L^-1 d, so there are at least
 * `perResolution` cells per resolution along each principal axis. In 1D a column is one cell.
 */
import { DarkscanError } from '../errors.ts';
import type { Region } from './region.ts';
import type { Resolution } from './resolution.ts';

export interface FineLattice {
  readonly is2D: boolean;
  /** [columns + 1] edges in x. */
  readonly xEdges: Float64Array;
  /** [columns] regression slope dy/dx of the cells of a column. */
  readonly slope: Float64Array;
  /** [columns + 1] number of the first cell of each column. */
  readonly firstCell: Uint32Array;
  /** [cells + columns] edges in y at the centre of the column; column c starts at firstCell[c] + c. */
  readonly yEdges: Float64Array;
  readonly cellCount: number;
}

/** Windows from a table have no resolution: the box is cut into this many cells each way. */
const PLAIN_CELLS = 1024;
const MAX_CELLS = 2 ** 23;

/**
 * Cells over the box of the support; where the density is 0 they are coarse, they hold nothing. The resolution is taken
 * at the point itself, or, where its formula has no value (beyond a kinematic edge), as at the last point that had one.
 */
export function makeFineLattice(
  support: Region,
  density: (x: number, y: number) => number,
  is2D: boolean,
  resolution: Resolution | undefined,
  perResolution: number,
): FineLattice {
  const [x0, x1] = support.x;
  const [y0, y1] = is2D ? support.y : [0, 0];
  const xEdges: number[] = [x0];
  const slope: number[] = [];
  const firstCell: number[] = [0];
  const yEdges: number[] = [];
  let cells = 0;
  const coarse = (y1 - y0) / PLAIN_CELLS;
  let last = { sx: (x1 - x0) / PLAIN_CELLS, slope: 0, rest: coarse };

  function at(x: number, y: number) {
    const found = resolution?.tryAt(x, y);
    if (found === undefined) return last;
    const { xx, xy, det } = found.sigma;
    last = {
      sx: Math.sqrt(xx) / perResolution,
      slope: is2D ? xy / xx : 0,
      rest: is2D ? Math.sqrt(det / xx) / perResolution : 0,
    };
    return last;
  }

  for (let x = x0; x < x1;) {
    const width = narrowest(x);
    const right = Math.min(x1, x + width);
    if (!(right > x)) throw tooMany();
    const centre = (x + right) / 2;
    yEdges.push(y0);
    for (let y = y0; ;) {
      const step = !is2D ? Infinity : density(centre, y) > 0 ? at(centre, y).rest : coarse;
      const top = is2D ? Math.min(y1, y + step) : 0;
      if (is2D && !(top > y)) throw tooMany();
      yEdges.push(top);
      if (++cells > MAX_CELLS) throw tooMany();
      if (!(top < y1)) break;
      y = top;
    }
    slope.push(is2D ? at(centre, (y0 + y1) / 2).slope : 0);
    firstCell.push(cells);
    xEdges.push(right);
    x = right;
  }

  /** Narrowest column at x over a few heights. */
  function narrowest(x: number): number {
    let width = Infinity;
    const probes = is2D ? 8 : 0;
    for (let k = 0; k <= probes; k++) {
      const y = y0 + ((y1 - y0) * k) / Math.max(1, probes);
      if (density(x, y) > 0) width = Math.min(width, at(x, y).sx);
    }
    return width < Infinity ? width : (x1 - x0) / PLAIN_CELLS;
  }

  return {
    is2D,
    xEdges: Float64Array.from(xEdges),
    slope: Float64Array.from(slope),
    firstCell: Uint32Array.from(firstCell),
    yEdges: Float64Array.from(yEdges),
    cellCount: cells,
  };
}

/** [cellCount] area of each cell (length in 1D) times the largest density at its centre and corners. */
export function cellPeaks(lattice: FineLattice, density: (x: number, y: number) => number): Float64Array {
  const peaks = new Float64Array(lattice.cellCount);
  for (let c = 0; c < lattice.slope.length; c++) {
    const [left, right] = [lattice.xEdges[c], lattice.xEdges[c + 1]];
    const centre = (left + right) / 2;
    const lean = (lattice.slope[c] * (right - left)) / 2;
    // The top corners of a cell are the bottom ones of the next.
    let bottom = lowerCorners(lattice.firstCell[c] + c);
    for (let cell = lattice.firstCell[c]; cell < lattice.firstCell[c + 1]; cell++) {
      const [low, high] = [lattice.yEdges[cell + c], lattice.yEdges[cell + c + 1]];
      const top = lattice.is2D ? lowerCorners(cell + c + 1) : bottom;
      const peak = Math.max(bottom, top, density(centre, (low + high) / 2));
      peaks[cell] = peak * (right - left) * (lattice.is2D ? high - low : 1);
      bottom = top;
    }

    function lowerCorners(edge: number): number {
      const y = lattice.yEdges[edge];
      return Math.max(density(left, y - lean), density(right, y + lean));
    }
  }
  return peaks;
}

/** Column of a cell. */
export function columnOfCell(lattice: FineLattice, cell: number): number {
  let [from, to] = [0, lattice.slope.length - 1];
  while (from < to) {
    const middle = (from + to + 1) >> 1;
    if (lattice.firstCell[middle] <= cell) from = middle;
    else to = middle - 1;
  }
  return from;
}

function tooMany(): DarkscanError {
  const message = `simulation: more than ${MAX_CELLS} cells cover the background densities`;
  return new DarkscanError('resource', `${message}; make their supports smaller`);
}
