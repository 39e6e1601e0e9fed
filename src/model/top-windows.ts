/** The windows to point at: most significant first, one per excess (a window is skipped when it overlaps a better one). */
import { numbersOf } from './result.ts';
import type { ResultTable } from './result.ts';
import { isPlane, toUnitCircle, windowsOfTable } from './windows-of-table.ts';

/** Rows of the table; at most `count`, only windows with z above `minZ`. */
export function topWindows(table: ResultTable, count: number, minZ = 0): number[] {
  const z = numbersOf(table, 'z');
  const windows = windowsOfTable(table);
  const plane = isPlane(table);
  /** Windows of equal shape overlap when their centres are less than two half-axes apart. */
  const overlaps = (i: number, j: number) =>
    plane
      ? Math.hypot(...toUnitCircle(windows, i, windows.x[j]!, windows.y[j]!)) < 2
      : Math.abs(windows.x[i]! - windows.x[j]!) < 2 * windows.a[i]!;
  const ranked = Array.from(z.keys())
    .filter((i) => z[i]! > minZ)
    .sort((i, j) => z[j]! - z[i]! || i - j);
  const chosen: number[] = [];
  for (const i of ranked) {
    if (chosen.length >= count) break;
    if (!chosen.some((j) => overlaps(i, j) || overlaps(j, i))) chosen.push(i);
  }
  return chosen;
}
