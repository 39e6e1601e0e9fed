/**
 * Side bands by the rule `cells`: of every window the cells whose centre counting-band.ts would count. Directly, as runs
 * of region 2 w + 1; or, for bands without an end, through what they leave out: region 2 nWindows is all that any band
 * may have (inside windows.region, not blind, where a condition that does not know the window holds) and region 2 w + 1
 * the part of it that is not in the band of w.
 */
import { DarkscanError } from '../../errors.ts';
import { ConditionPoints, isAllowed, type BandShape } from '../band-shape.ts';
import { quadraticForm } from '../ellipse.ts';
import { freeNames, type Scope } from '../expression.ts';
import type { FineLattice } from '../fine-lattice.ts';
import type { WindowSet } from '../windows.ts';
import { addRest, CellRuns, cellsOf, intersect } from './cell-runs.ts';
import { cellsInside, centreX, centreY, ellipsesOfColumns } from './cells.ts';

/** Cells of a call of a condition. */
const BLOCK = 4096;
/** Pairs of cell and window a condition is asked about: some ten seconds. */
const MOST_TRIED = 2 ** 29;
/** Columns, and windows, from which the share of bands is taken. */
const SAMPLED = 32;

export interface BandCells {
  readonly isComplement: boolean;
  readonly addRuns: (c: number, runs: CellRuns) => void;
}

/**
 * @param isComplement how to count; without it through the complement what has no outer edge, unless a condition that
 * knows the window leaves it less than half of what is allowed
 * Errors: kind card (the condition has no value at the centre of a cell), kind resource (too many pairs to ask about).
 */
export function makeBandCells(
  windows: WindowSet,
  lattice: FineLattice,
  band: BandShape,
  scope: Scope,
  isComplement?: boolean,
): BandCells {
  const { moving, fixed } = conditionsOf(band, scope);
  const rings = makeRings(windows, lattice, band);
  const allowed = makeAllowed(lattice, fixed);
  const cut = moving && makeConditionCut(windows, lattice, moving);
  const [open, found, ring] = [new CellRuns(), new CellRuns(), new CellRuns()];
  /** Fills `open`; the runs of bands, by number of window. */
  const inBand = (c: number, near: readonly number[]): CellRuns => {
    open.clear();
    found.clear();
    allowed(c, open);
    for (const w of open.count > 0 ? near : []) {
      ring.clear();
      rings.add(c, w, ring);
      intersect(ring, open, found);
    }
    return cut === undefined ? found : cut(c, found);
  };
  const isEndless = band.outer === Infinity;
  const isMost = () => moving === undefined || shareInBands(windows.count, lattice, open, inBand) > 0.5;
  const through = isComplement ?? (isEndless && isMost());
  // where only a hole is left out, windows far away leave out nothing
  const isHole = through && isEndless && moving === undefined;
  const inColumn = through && !isHole ? undefined : rings.inColumn(isHole ? band.inner : band.outer);
  const everyWindow = Array.from({ length: windows.count }, (_, w) => w);
  const addRuns = (c: number, runs: CellRuns): void => {
    const near = inColumn?.[c] ?? everyWindow;
    const banded = inBand(c, near);
    if (!through) {
      for (let i = 0; i < banded.count; i++) runs.add(2 * banded.id[i] + 1, banded.from[i], banded.to[i]);
      return;
    }
    for (let k = 0; k < open.count; k++) runs.add(2 * windows.count, open.from[k], open.to[k]);
    let i = 0;
    for (const w of near) i = addRest(w, 2 * w + 1, open, banded, i, runs);
  };
  return { isComplement: through, addRuns };
}

/** Share of the allowed cells that a band has, from some columns and windows. */
function shareInBands(
  nWindows: number,
  lattice: FineLattice,
  open: CellRuns,
  inBand: (c: number, near: readonly number[]) => CellRuns,
): number {
  const some = (n: number) =>
    Array.from({ length: Math.min(n, SAMPLED) }, (_, k) => Math.floor((k * n) / Math.min(n, SAMPLED)));
  const near = some(nWindows);
  let [all, banded] = [0, 0];
  for (const c of some(lattice.slope.length)) {
    banded += cellsOf(inBand(c, near));
    all += cellsOf(open) * near.length;
  }
  return banded / all;
}

/** The condition as one that asks for the window, or as a part of what is allowed anywhere. */
function conditionsOf(band: BandShape, scope: Scope): { moving?: BandShape; fixed: BandShape } {
  const { condition, conditionPlace, ...rest } = band;
  if (condition === undefined) return { fixed: band };
  const names = freeNames(condition.text, scope, conditionPlace);
  const isMoving = names.has('x0') || names.has('y0');
  return isMoving ? { moving: band, fixed: { ...rest, conditionPlace } } : { fixed: band };
}

