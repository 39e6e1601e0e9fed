/** Result table -> CSV (RFC 4180, '\n'): 17 significant digits, so every double comes back the same; null is empty. */
import type { ResultColumn, ResultTable } from '../model/result.ts';

/** Text of a .csv file with one header line. */
export function tableToCsv(table: ResultTable): string {
  const lines = [table.columns.map((column) => quoteText(column.name)).join(',')];
  for (let row = 0; row < table.rowCount; row++)
    lines.push(table.columns.map((column) => formatCell(column, row)).join(','));
  return `${lines.join('\n')}\n`;
}

/** A double as C's %.17g writes it, trailing zeros dropped: 0.5, 0.10000000000000001, 1e+300. */
export function formatReal(value: number): string {
  if (Number.isNaN(value)) return '';
  if (Number.isInteger(value) && Math.abs(value) < 1e15) return Object.is(value, -0) ? '-0' : String(value);
  return value
    .toPrecision(17)
    .replace(/(\.\d*?)0+(?=e|$)/, '$1')
    .replace(/\.(?=e|$)/, '');
}

function formatCell(column: ResultColumn, row: number): string {
  if (column.type === 'f64') return formatReal(column.values[row]!);
  if (column.type === 'i32') return String(column.values[row]);
  return quoteText(column.values[row]!);
}

function quoteText(text: string): string {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
