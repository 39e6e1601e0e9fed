/** The map in words: the window under the pointer, and what the map as a whole shows. */
import { findColumn, type PlotLabels, type ResultTable, type ScanResult } from '../../model/result.ts';
import { isPlane } from '../../model/windows-of-table.ts';
import { labelText } from '../../report/svg/label.ts';
import { valueAt, type Quantity } from './quantities.ts';
import type { Shading } from './shading.ts';

/** "window 4711 at M_μμ = 6.521 GeV/c², M_rec² = 2.013 GeV²/c⁴: local Z = 3.21, n = 3, b = 0.10, status ok". */
export function describeWindow({ table, labels, summary }: ScanResult, { column, name }: Quantity, id: number): string {
  const number = (key: string) => valueAt(table, key, id);
  const place = [placeWords(labels.x, number('x'))];
  if (isPlane(table) && labels.y !== undefined) place.push(placeWords(labels.y, number('y')));
  else place.push(`half-width ${digits(number('a'))}`);
  const facts =
    column === 'status' || column === 'n' || column === 'bkg'
      ? []
      : [`${labelText(name)} = ${valueWords(table, column, id)}`];
  const z = column.startsWith('z') ? [] : [`Z (${summary.p0Method}) = ${valueWords(table, 'z', id)}`];
  const counts = [`n = ${valueWords(table, 'n', id)}`, `b = ${digits(number('bkg'), 3)}`];
  return `window ${id} at ${place.join(', ')}: ${[...facts, ...z, ...counts, `status ${statusOf(table, id)}`].join(', ')}`;
}

/** A number, or "-"; "- (p0 = 1)" where a Z does not exist. */
function valueWords(table: ResultTable, column: string, id: number): string {
  const value = valueAt(table, column, id);
  if (!Number.isNaN(value) && column.startsWith('z')) return value.toFixed(2);
  const unit = findColumn(table, column)?.unit;
  if (!Number.isNaN(value)) return unit === undefined ? digits(value) : `${digits(value)} ${labelText(unit)}`;
  const lnP0 = column.startsWith('z') ? valueAt(table, `ln_p0${column.slice(1)}`, id) : NaN;
  return lnP0 === 0 ? '- (p0 = 1)' : '-';
}

/** What a person who cannot see the map should know. */
export function describeMap({ table }: ScanResult, { title }: Quantity, { values, categories }: Shading): string {
  const numbers = values.filter((value) => !Number.isNaN(value)).sort();
  const range =
    numbers.length === 0
      ? ''
      : ` from ${digits(numbers[0])} over the median ${digits(numbers[numbers.length >> 1])} to ${digits(numbers.at(-1)!)}`;
  const remarks = categories.map(({ label, nWindows }) => `${labelText(label)}: ${nWindows} windows`);
  return [`Map of ${table.rowCount} windows, ${labelText(title)}${range}`, ...remarks].join('. ');
}

function placeWords(quantity: PlotLabels['x'], value: number): string {
  const { label, unit } = quantity;
  return `${labelText(label)} = ${digits(value)}${unit === '' ? '' : ` ${labelText(unit)}`}`;
}

function statusOf(table: ResultTable, id: number): string {
  const status = findColumn(table, 'status');
  return String(status?.values[id] ?? '-');
}

function digits(value: number, significant = 4): string {
  return Number.isNaN(value) ? '-' : String(Number(value.toPrecision(significant)));
}
