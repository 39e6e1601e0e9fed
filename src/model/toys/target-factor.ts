/**
 * The factor of one target over atoms at given values of z (methods.md section 2): normals add and are cut at 0,
 * lognormals and gammas multiply.
 */
import { gammaPInverseLn, gammaQInverseLn } from '../../stats/gamma-inverse.ts';
import { lnNormalTail } from '../../stats/normal.ts';
import { exp, log1p } from '../../stats/portable.ts';
import type { ConstraintKind, Nuisance } from '../counting-model.ts';
import { atomSizes, type AtomSizes, type ScenarioPlane } from './atom-sizes.ts';

/** [atoms] the factor at values of z [nuisances]; ONE and ZERO where it is that. */
export type Factor = (z: Float64Array) => Float64Array;

/** Factors that are 1 everywhere, and such that are 0 wherever there are events. */
export const ONE = new Float64Array(0);
export const ZERO = new Float64Array(0);

/** The factor of one target over atoms. @param events what it multiplies */
export function targetFactor(
  target: string,
  nuisances: readonly Nuisance[],
  plane: ScenarioPlane,
  events: Float64Array,
): Factor {
  const effects = nuisances.flatMap(({ constraint, effects: all }, i) =>
    all.filter((e) => e.target === target).map((e) => ({ i, constraint, sizes: atomSizes(e, plane) })),
  );
  if (effects.length === 0) return () => ONE;
  const normals = effects.filter((e) => e.constraint === 'normal');
  const others = effects.filter((e) => e.constraint !== 'normal');
  const hasEvents = events.some((b) => b > 0);
  return (z) => {
    const factor = new Float64Array(plane.atoms.count).fill(1);
    for (const { i, sizes } of normals) {
      const size = z[i] > 0 ? sizes.up : sizes.down;
      size.forEach((r, a) => (factor[a] += r * z[i]));
    }
    if (hasEvents && events.every((b, a) => !(b > 0) || !(factor[a] > 0))) return ZERO;
    factor.forEach((f, a) => (factor[a] = Math.max(0, f)));
    for (const { i, constraint, sizes } of others) multiply(factor, constraint, z[i], sizes);
    return factor;
  };
}

function multiply(factor: Float64Array, constraint: ConstraintKind, z: number, sizes: AtomSizes): void {
  const size = z > 0 ? sizes.up : sizes.down;
  const one = (r: number) => (constraint === 'lognormal' ? exp(z * log1p(r)) : gammaFactor(z, r));
  if (sizes.isConstant) {
    const f = one(size[0]);
    factor.forEach((_, a) => (factor[a] *= f));
  } else size.forEach((r, a) => (factor[a] *= one(r)));
}

/**
 * Gamma of mean 1 and relative width |r| at the probability of z: quantile of Gamma(1/r^2) times r^2. Narrow ones by the
 * series of E. A. Cornish and R. A. Fisher (1938), whose next term is of the order r^4.
 */
export function gammaFactor(z: number, r: number): number {
  const width = Math.abs(r);
  if (width < 1e-3) return 1 + width * (z + width * ((z * z - 1) / 3 + (width * z * (z * z - 7)) / 36));
  const shape = 1 / (r * r);
  const x = z > 0 ? gammaQInverseLn(shape, lnNormalTail(z)) : gammaPInverseLn(shape, lnNormalTail(-z));
  return x / shape;
}
