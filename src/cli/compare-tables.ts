/**
 * Compares two result tables column by column. Counts, ids and statuses must be equal; real numbers agree when
 * |a - b| <= absolute + relative * max(|a|, |b|); null agrees with null only.
 */
import type { RealColumn, ResultColumn, ResultTable } from '../model/result.ts';

export interface Tolerance {
  readonly relative: number;
  readonly absolute: number;
}

export interface ColumnDifference {
  readonly column: string;
  /** What was found: "12 of 9003 rows differ, worst in row 17: 1.5 and 1.6 (allowed relative 1e-4)". */
  readonly message: string;
}

/**
 * What two backends promise each other: limits and what is made from them 1e-4 relative; Z 1e-3, and ln p0 as much as
 * that Z allows (d ln p / dZ is about -Z in the tail, so 1e-3 (1 + sqrt(2 |ln p|))); all else is the same f64 arithmetic.
 */
export const LIMIT_RTOL = 1e-4;
export const Z_ATOL = 1e-3;
const SAME_RTOL = 1e-9;

export interface CompareOptions {
  /** Replaces LIMIT_RTOL. */
  readonly limitRtol?: number;
  /** Replaces Z_ATOL. */
  readonly zAtol?: number;
}

/** Differences beyond the tolerances; empty when the tables agree. */
export function compareTables(
  first: ResultTable,
  second: ResultTable,
  options: CompareOptions = {},
): ColumnDifference[] {
  if (first.rowCount !== second.rowCount) {
    return [{ column: 'id', message: `${first.rowCount} windows in the first run, ${second.rowCount} in the second` }];
  }
  const differences: ColumnDifference[] = [];
  const others = new Map(second.columns.map((column) => [column.name, column]));
  for (const column of first.columns) {
    const other = others.get(column.name);
    others.delete(column.name);
    if (other === undefined) differences.push({ column: column.name, message: 'is in the first run only' });
    else if (other.type !== column.type)
      differences.push({
        column: column.name,
        message: `is ${column.type} in the first run, ${other.type} in the second`,
      });
    else {
      const message =
        column.type === 'f64' ? compareReals(column, other as RealColumn, options) : compareExact(column, other);
      if (message !== undefined) differences.push({ column: column.name, message });
    }
  }
  for (const name of others.keys()) differences.push({ column: name, message: 'is in the second run only' });
  return differences;
}

function compareExact(a: ResultColumn, b: ResultColumn): string | undefined {
  const rows = Array.from(a.values.keys()).filter((i) => a.values[i] !== b.values[i]);
  if (rows.length === 0) return undefined;
  const [row] = rows;
  return `${rows.length} of ${a.values.length} rows differ, first row ${row}: ${a.values[row]} and ${b.values[row]}`;
}

function compareReals(a: RealColumn, b: RealColumn, options: CompareOptions): string | undefined {
  let count = 0;
  let worst = -1;
  let worstExcess = 0;
  for (let i = 0; i < a.values.length; i++) {
    const excess = excessOf(a.name, a.values[i], b.values[i], options);
    if (excess <= 1) continue;
    count++;
    if (excess > worstExcess) [worst, worstExcess] = [i, excess];
  }
  if (count === 0) return undefined;
  const show = (value: number): string => (Number.isNaN(value) ? 'null' : String(value));
  const times = worstExcess === Infinity ? 'null on one side' : `${worstExcess.toPrecision(3)} times the tolerance`;
  return `${count} of ${a.values.length} rows differ, worst row ${worst}: ${show(a.values[worst])} and ${show(b.values[worst])} (${times})`;
}

/** Difference in units of the tolerance; Infinity when only one side is null. */
function excessOf(name: string, a: number, b: number, options: CompareOptions): number {
  if (Number.isNaN(a) || Number.isNaN(b)) return Number.isNaN(a) && Number.isNaN(b) ? 0 : Infinity;
  if (a === b) return 0;
  const { relative, absolute } = toleranceOf(name, Math.max(Math.abs(a), Math.abs(b)), options);
  return Math.abs(a - b) / (absolute + relative * Math.max(Math.abs(a), Math.abs(b)));
}

function toleranceOf(
  name: string,
  size: number,
  { limitRtol = LIMIT_RTOL, zAtol = Z_ATOL }: CompareOptions,
): Tolerance {
  if (/^z($|_)/.test(name)) return { relative: 0, absolute: zAtol };
  if (/^ln_p0($|_)/.test(name)) return { relative: 0, absolute: zAtol * (1 + Math.sqrt(2 * size)) };
  // p0 = exp(ln_p0): its relative difference is the absolute one of ln_p0, which that column judges.
  if (/^p0($|_)/.test(name))
    return { relative: zAtol * (1 + Math.sqrt(2 * Math.max(0, -Math.log(size)))), absolute: 0 };
  if (/_(obs|exp_(m2|m1|0|p1|p2))(_|$)/.test(name)) return { relative: limitRtol, absolute: 0 };
  return { relative: SAME_RTOL, absolute: 0 };
}
