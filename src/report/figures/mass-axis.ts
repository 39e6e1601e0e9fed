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
const MAJOR = /^[25]e/;
const MOST_DECADES = 3.5;

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
    if (Math.abs(asLog - 0.5) < Math.abs(asLinear - 0.5))
      return withPlainLabels(logScale([low / margin, high * margin], [left, right]));
  }
  const margin = MARGIN * (high - low);
  return linearScale([low - margin, high + margin], [left, right], 8);
}

/** Masses read as 1000 and 2000, not as powers of ten; 2 and 5 are labelled over more decades than on other axes. */
function withPlainLabels(scale: Scale): Scale {
  const isPlain = (value: number) => value > 1e-4 && value < 1e6;
  const isMajor = (value: number) => MAJOR.test(value.toExponential());
  const hasRoom = scale.domain[1] < 10 ** MOST_DECADES * scale.domain[0];
  const added = hasRoom ? scale.minor.filter(isMajor) : [];
  const major = [...scale.major, ...added.map((value) => ({ value, label: '' }))]
    .sort((a, b) => a.value - b.value)
    .map(({ value, label }) => ({ value, label: isPlain(value) || label === '' ? String(value) : label }));
  return { ...scale, major, minor: scale.minor.filter((value) => !added.includes(value)) };
}
