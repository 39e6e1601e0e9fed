/** What there is at a place of a chart, or in a row of the table, in words. */
import { findColumn, numbersOf, type ResultTable } from '../../model/result.ts';
import { labelText } from '../../report/svg/label.ts';
import { fixedText, numberText, probabilityText, quantityText } from '../state/number-text.ts';
import type { ChartModel } from './chart-model.ts';

/** "m_a = 6.343 GeV/c²: p0 0.0013"; values that are missing are left out. */
export function placeWords({ x, y, places, layers }: ChartModel, place: number): string {
  const { low, high } = places[place];
  const where =
    low === high ? `= ${quantityText(low, x.unit, 5)}` : `${numberText(low)} to ${quantityText(high, x.unit)}`;
  const values = layers.flatMap((layer) => {
    if (layer.word === undefined || layer.kind === 'band' || Number.isNaN(layer.values[place])) return [];
    const value = layer.values[place];
    return [`${layer.word} ${y.kind === 'log10' ? probabilityText(value * Math.LN10) : numberText(value, 3)}`];
  });
  return `${labelText(x.label)} ${where}: ${values.length === 0 ? 'no number' : values.join(', ')}`;
}

/** "window 5250, Z 3.00"; what the status says where it is not ok. */
export function rowWords(table: ResultTable, row: number, noun: 'window' | 'hypothesis'): string {
  const z = numbersOf(table, 'z')[row];
  const status = findColumn(table, 'status')?.values[row] ?? 'ok';
  const parts = [
    `${noun} ${numbersOf(table, 'id')[row]}`,
    ...(Number.isNaN(z) ? [] : [`Z ${fixedText(z)}`]),
    ...(status === 'ok' ? [] : [String(status)]),
  ];
  return parts.join(', ');
}
