/**
 * Integrals over an annulus (or a window) of which parts are cut off, in the coordinates d = L u in which it is round:
 *   integral f dA = det L * int_0^2pi dtheta int f r dr
 * The inner integrals are those of radial-sums.ts over the allowed parts of rays; over the angle Simpson's rule, panels
 * halved where two rules disagree. Over a smooth whole annulus the rule over all angles converges geometrically. Angles at
 * which a cut begins are closed in on to 2 pi / 2^20, so that a cut costs 1e-5 of the integral; 1D has two rays and no
 * angle: rounding, and the error of radial-sums.ts.
 */
import { RayCutter, raysAt, type Frame, type Rays } from './band-rays.ts';
import { isWhole, type Cut } from './band-shape.ts';
import type { RadialSums } from './radial-sums.ts';
import { cos, sin } from '../stats/portable.ts';
import type { WindowSet } from './windows.ts';

/** Panels of angle at the start: of a whole annulus, and of one that something cuts. */
const PANELS_WHOLE = 8;
const PANELS_CUT = 32;
/** Halvings of a panel. */
const MAX_DEPTH = 15;
/** Two rules this close, relative to the integral, end the refinement of a panel, or of a whole annulus at once. */
const TOLERANCE = 1e-6;
const TOLERANCE_WHOLE = 1e-7;

/** Integral over inner < r <= outer around window i, per det L: [windows.count] calls, one object. */
export type AroundWindow = (i: number, frame: Frame, inner: number, outer: number) => number;

export function makeIntegral(windows: WindowSet, cut: Cut, sums: RadialSums): AroundWindow {
  const cutter = new RayCutter(cut);
  const along = (i: number, rays: Rays, inner: number, outer: number): Float64Array =>
    sums(rays, cutter.parts(windows, i, rays, inner, outer), windows.x[i], windows.y[i]);

  if (!cut.is2D) {
    return (i, frame, inner, outer) => {
      const [right, left] = along(i, raysAt(frame, [1, -1], [0, 0]), inner, outer);
      return right + left;
    };
  }
  return (i, frame, inner, outer) => {
    const [hx, hy] = halfExtents(frame, outer);
    const whole = isWhole(cut, windows.x[i], windows.y[i], hx, hy);
    const at = (angles: readonly number[]) => along(i, raysAt(frame, angles.map(cos), angles.map(sin)), inner, outer);
    return integrateAngle(at, whole);
  };
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

/** Integral of a periodic function over [0, 2 pi], many angles a call. */
function integrateAngle(at: (angles: readonly number[]) => Float64Array, whole: boolean): number {
  const nPanels = whole ? PANELS_WHOLE : PANELS_CUT;
  const n = 2 * nPanels;
  const start = at(Array.from({ length: n }, (_, k) => (2 * Math.PI * k) / n));
  let open: Panel[] = Array.from({ length: nPanels }, (_, p) => ({
    from: (2 * Math.PI * p) / nPanels,
    to: (2 * Math.PI * (p + 1)) / nPanels,
    f: [start[2 * p], start[2 * p + 1], start[(2 * p + 2) % n]],
    depth: 0,
  }));
  let scale = start.reduce((sum, f) => sum + f, 0) * ((2 * Math.PI) / n);
  let done = 0;
  while (open.length > 0) {
    const quarters = at(open.flatMap(({ from, to }) => [from + (to - from) / 4, from + ((to - from) * 3) / 4]));
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
