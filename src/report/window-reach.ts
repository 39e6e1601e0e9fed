/**
 * How far the cell of a window may reach on a map, as a fraction of the window: less than the window where windows lie
 * denser than their size, so that cells at the border of a lattice stay as small as those inside.
 */
import type { PlotWindows } from '../model/windows-of-table.ts';
import { halfHeight, halfWidth } from '../model/windows-of-table.ts';

/** Reach of a cell in units of the distance to the nearest centre: above 1/sqrt 2, the corner of a square lattice. */
export const REACH = 0.75;
/** Centres nearer than this (in units of the window) are the same place. */
export const SAME_PLACE = 1e-6;

/** Where the search for the nearest centre begins, in units of the window; doubled until one is found. */
const FIRST_LOOK = 0.2;

/** [count] at most 1. @param windows of a plane */
export function windowReaches(windows: PlotWindows): Float64Array {
  const grid = new CentreGrid(windows);
  return Float64Array.from({ length: windows.count }, (_, i) => REACH * nearestCentre(windows, grid, i, 1 / REACH));
}

/** Distance to the nearest other centre in units of window i, at most `limit`. */
function nearestCentre(windows: PlotWindows, grid: CentreGrid, i: number, limit: number): number {
  const { x, y, a, b, cos, sin } = windows;
  let least = limit * limit;
  for (let look = FIRST_LOOK; ; look *= 2) {
    const scale = Math.min(look, limit);
    grid.around(i, scale, (j) => {
      const [dx, dy] = [x[j] - x[i], y[j] - y[i]];
      const [u, v] = [(dx * cos[i] + dy * sin[i]) / a[i], (dy * cos[i] - dx * sin[i]) / b[i]];
      const square = u * u + v * v;
      if (square < least && square > SAME_PLACE * SAME_PLACE) least = square;
    });
    if (least <= scale * scale) return Math.sqrt(least);
  }
}

/** The centres of windows by square bins of the plane. */
export class CentreGrid {
  readonly #windows: PlotWindows;
  readonly #low: readonly [number, number];
  readonly #step: readonly [number, number];
  readonly #n: readonly [number, number];
  /** [bins + 1] where the windows of a bin begin in #members. */
  readonly #starts: Uint32Array;
  readonly #members: Uint32Array;

  constructor(windows: PlotWindows) {
    this.#windows = windows;
    const side = Math.max(1, Math.min(1000, Math.ceil(Math.sqrt(windows.count / 4))));
    const along = (values: ArrayLike<number>): [low: number, step: number] => {
      let [low, high] = [Infinity, -Infinity];
      for (let i = 0; i < windows.count; i++) [low, high] = [Math.min(low, values[i]), Math.max(high, values[i])];
      return [low, (high - low) / side || 1];
    };
    const [[xLow, xStep], [yLow, yStep]] = [along(windows.x), along(windows.y)];
    [this.#low, this.#step, this.#n] = [
      [xLow, yLow],
      [xStep, yStep],
      [side, side],
    ];
    const starts = new Uint32Array(side * side + 1);
    const binOf = (i: number) => this.#bin(1, windows.y[i]) * side + this.#bin(0, windows.x[i]);
    for (let i = 0; i < windows.count; i++) starts[binOf(i) + 1]++;
    for (let bin = 0; bin < side * side; bin++) starts[bin + 1] += starts[bin];
    const next = starts.slice();
    this.#members = new Uint32Array(windows.count);
    for (let i = 0; i < windows.count; i++) this.#members[next[binOf(i)]++] = i;
    this.#starts = starts;
  }

  /** Visits all other centres inside window i enlarged `scale` times, and some around it. */
  around(i: number, scale: number, visit: (j: number) => void): void {
    const { x, y } = this.#windows;
    const [dx, dy] = [scale * halfWidth(this.#windows, i), scale * halfHeight(this.#windows, i)];
    const [left, right] = [this.#bin(0, x[i] - dx), this.#bin(0, x[i] + dx)];
    const last = this.#bin(1, y[i] + dy);
    for (let row = this.#bin(1, y[i] - dy); row <= last; row++) {
      const end = this.#starts[row * this.#n[0] + right + 1];
      for (let k = this.#starts[row * this.#n[0] + left]; k < end; k++)
        if (this.#members[k] !== i) visit(this.#members[k]);
    }
  }

  #bin(axis: 0 | 1, value: number): number {
    return Math.min(this.#n[axis] - 1, Math.max(0, Math.floor((value - this.#low[axis]) / this.#step[axis])));
  }
}
