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
import { pointByPoint, type PlaneFunction } from './plane-function.ts';
import type { WindowSet } from './windows.ts';

export interface Integral {
  readonly value: number;
  /** Absolute, see above. */
  readonly error: number;
}

export interface Integrals {
  readonly value: Float64Array;
  readonly error: Float64Array;
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
/** Points of all windows that go into one call of the density. */
const POINTS_AT_ONCE = 4096;

const rules = new Map<string, Rule>();

/** Integral of f over window i. f must be finite everywhere in the window (0 outside its support). */
export function integrateWindow(windows: WindowSet, i: number, f: (x: number, y: number) => number): Integral {
  const { value, error } = integrate(windows, Uint32Array.of(i), pointByPoint(f));
  return { value: value[0], error: error[0] };
}

/** integrateWindow for every window, many points at a time: [windows.count] values and their absolute errors. */
export function integrateWindows(windows: WindowSet, f: PlaneFunction): Integrals {
  return integrate(
    windows,
    Uint32Array.from({ length: windows.count }, (_, i) => i),
    f,
  );
}

/** Rule after rule over the windows whose last two rules do not agree yet. */
function integrate(windows: WindowSet, chosen: Uint32Array, f: PlaneFunction): Integrals {
  const is2D = windows.kind === 'ellipses';
  const levels = is2D ? DISK_ORDERS.length : LINE_ORDERS.length;
  const value = new Float64Array(chosen.length).fill(NaN);
  const error = new Float64Array(chosen.length);
  let open = chosen.map((_, k) => k);
  for (let level = 0; level < levels && open.length > 0; level++) {
    const rule = is2D ? diskRule(DISK_ORDERS[level]) : lineRule(LINE_ORDERS[level]);
    const sums = applyRule(
      windows,
      open.map((k) => chosen[k]),
      rule,
      f,
    );
    open.forEach((k, j) => {
      error[k] = Math.abs(sums[j] - value[k]);
      value[k] = sums[j];
    });
    open = open.filter((k) => !(error[k] <= TOLERANCE * Math.abs(value[k])));
  }
  return { value, error };
}

/** [chosen] integral over each of the chosen windows by one rule. */
function applyRule(windows: WindowSet, chosen: Uint32Array, rule: Rule, f: PlaneFunction): Float64Array {
  const { u, v, weight } = rule;
  const n = u.length;
  const atOnce = Math.max(1, Math.min(chosen.length, Math.floor(POINTS_AT_ONCE / n)));
  const [x, y, density] = [0, 1, 2].map(() => new Float64Array(atOnce * n));
  const sums = new Float64Array(chosen.length);
  for (let first = 0; first < chosen.length; first += atOnce) {
    const some = chosen.subarray(first, first + atOnce);
    some.forEach((i, k) => {
      const [lxx, lyx, lyy] = axesOf(windows, i);
      const [cx, cy] = [windows.x[i], windows.y[i]];
      for (let j = 0; j < n; j++) {
        x[k * n + j] = cx + lxx * u[j];
        y[k * n + j] = cy + lyx * u[j] + lyy * v[j];
      }
    });
    f(x, y, some.length * n, density);
    some.forEach((i, k) => {
      const [lxx, , lyy] = axesOf(windows, i);
      let sum = 0;
      for (let j = 0; j < n; j++) sum += weight[j] * density[k * n + j];
      sums[first + k] = sum * (lxx * lyy);
    });
  }
  return sums;
}

/** [lxx, lyx, lyy] of L above; an interval is [half-width, 0, 1]. */
function axesOf(windows: WindowSet, i: number): readonly [number, number, number] {
  return windows.kind === 'ellipses' ? cholesky(windows.qxx[i], windows.qxy[i], windows.qyy[i]) : [windows.a[i], 0, 1];
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
