/**
 * Integrals over an annulus (or a window) of which parts are cut off, in the coordinates d = L u in which it is round:
 *   integral f dA = det L * int_0^2pi dtheta int f r dr
 * The inner integrals are those of radial-sums.ts over the allowed parts of rays; over the angle Simpson's rule, panels
 * halved where two rules disagree. Over a smooth whole annulus the rule over all angles converges geometrically. Angles at
 * which a cut begins are closed in on to 2 pi / 2^17, so that a cut costs 1e-5 of the integral; 1D has two rays and no
 * angle: rounding, and the error of radial-sums.ts.
 */
import { emptyRays, RayCutter, setRay, type Frame } from './band-rays.ts';
import { isWhole, type Cut } from './band-shape.ts';
import type { RadialSums } from './radial-sums.ts';
import { cos, sin } from '../stats/portable.ts';
import type { WindowSet } from './windows.ts';

/** Panels of angle at the start: of a whole annulus, and of one that something cuts. */
const PANELS_WHOLE = 8;
const PANELS_CUT = 16;
/** Halvings of a panel. */
const MAX_DEPTH = 13;
/** Two rules this close, relative to the integral, end the refinement of a panel, or of a whole annulus at once. */
const TOLERANCE = 2e-6;
const TOLERANCE_WHOLE = 1e-7;
/** Windows whose rays go through the formulas together. */
const WINDOWS_AT_ONCE = 64;

/** L of window i of a set. */
export type FrameOf = (i: number) => Frame;

/** [chosen] integrals over inner < r <= outer around the chosen windows, per det L. */
export function integrateAround(
  windows: WindowSet,
  chosen: readonly number[],
  frameOf: FrameOf,
  inner: number,
  outer: number,
  cut: Cut,
  sums: RadialSums,
): Float64Array {
  const cutter = new RayCutter(cut);
  const results = new Float64Array(chosen.length);
  for (let first = 0; first < chosen.length; first += WINDOWS_AT_ONCE) {
    const tasks = chosen.slice(first, first + WINDOWS_AT_ONCE).map((i, k) => {
      const [frame, x, y] = [frameOf(i), windows.x[i], windows.y[i]];
      const whole = cut.is2D && isWhole(cut, x, y, ...halfExtents(frame, outer));
      return { k: first + k, x, y, frame, steps: cut.is2D ? integrateAngle(whole) : bothSides() };
    });
    let open = tasks.map((task) => ({ task, angles: task.steps.next().value as readonly number[] }));
    while (open.length > 0) {
      const rays = emptyRays(open.reduce((n, { angles }) => n + angles.length, 0));
      let at = 0;
      for (const { task, angles } of open) {
        for (const angle of angles) {
          setRay(rays, at++, task.x, task.y, task.frame, cos(angle), cut.is2D ? sin(angle) : 0);
        }
      }
      const values = sums(rays, cutter.parts(rays, inner, outer));
      at = 0;
      open = open.flatMap(({ task, angles }) => {
        const step = task.steps.next(values.subarray(at, (at += angles.length)));
        if (!step.done) return [{ task, angles: step.value }];
        results[task.k] = step.value;
        return [];
      });
    }
  }
  return results;
}

/** Asks for values at some angles, is given them, ends with the integral. */
type Steps = Generator<readonly number[], number, Float64Array>;

/** The line has two directions. */
function* bothSides(): Steps {
  const [right, left] = yield [0, Math.PI];
  return right + left;
}

/** Half-extents along x and y of the ellipse r = outer. */
export function halfExtents([lxx, lyx, lyy]: Frame, outer: number): readonly [number, number] {
  return [outer * lxx, outer * Math.sqrt(lyx * lyx + lyy * lyy)];
}

interface Panel {
  readonly from: number;
  readonly to: number;
  /** At both ends and in the middle. */
  readonly f: readonly [number, number, number];
  readonly depth: number;
}

/** Integral of a periodic function over [0, 2 pi]. */
function* integrateAngle(whole: boolean): Steps {
  const nPanels = whole ? PANELS_WHOLE : PANELS_CUT;
  const n = 2 * nPanels;
  // a copy: the values belong to the caller
  const start = (yield Array.from({ length: n }, (_, k) => (2 * Math.PI * k) / n)).slice();
  let open: Panel[] = Array.from({ length: nPanels }, (_, p) => ({
    from: (2 * Math.PI * p) / nPanels,
    to: (2 * Math.PI * (p + 1)) / nPanels,
    f: [start[2 * p], start[2 * p + 1], start[(2 * p + 2) % n]],
    depth: 0,
  }));
  let scale = start.reduce((sum, f) => sum + f, 0) * ((2 * Math.PI) / n);
  let done = 0;
  while (open.length > 0) {
    const quarters = yield open.flatMap(({ from, to }) => [from + (to - from) / 4, from + ((to - from) * 3) / 4]);
    const next: Panel[] = [];
    let [coarse, fine] = [0, 0];
    open.forEach(({ from, to, f: [f0, f2, f4], depth }, p) => {
      const [f1, f3] = [quarters[2 * p], quarters[2 * p + 1]];
      const once = ((to - from) / 6) * (f0 + 4 * f2 + f4);
      const twice = ((to - from) / 12) * (f0 + 4 * f1 + 2 * f2 + 4 * f3 + f4);
      coarse += once;
      fine += twice;
      if (Math.abs(twice - once) <= TOLERANCE * scale || depth === MAX_DEPTH) done += twice;
      else {
        const middle = (from + to) / 2;
        next.push({ from, to: middle, f: [f0, f1, f2], depth: depth + 1 });
        next.push({ from: middle, to, f: [f2, f3, f4], depth: depth + 1 });
      }
    });
    if (open[0].depth === 0) {
      if (whole && Math.abs(fine - coarse) <= TOLERANCE_WHOLE * fine) return fine;
      scale = Math.max(scale, fine);
    }
    open = next;
  }
  return done;
}
