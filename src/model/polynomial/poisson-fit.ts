/**
 * Maximum likelihood of Poisson counts whose means are linear in the coefficients, m = A c + offset >= 0: the minimum
 * of sum slope m - n ln m, a convex function, by Newton steps.
 *
 * Rows with events keep their mean positive by themselves. Rows without would let it become negative: they get a
 * multiplier y >= 0 with y m = tau, and tau falls to 0 with the steps (primal-dual interior point; Nocedal, Wright,
 * Numerical Optimization, chapter 19). At the minimum A^T (slope - n/m - y) = 0 and y m = 0.
 */
import { log1p } from '../../stats/portable.ts';
import { factor, solve, type NormalMatrix } from './normal-matrix.ts';

export interface PoissonRows {
  readonly nCoefficients: number;
  /** [nRows][nCoefficients] */
  readonly matrix: Float64Array;
  /** [nRows] events. */
  readonly counts: Float64Array;
  /** [nRows] 1; 0 for a row that only keeps its mean from being negative. */
  readonly slopes: Float64Array;
  /** [nRows] part of the mean that does not depend on the coefficients. */
  readonly offsets: Float64Array;
}

export interface PoissonFit {
  readonly coefficients: Float64Array;
  /** [nRows] m and y; y is 0 in rows with events. */
  readonly means: Float64Array;
  readonly multipliers: Float64Array;
  /** Observed information at the minimum, rows held at 0 fixed; undefined where it is singular. */
  readonly information: NormalMatrix | undefined;
  readonly iterations: number;
  readonly converged: boolean;
}

const MAX_ITERATIONS = 300;
/** Squared Newton decrement (twice the distance to the minimum in ln L) after which one more full step is the last. */
const LAST_STEP = 1e-13;
const TAU_START = 0.1;
const TAU_END = 1e-14;
/** A step uses at most this share of the way to a mean of 0. */
const INSIDE = 0.99;
/** Share of the decrease promised by the slope that a step must bring. */
const ARMIJO = 1e-4;

/** @param start coefficients at which every mean is above 0 */
export function fitPoisson(rows: PoissonRows, start: Float64Array): PoissonFit {
  const { nCoefficients: size, matrix, counts } = rows;
  const nRows = counts.length;
  const coefficients = start.slice();
  const means = times(matrix, start).map((m, i) => m + rows.offsets[i]);
  const hasBarrier = counts.includes(0);
  let tau = hasBarrier ? TAU_START : 0;
  const multipliers = means.map((m, i) => (counts[i] === 0 ? tau / m : 0));
  let iterations = 0;
  let converged = false;
  while (!converged && iterations < MAX_ITERATIONS && means.every((m) => m > 0)) {
    iterations++;
    const information = factor(matrix, size, weights());
    if (information === undefined) break;
    const gradient = gradientOf();
    const step = solve(information, gradient).map((d) => -d);
    const decrement = -step.reduce((sum, d, k) => sum + d * gradient[k], 0);
    const changes = times(matrix, step);
    const isLast = decrement <= LAST_STEP && tau <= TAU_END && isComplementary();
    const length = isLast ? lengthInside(means, changes, 1) : searchLength(changes, decrement);
    if (!(length > 0)) break;
    takeStep(step, changes, length);
    converged = isLast && length > 0.9;
    if (tau > TAU_END && decrement <= tau) tau = Math.max(TAU_END, Math.min(tau / 10, tau * Math.sqrt(tau)));
  }
  return { coefficients, means, multipliers, information: factor(matrix, size, weights()), iterations, converged };

  /** y m = tau up to a factor of 2; the rest of y would count as a force. */
  function isComplementary(): boolean {
    return multipliers.every((y, i) => counts[i] > 0 || y * means[i] <= 2 * tau);
  }

  function gradientOf(): Float64Array {
    const gradient = new Float64Array(size);
    for (let i = 0; i < nRows; i++) {
      const pull = rows.slopes[i] - (counts[i] || tau) / means[i];
      for (let k = 0; k < size; k++) gradient[k] += matrix[i * size + k] * pull;
    }
    return gradient;
  }

  /** Second derivatives: A^T diag(n/m^2) A, with y/m in rows without events. */
  function weights(): Float64Array {
    return means.map((m, i) => (counts[i] > 0 ? counts[i] / m : multipliers[i]) / m);
  }

  /** Halved until the function falls; 0 where it does not. */
  function searchLength(changes: Float64Array, decrement: number): number {
    for (let length = lengthInside(means, changes, 1); length > 1e-12; length /= 2) {
      if (increase(changes, length, decrement) <= -ARMIJO * length * decrement) return length;
    }
    return 0;
  }

  /** Change of sum slope m - (n or tau) ln m: its linear part from the decrement, the rest free of cancellation. */
  function increase(changes: Float64Array, length: number, decrement: number): number {
    let sum = -length * decrement;
    for (let i = 0; i < nRows; i++) {
      const x = (length * changes[i]) / means[i];
      sum += (counts[i] || tau) * minusLog1p(x);
    }
    return sum;
  }

  /** Means move with the step instead of being computed anew: those near 0 would drown in the rounding of A c. */
  function takeStep(step: Float64Array, changes: Float64Array, length: number): void {
    for (let k = 0; k < size; k++) coefficients[k] += length * step[k];
    const dual = multipliers.map((y, i) => (counts[i] === 0 ? (tau - y * changes[i]) / means[i] - y : 0));
    const dualLength = lengthInside(multipliers, dual, 1);
    for (let i = 0; i < nRows; i++) {
      means[i] += length * changes[i];
      if (counts[i] > 0) continue;
      const middle = tau / means[i];
      multipliers[i] = Math.min(1e10 * middle, Math.max(1e-10 * middle, multipliers[i] + dualLength * dual[i]));
    }
  }

  function times(a: Float64Array, v: Float64Array): Float64Array {
    const product = new Float64Array(nRows);
    for (let i = 0; i < nRows; i++) for (let k = 0; k < size; k++) product[i] += a[i * size + k] * v[k];
    return product;
  }
}

/** Longest step up to `limit` that keeps positive values positive. */
function lengthInside(values: Float64Array, changes: Float64Array, limit: number): number {
  let length = limit;
  for (let i = 0; i < values.length; i++)
    if (changes[i] < 0) length = Math.min(length, (-INSIDE * values[i]) / changes[i]);
  return length;
}

/** x - ln(1 + x) */
function minusLog1p(x: number): number {
  return Math.abs(x) < 1e-4 ? x * x * (0.5 - x * (1 / 3 - x * (0.25 - x * 0.2))) : x - log1p(x);
}
