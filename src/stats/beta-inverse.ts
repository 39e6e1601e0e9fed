/**
 * Inverses of the regularised incomplete beta function I_x(a, b) in x: quantiles of beta distributions, so the ends of
 * binomial (Clopper, Pearson 1934) and negative-binomial intervals. Newton steps on the logarithm of the wanted tail in
 * t = ln(x / (1 - x)), whose density x^a (1 - x)^b / B(a, b) is log-concave: both tails have concave logarithms in t, so
 * a step from the far side cannot pass the root, and clipped steps cannot wander.
 */
import { lnBetaI } from './beta.ts';
import { lnBinomialDensity } from './binomial-density.ts';
import { convergenceError, domainError } from './domain.ts';
import { exp, log, log1p } from './portable.ts';

const MAX_STEPS = 400;
/** Largest step in t; the mode is found in two of them from anywhere a double reaches. */
const MAX_STEP = 8;

/** x with I_x(a, b) = p, for finite a, b > 0 and p in [0, 1]. Relative error of x below 1e-12 (a, b to 1e9). */
export function betaIInverse(p: number, a: number, b: number): number {
  return p > 0.5 ? invert(log1p(-p), a, b, true) : invert(log(p), a, b, false);
}

/** x with 1 - I_x(a, b) = q: the quantile of a small upper tail keeps the digits of q. */
export function betaQInverse(q: number, a: number, b: number): number {
  return q > 0.5 ? invert(log1p(-q), a, b, false) : invert(log(q), a, b, true);
}

/** @param lnTail ln of the lower or upper tail */
function invert(lnTail: number, a: number, b: number, upper: boolean): number {
  if (!(a > 0 && b > 0 && a < Infinity && b < Infinity && lnTail <= 0)) {
    throw domainError(`inverse incomplete beta(a=${a}, b=${b}, ln p=${lnTail})`, 'finite a, b > 0 and p in [0, 1]');
  }
  if (lnTail === -Infinity) return upper ? 1 : 0;
  let t = log(a / b);
  for (let step = 0; step < MAX_STEPS; step++) {
    const x = t < 0 ? exp(t) / (1 + exp(t)) : 1 / (1 + exp(-t));
    const y = t < 0 ? 1 / (1 + exp(t)) : exp(-t) / (1 + exp(-t));
    if (x < 1e-300 || y < 1e-300) return x < 0.5 ? 0 : 1;
    const lnDensity = lnDensityOfT(a, b, x, y);
    const lnValue = upper ? lnTailAt(y, b, a, x, lnDensity) : lnTailAt(x, a, b, y, lnDensity);
    const slope = exp(lnDensity - lnValue);
    const newton = ((upper ? 1 : -1) * (lnValue - lnTail)) / slope;
    const delta = Math.max(-MAX_STEP, Math.min(MAX_STEP, newton));
    t += delta;
    if (Math.abs(delta) < 1e-14 * (1 + Math.abs(t)) || Math.abs(delta) * (1 + slope) < 1e-13) {
      return t < 0 ? exp(t) / (1 + exp(t)) : 1 / (1 + exp(-t));
    }
  }
  throw convergenceError(`inverse incomplete beta(a=${a}, b=${b}, ln p=${lnTail})`, MAX_STEPS);
}

/** ln [x^a y^b / B(a, b)] = ln [ab/(a+b)] + ln of the binomial density. */
function lnDensityOfT(a: number, b: number, x: number, y: number): number {
  return log(a < b ? a / (1 + a / b) : b / (1 + b / a)) + lnBinomialDensity(a, b, x, y);
}

/** ln I_x(a, b); where 1 - x has rounded to 1, two terms of its series: x^a y^b / (a B) (1 + (a+b) x / (a+1) + ...). */
function lnTailAt(x: number, a: number, b: number, y: number, lnDensity: number): number {
  if (y < 1 && x < 1) return lnBetaI(x, a, b, y);
  if (x === 1) return log1p(-exp(lnTailAt(y, b, a, x, lnDensity)));
  return lnDensity - log(a) + log1p(((a + b) / (a + 1)) * x);
}
