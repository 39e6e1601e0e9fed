/**
 * Integral of a smooth function over one window. Ellipses are mapped to the unit disk, d = L u with L L^T = Q^-1, and
 *   integral f dA = det L * (1/2) int_0^1 dt int_0^2pi dtheta f(sqrt(t) cos theta, sqrt(t) sin theta)
 * is taken by Gauss-Legendre in t = r^2 times the trapezoid in theta (both converge geometrically for smooth f);
 * intervals by Gauss-Legendre. Rules of growing size until two agree; the last difference is the error, and it bounds
 * the error of the smaller rule, not of the one returned. Where f jumps (a kinematic edge inside the window) the largest
 * rule is used and its error is of the order of a percent of the part that is cut.
 */
import { cos, sin } from '../stats/portable.ts';
import { gaussLegendre } from './constraints/gauss.ts';
import type { WindowSet } from './windows.ts';

export interface Integral {
  readonly value: number;
  /** Absolute, see above. */
  readonly error: number;
}

interface Rule {
  /** Points of the unit disk (or of [-1, 1], v = 0) and weights that add up to its area (length). */
  readonly u: Float64Array;
  readonly v: Float64Array;
  readonly weight: Float64Array;
}

const DISK_ORDERS = [
  [3, 8],
  [5, 12],
  [10, 24],
  [20, 48],
] as const;
const LINE_ORDERS = [5, 9, 17, 33] as const;
/** Two rules closer than this, relative, end the refinement; the better one is then good to about 1e-6. */
const TOLERANCE = 1e-4;

const rules = new Map<string, Rule>();

/** Integral of f over window i. f must be finite everywhere in the window (0 outside its support). */
export function integrateWindow(windows: WindowSet, i: number, f: (x: number, y: number) => number): Integral {
  const is2D = windows.kind === 'ellipses';
  const [lxx, lyx, lyy] = is2D ? cholesky(windows.qxx[i], windows.qxy[i], windows.qyy[i]) : [windows.a[i], 0, 1];
  const levels = is2D ? DISK_ORDERS.length : LINE_ORDERS.length;
  const [cx, cy] = [windows.x[i], windows.y[i]];
  let before = NaN;
  let value = NaN;
  for (let level = 0; level < levels; level++) {
    const { u, v, weight } = is2D ? diskRule(DISK_ORDERS[level]) : lineRule(LINE_ORDERS[level]);
    before = value;
    value = 0;
    for (let j = 0; j < u.length; j++) value += weight[j] * f(cx + lxx * u[j], cy + lyx * u[j] + lyy * v[j]);
    value *= lxx * lyy;
    if (Math.abs(value - before) <= TOLERANCE * Math.abs(value)) break;
  }
  return { value, error: Math.abs(value - before) };
}

/** L of Q^-1 = L L^T, lower triangular: [lxx, lyx, lyy]. */
export function cholesky(qxx: number, qxy: number, qyy: number): readonly [number, number, number] {
  const lxx = 1 / Math.sqrt(qxx - (qxy / qyy) * qxy);
  return [lxx, (-qxy / qyy) * lxx, 1 / Math.sqrt(qyy)];
}

function diskRule([nRadial, nAngle]: readonly [number, number]): Rule {
  const key = `${nRadial}x${nAngle}`;
  const known = rules.get(key);
  if (known !== undefined) return known;
  const { nodes, weights } = gaussLegendre(nRadial);
  const n = nRadial * nAngle;
  const rule = { u: new Float64Array(n), v: new Float64Array(n), weight: new Float64Array(n) };
  for (let k = 0; k < nRadial; k++) {
    const r = Math.sqrt((1 + nodes[k]) / 2);
    for (let m = 0; m < nAngle; m++) {
      const angle = (2 * Math.PI * (m + 0.5)) / nAngle;
      const j = k * nAngle + m;
      rule.u[j] = r * cos(angle);
      rule.v[j] = r * sin(angle);
      rule.weight[j] = ((weights[k] / 4) * 2 * Math.PI) / nAngle;
    }
  }
  rules.set(key, rule);
  return rule;
}

function lineRule(n: number): Rule {
  const { nodes, weights } = gaussLegendre(n);
  return { u: nodes, v: new Float64Array(n), weight: weights };
}
