/** Central confidence interval of the mean of a Poisson number (F. Garwood, Biometrika 28 (1936) 437). */
import { erfc } from './erf.ts';
import { gammaPInverse, gammaQInverse } from './gamma-inverse.ts';

/** P(|z| > 1) of a standard normal: outside a 68.27 % interval. */
const OUTSIDE_ONE_SIGMA = erfc(Math.SQRT1_2);

/**
 * [chi2 quantile of outside/2 with 2n degrees of freedom, of 1 - outside/2 with 2n + 2] / 2; from 0 for n = 0.
 * @param n observed events, >= 0
 */
export function poissonInterval(n: number, outside = OUTSIDE_ONE_SIGMA): [low: number, high: number] {
  return [n === 0 ? 0 : gammaPInverse(n, 0.5 * outside), gammaQInverse(n + 1, 0.5 * outside)];
}
