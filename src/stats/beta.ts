/**
 * Regularised incomplete beta function I_x(a, b), real a, b > 0: binomial, negative binomial and on-off tails.
 *
 * The tail on the far side of the mean a/(a+b) is computed directly as prefactor / fraction, the other one as its
 * complement. Prefactor x^a y^b / B(a, b) in Loader's form; continued fraction of A. R. DiDonato and A. H. Morris
 * (1992, Eq. 9, 18), whose terms contain a y - b x instead of the cancelling a - (a+b) x:
 *   alpha_m = (a+m-1)(a+b+m-1) m (b-m) x^2 / (a+2m-1)^2
 *   beta_m = m + m (b-m) x / (a+2m-1) + (a+m)(a y - b x + 1 + m (1+y)) / (a+2m+1)
 */
import { betaIOfSmallB } from './beta-small.ts';
import { lnBinomialDensity } from './binomial-density.ts';
import { convergenceError, domainError } from './domain.ts';
import { productDifference } from './exact.ts';
import { exp, log, log1p } from './portable.ts';

const MAX_TERMS = 1_000_000;
const ROUND_OFF = 1.2e-16;

/**
 * I_x(a, b); on-off p0 is betaI(1/(1+tau), nOn, nOff + 1, tau/(1+tau)).
 * @param y 1 - x; pass it when x is close to 1, where 1 - x has lost its digits
 * Relative error below 1e-12 for a, b up to 1e6 where the condition of the problem allows it.
 */
export function betaI(x: number, a: number, b: number, y = 1 - x): number {
  if (isEdge(x, a, b, y)) return edge(x, a, b, y);
  return computeTail(x, a, b, y) ? exp(tail[0]) * tail[1] : 1 - exp(tail[0]) * tail[1];
}

/** ln I_x(a, b), also where I underflows or is next to 1. */
export function lnBetaI(x: number, a: number, b: number, y = 1 - x): number {
  if (isEdge(x, a, b, y)) return log(edge(x, a, b, y));
  return computeTail(x, a, b, y) ? tail[0] + log(tail[1]) : log1p(-exp(tail[0]) * tail[1]);
}

function isEdge(x: number, a: number, b: number, y: number): boolean {
  return !(a > 0 && b > 0 && a < Infinity && b < Infinity && x > 0 && y > 0 && x < 1 && y < 1);
}

/** x = 0 or 1 exactly; a = 0 (all mass at 0) gives 1, b = 0 gives 0. */
function edge(x: number, a: number, b: number, y: number): number {
  if (!(a >= 0 && b >= 0 && a + b > 0 && a + b < Infinity && x >= 0 && x <= 1 && y >= 0 && y <= 1)) {
    throw domainError(`incomplete beta(x=${x}, a=${a}, b=${b})`, 'x in [0, 1] and finite a, b >= 0, not both 0');
  }
  if (a === 0 || b === 0) return a === 0 ? 1 : 0;
  return x === 0 || y === 1 ? 0 : 1;
}

/** The tail computed last: value = exp(tail[0]) * tail[1]. A typed array, because V8 boxes every write to a `let`. */
const tail = new Float64Array(2);

/** Fills `tail` with I_x(a, b) and returns true, or with I_y(b, a) = 1 - I_x(a, b) and returns false. */
function computeTail(x: number, a: number, b: number, y: number): boolean {
  const excess = productDifference(a, y, b, x);
  if (excess >= 0) fillFarTail(x, a, b, y, excess);
  else fillFarTail(y, b, a, x, -excess);
  return excess >= 0;
}

/** I_x(a, b) for x below the mean: a y >= b x. */
function fillFarTail(x: number, a: number, b: number, y: number, excess: number): void {
  if (b < 1 && y < 0.01 && a * y < 0.5) {
    // the fraction would need about 9/sqrt(y) terms
    tail[0] = 0;
    tail[1] = betaIOfSmallB(a, b, y);
    return;
  }
  // x^a y^b / B(a, b) = ab/(a+b) * Gamma(a+b+1)/(Gamma(a+1) Gamma(b+1)) x^a y^b
  tail[0] = lnBinomialDensity(a, b, x, y);
  const factor = a < b ? a / (1 + a / b) : b / (1 + b / a);
  tail[1] = factor / fraction(x, a, b, y, excess);
}

/** beta_0 + alpha_1/(beta_1 + alpha_2/(beta_2 + ...)) by the modified Lentz algorithm. */
function fraction(x: number, a: number, b: number, y: number, excess: number): number {
  let value = (a * (excess + 1)) / (a + 1);
  let c = value;
  let d = 0;
  for (let m = 1; m < MAX_TERMS; m++) {
    const scale = a + 2 * m - 1;
    const share = (m * (b - m) * x) / scale;
    const alpha = (((a + m - 1) * x) / scale) * (a + b + m - 1) * share;
    const beta = m + share + ((a + m) * (excess + 1 + m * (1 + y))) / (scale + 2);
    d = 1 / (beta + alpha * d);
    c = beta + alpha / c;
    const step = c * d;
    value *= step;
    if (Math.abs(step - 1) < ROUND_OFF) return value;
  }
  throw convergenceError(`betaI(${x}, ${a}, ${b})`, MAX_TERMS);
}
