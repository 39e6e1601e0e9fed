/** What the table says about one row, for windows and hypotheses alike: there at once, before the engine tells more. */
import { EXPECTED_QUANTILES, findColumn, limitColumn, type ResultTable } from '../../model/result.ts';
import { isSpectrumResult, type AnyScanResult } from '../engine/api.ts';

export interface P0Fact {
  readonly method: string;
  readonly lnP?: number;
  readonly z?: number;
}

export interface LimitFact {
  readonly method: string;
  readonly levelLabel: string;
  /** ROOT-like. */
  readonly unit: string;
  readonly observed?: number;
  /** [5] EXPECTED_QUANTILES */
  readonly expected: readonly (number | undefined)[];
}

export interface CouplingFact {
  /** ROOT-like. */
  readonly label: string;
  readonly observed?: number;
  /** Median. */
  readonly expected?: number;
}

/** Number of a row; undefined where it is null or the table has no such column. */
export function numberAt(table: ResultTable, name: string, row: number): number | undefined {
  const column = findColumn(table, name);
  if (column === undefined || column.type === 'string') return undefined;
  const value = column.values[row];
  return Number.isFinite(value) ? value : undefined;
}

export function statusAt(table: ResultTable, row: number): string {
  return String(findColumn(table, 'status')?.values[row] ?? 'ok');
}

/** Every method of the card; the first one ranks. */
export function p0Facts(result: AnyScanResult, row: number): P0Fact[] {
  const groups = isSpectrumResult(result)
    ? [{ method: result.p0Method, suffix: '' }]
    : (result.p0Groups ?? [{ method: result.summary.p0Method, suffix: '' }]);
  return groups.map(({ method, suffix }) => ({
    method,
    lnP: numberAt(result.table, `ln_p0${suffix}`, row),
    z: numberAt(result.table, `z${suffix}`, row),
  }));
}

export function limitFacts({ table, limitGroups, labels }: AnyScanResult, row: number): LimitFact[] {
  return limitGroups.map(({ method, levelLabel, suffix }) => ({
    method,
    levelLabel,
    unit: labels.poi.unit,
    observed: numberAt(table, limitColumn('obs', suffix), row),
    expected: EXPECTED_QUANTILES.map((q) => numberAt(table, limitColumn(q, suffix), row)),
  }));
}

export function couplingFacts({ table, couplings }: AnyScanResult, row: number): CouplingFact[] {
  return couplings.map(({ name, label }) => ({
    label,
    observed: numberAt(table, `${name}_obs`, row),
    expected: numberAt(table, `${name}_exp_0`, row),
  }));
}
