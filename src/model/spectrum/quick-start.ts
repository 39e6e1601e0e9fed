/**
 * Where the fits of toys start: the background-only fit of the expected spectrum, and coordinates around it in which the
 * Fisher information is the unit matrix. Rows are the bins of a range, divided by sqrt(mu_i), then the constraints of
 * peaking backgrounds: the fit is a projection in these rows.
 */

/** The range of one hypothesis. */
export interface LinearRange {
  readonly nBins: number;
  /** [nParams][nBins] events per unit of a parameter; S is the last. */
  readonly columns: readonly Float64Array[];
  /** [nParams] centre and 1/error^2 (0: free). */
  readonly centres: Float64Array;
  readonly weights: Float64Array;
  /** [nParams] share of the range's events a free parameter starts with. */
  readonly starts: Float64Array;
  /** [nBins] expected events. */
  readonly expected: Float64Array;
}

export interface QuickStart {
  /** [nBins] > 0 */
  readonly means: Float64Array;
  /** [nConstraints] (theta - centre)/error at the start. */
  readonly pulls: Float64Array;
  /** [nParams][nBins + nConstraints] orthonormal, S last and orthogonal to all backgrounds. */
  readonly units: readonly Float64Array[];
  /** S per unit of the last coordinate. */
  readonly scale: number;
}

const STEPS = 30;
/** Largest relative change of a mean in the last step: it is a start only. */
const SETTLED = 1e-3;
/** A step takes at most this share of the way to mu = 0 in a bin. */
const INSIDE = 0.9;
/** A mean below this part of the average is no start. */
const LEAST_MEAN = 1e-6;
/** Part of a column that must be left when those before are taken out. */
const LEAST_REST = 1e-6;

/** Undefined where the background that fits best is not above 0 everywhere, or columns depend on each other. */
export function quickStart(range: LinearRange): QuickStart | undefined {
  const { nBins, columns, centres, weights, expected } = range;
  const constrained = constraintsOf(weights);
  const backgrounds = columns.length - 1;
  const { means, thetas } = flatStart(range);
  const total = expected.reduce((sum, value) => sum + value, 0);
  const least = (LEAST_MEAN * total) / nBins;
  if (!(total > 0)) return undefined;
  for (let step = 0; step < STEPS; step++) {
    if (!means.every((mean) => mean > least)) return undefined;
    const units = orthonormal(rowsOf(range, means, constrained).slice(0, backgrounds))?.units;
    if (units === undefined) return undefined;
    const target = new Float64Array(nBins + constrained.length);
    expected.forEach((value, i) => (target[i] = value / Math.sqrt(means[i])));
    constrained.forEach((k, c) => (target[nBins + c] = Math.sqrt(weights[k]) * centres[k]));
    const fit = projection(units, target);
    // Fisher scoring: this is the minimum for these weights, as far as no mean comes near 0
    let [length, largest] = [1, 0];
    const change = means.map((mean, i) => Math.sqrt(mean) * fit[i] - mean);
    change.forEach((d, i) => {
      if (d < 0) length = Math.min(length, (-INSIDE * means[i]) / d);
      largest = Math.max(largest, Math.abs(d) / means[i]);
    });
    change.forEach((d, i) => (means[i] += length * d));
    constrained.forEach((k, c) => (thetas[c] += length * (fit[nBins + c] / Math.sqrt(weights[k]) - thetas[c])));
    if (largest < SETTLED) break;
  }
  if (!means.every((mean) => mean > least)) return undefined;
  const all = orthonormal(rowsOf(range, means, constrained));
  if (all === undefined) return undefined;
  const pulls = Float64Array.from(constrained, (k, c) => Math.sqrt(weights[k]) * (thetas[c] - centres[k]));
  return { means, pulls, units: all.units, scale: 1 / all.rests[backgrounds] };
}

/** Parameters with a constraint. */
export const constraintsOf = (weights: Float64Array) => Array.from(weights.keys()).filter((k) => weights[k] > 0);

function flatStart({ nBins, columns, centres, weights, starts, expected }: LinearRange) {
  const total = expected.reduce((sum, value) => sum + value, 0);
  const means = new Float64Array(nBins);
  columns.slice(0, -1).forEach((column, k) => {
    const theta = weights[k] > 0 ? centres[k] : starts[k] * total;
    column.forEach((a, i) => (means[i] += theta * a));
  });
  return { means, thetas: Float64Array.from(constraintsOf(weights), (k) => centres[k]) };
}

/** [nParams][nBins + nConstraints] columns over sqrt(means), then one row per constraint: the rows of the projection. */
export function rowsOf(
  { nBins, columns, weights }: Pick<LinearRange, 'nBins' | 'columns' | 'weights'>,
  means: Float64Array,
  constrained: number[],
): Float64Array[] {
  return columns.map((column, k) => {
    const rows = new Float64Array(nBins + constrained.length);
    column.forEach((a, i) => (rows[i] = a / Math.sqrt(means[i])));
    constrained.forEach((l, c) => (rows[nBins + c] = k === l ? Math.sqrt(weights[l]) : 0));
    return rows;
  });
}

/** Gram-Schmidt, twice for the rounding of the first; `rests` are the lengths of what is left of each column. */
export function orthonormal(columns: readonly Float64Array[]) {
  const units: Float64Array[] = [];
  const rests: number[] = [];
  for (const column of columns) {
    const rest = column.slice();
    for (let pass = 0; pass < 2; pass++)
      for (const unit of units) {
        const share = dot(unit, rest);
        rest.forEach((_, i) => (rest[i] -= share * unit[i]));
      }
    const length = Math.sqrt(dot(rest, rest));
    if (!(length > LEAST_REST * Math.sqrt(dot(column, column)))) return undefined;
    units.push(rest.map((value) => value / length));
    rests.push(length);
  }
  return { units, rests };
}

function projection(units: readonly Float64Array[], target: Float64Array): Float64Array {
  const sum = new Float64Array(target.length);
  for (const unit of units) {
    const share = dot(unit, target);
    unit.forEach((value, i) => (sum[i] += share * value));
  }
  return sum;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}
