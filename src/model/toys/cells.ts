/** Cells of a fine lattice: centres, areas, the cell of a point, the cells of a column inside an ellipse. */
import type { FineLattice } from '../fine-lattice.ts';

/** Centre of a column of cells. */
export function centreX(lattice: FineLattice, column: number): number {
  return (lattice.xEdges[column] + lattice.xEdges[column + 1]) / 2;
}

/** Centre of a cell: cells are sheared about the centre of their column. */
export function centreY(lattice: FineLattice, column: number, cell: number): number {
  return (lattice.yEdges[cell + column] + lattice.yEdges[cell + column + 1]) / 2;
}

/** Area of a cell, its width in 1D. */
export function cellArea(lattice: FineLattice, column: number, cell: number): number {
  const width = lattice.xEdges[column + 1] - lattice.xEdges[column];
  return lattice.is2D ? width * (lattice.yEdges[cell + column + 1] - lattice.yEdges[cell + column]) : width;
}

/** Cell that holds a point, -1 outside the lattice. */
export function cellAt(lattice: FineLattice, x: number, y: number): number {
  const { xEdges, yEdges, firstCell, slope } = lattice;
  const columns = slope.length;
  if (!(x >= xEdges[0] && x <= xEdges[columns])) return -1;
  const c = Math.min(columns, lowerBound(xEdges, x, 1, columns + 1)) - 1;
  if (!lattice.is2D) return firstCell[c];
  const atCentre = y - slope[c] * (x - centreX(lattice, c));
  const [first, last] = [firstCell[c] + c, firstCell[c + 1] + c];
  if (!(atCentre >= yEdges[first] && atCentre <= yEdges[last])) return -1;
  return Math.min(last, lowerBound(yEdges, atCentre, first + 1, last + 1)) - 1 - c;
}

/** Forms of ellipses about the centres of windows; of an interval only xx counts. */
export interface Forms {
  readonly xx: Float64Array;
  readonly xy: Float64Array;
  readonly yy: Float64Array;
}

/**
 * Cells [from, to) of a column whose centres are inside a convex shape: `inside` decides, the ellipse of form i <= limit
 * about (x, y) says where to begin.
 */
export function cellsInside(
  lattice: FineLattice,
  c: number,
  [x, y]: readonly [number, number],
  { xx, xy, yy }: Forms,
  i: number,
  limit: number,
  inside: (dx: number, dy: number) => boolean,
): [number, number] {
  const [first, last] = [lattice.firstCell[c], lattice.firstCell[c + 1]];
  const dx = centreX(lattice, c) - x;
  if (!lattice.is2D) return inside(dx, 0) ? [first, last] : [first, first];
  const isIn = (cell: number) => inside(dx, centreY(lattice, c, cell) - y);
  const root = xy[i] * xy[i] * dx * dx - yy[i] * (xx[i] * dx * dx - limit);
  const middle = y - (xy[i] * dx) / yy[i];
  const half = Math.sqrt(Math.max(0, root)) / yy[i];
  let from = firstCentreAbove(lattice, c, middle - half);
  let to = firstCentreAbove(lattice, c, middle + half);
  // the test itself decides about cells at the edge
  while (from > first && isIn(from - 1)) from--;
  while (from < to && !isIn(from)) from++;
  while (to < last && isIn(to)) to++;
  while (to > from && !isIn(to - 1)) to--;
  return [from, to];
}

/** [columns] numbers of the ellipses of form <= limit whose extent in x reaches the centre of the column. */
export function ellipsesOfColumns(
  lattice: FineLattice,
  x: Float64Array,
  { xx, xy, yy }: Forms,
  limit: number,
): number[][] {
  const columns = lattice.slope.length;
  const centres = Float64Array.from({ length: columns }, (_, c) => centreX(lattice, c));
  const result: number[][] = Array.from({ length: columns }, () => []);
  x.forEach((x0, w) => {
    const square = lattice.is2D ? (limit * yy[w]) / (xx[w] * yy[w] - xy[w] * xy[w]) : limit / xx[w];
    const reach = Math.sqrt(square) * (1 + 1e-9);
    let c = lowerBound(centres, x0 - reach, 0, columns);
    for (; c < columns && centres[c] <= x0 + reach; c++) result[c].push(w);
  });
  return result;
}

function firstCentreAbove(lattice: FineLattice, c: number, y: number): number {
  let [from, to] = [lattice.firstCell[c], lattice.firstCell[c + 1]];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (centreY(lattice, c, middle) < y) from = middle + 1;
    else to = middle;
  }
  return from;
}

function lowerBound(values: Float64Array, wanted: number, from: number, to: number): number {
  while (from < to) {
    const middle = (from + to) >> 1;
    if (values[middle] < wanted) from = middle + 1;
    else to = middle;
  }
  return from;
}
