/** Limits of a plane projected on one of its masses: windows are grouped by their centre, each group has its best and its median. */
import { limitColumn, EXPECTED_QUANTILES, findColumn, numbersOf } from '../model/result.ts';
import type { ExpectedQuantile, ResultTable } from '../model/result.ts';
import { median, sortNumbers } from './numbers.ts';

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

/** Equal bins over the centres along `axis`; bins without windows are left out. */
export function binLimits(table: ResultTable, axis: 'x' | 'y', suffix: string, nBins = 40): LimitBin[] {
  const centres = numbersOf(table, axis);
  const sorted = sortNumbers(centres);
  const [low, high] = [sorted[0] ?? 0, sorted.at(-1) ?? 1];
  const width = (high - low) / nBins || 1;
  const rows: number[][] = Array.from({ length: nBins }, () => []);
  for (let i = 0; i < centres.length; i++) rows[Math.min(nBins - 1, Math.floor((centres[i]! - low) / width))]!.push(i);
  const columns = Object.fromEntries(EXPECTED_QUANTILES.map((q) => [q, numbersOf(table, limitColumn(q, suffix))]));
  const observed = findColumn(table, limitColumn('obs', suffix))?.values as Float64Array | undefined;
  return rows.flatMap((inBin, bin): LimitBin[] => {
    if (inBin.length === 0) return [];
    const pick = (values: ArrayLike<number> | undefined) =>
      sortNumbers(values === undefined ? [] : inBin.map((i) => values[i]!));
    return [
      {
        low: low + bin * width,
        high: low + (bin + 1) * width,
        nWindows: inBin.length,
        medianExpected: Object.fromEntries(EXPECTED_QUANTILES.map((q) => [q, median(pick(columns[q]))])) as Record<
          ExpectedQuantile,
          number
        >,
        medianObserved: median(pick(observed)),
        bestExpected: pick(columns['0'])[0] ?? NaN,
        bestObserved: pick(observed)[0] ?? NaN,
      },
    ];
  });
}
