/** Symmetric positive definite matrices of a few rows, scaled to a unit diagonal before they are factored. */

/** Pivots below this share of the diagonal are rounding: the matrix is singular. */
const SINGULAR = 1e-14;

export interface Cholesky {
  readonly size: number;
  /** [size][size] lower factor of D^-1 M D^-1. */
  readonly lower: Float64Array;
  /** [size] D, roots of the diagonal of M. */
  readonly scale: Float64Array;
}

/** @param matrix [size][size], lower half used. Undefined where M is not positive definite. */
export function factor(matrix: Float64Array, size: number): Cholesky | undefined {
  const scale = Float64Array.from({ length: size }, (_, i) => Math.sqrt(matrix[i * size + i]));
  if (!scale.every((s) => s > 0 && s < Infinity)) return undefined;
  const lower = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * size + j] / (scale[i] * scale[j]);
      for (let k = 0; k < j; k++) sum -= lower[i * size + k] * lower[j * size + k];
      if (i !== j) lower[i * size + j] = sum / lower[j * size + j];
      else if (sum > SINGULAR) lower[i * size + i] = Math.sqrt(sum);
      else return undefined;
    }
  }
  return { size, lower, scale };
}

/** M^-1 v */
export function solve({ size, lower, scale }: Cholesky, v: Float64Array): Float64Array {
  const x = v.map((value, i) => value / scale[i]);
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < i; k++) x[i] -= lower[i * size + k] * x[k];
    x[i] /= lower[i * size + i];
  }
  for (let i = size - 1; i >= 0; i--) {
    for (let k = i + 1; k < size; k++) x[i] -= lower[k * size + i] * x[k];
    x[i] /= lower[i * size + i];
  }
  return x.map((value, i) => value / scale[i]);
}
