/** Upper tail of the standard normal distribution and its inverse, in logarithms: Z = 1000 is as good as Z = 1. */
import { convergenceError, domainError } from './domain.ts';
import { erfcx } from './erf.ts';
import { productError } from './exact.ts';
import { expm1, expOfSum, log, log1p } from './portable.ts';

export { erfc, erfcx } from './erf.ts';

const SQRT_HALF = 0.7071067811865476;
const LN_HALF = -0.6931471805599453;
const LN_2PI = 1.8378770664093456;
const SQRT_2_OVER_PI = 0.7978845608028654;

/** ln P(X > z) for X ~ N(0,1); 0 at -Infinity. Relative error below 1e-15. */
export function lnNormalTail(z: number): number {
  if (z < 0) {
    const square = z * z;
    return log1p(-0.5 * expOfSum(-0.5 * square, -0.5 * productError(z, z, square)) * erfcx(-z * SQRT_HALF));
  }
  return -0.5 * z * z + log(0.5 * erfcx(z * SQRT_HALF));
}

/**
 * Signed significance: z with P(X > z) = exp(lnP), one-sided. -Infinity at lnP = 0, Infinity at lnP = -Infinity.
 * @param lnP ln of the upper tail, <= 0; down to -1e300
 * @param lnComplement ln(1 - exp(lnP)) where the caller has it: used when P > 1/2, so that z stays exact when lnP has
 *   rounded to 0 (P(N >= n) with n far below the mean). Without it the complement of lnP itself is taken.
 * Error: |dz| below 1e-15 max(1, |z|) for exact arguments.
 */
export function zFromLnP(lnP: number, lnComplement?: number): number {
  if (!(lnP <= 0)) throw domainError(`zFromLnP(${lnP})`, 'lnP <= 0');
  if (lnP <= LN_HALF) return zOfLowTail(lnP);
  return -zOfLowTail(lnComplement ?? log(-expm1(lnP)));
}

/** z >= 0 for lnP <= ln(1/2) by Halley steps on ln P, whose slope is minus the hazard. */
function zOfLowTail(lnP: number): number {
  if (lnP === -Infinity) return Infinity;
  let z = firstGuess(lnP);
  for (let step = 0; step < 50; step++) {
    const hazard = SQRT_2_OVER_PI / erfcx(z * SQRT_HALF);
    const newton = (lnNormalTail(z) - lnP) / hazard;
    const delta = newton / (1 + 0.5 * newton * (hazard - z));
    z += delta;
    if (Math.abs(delta) < 1e-5 * (1 + z)) return z; // third order: the next step would be below 1e-15
  }
  throw convergenceError(`zFromLnP(${lnP})`, 50);
}

function firstGuess(lnP: number): number {
  if (lnP > -3) return Math.sqrt(Math.max(0, LN_HALF - lnP)) * 1.2;
  const square = -2 * lnP - LN_2PI;
  return Math.sqrt(square - log(square));
}
