/**
 * Backgrounds whose logarithm is linear in the coefficients, b(m) = exp(sum_k c_k f_k(m)), f_0 = 1: exponentials of
 * polynomials, power laws with a threshold and an end. They are positive everywhere; their bins are integrals.
 */
import { DarkscanError } from '../../errors.ts';
import { log, pow } from '../../stats/portable.ts';
import { gaussLegendre } from '../constraints/gauss.ts';

export type LogBackground =
  /** exp(polynomial of m), degree 0 to 7. */
  | { readonly kind: 'exponential'; readonly degree: number }
  /**
   * m^(c_1 + c_2 ln m + ...) with `powers` exponents (1 to 3), times (m - threshold)^c, times (1 - (m/end)^root)^c: with
   * powers 2, end sqrt(s), root 1 the usual di-jet function, with powers 1, root 1/3 the di-photon one.
   */
  | {
      readonly kind: 'power-law';
      readonly powers: number;
      readonly threshold?: number;
      readonly end?: number;
      readonly root?: number;
    };

/** Quadrature points per bin. */
export const NODES = 4;
const QUADRATURE = gaussLegendre(NODES);
const MAX_DEGREE = 7;
/** Part of a function that must be left when those before are taken out. */
const LEAST_REST = 1e-9;

/** Number of coefficients; errors of kind card for what the background cannot be. */
export function countLogCoefficients(spec: LogBackground): number {
  const refuse = (found: string, allowed: string): never => {
    throw new DarkscanError('card', `background: ${found}, expected ${allowed}`);
  };
  if (spec.kind === 'exponential') {
    const { degree } = spec;
    if (!(Number.isInteger(degree) && degree >= 0 && degree <= MAX_DEGREE))
      refuse(`degree is ${degree}`, `0 to ${MAX_DEGREE}`);
    return degree + 1;
  }
  const { powers, threshold, end, root = 1 } = spec;
  if (!(Number.isInteger(powers) && powers >= 1 && powers <= 3)) refuse(`powers is ${powers}`, '1 to 3');
  if (!(root > 0 && root <= 1)) refuse(`root is ${root}`, 'a number above 0, at most 1');
  if (threshold !== undefined && !Number.isFinite(threshold)) refuse(`threshold is ${threshold}`, 'a number');
  if (end !== undefined && !(end > 0 && end < Infinity)) refuse(`end is ${end}`, 'a number above 0');
  return powers + 1 + (threshold === undefined ? 0 : 1) + (end === undefined ? 0 : 1);
}

/**
 * Per bin and quadrature point the weight (its share of the range's width: 1 in all) and the f_k, orthonormal over the
 * bins; f_0 = 1. Undefined where a bin reaches to m <= 0, below the threshold or beyond the end, or where the bins cannot
 * tell the functions apart.
 * @param low, high [nBins] edges
 * @param points rows behind the bins: every node at the point, with a quarter of `weight`
 */
export function logNodes(
  spec: LogBackground,
  low: Float64Array,
  high: Float64Array,
  points = new Float64Array(0),
  weight = 0,
): Float64Array | undefined {
  const nCoefficients = countLogCoefficients(spec);
  const nBins = low.length;
  if (spec.kind === 'power-law') {
    const lowest = Math.max(0, spec.threshold ?? 0);
    if (!(low[0] > lowest) || !(high[nBins - 1] < (spec.end ?? Infinity))) return undefined;
  }
  const nNodes = (nBins + points.length) * NODES;
  const weights = new Float64Array(nNodes);
  const masses = new Float64Array(nNodes);
  let width = 0;
  for (let i = 0; i < nBins; i++) width += high[i] - low[i];
  for (let i = 0; i < nBins; i++) {
    const [middle, half] = [(low[i] + high[i]) / 2, (high[i] - low[i]) / 2];
    for (let q = 0; q < NODES; q++) {
      masses[i * NODES + q] = middle + half * QUADRATURE.nodes[q];
      weights[i * NODES + q] = (half * QUADRATURE.weights[q]) / width;
    }
  }
  points.forEach((m, i) => masses.fill(m, (nBins + i) * NODES, (nBins + i + 1) * NODES));
  const functions = rawFunctions(spec, low[0], high[nBins - 1]).map((f) => masses.map(f));
  if (!orthonormalise(functions, weights)) return undefined;
  weights.fill(weight / NODES, nBins * NODES);
  const nodes = new Float64Array(nNodes * (nCoefficients + 1));
  for (let i = 0; i < nNodes; i++) {
    nodes[i * (nCoefficients + 1)] = weights[i];
    functions.forEach((f, k) => (nodes[i * (nCoefficients + 1) + 1 + k] = f[i]));
  }
  return nodes;
}

function rawFunctions(spec: LogBackground, low: number, high: number): ((m: number) => number)[] {
  const functions: ((m: number) => number)[] = [() => 1];
  if (spec.kind === 'exponential') {
    const t = (m: number) => (2 * m - low - high) / (high - low);
    for (let k = 1; k <= spec.degree; k++) functions.push((m) => chebyshev(k, t(m)));
    return functions;
  }
  const { powers, threshold, end, root = 1 } = spec;
  const scaled = (m: number) => log(m / low) / log(high / low);
  for (let k = 1; k <= powers; k++) functions.push((m) => chebyshev(k, 2 * scaled(m) - 1));
  if (threshold !== undefined) functions.push((m) => log(m - threshold));
  if (end !== undefined) functions.push((m) => log(1 - pow(m / end, root)));
  return functions;
}

function chebyshev(k: number, t: number): number {
  let [before, value] = [t, 1];
  for (let i = 0; i < k; i++) [before, value] = [value, 2 * t * value - before];
  return value;
}

/** Gram-Schmidt in place, twice for the rounding of the first. */
function orthonormalise(functions: readonly Float64Array[], weights: Float64Array): boolean {
  const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, i) => sum + weights[i] * value * b[i], 0);
  return functions.every((f, k) => {
    const before = Math.sqrt(dot(f, f));
    for (let pass = 0; pass < 2; pass++)
      for (const unit of functions.slice(0, k)) {
        const share = dot(unit, f);
        f.forEach((_, i) => (f[i] -= share * unit[i]));
      }
    const length = Math.sqrt(dot(f, f));
    if (!(length > LEAST_REST * before)) return false;
    f.forEach((_, i) => (f[i] /= length));
    return true;
  });
}
