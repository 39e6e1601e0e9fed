/**
 * Atoms of a toy: fine cells of the plane that lie in the same windows. By the rule `cells` (methods.md section 3) a
 * window is the set of fine cells whose centre it contains, so an event of a toy is fully described by the windows its
 * cell is in; cells with equal lists are one atom. A plane of a million cells has some ten thousand atoms, and every
 * count of every window is the same as with the cells themselves.
 */
import { DarkscanError } from '../../errors.ts';
import { quadraticForm } from '../ellipse.ts';
import type { FineLattice } from '../fine-lattice.ts';
import type { WindowSet } from '../windows.ts';

export interface Atoms {
  readonly count: number;
  /** [lattice.cellCount] atom of a cell; atom 0 is in no window. */
  readonly ofCell: Uint32Array;
  /** [count + 1] the windows of atom a are windows[first[a] .. first[a + 1]), ascending. */
  readonly first: Uint32Array;
  readonly windows: Uint32Array;
}

/** Words of all window lists together: 64 MB of them. */
const MAX_MEMBERSHIPS = 2 ** 24;

/** Error (kind resource) when the lists of windows do not fit in 64 MB. */
export function makeAtoms(windows: WindowSet, lattice: FineLattice): Atoms {
  const ofCell = new Uint32Array(lattice.cellCount);
  const numbers = new Map<string, number>([['', 0]]);
  const lists: number[][] = [[]];
  let memberships = 0;
  const inColumn = windowsOfColumns(windows, lattice);
  for (let c = 0; c < inColumn.length; c++) {
    const changes = inColumn[c].flatMap((w) => {
      const [from, to] = cellsInWindow(windows, w, lattice, c);
      return from < to
        ? [
            { cell: from, w, enters: true },
            { cell: to, w, enters: false },
          ]
        : [];
    });
    changes.sort((p, q) => p.cell - q.cell);
    let active: number[] = [];
    for (let i = 0; i < changes.length;) {
      const { cell } = changes[i];
      for (; i < changes.length && changes[i].cell === cell; i++) active = changed(active, changes[i]);
      const end = i < changes.length ? changes[i].cell : cell;
      if (active.length === 0 || end === cell) continue;
      const key = active.join();
      let atom = numbers.get(key);
      if (atom === undefined) {
        atom = lists.length;
        numbers.set(key, atom);
        lists.push(active.slice());
        memberships += active.length;
        if (memberships > MAX_MEMBERSHIPS) throw tooLarge(memberships);
      }
      ofCell.fill(atom, cell, end);
    }
  }
  const first = new Uint32Array(lists.length + 1);
  const all = new Uint32Array(memberships);
  lists.forEach((list, a) => {
    all.set(list, first[a]);
    first[a + 1] = first[a] + list.length;
  });
  return { count: lists.length, ofCell, first, windows: all };
}

/** `active` stays ascending. */
function changed(active: number[], { w, enters }: { w: number; enters: boolean }): number[] {
  if (!enters) return active.filter((other) => other !== w);
  let at = active.length;
  while (at > 0 && active[at - 1] > w) at--;
  return [...active.slice(0, at), w, ...active.slice(at)];
}

/** Windows whose extent in x reaches the centre of a column, per column. */
function windowsOfColumns(windows: WindowSet, lattice: FineLattice): number[][] {
  const columns = lattice.slope.length;
  const centres = Float64Array.from({ length: columns }, (_, c) => centreX(lattice, c));
  const result: number[][] = Array.from({ length: columns }, () => []);
  for (let w = 0; w < windows.count; w++) {
    const { qxx, qxy, qyy } = windows;
    const half = lattice.is2D ? Math.sqrt(qyy[w] / (qxx[w] * qyy[w] - qxy[w] * qxy[w])) : Math.sqrt(1 / qxx[w]);
    const reach = half * (1 + 1e-9);
    let c = lowerBound(centres, windows.x[w] - reach, 0, columns);
    for (; c < columns && centres[c] <= windows.x[w] + reach; c++) result[c].push(w);
  }
  return result;
}

/** Cells [from, to) of column c whose centres are inside window w, by the inside test of ellipse.ts. */
function cellsInWindow(windows: WindowSet, w: number, lattice: FineLattice, c: number): [number, number] {
  const [first, last] = [lattice.firstCell[c], lattice.firstCell[c + 1]];
  const dx = centreX(lattice, c) - windows.x[w];
  const [qxx, qxy, qyy] = [windows.qxx[w], windows.qxy[w], windows.qyy[w]];
  const inside = (cell: number) =>
    quadraticForm(qxx, qxy, qyy, dx, lattice.is2D ? centreY(lattice, c, cell) - windows.y[w] : 0) <= 1;
  if (!lattice.is2D) return inside(first) ? [first, last] : [first, first];
  const root = qxy * qxy * dx * dx - qyy * (qxx * dx * dx - 1);
  const middle = windows.y[w] - (qxy * dx) / qyy;
  const half = Math.sqrt(Math.max(0, root)) / qyy;
  let from = firstCentreAbove(lattice, c, middle - half);
  let to = firstCentreAbove(lattice, c, middle + half);
  // the test itself decides about cells at the edge
  while (from > first && inside(from - 1)) from--;
  while (from < to && !inside(from)) from++;
  while (to < last && inside(to)) to++;
  while (to > from && !inside(to - 1)) to--;
  return [from, to];
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

/** Centre of a column of cells. */
export function centreX(lattice: FineLattice, column: number): number {
  return (lattice.xEdges[column] + lattice.xEdges[column + 1]) / 2;
}

/** Centre of a cell: cells are sheared about the centre of their column. */
export function centreY(lattice: FineLattice, column: number, cell: number): number {
  return (lattice.yEdges[cell + column] + lattice.yEdges[cell + column + 1]) / 2;
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

function tooLarge(memberships: number): DarkscanError {
  const message = `toys: ${memberships} pairs of cell and window, at most ${MAX_MEMBERSHIPS} fit in 64 MB`;
  return new DarkscanError('resource', `${message}; use fewer or smaller windows`);
}
