/** Upper limits as result columns and in the summary: the same for windows and for masses. */
import { compileExpression, type Scope } from '../model/expression.ts';
import {
  EXPECTED_QUANTILES,
  limitColumn,
  type CouplingLabel,
  type ExpectedQuantile,
  type LimitGroup,
  type LimitSummary,
  type RealColumn,
  type ResultColumn,
  type Spread,
} from '../model/result.ts';

/** Limits of one method in the unit of the POI; NaN where there is none. */
export interface LimitNumbers {
  /** [n] */
  readonly observed: Float64Array;
  /** [5][n] EXPECTED_QUANTILES */
  readonly expected: readonly Float64Array[];
}

/** A column of real numbers; what is not finite is null. */
export function realColumn(name: string, values: Float64Array, description: string, unit?: string): RealColumn {
  const finite = values.map((v) => (Number.isFinite(v) ? v : NaN));
  return { type: 'f64', name, values: finite, description, ...(unit ? { unit } : {}) };
}

/** Observed and expected limits of every group. @param of what expected ones are quantiles, for the descriptions */
export function limitColumns(
  groups: readonly LimitGroup[],
  limits: readonly LimitNumbers[],
  unit: string,
  of: string,
): ResultColumn[] {
  return limits.flatMap(({ observed, expected }, i) => {
    const { suffix, method, levelLabel } = groups[i];
    const level = `upper limit, ${method}, ${levelLabel}`;
    return [
      realColumn(limitColumn('obs', suffix), observed, `observed ${level}`, unit),
      ...EXPECTED_QUANTILES.map((q, k) =>
        realColumn(limitColumn(q, suffix), expected[k], `expected ${level}, quantile ${q} of ${of}`, unit),
      ),
    ];
  });
}

interface Coupling {
  readonly name: string;
  readonly label?: string;
  readonly formula: string | number;
}

export function couplingLabels(couplings: readonly Coupling[] = []): CouplingLabel[] {
  return couplings.map(({ name, label }) => ({ name, label: label ?? name }));
}

/**
 * Limits on derived couplings, from the first limit group; where the formula gives no number there is none.
 * @param variables names after `limit`, and their values [n]
 */
export function couplingColumns(
  couplings: readonly Coupling[] = [],
  variables: Readonly<Record<string, Float64Array>>,
  scope: Scope,
  first: LimitNumbers | undefined,
): ResultColumn[] {
  if (!first) return [];
  const columns = Object.values(variables);
  return couplings.flatMap(({ name, formula }, i) => {
    const names = ['limit', ...Object.keys(variables)];
    const expression = compileExpression(formula, names, scope, `couplings[${i}].formula`);
    const convert = (limits: Float64Array) =>
      limits.map((limit, w) => (Number.isNaN(limit) ? NaN : expression.evaluate([limit, ...columns.map((c) => c[w])])));
    const column = (suffix: string, values: Float64Array, what: string) =>
      realColumn(`${name}_${suffix}`, values, `${what} upper limit on ${name}: ${formula}`);
    return [
      column('obs', convert(first.observed), 'observed'),
      column('exp_0', convert(first.expected[2]), 'median expected'),
    ];
  });
}

/** One limit group over all windows or masses. */
export function limitSummary(group: LimitGroup, limits: LimitNumbers, unit: string): LimitSummary {
  const expected = Object.fromEntries(EXPECTED_QUANTILES.map((q, k) => [q, spreadOf(limits.expected[k])]));
  return {
    method: group.method,
    levelLabel: group.levelLabel,
    unit,
    observed: spreadOf(limits.observed),
    expected: expected as Record<ExpectedQuantile, Spread | null>,
  };
}

/** Smallest, median and largest; null where there is no number. */
function spreadOf(values: Float64Array): Spread | null {
  const sorted = values.filter((v) => Number.isFinite(v)).sort();
  if (sorted.length === 0) return null;
  const middle = sorted.length >> 1;
  const median = sorted.length % 2 ? sorted[middle] : 0.5 * (sorted[middle - 1] + sorted[middle]);
  return { min: sorted[0], median, max: sorted[sorted.length - 1] };
}
