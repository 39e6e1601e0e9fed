/** Limits of a plane projected on one of its masses: windows are grouped by their centre, each group has its best and its median. */
import { EXPECTED_QUANTILES, findColumn, limitColumn, numbersOf } from '../model/result.ts';
import type { ExpectedQuantile, ResultTable } from '../model/result.ts';
import { median, sortNumbers } from './numbers.ts';

/** Which columns of the table are projected; a coupling has no bands. */
export interface LimitColumns {
  readonly observed: string;
  readonly expected: Readonly<Partial<Record<ExpectedQuantile, string>>>;
}

/** Columns of a limit group of the scan. */
export function groupColumns(suffix: string): LimitColumns {
  const expected = Object.fromEntries(EXPECTED_QUANTILES.map((q) => [q, limitColumn(q, suffix)]));
  return { observed: limitColumn('obs', suffix), expected };
}

/** Columns of a derived coupling. */
export function couplingColumns(name: string): LimitColumns {
  return { observed: `${name}_obs`, expected: { '0': `${name}_exp_0` } };
}

export interface LimitBin {
  readonly low: number;
  readonly high: number;
  readonly nWindows: number;
  /** Median over the windows of the bin; NaN where no window has the limit. */
  readonly medianExpected: Readonly<Record<ExpectedQuantile, number>>;
  readonly medianObserved: number;
  /** Smallest over the windows of the bin of the median expected, and of the observed limit. */
  readonly bestExpected: number;
  readonly bestObserved: number;
}

/** Windows whose centres lie in one bin of an axis. */
export interface Slice {
  readonly low: number;
  readonly high: number;
  /** Of the table, ascending; at least one. */
  readonly rows: readonly number[];
}

/** Equal bins over the centres along `axis`; bins without windows are left out. */
export function slicesOf(table: ResultTable, axis: 'x' | 'y', nBins = 40): Slice[] {
  const centres = numbersOf(table, axis);
  const sorted = sortNumbers(centres);
  const [low, high] = [sorted[0] ?? 0, sorted.at(-1) ?? 1];
  const width = (high - low) / nBins || 1;
  const rows: number[][] = Array.from({ length: nBins }, () => []);
  for (let i = 0; i < centres.length; i++) rows[Math.min(nBins - 1, Math.floor((centres[i]! - low) / width))]!.push(i);
  return rows
    .map((inBin, bin) => ({ low: low + bin * width, high: low + (bin + 1) * width, rows: inBin }))
    .filter((slice) => slice.rows.length > 0);
}

export function binLimits(table: ResultTable, axis: 'x' | 'y', columns: LimitColumns, nBins?: number): LimitBin[] {
  const valuesOf = (name: string | undefined) =>
    name === undefined || findColumn(table, name) === undefined ? undefined : numbersOf(table, name);
  const observed = valuesOf(columns.observed);
  const expected = EXPECTED_QUANTILES.map((q) => [q, valuesOf(columns.expected[q])] as const);
  return slicesOf(table, axis, nBins).map(({ low, high, rows }) => {
    const pick = (values: ArrayLike<number> | undefined) =>
      sortNumbers(values === undefined ? [] : rows.map((i) => values[i]!));
    const medians = Object.fromEntries(expected.map(([q, values]) => [q, median(pick(values))]));
    return {
      low,
      high,
      nWindows: rows.length,
      medianExpected: medians as Record<ExpectedQuantile, number>,
      medianObserved: median(pick(observed)),
      bestExpected: pick(valuesOf(columns.expected['0']))[0] ?? NaN,
      bestObserved: pick(observed)[0] ?? NaN,
    };
  });
}
