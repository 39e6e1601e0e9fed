/**
 * A density of the plane from numbers per window, for backgrounds that have no other: that of a window in the window,
 * the mean of those that overlap, and around them, as far as bands reach, that of the nearest window in units of its
 * resolution. Only + - * / and sqrt.
 */
import type { BandShape } from '../band-shape.ts';
import { quadraticForm } from '../ellipse.ts';
import type { PlaneFunction } from '../plane-function.ts';
import type { Region } from '../region.ts';
import { integrateWindows } from '../window-integral.ts';
import type { WindowSet } from '../windows.ts';

/** Bins in which windows are looked up: along x, and along y. */
const BINS_2D = [256, 256] as const;
const BINS_1D = [1024, 1] as const;

/**
 * Expected events per area: b0 over the area of the window.
 * @param b0 [windows.count] of one component
 * @param band the card's side band: how far and where there is something beside the windows
 * @param region outside of which the component has nothing; the area of a window is then the part of it inside
 */
export function windowsDensity(
  windows: WindowSet,
  b0: Float64Array,
  band: BandShape | undefined,
  region: Region | undefined,
): PlaneFunction {
  const inRegion: PlaneFunction = (x, y, count, out) => {
    for (let i = 0; i < count; i++) out[i] = region === undefined || region.contains(x[i], y[i]) ? 1 : 0;
  };
  const area = integrateWindows(windows, inRegion).value;
  const densities = b0.map((b, w) => (area[w] > 0 ? Math.max(0, b) / area[w] : 0));
  return fromWindows(windows, densities, band, region);
}

/** 1 where a window or a band can be, else 0: where cells have to be fine. */
export function presence(windows: WindowSet, band: BandShape | undefined): PlaneFunction {
  return fromWindows(windows, new Float64Array(windows.count).fill(1), band, undefined);
}

function fromWindows(
  windows: WindowSet,
  values: Float64Array,
  band: BandShape | undefined,
  region: Region | undefined,
): PlaneFunction {
  const windowsNear = makeIndex(windows);
  const nearest = band && makeNearest(windows, band.outer);
  const { x: wx, y: wy, qxx, qxy, qyy } = windows;
  const at = (x: number, y: number): number => {
    if (region !== undefined && !region.contains(x, y)) return 0;
    let [sum, n] = [0, 0];
    for (const w of windowsNear(x, y)) {
      if (!(quadraticForm(qxx[w], qxy[w], qyy[w], x - wx[w], y - wy[w]) <= 1)) continue;
      sum += values[w];
      n++;
    }
    if (n > 0) return sum / n;
    if (nearest === undefined || band!.region?.contains(x, y) === false) return 0;
    const w = nearest(x, y);
    return w < 0 ? 0 : values[w];
  };
  return (x, y, count, out) => {
    for (let i = 0; i < count; i++) out[i] = at(x[i], y[i]);
  };
}

/** Half the extent of a window along x and y. */
export function halfExtents(
  { kind, qxx, qxy, qyy }: Pick<WindowSet, 'kind' | 'qxx' | 'qxy' | 'qyy'>,
  w: number,
): readonly [number, number] {
  if (kind !== 'ellipses') return [Math.sqrt(1 / qxx[w]), 0];
  const det = qxx[w] * qyy[w] - qxy[w] * qxy[w];
  return [Math.sqrt(qyy[w] / det), Math.sqrt(qxx[w] / det)];
}

/** Numbers of all windows that can hold a point, ascending, and of some that do not. */
function makeIndex(windows: WindowSet): (x: number, y: number) => readonly number[] {
  const [nx, ny] = windows.kind === 'ellipses' ? BINS_2D : BINS_1D;
  const extents = Array.from({ length: windows.count }, (_, w) => halfExtents(windows, w));
  const binsOf = (centres: Float64Array, axis: 0 | 1, n: number) => {
    const low = centres.reduce((least, c, w) => Math.min(least, c - extents[w][axis]), Infinity);
    const high = centres.reduce((most, c, w) => Math.max(most, c + extents[w][axis]), -Infinity);
    return (value: number) => Math.max(0, Math.min(n - 1, Math.floor((n * (value - low)) / (high - low)) || 0));
  };
  const [binX, binY] = [binsOf(windows.x, 0, nx), binsOf(windows.y, 1, ny)];
  const bins: number[][] = Array.from({ length: nx * ny }, () => []);
  extents.forEach(([hx, hy], w) => {
    const [x, y] = [windows.x[w], windows.y[w]];
    for (let i = binX(x - MARGIN * hx); i <= binX(x + MARGIN * hx); i++) {
      for (let j = binY(y - MARGIN * hy); j <= binY(y + MARGIN * hy); j++) bins[i * ny + j].push(w);
    }
  });
  return (x, y) => bins[binX(x) * ny + binY(y)];
}

/** Far above rounding. */
const MARGIN = 1 + 1e-9;

/** Number of the window that is fewest standard deviations away, -1 where that is more than `outer`. */
function makeNearest(
  { count, kind, x, y, rxx, rxy, ryy }: WindowSet,
  outer: number,
): (px: number, py: number) => number {
  const order = Uint32Array.from({ length: count }, (_, w) => w).sort((v, w) => x[v] - x[w] || v - w);
  const sorted = Float64Array.from(order, (w) => x[w]);
  const varianceX = Float64Array.from(
    order,
    (w) => 1 / (rxx[w] - (kind === 'ellipses' ? (rxy[w] * rxy[w]) / ryy[w] : 0)),
  );
  const largest = varianceX.reduce((most, v) => Math.max(most, v), 0) * MARGIN;
  return (px, py) => {
    let [best, least] = [-1, outer * outer];
    const look = (i: number): boolean => {
      const [w, dx] = [order[i], px - sorted[i]];
      if (dx * dx > least * largest) return false;
      const r = quadraticForm(rxx[w], rxy[w], ryy[w], dx, py - y[w]);
      if (r < least || (r === least && (best < 0 || w < best))) [best, least] = [w, r];
      return true;
    };
    const middle = firstAtLeast(sorted, px);
    for (let i = middle; i < count && look(i); i++);
    for (let i = middle - 1; i >= 0 && look(i); i--);
    return best;
  };
}

function firstAtLeast(sorted: Float64Array, value: number): number {
  let [from, to] = [0, sorted.length];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (sorted[middle] < value) from = middle + 1;
    else to = middle;
  }
  return from;
}
