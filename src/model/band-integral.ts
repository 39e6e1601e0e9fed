/**
 * Integrals over an annulus (or a window) of which parts are cut off, in the coordinates d = L u in which it is round:
 *   integral f dA = det L * int_0^2pi dtheta int f r dr
 * The inner integrals are those of radial-sums.ts over the allowed parts of rays, several f from one walk; over the angle
 * Simpson's rule, panels halved where two rules disagree. Over a smooth whole annulus the rule over all angles converges
 * geometrically. Sectors in which the conditions are known to hold or to fail (band-sectors.ts) are not asked point by
 * point. Angles at which a cut begins are closed in on to 2 pi / 2^17, so that a cut costs 1e-5 of the integral; 1D has
 * two rays and no angle: rounding, and the error of radial-sums.ts.
 */
import { emptyRays, RayCutter, setRay, type Frame } from './band-rays.ts';
import { boxAround, boxOfSector, pieceOf, reachOf, type Piece } from './band-sectors.ts';
import type { Cut } from './band-shape.ts';
import type { RadialSums } from './radial-sums.ts';
import { cos, sin } from '../stats/portable.ts';
import type { WindowSet } from './windows.ts';

/** Panels of angle at the start: of a whole annulus, and of one that something cuts. */
const PANELS_WHOLE = 8;
const PANELS_CUT = 32;
/** Halvings of a panel. */
const MAX_DEPTH = 13;
/** Two rules this close, relative to the integral, end the refinement of a panel, or of a whole annulus at once. */
const TOLERANCE = 2e-6;
const TOLERANCE_WHOLE = 1e-7;
/** Sectors are looked at, and asked, without this much angle at either end: an edge between two belongs to neither. */
const RIM = 1e-9;
/** Windows whose rays go through the formulas together. */
const WINDOWS_AT_ONCE = 256;

/** L of window i of a set. */
export type FrameOf = (i: number) => Frame;

/** One for every f. */
type Values = readonly number[];

/** [sums][windows] integrals over inner < r <= outer around every window, per det L. */
export function integrateAround(
  windows: WindowSet,
  frameOf: FrameOf,
  inner: number,
  outer: number,
  cut: Cut,
  sums: readonly RadialSums[],
): Float64Array[] {
  const cutter = new RayCutter(cut);
  const results = sums.map(() => new Float64Array(windows.count));
  const whole = wholeIntegrals(inner, outer, cut.is2D, sums);
  let open: Task[] = [];
  for (let i = 0; i < windows.count; i++) {
    const [x, y, frame] = [windows.x[i], windows.y[i], frameOf(i)];
    const reach = reachOf(cut, x, y, frame, outer);
    const piece = pieceOf(cut, boxAround(x, y, frame, reach), x, y);
    if (piece === 'empty') continue;
    if (piece === 'whole' && whole !== undefined) {
      for (let f = 0; f < sums.length; f++) results[f][i] = whole[f];
    } else {
      const part = sectorsOf(cut, x, y, frame, inner, reach);
      const found: number[] = [];
      const steps = cut.is2D
        ? integrateAngle(sums.length, found, piece === 'whole', part, whole)
        : bothSides(sums.length, found, part);
      const first = steps.next();
      if (first.done) first.value.forEach((value, f) => (results[f][i] = value));
      else open.push({ i, x, y, frame, steps, found, wanted: first.value });
    }
    if (open.length < WINDOWS_AT_ONCE && i < windows.count - 1) continue;
    finish(open);
    open = [];
  }
  finish(open);
  return results;

  function finish(tasks: Task[]): void {
    while (tasks.length > 0) {
      const rays = emptyRays(tasks.reduce((n, { wanted }) => n + wanted.length, 0));
      let at = 0;
      for (const { wanted, x, y, frame } of tasks) {
        for (const { angle, isTested } of wanted) {
          setRay(rays, at, x, y, frame, cos(angle), cut.is2D ? sin(angle) : 0);
          rays.isTested[at++] = isTested ? 1 : 0;
        }
      }
      const parts = cutter.parts(rays, inner, outer);
      const values = sums.map(({ along }) => along(rays, parts));
      at = 0;
      const left: Task[] = [];
      for (const task of tasks) {
        const end = at + task.wanted.length;
        for (; at < end; at++) {
          for (let f = 0; f < values.length; f++) task.found.push(values[f][at]);
        }
        const step = task.steps.next();
        if (step.done) step.value.forEach((value, f) => (results[f][task.i] = value));
        else {
          task.wanted = step.value;
          left.push(task);
        }
      }
      tasks = left;
    }
  }
}

interface Wanted {
  readonly angle: number;
  /** Whether points along the ray have to be asked for the conditions. */
  readonly isTested: boolean;
}

/** Asks for values at some angles, finds them added to `found` of its task, ends with the integrals. */
type Steps = Generator<readonly Wanted[], Values, void>;

interface Task {
  readonly i: number;
  readonly x: number;
  readonly y: number;
  readonly frame: Frame;
  readonly steps: Steps;
  readonly found: number[];
  wanted: readonly Wanted[];
}

/** Of an annulus that nothing cuts, where no f depends on the place in the plane. */
function wholeIntegrals(inner: number, outer: number, is2D: boolean, sums: readonly RadialSums[]): Values | undefined {
  const values = sums.map(({ between }) => (between ? (is2D ? 2 * Math.PI : 2) * between(inner, outer) : NaN));
  return values.every((value) => Number.isFinite(value)) ? values : undefined;
}

/** What is known between two angles. */
type PieceBetween = (from: number, to: number) => Piece;

