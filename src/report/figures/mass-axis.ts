/** The mass of a scan as an axis, and its rows in the order in which lines run through them. */
import { findColumn, numbersOf } from '../../model/result.ts';
import type { ResultTable } from '../../model/result.ts';
import { quantile, sortNumbers } from '../numbers.ts';
import type { Box } from '../svg/frame.ts';
import { linearScale, logScale } from '../svg/scale.ts';
import type { Scale } from '../svg/scale.ts';

const MARGIN = 0.02;
/** Below this ratio of its ends an axis stays linear. */
const LEAST_RATIO = 10;

/** Rows in order of mass, one list per spectrum (column `spectrum`, absent where there is one). */
export function linesByMass(table: ResultTable, massColumn: string): number[][] {
  const mass = numbersOf(table, massColumn);
  const names = findColumn(table, 'spectrum')?.values;
  const lines = new Map<string | number | undefined, number[]>();
  const sorted = Array.from({ length: table.rowCount }, (_, i) => i).sort((i, j) => mass[i] - mass[j] || i - j);
  for (const row of sorted) {
    const name = names?.[row];
    if (!lines.has(name)) lines.set(name, []);
    lines.get(name)!.push(row);
  }
  return [...lines.values()];
}

/**
 * Axis that holds the values and a margin of 2 %. Logarithmic where they reach over more than a decade and lie more evenly
 * so: masses in steps of a resolution that grows with the mass.
 */
export function massAxis(values: ArrayLike<number>, { left, right }: Box): Scale {
  const sorted = sortNumbers(values);
  const [low, high] = sorted.length === 0 ? [0, 1] : [sorted[0], sorted.at(-1)!];
  if (low > 0 && high > LEAST_RATIO * low) {
    const middle = quantile(sorted, 0.5);
    const asLog = Math.log(middle / low) / Math.log(high / low);
    const asLinear = (middle - low) / (high - low);
    const margin = (high / low) ** MARGIN;
    if (Math.abs(asLog - 0.5) < Math.abs(asLinear - 0.5)) return logScale([low / margin, high * margin], [left, right]);
  }
  const margin = MARGIN * (high - low);
  return linearScale([low - margin, high + margin], [left, right], 8);
}
