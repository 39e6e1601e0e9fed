/** The windows of a result table as geometry: what figures need to place and outline them. */
import { cosSinDegrees } from './ellipse.ts';
import { findColumn, numbersOf } from './result.ts';
import type { ResultTable } from './result.ts';

/** Part of the plane shown: x from, x to, y from, y to. */
export type View = readonly [number, number, number, number];

export interface PlotWindows {
  readonly count: number;
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  /** Principal half-axes and cosine, sine of the angle of a; b = 0 and angle 0 in 1D. */
  readonly a: ArrayLike<number>;
  readonly b: ArrayLike<number>;
  readonly cos: Float64Array;
  readonly sin: Float64Array;
}

/** True for a scan of a plane; 1D scans have no y column, or half-axes b of 0. */
export function isPlane(table: ResultTable): boolean {
  const b = findColumn(table, 'b');
  return b?.type === 'f64' && b.values.some((value) => value > 0);
}

/** Rows whose p0 is exactly 1: z is null, ln_p0 is 0. @param suffix of the columns of a second p0 method */
export function hasNoExcess(table: ResultTable, suffix = ''): boolean[] {
  const [z, lnP0] = [numbersOf(table, `z${suffix}`), numbersOf(table, `ln_p0${suffix}`)];
  return Array.from(z, (value, i) => Number.isNaN(value) && lnP0[i] === 0);
}

export function windowsOfTable(table: ResultTable): PlotWindows {
  const count = table.rowCount;
  const plane = isPlane(table);
  const zeros = new Float64Array(count);
  const phi = plane ? numbersOf(table, 'phi_deg') : zeros;
  const turns = Array.from(phi, (degrees) => cosSinDegrees(degrees));
  return {
    count,
    x: numbersOf(table, 'x'),
    y: plane ? numbersOf(table, 'y') : zeros,
    a: numbersOf(table, 'a'),
    b: plane ? numbersOf(table, 'b') : zeros,
    cos: Float64Array.from(turns, ([c]) => c),
    sin: Float64Array.from(turns, ([, s]) => s),
  };
}

/** Outline of window i, its half-axes times `scale`, as points in data coordinates. */
export function ellipsePoints(windows: PlotWindows, i: number, scale = 1, nPoints = 48): [number, number][] {
  return Array.from({ length: nPoints }, (_, k) => {
    const [c, s] = cosSinDegrees((360 * k) / nPoints);
    return fromUnitCircle(windows, i, scale * c, scale * s);
  });
}

/** Point (u, v) of the frame in which window i is the unit circle, in data coordinates. */
export function fromUnitCircle(
  { x, y, a, b, cos, sin }: PlotWindows,
  i: number,
  u: number,
  v: number,
): [number, number] {
  return [x[i]! + a[i]! * u * cos[i]! - b[i]! * v * sin[i]!, y[i]! + a[i]! * u * sin[i]! + b[i]! * v * cos[i]!];
}

/** Inverse of fromUnitCircle; windows of a plane only. */
export function toUnitCircle(
  { x, y, a, b, cos, sin }: PlotWindows,
  i: number,
  px: number,
  py: number,
): [number, number] {
  const [dx, dy] = [px - x[i]!, py - y[i]!];
  return [(dx * cos[i]! + dy * sin[i]!) / a[i]!, (dy * cos[i]! - dx * sin[i]!) / b[i]!];
}

/** Half-extent of window i along x. */
export function halfWidth({ a, b, cos, sin }: PlotWindows, i: number): number {
  return Math.sqrt((a[i]! * cos[i]!) ** 2 + (b[i]! * sin[i]!) ** 2);
}

/** Half-extent of window i along y. */
export function halfHeight({ a, b, cos, sin }: PlotWindows, i: number): number {
  return Math.sqrt((a[i]! * sin[i]!) ** 2 + (b[i]! * cos[i]!) ** 2);
}

/** The plane that holds all windows and a margin of 1 %. */
export function viewOf(windows: PlotWindows): View {
  const around = (centres: ArrayLike<number>, reach: (windows: PlotWindows, i: number) => number): [number, number] => {
    let [low, high] = [Infinity, -Infinity];
    for (let i = 0; i < centres.length; i++) {
      low = Math.min(low, centres[i]! - reach(windows, i));
      high = Math.max(high, centres[i]! + reach(windows, i));
    }
    if (!(low < high)) return [0, 1];
    const margin = 0.01 * (high - low);
    return [low - margin, high + margin];
  };
  return [...around(windows.x, halfWidth), ...around(windows.y, halfHeight)] as const;
}
