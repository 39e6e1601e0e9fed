/** Mean of a few numbers over random fields and the covariance of these means, from the scatter between fields. */
import { DarkscanError } from '../../errors.ts';
import type { FieldSource } from './toy-field.ts';

export interface FieldMean {
  readonly mean: Float64Array;
  /** Covariance of the means: that of the numbers over the number of fields. */
  readonly covariance: readonly Float64Array[];
}

/** @param measure writes its numbers for one field. Error (kind usage): fewer than two fields have no scatter. */
export function meanAndError(
  fields: FieldSource,
  numbers: number,
  measure: (field: Float64Array, out: Float64Array) => void,
): FieldMean {
  const n = fields.count;
  if (!(n >= 2)) {
    throw new DarkscanError('usage', `toys: ${n} fields to estimate from, expected at least 2; throw more toys`);
  }
  const field = new Float64Array(fields.nWindows);
  const out = new Float64Array(numbers);
  const mean = new Float64Array(numbers);
  const squares = Array.from({ length: numbers }, () => new Float64Array(numbers));
  for (let i = 0; i < n; i++) {
    fields.at(i, field);
    measure(field, out);
    // B. P. Welford (1962): deviations from the running mean
    const before = out.map((value, a) => value - mean[a]);
    for (let a = 0; a < numbers; a++) mean[a] += before[a] / (i + 1);
    for (let a = 0; a < numbers; a++) {
      for (let b = 0; b < numbers; b++) squares[a][b] += before[a] * (out[b] - mean[b]);
    }
  }
  return { mean, covariance: squares.map((row) => row.map((s) => s / (n - 1) / n)) };
}
