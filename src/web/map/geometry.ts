/**
 * The windows of a result as a map needs them: in a plane as they are; in a scan of one mass as a band over x, one lane
 * per window of the same centre (the narrowest lowest), above a strip for the events.
 */
import type { ResultTable } from '../../model/result.ts';
import {
  halfHeight,
  isPlane,
  viewOf,
  windowsOfTable,
  type PlotWindows,
  type View,
} from '../../model/windows-of-table.ts';
import { REACH, windowReaches } from '../../report/window-reach.ts';

/** Height of the strip of events below the band of a 1D scan, whose own height is 1. */
export const STRIP = 0.35;

export interface MapGeometry {
  readonly plane: boolean;
  /** In 1D y is the middle of the lane. */
  readonly windows: PlotWindows;
  readonly full: View;
  /** [count] how far the cell of a window reaches, as a fraction of the window. */
  readonly reach: Float64Array;
  /** [count] half-height of a window in y; of its lane in 1D. */
  readonly halfHeight: Float64Array;
  /** [count] in 1D, 0 for the lowest. */
  readonly lane: Uint16Array;
  readonly nLanes: number;
}

export function mapGeometry(table: ResultTable): MapGeometry {
  const windows = windowsOfTable(table);
  return isPlane(table) ? planeGeometry(windows) : bandGeometry(windows);
}

function planeGeometry(windows: PlotWindows): MapGeometry {
  return {
    plane: true,
    windows,
    full: viewOf(windows),
    reach: windowReaches(windows),
    halfHeight: Float64Array.from({ length: windows.count }, (_, i) => halfHeight(windows, i)),
    lane: new Uint16Array(windows.count),
    nLanes: 1,
  };
}

function bandGeometry(windows: PlotWindows): MapGeometry {
  const { lane, nLanes } = lanesOf(windows);
  const [low, high] = viewOf(windows);
  const half = 0.5 / nLanes;
  return {
    plane: false,
    windows: { ...windows, y: Float64Array.from(lane, (one) => (2 * one + 1) * half) },
    full: [low, high, -STRIP, 1],
    reach: reachesInLanes(windows, lane),
    halfHeight: new Float64Array(windows.count).fill(half),
    lane,
    nLanes,
  };
}

/** Windows of the same centre lie in different lanes, by their width. */
function lanesOf({ count, x, a }: PlotWindows): { lane: Uint16Array; nLanes: number } {
  const order = Array.from({ length: count }, (_, i) => i).sort((i, j) => x[i] - x[j] || a[i] - a[j] || i - j);
  const lane = new Uint16Array(count);
  let nLanes = 1;
  order.forEach((i, rank) => {
    const previous = order[rank - 1];
    if (rank === 0 || x[previous] !== x[i]) return;
    lane[i] = lane[previous] + 1;
    nLanes = Math.max(nLanes, lane[i] + 1);
  });
  return { lane, nLanes };
}

/** The largest of the distances to the neighbours in the lane, in units of the window, counts: no gaps inside a band. */
function reachesInLanes({ count, x, a }: PlotWindows, lane: Uint16Array): Float64Array {
  const order = Array.from({ length: count }, (_, i) => i).sort((i, j) => lane[i] - lane[j] || x[i] - x[j]);
  const reach = new Float64Array(count);
  order.forEach((i, rank) => {
    const distances = [order[rank - 1], order[rank + 1]]
      .filter((j) => j !== undefined && lane[j] === lane[i])
      .map((j) => Math.abs(x[j] - x[i]) / a[i]);
    reach[i] = Math.min(1, REACH * Math.max(...distances, 0) || 1);
  });
  return reach;
}
