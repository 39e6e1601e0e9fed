/**
 * Inverses of P(a, x) and Q(a, x) in x: Halley steps in u = ln x on ln of the smaller tail. Both ln P and ln Q are
 * concave in u (the density of u is log-concave), so the steps cannot wander; they are clipped to two e-folds.
 */
import { convergenceError, domainError } from './domain.ts';
import { lnGammaP, lnGammaQ } from './incomplete-gamma.ts';
import { lnGammaOnePlus } from './ln-gamma.ts';
import { zFromLnP } from './normal.ts';
import { lnPoissonDensity } from './poisson-density.ts';
import { exp, expm1, log, log1p } from './portable.ts';

const LN_HALF = -0.6931471805599453;
const MAX_STEPS = 200;

/** x with P(a, x) = p for a > 0, p in [0, 1]. Relative error of x below 1e-14 where p determines it. */
export function gammaPInverse(a: number, p: number): number {
  return p > 0.5 ? invert(a, log1p(-p), true) : invert(a, log(p), false);
}

/** x with Q(a, x) = q for a > 0, q in [0, 1]. */
export function gammaQInverse(a: number, q: number): number {
  return q > 0.5 ? invert(a, log1p(-q), false) : invert(a, log(q), true);
}

/** x with ln P(a, x) = lnP <= 0. */
export function gammaPInverseLn(a: number, lnP: number): number {
  return lnP > LN_HALF ? invert(a, log(-expm1(lnP)), true) : invert(a, lnP, false);
}

/** x with ln Q(a, x) = lnQ <= 0. */
export function gammaQInverseLn(a: number, lnQ: number): number {
  return lnQ > LN_HALF ? invert(a, log(-expm1(lnQ)), false) : invert(a, lnQ, true);
}

/** @param lnTail ln of the upper or lower tail, at most ln(1/2) up to rounding */
function invert(a: number, lnTail: number, upper: boolean): number {
  if (!(a > 0 && a < Infinity && lnTail <= 0)) {
    throw domainError(`inverse incomplete gamma(a=${a}, ln p=${lnTail})`, 'finite a > 0 and p in [0, 1]');
  }
  if (lnTail === -Infinity) return upper ? Infinity : 0;
  let x = firstGuess(a, lnTail, upper);
  for (let step = 0; step < MAX_STEPS; step++) {
    if (x < 1e-307) return exp((lnTail + lnGammaOnePlus(a)) / a); // P = x^a / Gamma(a+1) there; may underflow to 0
    const lnValue = upper ? lnGammaQ(a, x) : lnGammaP(a, x);
    const slope = exp(lnPoissonDensity(a, x) - lnValue) * a; // |d ln tail / du|
    const newton = (upper ? lnValue - lnTail : lnTail - lnValue) / slope;
    const curvature = upper ? a - x + slope : a - x - slope; // (d^2 ln tail / du^2) / (d ln tail / du)
    const bend = 1 + 0.5 * newton * curvature;
    const delta = Math.max(-2, Math.min(2, bend > 0.5 ? newton / bend : newton));
    x += x * expm1(delta);
    if (Math.abs(delta) * (1 + Math.sqrt(a) + slope) < 1e-5) return x; // third order: the next step is below rounding
  }
  throw convergenceError(`inverse incomplete gamma(a=${a}, ln p=${lnTail})`, MAX_STEPS);
}

/** Wilson and Hilferty (1931); the leading term of P where that cube is small or negative. */
function firstGuess(a: number, lnTail: number, upper: boolean): number {
  const z = upper ? zFromLnP(lnTail) : -zFromLnP(lnTail);
  const w = 1 - 1 / (9 * a) + z / (3 * Math.sqrt(a));
  if (upper && z > 5 + Math.sqrt(a)) return a - lnTail; // far tail: ln Q is about -x
  if (w > 0.3 && (a > 0.5 || upper)) return a * w * w * w;
  const lnP = upper ? log1p(-exp(lnTail)) : lnTail;
  return Math.max(exp((lnP + lnGammaOnePlus(a)) / a), 1e-308);
}
