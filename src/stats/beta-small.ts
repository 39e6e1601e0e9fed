/**
 * I_x(a, b) next to x = 1 for b < 1, where it is small although x is not (negative binomial tails of small shape):
 *   1 - I_y(b, a) = -expm1(L) - e^L b sum_{k>=1} (1-a)_k y^k / (k! (b+k)),  e^L = y^b Gamma(a+b) / (Gamma(a) Gamma(b+1)).
 */
import { convergenceError } from './domain.ts';
import { lnGammaOnePlus, stirlingSeries } from './ln-gamma.ts';
import { exp, expm1, log, log1p } from './portable.ts';

const MAX_TERMS = 1000;

/** @param y 1 - x, with a y < 1/2: the terms fall like (a y)^k / k! */
export function betaIOfSmallB(a: number, b: number, y: number): number {
  const lnPower = b * log(y) + lnGammaDifference(a, b) - lnGammaOnePlus(b);
  let term = 1;
  let sum = 0;
  for (let k = 1; k < MAX_TERMS; k++) {
    term *= ((k - a) * y) / k;
    const next = sum + term / (b + k);
    if (next === sum) return -expm1(lnPower) - exp(lnPower) * b * sum;
    sum = next;
  }
  throw convergenceError(`betaI(1 - ${y}, ${a}, ${b})`, MAX_TERMS);
}

/** ln Gamma(a + b) - ln Gamma(a) for 0 < b < 1, small relative error however small b is. */
function lnGammaDifference(a: number, b: number): number {
  let shifts = 0;
  for (; a < 16; a++) shifts += log1p(b / a);
  const change = b < 1e-3 ? b * stirlingSlope(a + 0.5 * b) : stirlingSeries(a + b) - stirlingSeries(a);
  return (a - 0.5) * log1p(b / a) + b * (log(a + b) - 1) + change - shifts;
}

/** Derivative of stirlingSeries for x >= 16, to 1e-17. */
function stirlingSlope(x: number): number {
  const z = 1 / (x * x);
  return z * (-1 / 12 + z * (1 / 120 + z * (-1 / 252 + z * (1 / 240 + z * (-1 / 132 + z * (691 / 32760))))));
}
