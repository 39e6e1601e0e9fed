/**
 * Counts and weight sums of events in windows by the `exact` rule: the f64 test of ellipse.ts on unquantised data.
 * An event counts in every window it is inside of; windows overlap.
 */
import { DarkscanError } from '../errors.ts';
import type { Events } from './columns.ts';
import { quadraticForm } from './ellipse.ts';
import { makeEventGrid, visitRuns, type Shapes } from './event-grid.ts';
import type { WindowSet } from './windows.ts';

export interface WeightSums {
  /** [count] sum of weights, of squared weights, number of events per window. */
  readonly sumW: Float64Array;
  readonly sumW2: Float64Array;
  readonly entries: Uint32Array;
}

/** [windows.count] number of events inside each window. NaN coordinates are inside nothing. */
export function countEvents(windows: WindowSet, events: Events): Uint32Array {
  const shapes = windowShapes(windows);
  const grid = makeEventGrid(shapes, events);
  const counts = new Uint32Array(windows.count);
  for (let i = 0; i < windows.count; i++) {
    const [cx, cy, qxx, qxy, qyy] = [windows.x[i], windows.y[i], windows.qxx[i], windows.qxy[i], windows.qyy[i]];
    let n = 0;
    visitRuns(grid, shapes, i, (from, to) => {
      for (let j = from; j < to; j++) if (quadraticForm(qxx, qxy, qyy, grid.x[j] - cx, grid.y[j] - cy) <= 1) n++;
    });
    counts[i] = n;
  }
  return counts;
}

/**
 * Weight sums of a sample; events without weights count 1. Summed in input order inside a cell of the grid: the last
 * digits depend on the grid, which depends on the windows only.
 */
export function sumWeights(windows: WindowSet, sample: Events): WeightSums {
  const shapes = windowShapes(windows);
  const grid = makeEventGrid(shapes, sample);
  const sums = {
    sumW: new Float64Array(windows.count),
    sumW2: new Float64Array(windows.count),
    entries: new Uint32Array(windows.count),
  };
  const { weight } = sample;
  for (let i = 0; i < windows.count; i++) {
    const [cx, cy, qxx, qxy, qyy] = [windows.x[i], windows.y[i], windows.qxx[i], windows.qxy[i], windows.qyy[i]];
    let [w1, w2, n] = [0, 0, 0];
    visitRuns(grid, shapes, i, (from, to) => {
      for (let j = from; j < to; j++) {
        if (!(quadraticForm(qxx, qxy, qyy, grid.x[j] - cx, grid.y[j] - cy) <= 1)) continue;
        const w = weight === undefined ? 1 : weight[grid.order[j]];
        w1 += w;
        w2 += w * w;
        n++;
      }
    });
    [sums.sumW[i], sums.sumW2[i], sums.entries[i]] = [w1, w2, n];
  }
  return sums;
}

/**
 * [windows.count] events in the annulus inner^2 < r <= outer^2 around each window, r the squared distance in units of
 * the resolution (of the half-axes where windows came from a table).
 * @param allowed events for which this is false are left out (blind, or outside the region the area is taken from)
 */
export function countAnnulus(
  windows: WindowSet,
  events: Events,
  inner: number,
  outer: number,
  allowed: (x: number, y: number) => boolean = () => true,
): Uint32Array {
  if (!(inner >= 0 && inner < outer && outer < Infinity)) {
    throw new DarkscanError(
      'card',
      `side band: inner ${inner}, outer ${outer}, expected 0 <= inner < outer; correct them`,
    );
  }
  const shapes = annulusShapes(windows, outer);
  const grid = makeEventGrid(shapes, events);
  const isAllowed = new Uint8Array(grid.x.length);
  for (let j = 0; j < isAllowed.length; j++) isAllowed[j] = allowed(grid.x[j], grid.y[j]) ? 1 : 0;
  const counts = new Uint32Array(windows.count);
  const [low, high] = [inner * inner, outer * outer];
  for (let i = 0; i < windows.count; i++) {
    const [cx, cy, rxx, rxy, ryy] = [windows.x[i], windows.y[i], windows.rxx[i], windows.rxy[i], windows.ryy[i]];
    let n = 0;
    visitRuns(grid, shapes, i, (from, to) => {
      for (let j = from; j < to; j++) {
        const r = quadraticForm(rxx, rxy, ryy, grid.x[j] - cx, grid.y[j] - cy);
        if (r > low && r <= high) n += isAllowed[j];
      }
    });
    counts[i] = n;
  }
  return counts;
}

/** The windows themselves. */
export function windowShapes(windows: WindowSet): Shapes {
  const { count, x, y, qxx: xx, qxy: xy, qyy: yy } = windows;
  return { count, x, y, xx, xy, yy, limit: 1, is2D: windows.kind === 'ellipses' };
}

/** Ellipses of `outer` resolutions around the windows' centres. */
export function annulusShapes(windows: WindowSet, outer: number): Shapes {
  const { count, x, y, rxx: xx, rxy: xy, ryy: yy } = windows;
  return { count, x, y, xx, xy, yy, limit: outer * outer, is2D: windows.kind === 'ellipses' };
}
