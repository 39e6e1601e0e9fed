/**
 * Counts and weight sums of events in windows by the `exact` rule: the f64 test of ellipse.ts on unquantised data.
 * An event counts in every window it is inside of; windows overlap.
 */
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
