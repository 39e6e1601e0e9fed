/**
 * Binned background map: rectangles (intervals in 1D) with expected events, uniform inside a bin. The integral over a
 * window is exact: a rectangle cut by an ellipse is, after the map to the unit disk, a polygon cut by a circle.
 */
import { DarkscanError } from '../errors.ts';
import { atan2 } from '../stats/portable.ts';
import { columnOf, type Columns } from './columns.ts';
import { cholesky } from './window-integral.ts';
import type { WindowSet } from './windows.ts';

export interface BinnedMap {
  readonly is2D: boolean;
  /** [bins] edges; y edges are 0 in 1D. */
  readonly xLow: Float64Array;
  readonly xHigh: Float64Array;
  readonly yLow: Float64Array;
  readonly yHigh: Float64Array;
  /** [bins] expected events, finite and >= 0. */
  readonly events: Float64Array;
}

/** Errors (kind data): a missing column, an empty table, a bin that is empty or has negative or NaN events. */
export function makeBinnedMap(table: Columns, is2D: boolean, file: string): BinnedMap {
  if (table.rowCount === 0) throw new DarkscanError('data', `${file}: no rows, expected one per bin of the map`);
  const column = (name: string) => columnOf(table, name, file);
  const none = new Float64Array(table.rowCount);
  const map = {
    is2D,
    xLow: column('x_low'),
    xHigh: column('x_high'),
    yLow: is2D ? column('y_low') : none,
    yHigh: is2D ? column('y_high') : none,
    events: column('events'),
  };
  for (let i = 0; i < table.rowCount; i++) {
    const area = (map.xHigh[i] - map.xLow[i]) * (is2D ? map.yHigh[i] - map.yLow[i] : 1);
    const ordered = map.xLow[i] < map.xHigh[i] && (!is2D || map.yLow[i] < map.yHigh[i]) && area < Infinity;
    if (ordered && map.events[i] >= 0 && map.events[i] < Infinity) continue;
    const edges = `x ${map.xLow[i]}..${map.xHigh[i]}` + (is2D ? `, y ${map.yLow[i]}..${map.yHigh[i]}` : '');
    const allowed = 'low below high and finite events, 0 or more';
    const message = `${file}: bin ${i} has ${edges}, events ${map.events[i]}, expected ${allowed}; correct the row`;
    throw new DarkscanError('data', message);
  }
  return map;
}

/** [windows.count] expected events of the map in each window. Error 1e-13 relative per bin. */
export function integrateMap(windows: WindowSet, map: BinnedMap): Float64Array {
  const result = new Float64Array(windows.count);
  // Bins by their low edge, so that a window looks only at bins that start before it ends.
  const order = Array.from(map.xLow.keys()).sort((i, j) => map.xLow[i] - map.xLow[j] || i - j);
  const widest = map.xLow.reduce((w, low, i) => Math.max(w, map.xHigh[i] - low), 0);
  for (let i = 0; i < windows.count; i++) {
    const [cx, cy] = [windows.x[i], windows.y[i]];
    if (!map.is2D) {
      for (let j = 0; j < map.events.length; j++) {
        const overlap = Math.min(map.xHigh[j], cx + windows.a[i]) - Math.max(map.xLow[j], cx - windows.a[i]);
        if (overlap > 0) result[i] += (map.events[j] * overlap) / (map.xHigh[j] - map.xLow[j]);
      }
      continue;
    }
    const l = cholesky(windows.qxx[i], windows.qxy[i], windows.qyy[i]);
    const [hx, hy] = [l[0], Math.sqrt(l[1] * l[1] + l[2] * l[2])];
    for (let k = firstAbove(order, map.xLow, cx - hx - widest); k < order.length; k++) {
      const j = order[k];
      if (map.xLow[j] > cx + hx) break;
      if (map.xHigh[j] < cx - hx || map.yLow[j] > cy + hy || map.yHigh[j] < cy - hy) continue;
      const [x0, x1, y0, y1] = [map.xLow[j] - cx, map.xHigh[j] - cx, map.yLow[j] - cy, map.yHigh[j] - cy];
      result[i] += (map.events[j] * rectangleInEllipse(l, x0, x1, y0, y1)) / ((x1 - x0) * (y1 - y0));
    }
  }
  return result;
}

/** First position in `order` whose value is above the limit. */
function firstAbove(order: readonly number[], values: Float64Array, limit: number): number {
  let [from, to] = [0, order.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (values[order[middle]] < limit) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** Area of the rectangle inside the ellipse d = L u, |u| <= 1, centred at 0; L lower triangular. */
export function rectangleInEllipse(
  [lxx, lyx, lyy]: readonly [number, number, number],
  x0: number,
  x1: number,
  y0: number,
  y1: number,
): number {
  const u = [x0 / lxx, x1 / lxx, x1 / lxx, x0 / lxx];
  const v = [y0, y0, y1, y1].map((y, k) => (y - lyx * u[k]) / lyy);
  let area = 0;
  for (let k = 0; k < 4; k++) area += wedge(u[k], v[k], u[(k + 1) % 4], v[(k + 1) % 4]);
  return Math.max(0, area) * lxx * lyy;
}

/** Signed area of the unit disk inside the triangle (0, p, q): circular sectors outside the circle, a triangle inside. */
function wedge(px: number, py: number, qx: number, qy: number): number {
  const [dx, dy] = [qx - px, qy - py];
  const a = dx * dx + dy * dy;
  const b = px * dx + py * dy;
  const root = b * b - a * (px * px + py * py - 1);
  if (!(a > 0) || !(root > 0)) return sector(px, py, qx, qy);
  const from = (-b - Math.sqrt(root)) / a;
  const to = (-b + Math.sqrt(root)) / a;
  if (to <= 0 || from >= 1) return sector(px, py, qx, qy);
  const [t1, t2] = [Math.max(0, from), Math.min(1, to)];
  const [mx, my] = [px + t1 * dx, py + t1 * dy];
  const [nx, ny] = [px + t2 * dx, py + t2 * dy];
  const before = from > 0 ? sector(px, py, mx, my) : 0;
  const after = to < 1 ? sector(nx, ny, qx, qy) : 0;
  return before + (mx * ny - my * nx) / 2 + after;
}

function sector(px: number, py: number, qx: number, qy: number): number {
  return atan2(px * qy - py * qx, px * qx + py * qy) / 2;
}
