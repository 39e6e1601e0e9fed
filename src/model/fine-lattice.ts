/**
 * Fine cells over a part of the plane: columns in x, in each column cells in y sheared along the regression line of the
 * resolution. With V = L L^T a cell is a square of side 1/perResolution in u = L^-1 d, so there are at least
 * `perResolution` cells per resolution along each principal axis. In 1D a column is one cell.
 */
import { DarkscanError } from '../errors.ts';
import type { PlaneFunction } from './plane-function.ts';
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

/** Heights of a column at which its width is tried, less one. */
const PROBES = 8;

/**
 * Cells over the box of the support; where the density is 0 they are coarse, they hold nothing. The resolution is taken
 * at the point itself, or, where its formula has no value (beyond a kinematic edge), as at the last point below it in
 * the column that had one, or else as at the last height tried for a width.
 */
export function makeFineLattice(
  support: Region,
  density: PlaneFunction,
  is2D: boolean,
  resolution: Resolution | undefined,
  perResolution: number,
): FineLattice {
  const plane: Plane = { support, density, is2D, cellSizes: makeCellSizes(resolution, is2D, perResolution) };
  const columns = makeColumns(plane);
  const tops = is2D ? stackCells(plane, columns) : columns.slope.map(() => [0, 0]);
  const firstCell = new Uint32Array(tops.length + 1);
  tops.forEach((edges, c) => (firstCell[c + 1] = firstCell[c] + edges.length - 1));
  const yEdges = new Float64Array(firstCell[tops.length] + tops.length);
  tops.forEach((edges, c) => yEdges.set(edges, firstCell[c] + c));
  return {
    is2D,
    xEdges: Float64Array.from(columns.xEdges),
    slope: Float64Array.from(columns.slope),
    firstCell,
    yEdges,
    cellCount: firstCell[tops.length],
  };
}

interface Plane {
  readonly support: Region;
  readonly density: PlaneFunction;
  readonly is2D: boolean;
  readonly cellSizes: CellSizes;
}

/** Widths, heights and slopes of cells at points. */
type Sizes = Readonly<Record<'width' | 'height' | 'slope', Float64Array>>;
/** NaN where the resolution has no value. */
type CellSizes = (x: Float64Array, y: Float64Array, count: number) => Sizes;

/** The arrays given back are used again by the next call. */
function makeCellSizes(resolution: Resolution | undefined, is2D: boolean, perResolution: number): CellSizes {
  let arrays: Float64Array[] = [];
  return (x, y, count) => {
    if (!(arrays[0]?.length >= count)) arrays = Array.from({ length: 6 }, () => new Float64Array(count).fill(NaN));
    const [xx, xy, det, width, height, slope] = arrays;
    resolution?.sigmaMany(x, y, count, { xx, xy, det });
    for (let i = 0; i < count; i++) {
      width[i] = Math.sqrt(xx[i]) / perResolution;
      height[i] = is2D ? Math.sqrt(det[i] / xx[i]) / perResolution : 0;
      slope[i] = is2D ? xy[i] / xx[i] : 0;
    }
    return { width, height, slope };
  };
}

/** Columns from left to right, each as wide as the narrowest cell of a few heights; slope and height of its last one. */
interface FineColumns {
  readonly xEdges: number[];
  readonly slope: number[];
  readonly height: number[];
}

function makeColumns({ support, density, is2D, cellSizes }: Plane): FineColumns {
  const [x0, x1] = support.x;
  const [y0, y1] = support.y;
  const plainWidth = (x1 - x0) / PLAIN_CELLS;
  const last = { width: plainWidth, slope: 0, height: is2D ? (y1 - y0) / PLAIN_CELLS : 0 };
  const columns: FineColumns = { xEdges: [x0], slope: [], height: [] };
  const probes = is2D ? PROBES : 0;
  const heights = Float64Array.from({ length: probes + 1 }, (_, k) => y0 + ((y1 - y0) * k) / Math.max(1, probes));
  const [at, densities] = [new Float64Array(probes + 1), new Float64Array(probes + 1)];
  for (let x = x0; x < x1;) {
    at.fill(x);
    density(at, heights, probes + 1, densities);
    const { width, slope, height } = cellSizes(at, heights, probes + 1);
    let narrowest = Infinity;
    for (let k = 0; k <= probes; k++) {
      if (!(densities[k] > 0)) continue;
      if (!Number.isNaN(width[k])) [last.width, last.slope, last.height] = [width[k], slope[k], height[k]];
      narrowest = Math.min(narrowest, last.width);
    }
    const right = Math.min(x1, x + (narrowest < Infinity ? narrowest : plainWidth));
    if (!(right > x) || columns.slope.length === MAX_CELLS) throw tooMany();
    columns.xEdges.push(right);
    columns.slope.push(last.slope);
    columns.height.push(last.height);
    x = right;
  }
  return columns;
}

/** Edges in y of the cells of every column; all columns grow cell by cell together. Sets the slopes of the columns. */
function stackCells({ support, density, cellSizes }: Plane, { xEdges, slope, height }: FineColumns): number[][] {
  const [y0, y1] = support.y;
  const coarse = (y1 - y0) / PLAIN_CELLS;
  const centres = Float64Array.from(slope, (_, c) => (xEdges[c] + xEdges[c + 1]) / 2);
  const tops = slope.map(() => [y0]);
  const x = centres.slice();
  const y = new Float64Array(slope.length).fill(y0);
  const densities = new Float64Array(slope.length);
  let open = slope.map((_, c) => c);
  let cells = 0;
  while (open.length > 0) {
    open.forEach((c, i) => (x[i] = centres[c]));
    density(x, y, open.length, densities);
    const sizes = cellSizes(x, y, open.length);
    for (let i = 0; i < open.length; i++) {
      const c = open[i];
      if (densities[i] > 0 && !Number.isNaN(sizes.width[i])) {
        height[c] = sizes.height[i];
        slope[c] = sizes.slope[i];
      }
      const top = Math.min(y1, y[i] + (densities[i] > 0 ? height[c] : coarse));
      if (!(top > y[i]) || ++cells > MAX_CELLS) throw tooMany();
      tops[c].push(top);
    }
    open = open.filter((c) => tops[c][tops[c].length - 1] < y1);
    open.forEach((c, i) => (y[i] = tops[c][tops[c].length - 1]));
  }
  const middle = cellSizes(centres, new Float64Array(slope.length).fill((y0 + y1) / 2), slope.length);
  for (let c = 0; c < slope.length; c++) if (!Number.isNaN(middle.width[c])) slope[c] = middle.slope[c];
  return tops;
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
