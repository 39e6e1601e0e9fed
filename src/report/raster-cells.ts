/**
 * Maps of very many windows: a raster of pixels, each showing one window. A pixel that holds centres shows the
 * preferred of them (the largest Z must not vanish between pixels); an empty one the nearest window that covers it.
 */
import type { Axes, Box } from './svg/frame.ts';
import type { PlotWindows } from '../model/windows-of-table.ts';
import { halfHeight, halfWidth, toUnitCircle } from '../model/windows-of-table.ts';

const COLUMNS = 200;
const ROWS = 145;

/** Runs of equal pixels per row as rectangles: window to show and path in SVG units. Pixels that no window covers are left out. */
export function rasterCells(
  windows: PlotWindows,
  box: Box,
  axes: Axes,
  prefer: (i: number) => number,
): { i: number; path: string }[] {
  const [width, height] = [(box.right - box.left) / COLUMNS, (box.bottom - box.top) / ROWS];
  const columnOf = (x: number) => clampIndex((axes.x.position(x) - box.left) / width, COLUMNS);
  const rowOf = (y: number) => clampIndex((axes.y.position(y) - box.top) / height, ROWS);
  const nearest = new Int32Array(COLUMNS * ROWS).fill(-1);
  const distance = new Float64Array(COLUMNS * ROWS).fill(1);
  const held = new Int32Array(COLUMNS * ROWS).fill(-1);
  for (let i = 0; i < windows.count; i++) {
    const [x, y] = [windows.x[i]!, windows.y[i]!];
    const own = rowOf(y) * COLUMNS + columnOf(x);
    if (held[own]! < 0 || prefer(i) > prefer(held[own]!)) held[own] = i;
    const lastColumn = columnOf(x + halfWidth(windows, i));
    const lastRow = rowOf(y - halfHeight(windows, i));
    for (let row = rowOf(y + halfHeight(windows, i)); row <= lastRow; row++)
      for (let column = columnOf(x - halfWidth(windows, i)); column <= lastColumn; column++) {
        const px = axes.x.value(box.left + (column + 0.5) * width);
        const py = axes.y.value(box.top + (row + 0.5) * height);
        const [u, v] = toUnitCircle(windows, i, px, py);
        const d = Math.hypot(u, v);
        if (d < distance[row * COLUMNS + column]!) {
          distance[row * COLUMNS + column] = d;
          nearest[row * COLUMNS + column] = i;
        }
      }
  }
  return Array.from(held, (i, pixel) => (i >= 0 ? i : nearest[pixel]!)).flatMap((i, pixel) => {
    if (i < 0) return [];
    const left = box.left + (pixel % COLUMNS) * width;
    const top = box.top + Math.floor(pixel / COLUMNS) * height;
    return [
      {
        i,
        path: `M${left.toFixed(1)} ${top.toFixed(1)}h${(width + 0.05).toFixed(2)}v${(height + 0.05).toFixed(2)}h${(-width - 0.05).toFixed(2)}z`,
      },
    ];
  });
}

function clampIndex(position: number, count: number): number {
  return Math.min(count - 1, Math.max(0, Math.floor(position)));
}
