/**
 * tau of a side band taken from areas: (area of the annulus that is allowed) / (area of the window that is allowed).
 * In the annulus allowed means inside windows.region and not blind, the rule by which its events are counted; in the
 * window, whose events all count, only the region matters. So a window near a kinematic edge gets the tau of the part of its annulus that exists. With a flat density tau b is then the exact
 * expectation of n_off; a slope cancels only where the annulus is whole.
 */
import { cos, sin } from '../stats/portable.ts';
import { cholesky } from './window-integral.ts';
import type { WindowSet } from './windows.ts';

type Inside = (x: number, y: number) => boolean;

/** Rays from the centre, and equal parts of each tried for a crossing; crossings are then bisected. */
const RAYS = 96;
const PARTS = 24;
const BISECTIONS = 24;

/**
 * [windows.count] allowed area between `inner` and `outer` resolutions over the allowed area of the window; 0 where
 * nothing of the annulus is allowed. Error 1e-3 where an edge crosses, rounding elsewhere.
 * @param whole true for an ellipse (centre, half-extents) known to be allowed all over: saves the rays
 */
export function annulusTau(
  windows: WindowSet,
  inner: number,
  outer: number,
  allowed: Inside,
  inRegion: Inside,
  whole: (x: number, y: number, hx: number, hy: number) => boolean,
): Float64Array {
  const is2D = windows.kind === 'ellipses';
  const rays = directions(is2D);
  const tau = new Float64Array(windows.count);
  for (let i = 0; i < windows.count; i++) {
    const { x, y, qxx, qxy, qyy, rxx, rxy, ryy } = windows;
    const lw = is2D ? cholesky(qxx[i], qxy[i], qyy[i]) : ([1 / Math.sqrt(qxx[i]), 0, 1] as const);
    const lr = is2D ? cholesky(rxx[i], rxy[i], ryy[i]) : ([1 / Math.sqrt(rxx[i]), 0, 1] as const);
    const ratio = (lr[0] * lr[2]) / (lw[0] * lw[2]);
    const hy = is2D ? outer * Math.sqrt(lr[1] * lr[1] + lr[2] * lr[2]) : 0;
    if (whole(x[i], y[i], outer * lr[0], hy)) {
      tau[i] = ratio * (is2D ? outer * outer - inner * inner : outer - inner);
      continue;
    }
    const inAnnulus = shareAllowed(x[i], y[i], lr, inner, outer, rays, is2D, allowed);
    const inWindow = shareAllowed(x[i], y[i], lw, 0, 1, rays, is2D, inRegion);
    tau[i] = inWindow > 0 ? (ratio * inAnnulus) / inWindow : 0;
  }
  return tau;
}

/** Allowed part of from < |u| <= to, d = L u, in units where the unit disk (or half-line) has area 1. */
function shareAllowed(
  cx: number,
  cy: number,
  [lxx, lyx, lyy]: readonly [number, number, number],
  from: number,
  to: number,
  rays: readonly (readonly [number, number])[],
  is2D: boolean,
  allowed: Inside,
): number {
  let sum = 0;
  for (const [c, s] of rays) {
    const [ex, ey] = [lxx * c, lyx * c + lyy * s];
    let start = from;
    let state = allowed(cx + ex * from, cy + ey * from);
    for (let k = 1; k <= PARTS; k++) {
      const r = from + ((to - from) * k) / PARTS;
      const next = allowed(cx + ex * r, cy + ey * r);
      if (next === state && k < PARTS) continue;
      let end = r;
      if (next !== state) {
        let low = from + ((to - from) * (k - 1)) / PARTS;
        for (let n = 0; n < BISECTIONS; n++) {
          const middle = (low + end) / 2;
          if (allowed(cx + ex * middle, cy + ey * middle) === state) low = middle;
          else end = middle;
        }
      }
      if (state) sum += measure(start, end, is2D);
      if (k === PARTS && next !== state && next) sum += measure(end, to, is2D);
      start = end;
      state = next;
    }
  }
  return sum / rays.length;
}

function measure(from: number, to: number, is2D: boolean): number {
  return is2D ? to * to - from * from : to - from;
}

function directions(is2D: boolean): readonly (readonly [number, number])[] {
  if (!is2D) return [[1, 0] as const, [-1, 0] as const];
  return Array.from({ length: RAYS }, (_, k) => {
    const angle = (2 * Math.PI * (k + 0.5)) / RAYS;
    return [cos(angle), sin(angle)] as const;
  });
}