function sectorsOf(cut: Cut, x: number, y: number, frame: Frame, inner: number, outer: number): PieceBetween {
  return (from, to) => {
    const [a, b] = cut.is2D ? [from + RIM, to - RIM] : [from, to];
    const sector = boxOfSector(x, y, frame, inner, outer, [cos(a), sin(a)], [cos(b), sin(b)]);
    return pieceOf(cut, sector, x, y);
  };
}

/** The line has two directions. */
function* bothSides(nSums: number, found: readonly number[], pieceBetween: PieceBetween): Steps {
  const sides = [0, Math.PI].map((angle) => ({ angle, piece: pieceBetween(angle, angle) }));
  const wanted = sides.filter(({ piece }) => piece !== 'empty');
  if (wanted.length > 0) yield wanted.map(({ angle, piece }) => ({ angle, isTested: piece === 'open' }));
  return zeros(nSums).map((_, f) => wanted.reduce((sum, __, k) => sum + found[k * nSums + f], 0));
}

interface Sector {
  readonly from: number;
  readonly to: number;
  readonly isTested: boolean;
}

/** f0, f2, f4: numbers of the first values of the rays at the start, in the middle and at the end. */
interface Panel extends Sector {
  readonly f0: number;
  readonly f2: number;
  readonly f4: number;
  readonly depth: number;
}

/**
 * Integrals of periodic functions over [0, 2 pi].
 * @param found values of the rays asked for so far, nSums each
 * @param isWhole nothing cuts the annulus
 * @param whole integrals over the whole turn where they are known without rays
 */
function* integrateAngle(
  nSums: number,
  found: readonly number[],
  isWhole: boolean,
  pieceBetween: PieceBetween,
  whole?: Values,
): Steps {
  const nPanels = isWhole ? PANELS_WHOLE : PANELS_CUT;
  const done = zeros(nSums);
  const sectors: Sector[] = [];
  for (let p = 0; p < nPanels; p++) {
    const [from, to] = [(2 * Math.PI * p) / nPanels, (2 * Math.PI * (p + 1)) / nPanels];
    const piece = isWhole ? 'whole' : pieceBetween(from, to);
    if (piece === 'whole' && whole) for (let s = 0; s < nSums; s++) done[s] += whole[s] / nPanels;
    else if (piece !== 'empty') sectors.push({ from, to, isTested: piece === 'open' });
  }
  if (sectors.length === 0) return done;
  const { wanted, panels } = startPanels(sectors);
  yield wanted;
  let open = panels;
  const scale = done.slice();
  for (const { from, to, f0, f2, f4 } of open) {
    for (let s = 0; s < nSums; s++) scale[s] += simpson(to - from, found, f0 + s, f2 + s, f4 + s);
  }
  while (open.length > 0) {
    let at = found.length - nSums;
    const quarters: Wanted[] = [];
    for (const { from, to, isTested } of open) {
      quarters.push({ angle: from + (to - from) / 4, isTested }, { angle: from + ((to - from) * 3) / 4, isTested });
    }
    yield quarters;
    const next: Panel[] = [];
    const [fine, change] = [zeros(nSums), zeros(nSums)];
    for (const { from, to, isTested, f0, f2, f4, depth } of open) {
      const [f1, f3] = [at + nSums, (at += 2 * nSums)];
      const half = (to - from) / 2;
      let isSettled = true;
      for (let s = 0; s < nSums; s++) {
        const once = simpson(2 * half, found, f0 + s, f2 + s, f4 + s);
        const twice = simpson(half, found, f0 + s, f1 + s, f2 + s) + simpson(half, found, f2 + s, f3 + s, f4 + s);
        fine[s] += twice;
        change[s] += twice - once;
        if (!(Math.abs(twice - once) <= TOLERANCE * scale[s])) isSettled = false;
      }
      if (isSettled || depth === MAX_DEPTH) {
        for (let s = 0; s < nSums; s++) {
          done[s] += simpson(half, found, f0 + s, f1 + s, f2 + s) + simpson(half, found, f2 + s, f3 + s, f4 + s);
        }
      } else {
        const middle = from + half;
        next.push({ from, to: middle, isTested, f0, f2: f1, f4: f2, depth: depth + 1 });
        next.push({ from: middle, to, isTested, f0: f2, f2: f3, f4, depth: depth + 1 });
      }
    }
    if (open[0].depth === 0) {
      if (isWhole && fine.every((value, s) => Math.abs(change[s]) <= TOLERANCE_WHOLE * value)) return fine;
      for (let s = 0; s < nSums; s++) scale[s] = Math.max(scale[s], done[s], fine[s]);
    }
    open = next;
  }
  return done;

  /** First panel of every sector; neighbours of one kind share the ray between them. */
  function startPanels(all: readonly Sector[]): { wanted: Wanted[]; panels: Panel[] } {
    const rays: Wanted[] = [];
    const first = all.map((sector, p): Panel => {
      const { from, to, isTested } = sector;
      const [before, after] = [all[p - 1], all[p + 1]];
      const isAlone = !(before?.to === from && before.isTested === isTested);
      const isShared = after?.from === to && after.isTested === isTested;
      if (isAlone) rays.push({ angle: from + RIM, isTested });
      const f0 = (rays.length - 1) * nSums;
      rays.push({ angle: (from + to) / 2, isTested }, { angle: isShared ? to : to - RIM, isTested });
      return { from, to, isTested, f0, f2: f0 + nSums, f4: f0 + 2 * nSums, depth: 0 };
    });
    return { wanted: rays, panels: first };
  }
}

function zeros(n: number): number[] {
  return Array.from({ length: n }, () => 0);
}

/** From values number a, b, c: at the start, in the middle, at the end. */
function simpson(width: number, f: readonly number[], a: number, b: number, c: number): number {
  return (width / 6) * (f[a] + 4 * f[b] + f[c]);
}
