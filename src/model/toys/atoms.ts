/**
 * Atoms of a toy: fine cells of the plane that lie in the same regions. By the rule `cells` (methods.md section 3) a
 * window is the set of fine cells whose centre it contains, so an event of a toy is fully described by the regions its
 * cell is in; cells with equal lists are one atom. A plane of a million cells has some ten thousand atoms of windows
 * (with the bands around them nearly every cell is its own), and every count of every region is the same as with the
 * cells themselves.
 */
import { DarkscanError } from '../../errors.ts';
import { quadraticForm } from '../ellipse.ts';
import type { FineLattice } from '../fine-lattice.ts';
import type { WindowSet } from '../windows.ts';
import { AtomLists } from './atom-lists.ts';
import type { BandCells } from './band-cells.ts';
import { CellRuns } from './cell-runs.ts';
import { cellsInside, ellipsesOfColumns } from './cells.ts';

export interface Atoms {
  readonly count: number;
  /** [lattice.cellCount] atom of a cell; atom 0 is in no region. */
  readonly ofCell: Uint32Array;
  /** [count + 1] the regions of atom a are windows[first[a] .. first[a + 1]), ascending. */
  readonly first: Uint32Array;
  /** Numbers of windows or, with bands, of regions (toy-regions.ts). */
  readonly windows: Uint32Array;
}

/** Words of all lists together: 64 MB of them. */
export const MAX_MEMBERSHIPS = 2 ** 24;

/**
 * Regions are the windows, by their numbers, or with `band` window w as 2 w and its band as that names it.
 * @param most numbers in all lists together
 * Error (kind resource) when there are more.
 */
export function makeAtoms(
  windows: WindowSet,
  lattice: FineLattice,
  band?: BandCells,
  most: number = MAX_MEMBERSHIPS,
): Atoms {
  const ofCell = new Uint32Array(lattice.cellCount);
  const lists = new AtomLists(band === undefined ? windows.count : 2 * windows.count + 1, most);
  const addWindows = windowRuns(windows, lattice, band === undefined ? 1 : 2);
  const runs = new CellRuns();
  for (let c = 0; c < lattice.slope.length; c++) {
    runs.clear();
    addWindows(c, runs);
    band?.addRuns(c, runs);
    if (!lists.sweep(runs, ofCell)) throw tooLarge(most, band !== undefined);
  }
  return { count: lists.count, ofCell, first: lists.first.slice(0, lists.count + 1), windows: lists.regions() };
}

/** Adds the windows of a column: those whose inside test holds at the centre of a cell. */
function windowRuns(windows: WindowSet, lattice: FineLattice, idsPerWindow: 1 | 2) {
  const { x, y, qxx, qxy, qyy } = windows;
  const forms = { xx: qxx, xy: qxy, yy: qyy };
  const inColumn = ellipsesOfColumns(lattice, x, forms, 1);
  return (c: number, runs: CellRuns): void => {
    for (const w of inColumn[c]) {
      const inside = (dx: number, dy: number) => quadraticForm(qxx[w], qxy[w], qyy[w], dx, dy) <= 1;
      const [from, to] = cellsInside(lattice, c, [x[w], y[w]], forms, w, 1, inside);
      runs.add(idsPerWindow * w, from, to);
    }
  };
}

function tooLarge(most: number, hasBands: boolean): DarkscanError {
  const [what, advice] = hasBands
    ? ['window or band', 'fewer or smaller windows or narrower bands']
    : ['window', 'fewer or smaller windows'];
  const message = `toys: more than ${most} pairs of cell and ${what}, expected as many as fit in ${most / 2 ** 18} MB`;
  return new DarkscanError('resource', `${message}; use ${advice}`);
}
