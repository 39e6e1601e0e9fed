/**
 * Inverse of A^T W A for a few coefficients and weights over many orders of magnitude, by Householder reflections of
 * W^(1/2) A: rows sorted by weight and columns by what is left of them keep the error of every row relative to that row
 * (Cox, Higham 1998). A^T W A itself would lose all digits of the light rows next to heavy ones.
 */

/** Weights within this factor lose no digits that matter in any order. */
const SIMILAR = 1e3;

export interface NormalMatrix {
  readonly size: number;
  /** [size][size] upper triangle R, W^(1/2) A P = Q R. */
  readonly upper: Float64Array;
  /** [size] column of A at each column of R. */
  readonly columns: readonly number[];
}

/**
 * @param matrix [nRows][size] A
 * @param weights [nRows] diagonal of W, >= 0
 * Undefined where the rows do not determine all coefficients.
 */
export function factor(matrix: Float64Array, size: number, weights: Float64Array): NormalMatrix | undefined {
  const order = orderOf(weights);
  const nRows = order.length;
  if (nRows < size) return undefined;
  const columns = Array.from({ length: size }, (_, k) => k);
  // Column by column: a reflection works on whole columns.
  const work = columns.map((k) => Float64Array.from(order, (i) => Math.sqrt(weights[i]) * matrix[i * size + k]));
  for (let k = 0; k < size; k++) {
    const lengths = work.map((column, l) => (l < k ? -1 : lengthFrom(column, k)));
    const pivot = lengths.indexOf(Math.max(...lengths));
    const length = lengths[pivot];
    if (!(length > 0 && length < Infinity)) return undefined;
    [work[k], work[pivot]] = [work[pivot], work[k]];
    [columns[k], columns[pivot]] = [columns[pivot], columns[k]];
    const v = work[k];
    const diagonal = v[k] > 0 ? -length : length;
    const scale = diagonal * (diagonal - v[k]);
    const first = v[k] - diagonal;
    for (let l = k + 1; l < size; l++) {
      const column = work[l];
      let product = first * column[k];
      for (let i = k + 1; i < nRows; i++) product += v[i] * column[i];
      const share = product / scale;
      column[k] -= share * first;
      for (let i = k + 1; i < nRows; i++) column[i] -= share * v[i];
    }
    v[k] = diagonal;
  }
  const upper = new Float64Array(size * size);
  for (let k = 0; k < size; k++) for (let l = k; l < size; l++) upper[k * size + l] = work[l][k];
  return { size, upper, columns };
}

/** (A^T W A)^-1 v */
export function solve(factored: NormalMatrix, v: Float64Array): Float64Array {
  const { size, upper, columns } = factored;
  const x = forward(factored, v);
  for (let i = size - 1; i >= 0; i--) {
    for (let k = i + 1; k < size; k++) x[i] -= upper[i * size + k] * x[k];
    x[i] /= upper[i * size + i];
  }
  const solution = new Float64Array(size);
  columns.forEach((column, k) => (solution[column] = x[k]));
  return solution;
}

/** v^T (A^T W A)^-1 v, a sum of squares. */
export function quadratic(factored: NormalMatrix, v: Float64Array): number {
  return forward(factored, v).reduce((sum, x) => sum + x * x, 0);
}

/** R^-T P^T v */
function forward({ size, upper, columns }: NormalMatrix, v: Float64Array): Float64Array {
  const x = Float64Array.from(columns, (column) => v[column]);
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < i; k++) x[i] -= upper[k * size + i] * x[k];
    x[i] /= upper[i * size + i];
  }
  return x;
}

function lengthFrom(column: Float64Array, from: number): number {
  let sum = 0;
  for (let i = from; i < column.length; i++) sum += column[i] * column[i];
  return Math.sqrt(sum);
}

/** By weight, heaviest first; as they are where that makes no difference. */
function orderOf(weights: Float64Array): number[] {
  const order = Array.from(weights.keys());
  const [least, most] = [Math.min(...weights), Math.max(...weights)];
  return most < SIMILAR * least ? order : order.sort((i, j) => weights[j] - weights[i]);
}
