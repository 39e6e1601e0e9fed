/** Backgrounds that are linear in their coefficients: basis functions over a fit range, integrated over bins. */
import { DarkscanError } from '../../errors.ts';
import { gaussLegendre } from '../constraints/gauss.ts';

export type BasisKind = 'chebyshev' | 'bernstein';

export interface BackgroundBasis {
  readonly kind: BasisKind;
  /** 0 to 7; degree + 1 coefficients. */
  readonly degree: number;
}

export const MAX_DEGREE = 7;
/** Exact to degree 7: as good as primitives, without their cancellation in narrow bins. */
const QUADRATURE = gaussLegendre(4);

/** A basis over one fit range. */
export interface RangeBasis {
  readonly nCoefficients: number;
  /** Adds the integrals over [from, to] to row[0 .. nCoefficients - 1]. */
  addIntegrals(row: Float64Array, from: number, to: number): void;
  /** Adds the densities at m, per unit of it. */
  addDensities(row: Float64Array, m: number): void;
}

/**
 * Polynomials of t = -1..1 (Chebyshev) or 0..1 (Bernstein) over [low, high], the outer edges of the range, in units of
 * events: the integral over [low, high] is the coefficient for T_0, and for every Bernstein polynomial. With regions
 * excluded from the range the coefficients still count the events of all of it.
 */
export function rangeBasis({ kind, degree }: BackgroundBasis, low: number, high: number): RangeBasis {
  if (!(Number.isInteger(degree) && degree >= 0 && degree <= MAX_DEGREE))
    throw new DarkscanError('card', `background: degree is ${degree}, expected 0 to ${MAX_DEGREE}`);
  const width = high - low;
  const addValues = kind === 'chebyshev' ? addChebyshev : addBernstein;
  return {
    nCoefficients: degree + 1,
    addIntegrals(row, from, to) {
      const half = (0.5 * (to - from)) / width;
      const middle = (0.5 * (from - low + (to - low))) / width;
      QUADRATURE.nodes.forEach((node, k) => addValues(row, degree, middle + half * node, half * QUADRATURE.weights[k]));
    },
    addDensities: (row, m) => addValues(row, degree, (m - low) / width, 1 / width),
  };
}

/** T_{k+1} = 2 t T_k - T_{k-1} at t = 2x - 1. */
function addChebyshev(row: Float64Array, degree: number, x: number, weight: number): void {
  const t = 2 * x - 1;
  let [before, value] = [t, 1];
  for (let k = 0; k <= degree; k++) {
    row[k] += weight * value;
    [before, value] = [value, 2 * t * value - before];
  }
}

/** (degree + 1) binomial(degree, k) x^k (1 - x)^(degree - k), each of integral 1 over 0..1; by rows of Pascal's triangle. */
function addBernstein(row: Float64Array, degree: number, x: number, weight: number): void {
  const values = [1];
  for (let d = 1; d <= degree; d++) {
    values.push(0);
    for (let k = d; k > 0; k--) values[k] = (1 - x) * values[k] + x * values[k - 1];
    values[0] *= 1 - x;
  }
  for (let k = 0; k <= degree; k++) row[k] += weight * (degree + 1) * values[k];
}
