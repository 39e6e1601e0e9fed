/**
 * Two result tables side by side, for `darkscan compare`: integers and text must be equal, reals within
 * |a - b| <= atol + rtol max(|a|, |b|), null only equals null. Rows are compared in order, as ids are.
 */
import { findColumn } from '../model/result.ts';
import type { ResultColumn, ResultTable } from '../model/result.ts';

export interface CompareOptions {
  readonly rtol: number;
  readonly atol: number;
  /** Only these columns; default all of both tables. */
  readonly columns?: readonly string[];
}

export interface ColumnComparison {
  readonly name: string;
  readonly type: ResultColumn['type'];
  readonly nRows: number;
  /** Rows outside the tolerance (reals) or not equal (integers, text, null against a number). */
  readonly nDifferent: number;
  /** Largest |a - b| and |a - b| / max(|a|, |b|) over rows where both are numbers; 0 for text. */
  readonly maxAbsolute: number;
  readonly maxRelative: number;
  /** The row that is furthest outside (or nearest to) the tolerance, with both values as text; absent when all rows are equal. */
  readonly worst?: { readonly row: number; readonly a: string; readonly b: string };
}

export interface TableComparison {
  readonly equal: boolean;
  /** Why tables cannot be compared in part: different row counts, a column that only one has, different types. */
  readonly problems: readonly string[];
  readonly columns: readonly ColumnComparison[];
}

export function compareTables(a: ResultTable, b: ResultTable, options: CompareOptions): TableComparison {
  const names = options.columns ?? [...new Set([...a.columns, ...b.columns].map((column) => column.name))];
  const problems: string[] = [];
  if (a.rowCount !== b.rowCount)
    problems.push(`rows: ${a.rowCount} and ${b.rowCount}, expected the same number of windows`);
  const columns = names.flatMap((name): ColumnComparison[] => {
    const [one, other] = [findColumn(a, name), findColumn(b, name)];
    if (one === undefined || other === undefined) problems.push(`column ${name}: ${whoHas(one, other)}`);
    else if (one.type !== other.type)
      problems.push(`column ${name}: types ${one.type} and ${other.type}, expected the same`);
    else if (a.rowCount === b.rowCount) return [compareColumns(one, other, a.rowCount, options)];
    return [];
  });
  return { equal: problems.length === 0 && columns.every((column) => column.nDifferent === 0), problems, columns };
}

/** The comparison as a table for people; differing columns shout. */
export function comparisonText({ equal, problems, columns }: TableComparison, { rtol, atol }: CompareOptions): string {
  const rows = columns.map((column) => [
    column.name,
    String(column.nRows),
    column.nDifferent === 0 ? '0' : `${column.nDifferent} DIFFER`,
    column.type === 'string' ? '' : column.maxAbsolute.toExponential(2),
    column.type === 'string' ? '' : column.maxRelative.toExponential(2),
    column.worst === undefined ? '' : `row ${column.worst.row}: ${column.worst.a} | ${column.worst.b}`,
  ]);
  const table = alignColumns([['column', 'rows', 'different', 'max abs', 'max rel', 'worst'], ...rows]);
  const verdict = equal ? `equal within rtol ${rtol}, atol ${atol}` : `DIFFERENT (rtol ${rtol}, atol ${atol})`;
  return [...table, ...problems.map((problem) => `PROBLEM ${problem}`), verdict, ''].join('\n');
}

/** Text columns of equal width, two spaces apart, without trailing blanks. */
export function alignColumns(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, c) => Math.max(...rows.map((row) => row[c]!.length)));
  return rows.map((row) =>
    row
      .map((cell, c) => cell.padEnd(widths[c]!))
      .join('  ')
      .trimEnd(),
  );
}

function compareColumns(
  a: ResultColumn,
  b: ResultColumn,
  nRows: number,
  { rtol, atol }: CompareOptions,
): ColumnComparison {
  let [nDifferent, maxAbsolute, maxRelative, worstRow, worstExcess] = [0, 0, 0, -1, 0];
  for (let row = 0; row < nRows; row++) {
    const [one, other] = [a.values[row]!, b.values[row]!];
    if (Object.is(one, other) || one === other) continue;
    const numbers = typeof one === 'number' && typeof other === 'number' && !Number.isNaN(one) && !Number.isNaN(other);
    const deviation = numbers ? Math.abs(one - other) : Infinity;
    const size = numbers ? Math.max(Math.abs(one), Math.abs(other)) : 0;
    const allowed = a.type === 'f64' ? atol + rtol * size : 0;
    const excess = allowed > 0 ? deviation / allowed : Infinity;
    if (deviation > allowed) nDifferent++;
    if (numbers) {
      maxAbsolute = Math.max(maxAbsolute, deviation);
      maxRelative = Math.max(maxRelative, deviation / size);
    }
    if (worstRow < 0 || excess > worstExcess) [worstRow, worstExcess] = [row, excess];
  }
  const worst =
    worstRow < 0 ? undefined : { row: worstRow, a: cellText(a.values[worstRow]!), b: cellText(b.values[worstRow]!) };
  return {
    name: a.name,
    type: a.type,
    nRows,
    nDifferent,
    maxAbsolute,
    maxRelative,
    ...(worst === undefined ? {} : { worst }),
  };
}

function cellText(value: number | string): string {
  return typeof value === 'number' && Number.isNaN(value) ? 'null' : String(value);
}

function whoHas(one: unknown, other: unknown): string {
  return one === undefined && other === undefined
    ? 'in neither table'
    : `only in the ${one === undefined ? 'second' : 'first'} table`;
}
