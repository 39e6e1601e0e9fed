/** A point of the profile likelihood in the signal yield S, and what it is computed from. */
import { log } from '../../stats/portable.ts';
import { minusLog1p } from './spectrum-bounded.ts';

export interface ProfilePoint {
  readonly signal: number;
  /** -ln L less that of the reference point, and its derivatives in S. */
  readonly loss: number;
  readonly slope: number;
  readonly curvature: number;
  /** ln det of the Hessian in all parameters but S. */
  readonly lnDet: number;
  /** [maxParams] and their derivatives in S. */
  readonly theta: Float64Array;
  readonly change: Float64Array;
  /** Of S by the bins with events alone; 0 where they do not determine it. */
  readonly error: number;
  /** Some bin without events has mean 0. */
  readonly isBoundary: boolean;
}

/**
 * With H = [[A, b], [b^T, c]], S last: curvature c - b^T A^-1 b along the valley, where the others change by -A^-1 b per S.
 * @param hessian, factor [K][K] lower triangles of H and its Cholesky factor
 */
export function alongValley(hessian: Float64Array, factor: Float64Array, K: number, last: number) {
  const change = new Float64Array(K);
  let curvature = hessian[last * K + last];
  for (let k = last - 1; k >= 0; k--) {
    const root = factor[last * K + k];
    curvature -= root * root;
    let value = -root;
    for (let j = k + 1; j < last; j++) value -= factor[j * K + k] * change[j];
    change[k] = value / factor[k * K + k];
  }
  return { curvature, change };
}

/** ln det of the first `size` rows and columns of what has this Cholesky factor. */
export function lnDeterminant(factor: Float64Array, K: number, size: number): number {
  let sum = 0;
  for (let k = 0; k < size; k++) sum += log(factor[k * (K + 1)]);
  return 2 * sum;
}

/**
 * Change of sum nu - n ln nu from means `before` to `nu`: as n (x - ln(1 + x)) + (before - n) x with x = nu/before - 1, whose
 * terms are small where the means change little. Bins from nHit on have no events.
 */
export function poissonRise(
  n: Float64Array,
  nu: Float64Array,
  before: Float64Array,
  nHit: number,
  nBins: number,
): number {
  let rise = 0;
  for (let i = 0; i < nHit; i++) {
    const x = (nu[i] - before[i]) / before[i];
    rise += n[i] * minusLog1p(x) + (before[i] - n[i]) * x;
  }
  for (let i = nHit; i < nBins; i++) rise += nu[i] - before[i];
  return rise;
}

/** Adds bins whose mean is bounded at 0, by their multipliers y: n/nu is y, n/nu^2 is y/nu. */
export function addBoundedBins(
  y: Float64Array,
  nu: Float64Array,
  columns: Float64Array,
  gradient: Float64Array,
  hessian: Float64Array,
  { nHit, nBins, nParams }: { readonly nHit: number; readonly nBins: number; readonly nParams: number },
): void {
  const K = gradient.length;
  for (let i = nHit; i < nBins; i++) {
    const weight = y[i] / Math.max(nu[i], LEAST_BOUNDED_MEAN);
    for (let k = 0; k < nParams; k++) {
      const value = columns[k * nBins + i];
      gradient[k] -= y[i] * value;
      for (let l = 0; l <= k; l++) hessian[k * K + l] += weight * value * columns[l * nBins + i];
    }
  }
}

/** Stiffest bin at its bound: leaves digits for the others. */
const LEAST_BOUNDED_MEAN = 1e-7;
