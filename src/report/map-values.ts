/** What maps of the windows share, on paper and on the page: the range of the colours, and why a window has none. */
import { findColumn } from '../model/result.ts';
import type { ResultTable } from '../model/result.ts';
import { hasNoExcess } from '../model/windows-of-table.ts';
import { quantile, sortNumbers } from './numbers.ts';

/** Why a window has no number. */
export type Blank = 'no-excess' | 'blind' | 'no-number';

/** ROOT-like, for legends. */
export const BLANK_LABELS: Readonly<Record<Blank, string>> = {
  'no-excess': 'p_{0} = 1',
  blind: 'blind',
  'no-number': 'no result',
};

/** From the lowest Z (at least -1) to the highest (at least 3), whole numbers. */
export function significanceRange(values: ArrayLike<number>): [number, number] {
  const finite = sortNumbers(values);
  return [
    finite.reduce((min, value) => Math.min(min, Math.floor(value)), -1),
    finite.reduce((max, value) => Math.max(max, Math.ceil(value)), 3),
  ];
}

export interface ColourRange {
  readonly low: number;
  readonly high: number;
  /** Windows above `high`. */
  readonly nAbove: number;
  /** Whether a logarithmic scale is possible and worth it. */
  readonly log: boolean;
}

/** From the smallest value to the 98 % quantile (a few windows without efficiency would take all the colours). */
export function limitRange(values: ArrayLike<number>): ColourRange {
  const sorted = sortNumbers(values);
  const [low, edge, highest] = sorted.length > 0 ? [sorted[0], quantile(sorted, 0.98), sorted.at(-1)!] : [1, 10, 10];
  const high = highest <= 1.3 * edge ? highest : edge;
  return { low, high, nAbove: sorted.filter((value) => value > high).length, log: low > 0 && high / low > 3 };
}

/** [count] why a window has no value; undefined for those that have one. @param zColumn name of the column of Z, for maps of Z */
export function blanksOf(table: ResultTable, values: ArrayLike<number>, zColumn?: string): (Blank | undefined)[] {
  const noExcess = zColumn === undefined ? [] : hasNoExcess(table, zColumn.slice(1));
  const status = findColumn(table, 'status')?.values;
  return Array.from(values, (value, i) => {
    if (!Number.isNaN(value)) return undefined;
    if (noExcess[i]) return 'no-excess';
    return status?.[i] === 'blind' ? 'blind' : 'no-number';
  });
}
