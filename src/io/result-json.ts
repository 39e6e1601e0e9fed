/**
 * Result table -> JSON, and the one way darkscan writes JSON: a NaN or an infinity is an error with its path, never
 * the silent null of JSON.stringify. In tables NaN means null and is written as null.
 */
import { DarkscanError } from '../errors.ts';
import type { ResultTable } from '../model/result.ts';

/** JSON text of plain data; error `internal` naming the path of the first number that JSON cannot hold. */
export function toJsonText(value: unknown, indent?: number): string {
  refuseNonFinite(value, '$');
  return JSON.stringify(value, undefined, indent);
}

/** One array per column: {"id": [0, 1], "z": [null, 1.3], ...}. */
export function tableToJsonColumns(table: ResultTable): Record<string, (number | string | null)[]> {
  return Object.fromEntries(table.columns.map((column) => [column.name, Array.from(column.values, toJsonCell)]));
}

/** One object per window: [{"id": 0, ..., "z": null}, ...]. */
export function tableToJsonRows(table: ResultTable): Record<string, number | string | null>[] {
  return Array.from({ length: table.rowCount }, (_, row) =>
    Object.fromEntries(table.columns.map((column) => [column.name, toJsonCell(column.values[row]!)])),
  );
}

/** Text of a .json file, one window (or one column) per line. */
export function tableToJson(table: ResultTable, layout: 'rows' | 'columns' = 'rows'): string {
  if (layout === 'rows')
    return `[\n${tableToJsonRows(table)
      .map((row) => toJsonText(row))
      .join(',\n')}\n]\n`;
  const columns = Object.entries(tableToJsonColumns(table));
  return `{\n${columns.map(([name, values]) => `${JSON.stringify(name)}:${toJsonText(values)}`).join(',\n')}\n}\n`;
}

function toJsonCell(value: number | string): number | string | null {
  return typeof value === 'number' && Number.isNaN(value) ? null : value;
}

function refuseNonFinite(value: unknown, path: string): void {
  if (typeof value === 'number' && !Number.isFinite(value))
    throw new DarkscanError('internal', `json: ${path} is ${value}, expected a finite number or null`);
  if (typeof value !== 'object' || value === null) return;
  for (const [key, part] of Object.entries(value)) refuseNonFinite(part, `${path}.${key}`);
}
