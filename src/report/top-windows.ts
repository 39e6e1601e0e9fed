/** The windows to point at: most significant first, one per excess (a window is skipped when it overlaps a better one). */
import { findColumn, numbersOf } from '../model/result.ts';
import type { ResultTable } from '../model/result.ts';
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

/** One line about a window: "1: Z = 3.21, n = 3, b = 0.10 at (6.52, 2.01)". ROOT-like text for legends. */
export function describeWindow(table: ResultTable, row: number, rank: number): string {
  const number = (name: string) => Number(numbersOf(table, name)[row]);
  const place = isPlane(table)
    ? `(${number('x').toPrecision(4)}, ${number('y').toPrecision(4)})`
    : number('x').toPrecision(5);
  const facts = findColumn(table, 'n') === undefined ? '' : `, n = ${number('n')}, b = ${number('bkg').toPrecision(3)}`;
  return `${rank}: Z = ${number('z').toFixed(2)}${facts} at ${place}`;
}