/** Cells between the edges of bands, outside the windows, by the tests of counting-band.ts. */
function makeRings(windows: WindowSet, lattice: FineLattice, { inner, outer }: BandShape) {
  const { x, y, qxx, qxy, qyy, rxx, rxy, ryy } = windows;
  const forms = { xx: rxx, xy: rxy, yy: ryy };
  const [low, high] = [inner * inner, outer * outer];
  const clear = low * (1 + 1e-9);
  const inColumn = (reach: number) =>
    reach === Infinity ? undefined : ellipsesOfColumns(lattice, x, forms, reach * reach * (1 + 1e-9));
  const add = (c: number, w: number, runs: CellRuns): void => {
    const within = (dx: number, dy: number) => quadraticForm(rxx[w], rxy[w], ryy[w], dx, dy) <= high;
    const inHole = (dx: number, dy: number) => {
      const r = quadraticForm(rxx[w], rxy[w], ryy[w], dx, dy);
      return r <= low || (r <= clear && quadraticForm(qxx[w], qxy[w], qyy[w], dx, dy) <= 1);
    };
    const centre = [x[w], y[w]] as const;
    const [from, to] =
      outer === Infinity
        ? [lattice.firstCell[c], lattice.firstCell[c + 1]]
        : cellsInside(lattice, c, centre, forms, w, high, within);
    const [holeFrom, holeTo] = cellsInside(lattice, c, centre, forms, w, low, inHole);
    if (holeFrom === holeTo) runs.add(w, from, to);
    else {
      runs.add(w, from, Math.min(to, holeFrom));
      runs.add(w, Math.max(from, holeTo), to);
    }
  };
  return { inColumn, add };
}

/** Cells of a column that any band may have. */
function makeAllowed(lattice: FineLattice, fixed: BandShape) {
  const points = new ConditionPoints({ ...fixed, regionCondition: undefined }, fixed.condition ? BLOCK : 0);
  return (c: number, runs: CellRuns): void => {
    const [x, last] = [centreX(lattice, c), lattice.firstCell[c + 1]];
    const cells: number[] = [];
    for (let cell = lattice.firstCell[c]; cell < last; cell++) {
      const y = lattice.is2D ? centreY(lattice, c, cell) : 0;
      if (!isAllowed(fixed, x, y)) continue;
      if (fixed.condition === undefined) runs.addCell(0, cell);
      else cells.push(cell);
    }
    for (let first = 0; first < cells.length; first += BLOCK) {
      const n = Math.min(BLOCK, cells.length - first);
      for (let j = 0; j < n; j++) {
        points.x[j] = x;
        points.y[j] = lattice.is2D ? centreY(lattice, c, cells[first + j]) : 0;
      }
      points.evaluate(n);
      for (let j = 0; j < n; j++) if (points.held[j] === 1) runs.addCell(0, cells[first + j]);
    }
  };
}

/** What is left of runs of windows where the condition of the band holds. */
function makeConditionCut(windows: WindowSet, lattice: FineLattice, moving: BandShape) {
  const points = new ConditionPoints({ ...moving, regionCondition: undefined }, BLOCK);
  const [window, cells] = [new Uint32Array(BLOCK), new Uint32Array(BLOCK)];
  const kept = new CellRuns();
  let [waiting, tried] = [0, 0];
  const flush = (): void => {
    points.evaluate(waiting);
    for (let j = 0; j < waiting; j++) if (points.held[j] === 1) kept.addCell(window[j], cells[j]);
    tried += waiting;
    if (tried > MOST_TRIED) throw tooManyTries(moving.conditionPlace);
    waiting = 0;
  };
  return (c: number, { count, id, from, to }: CellRuns): CellRuns => {
    kept.clear();
    const x = centreX(lattice, c);
    for (let i = 0; i < count; i++) {
      for (let cell = from[i]; cell < to[i]; cell++) {
        points.x[waiting] = x;
        points.y[waiting] = lattice.is2D ? centreY(lattice, c, cell) : 0;
        points.x0[waiting] = windows.x[id[i]];
        points.y0[waiting] = windows.y[id[i]];
        window[waiting] = id[i];
        cells[waiting] = cell;
        if (++waiting === BLOCK) flush();
      }
    }
    flush();
    return kept;
  };
}

function tooManyTries(where: string): DarkscanError {
  const message = `toys: ${where} is asked about more than ${MOST_TRIED} pairs of cell and window, expected fewer`;
  return new DarkscanError('resource', `${message}; give the side band an outer edge, or use fewer windows`);
}
