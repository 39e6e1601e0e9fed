/**
 * One cell per window for maps: the points nearer to its centre than to any other, nearness measured by the window's
 * own ellipse (so that cells of a lattice in units of the resolution fill the plane), and within reach of the lattice
 * step (so that cells at the border stay small). Outlines of overlapping windows would be unreadable.
 */
import type { ResultTable } from '../model/result.ts';
import type { PlotWindows } from '../model/windows-of-table.ts';
import { fromUnitCircle, halfHeight, halfWidth, toUnitCircle, windowsOfTable } from '../model/windows-of-table.ts';
import { REACH, SAME_PLACE } from './window-reach.ts';

type Point = readonly [number, number];

/** Corners of a cell start on a polygon of this many sides around the window. */
const SIDES = 10;

/** All maps of a run show the same cells; they go when the table goes. */
const KNOWN = new WeakMap<ResultTable, Point[][]>();

/** Polygon of each window in data coordinates, at most the window itself. Time: count times the windows per column. */
export function windowCells(table: ResultTable): Point[][] {
  if (!KNOWN.has(table)) KNOWN.set(table, makeCells(windowsOfTable(table)));
  return KNOWN.get(table)!;
}

function makeCells(windows: PlotWindows): Point[][] {
  const order = Array.from({ length: windows.count }, (_, i) => i).sort(
    (i, j) => windows.x[i]! - windows.x[j]! || i - j,
  );
  return order
    .map((i, rank) => ({ i, cell: cellOf(windows, i, neighboursOf(windows, order, rank)) }))
    .sort((one, other) => one.i - other.i)
    .map(({ cell }) => cell);
}

/** Centres within distance 2 of window i, in its unit frame. */
function neighboursOf(windows: PlotWindows, order: readonly number[], rank: number): Point[] {
  const i = order[rank]!;
  const [reach, reachY] = [2 * halfWidth(windows, i), 2 * halfHeight(windows, i)];
  const found: Point[] = [];
  for (const direction of [-1, 1])
    for (let r = rank + direction; r >= 0 && r < order.length; r += direction) {
      const j = order[r]!;
      if (Math.abs(windows.x[j]! - windows.x[i]!) > reach) break;
      if (Math.abs(windows.y[j]! - windows.y[i]!) > reachY) continue;
      const point = toUnitCircle(windows, i, windows.x[j]!, windows.y[j]!);
      const distance = Math.hypot(point[0], point[1]);
      if (distance <= 2 && distance > SAME_PLACE) found.push(point);
    }
  return found;
}

function cellOf(windows: PlotWindows, i: number, neighbours: readonly Point[]): Point[] {
  const nearest = Math.min(...neighbours.map((point) => Math.hypot(...point)), Infinity);
  const radius = Math.min(1, REACH * nearest) / Math.cos(Math.PI / SIDES);
  let corners: Point[] = Array.from({ length: SIDES }, (_, k) => {
    const angle = (2 * Math.PI * (k + 0.5)) / SIDES;
    return [radius * Math.cos(angle), radius * Math.sin(angle)];
  });
  for (const point of neighbours) corners = clip(corners, point);
  return corners.map(([u, v]) => fromUnitCircle(windows, i, u, v));
}

/** The part of a convex polygon nearer to the origin than to `other` (Sutherland, Hodgman 1974). */
function clip(corners: readonly Point[], other: Point): Point[] {
  const half = (other[0] ** 2 + other[1] ** 2) / 2;
  const side = ([u, v]: Point) => half - u * other[0] - v * other[1];
  if (corners.every((corner) => side(corner) >= 0)) return [...corners];
  return corners.flatMap((corner, k): Point[] => {
    const next = corners[(k + 1) % corners.length]!;
    const [here, there] = [side(corner), side(next)];
    const kept: Point[] = here >= 0 ? [corner] : [];
    if (here >= 0 === there >= 0) return kept;
    const t = here / (here - there);
    return [...kept, [corner[0] + t * (next[0] - corner[0]), corner[1] + t * (next[1] - corner[1])]];
  });
}
