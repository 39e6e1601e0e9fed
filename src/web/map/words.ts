/** The map in words: the window under the pointer, and what the map as a whole shows. */
import { findColumn, type PlotLabels, type ResultTable, type ScanResult } from '../../model/result.ts';
import { isPlane } from '../../model/windows-of-table.ts';
import { labelText } from '../../report/svg/label.ts';
import { fixedText, numberText, quantityText } from '../state/number-text.ts';
import { valueAt, type Quantity } from './quantities.ts';
import type { Shading } from './shading.ts';

/** "window 4711 at M_μμ = 6.521 GeV/c², M_rec² = 2.013 GeV²/c⁴: local Z = 3.21, n = 3, b = 0.1, status ok". */
export function describeWindow({ table, labels, summary }: ScanResult, quantity: Quantity, id: number): string {
  const { column, name, kind } = quantity;
  const number = (key: string) => valueAt(table, key, id);
  const place = [placeWords(labels.x, number('x'))];
  if (isPlane(table) && labels.y !== undefined) place.push(placeWords(labels.y, number('y')));
  else place.push(`half-width ${quantityText(number('a'), labels.x.unit)}`);
  const facts: string[] = [];
  if (kind === 'significance') facts.push(`${name} = ${significanceText(table, column.slice(1), id)}`);
  else {
    if (kind === 'limit')
      facts.push(`${labelText(name)} = ${quantityText(number(column), findColumn(table, column)?.unit)}`);
    facts.push(`Z (${summary.p0Method}) = ${significanceText(table, '', id)}`);
  }
  const status = String(findColumn(table, 'status')?.values[id] ?? '-');
  facts.push(`n = ${numberText(number('n'))}`, `b = ${numberText(number('bkg'), 3)}`, `status ${status}`);
  return `window ${id} at ${place.join(', ')}: ${facts.join(', ')}`;
}

/** "3.21", "- (p0 = 1)" where a Z does not exist, "-" where nothing does. @param suffix of the columns of the method */
function significanceText(table: ResultTable, suffix: string, id: number): string {
  const text = fixedText(valueAt(table, `z${suffix}`, id));
  return text === '-' && valueAt(table, `ln_p0${suffix}`, id) === 0 ? '- (p0 = 1)' : text;
}

/** What a person who cannot see the map should know. */
export function describeMap({ table }: ScanResult, { title }: Quantity, { values, categories }: Shading): string {
  const numbers = values.filter((value) => !Number.isNaN(value)).sort();
  const range =
    numbers.length === 0
      ? ''
      : ` from ${numberText(numbers[0])} over the median ${numberText(numbers[numbers.length >> 1])} to ${numberText(numbers.at(-1)!)}`;
  const remarks = categories.map(({ label, nWindows }) => `${labelText(label)}: ${nWindows} windows`);
  return [`Map of ${table.rowCount} windows, ${labelText(title)}${range}`, ...remarks].join('. ');
}

function placeWords({ label, unit }: PlotLabels['x'], value: number): string {
  return `${labelText(label)} = ${quantityText(value, unit)}`;
}
