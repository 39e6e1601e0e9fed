import { bd0, stirlingError } from './deviance.ts';
import { productDifference, productError, sumError } from './exact.ts';
import { LN_SQRT_2PI, lnGammaOnePlus } from './ln-gamma.ts';
import { log, log1p } from './portable.ts';

/**
 * ln[Gamma(a+b+1) / (Gamma(a+1) Gamma(b+1)) x^a y^b] for real a, b > 0 and x + y = 1, x and y in (0, 1):
 * the binomial probability of a in a+b trials continued to real counts, in Loader's form.
 */
export function lnBinomialDensity(a: number, b: number, x: number, y: number): number {
  const small = a < b ? a : b;
  if (small < 1e-3) return lnNearlyOneSided(a, b, x, y);
  const n = a + b;
  return (
    stirlingError(n) -
    stirlingError(a) -
    stirlingError(b) -
    devianceOfShare(a, b, x, y) -
    devianceOfShare(b, a, y, x) -
    (LN_SQRT_2PI + 0.5 * log(small * ((a < b ? b : a) / n)))
  );
}

/** bd0(a, (a+b) x) with the rounding error of (a+b) x put back to first order. */
function devianceOfShare(a: number, b: number, x: number, y: number): number {
  const n = a + b;
  const mean = n * x;
  if (mean > 1e290 || mean < 1e-290) return bd0(a, mean);
  const meanError = productError(n, x, mean) + sumError(a, b, n) * x;
  // a - mean = a y - b x, exact to one rounding: the derivative of bd0 with respect to the mean is (mean - a)/mean
  return bd0(a, mean) - (productDifference(a, y, b, x) / mean) * meanError;
}

/** The smaller exponent is nearly 0: Gamma(b+1+a)/Gamma(b+1) is nearly b^a and the deviance form loses digits. */
function lnNearlyOneSided(a: number, b: number, x: number, y: number): number {
  if (a > b) return lnNearlyOneSided(b, a, y, x);
  const lnY = x < y ? log1p(-x) : log(y);
  return lnGammaShift(b, a) - lnGammaOnePlus(a) + a * log(x) + b * lnY;
}

/** ln Gamma(b + 1 + a) - ln Gamma(b + 1) for 0 < a < 1e-3 and b >= a. */
function lnGammaShift(b: number, a: number): number {
  if (b < 0.25) return lnGammaOnePlus(b + a) - lnGammaOnePlus(b);
  const n = a + b;
  return stirlingError(n) - stirlingError(b) + (b + 0.5) * log1p(a / b) + a * (log(n) - 1);
}
