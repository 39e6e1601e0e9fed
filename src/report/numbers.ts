/** Order statistics for plots and text; NaN (null in the table) is left out. */
import { ascending, quantileSorted } from 'd3-array';

/** Ascending copy without NaN. */
export function sortNumbers(values: ArrayLike<number>): number[] {
  return Array.from(values)
    .filter((value) => !Number.isNaN(value))
    .sort(ascending);
}

/** Quantile of ascending numbers by linear interpolation; NaN when there are none. */
export function quantile(sorted: readonly number[], fraction: number): number {
  return quantileSorted(sorted as number[], fraction) ?? NaN;
}

export function median(values: ArrayLike<number>): number {
  return quantile(sortNumbers(values), 0.5);
}
