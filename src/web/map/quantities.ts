/** What a map can show: columns of the result, each with its title and the kind of its colours. */
import { findColumn, limitColumn } from '../../model/result.ts';
import type { ScanResult } from '../../model/result.ts';
import { withUnit } from '../../report/svg/label.ts';

export interface Quantity {
  /** Name of the column. */
  readonly column: string;
  /** For selectors, ROOT-like. */
  readonly name: string;
  /** Beside the colour bar, ROOT-like, with the unit. */
  readonly title: string;
  /** Counts are limits' kin: small to large; a status is a category. */
  readonly kind: 'significance' | 'limit' | 'amount' | 'status';
}

/** In the order of the selector; only columns with some value, status always. */
export function listQuantities({ table, labels, p0Groups, limitGroups, couplings, summary }: ScanResult): Quantity[] {
  const groups = p0Groups ?? [{ method: summary.p0Method, suffix: '' }];
  const poi = withUnit({ ...labels.poi, label: `limit on ${labels.poi.label}` });
  const significances = groups.map(({ method, suffix }): Quantity => {
    const title = groups.length > 1 ? `local Z (${method})` : 'local Z';
    return { column: `z${suffix}`, name: title, title, kind: 'significance' };
  });
  const limits = limitGroups.flatMap(({ method, levelLabel, suffix }): Quantity[] => {
    const words = limitGroups.length > 1 ? ` (${method}, ${levelLabel})` : '';
    return [
      { column: limitColumn('obs', suffix), name: `observed limit${words}`, title: `observed ${poi}`, kind: 'limit' },
      {
        column: limitColumn('0', suffix),
        name: `expected limit, median${words}`,
        title: `median expected ${poi}`,
        kind: 'limit',
      },
    ];
  });
  const derived = couplings.flatMap(({ name, label }): Quantity[] => [
    { column: `${name}_obs`, name: `observed limit on ${label}`, title: `observed limit on ${label}`, kind: 'limit' },
    {
      column: `${name}_exp_0`,
      name: `expected limit on ${label}, median`,
      title: `median expected limit on ${label}`,
      kind: 'limit',
    },
  ]);
  const counts: Quantity[] = [
    { column: 'n', name: 'observed events n', title: 'events in the window', kind: 'amount' },
    { column: 'bkg', name: 'expected background b', title: 'expected background events', kind: 'amount' },
  ];
  const status: Quantity = { column: 'status', name: 'status', title: 'status', kind: 'status' };
  const all = [...significances, ...limits, ...derived, ...counts];
  return [...all.filter(({ column }) => hasNumbers(valuesOf(table, column))), status];
}

/** Numbers of a column; NaN where there is none, as for the -1 that stands for the count of a blind window. */
export function valuesOf(table: ScanResult['table'], column: string): Float64Array {
  const found = findColumn(table, column);
  if (found === undefined || found.type === 'string') return new Float64Array(table.rowCount).fill(NaN);
  if (found.type === 'f64') return found.values;
  return Float64Array.from(found.values, (value) => (value < 0 ? NaN : value));
}

/** One number of valuesOf. */
export function valueAt(table: ScanResult['table'], column: string, row: number): number {
  const found = findColumn(table, column);
  if (found === undefined || found.type === 'string') return NaN;
  const value = found.values[row];
  return found.type === 'i32' && value < 0 ? NaN : value;
}

function hasNumbers(values: Float64Array): boolean {
  return values.some((value) => !Number.isNaN(value));
}
