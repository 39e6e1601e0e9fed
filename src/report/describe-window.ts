/** A window in words, for legends. */
import { findColumn, numbersOf } from '../model/result.ts';
import type { ResultTable } from '../model/result.ts';
import { isPlane } from '../model/windows-of-table.ts';

/** One line about a window: "1: Z = 3.21, n = 3, b = 0.10 at (6.52, 2.01)". ROOT-like text for legends. */
export function describeWindow(table: ResultTable, row: number, rank: number): string {
  const number = (name: string) => Number(numbersOf(table, name)[row]);
  const place = isPlane(table)
    ? `(${number('x').toPrecision(4)}, ${number('y').toPrecision(4)})`
    : number('x').toPrecision(5);
  const facts = findColumn(table, 'n') === undefined ? '' : `, n = ${number('n')}, b = ${number('bkg').toPrecision(3)}`;
  return `${rank}: Z = ${number('z').toFixed(2)}${facts} at ${place}`;
}
