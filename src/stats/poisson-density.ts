import { bd0, stirlingError } from './deviance.ts';
import { lnGammaOnePlus, LN_SQRT_2PI } from './ln-gamma.ts';
import { log } from './portable.ts';

/** ln[x^a e^-x / Gamma(a+1)] for real a > 0, x > 0, in Loader's form: the Poisson probability continued to real counts. */
export function lnPoissonDensity(a: number, x: number): number {
  if (a < 1) return a * log(x) - x - lnGammaOnePlus(a);
  return -bd0(a, x) - (stirlingError(a) + LN_SQRT_2PI + 0.5 * log(a));
}
