/** Poisson and negative binomial probabilities and tails, in logarithms. */
import { lnBetaI } from './beta.ts';
import { lnBinomialDensity } from './binomial-density.ts';
import { domainError } from './domain.ts';
import { lnGammaP } from './incomplete-gamma.ts';
import { lnPoissonDensity } from './poisson-density.ts';
import { log, log1p } from './portable.ts';

export { bd0, stirlingError } from './deviance.ts';

/** ln[mean^n e^-mean / n!]; n may be real. mean = 0 puts all mass at n = 0. */
export function lnPoissonPmf(n: number, mean: number): number {
  if (!(n >= 0 && n < Infinity && mean >= 0 && mean < Infinity)) {
    throw domainError(`lnPoissonPmf(n=${n}, mean=${mean})`, 'finite n >= 0 and mean >= 0');
  }
  if (n === 0) return -mean;
  return mean === 0 ? -Infinity : lnPoissonDensity(n, mean);
}

/** ln P(N >= n | mean) = ln P(n, mean): 0 for n = 0. */
export function lnPoissonTail(n: number, mean: number): number {
  return lnGammaP(n, mean);
}

/**
 * ln of the probability of n with N ~ Poisson(b), b ~ Gamma(shape, rate t): p = t/(1+t), q = 1/(1+t),
 *   NB(n) = Gamma(n + shape) / (Gamma(shape) n!) p^shape q^n = shape/(n + shape) Binomial density(n; n + shape, q).
 * @param shape > 0, real, 1e-12 to 1e12 and beyond
 * @param q 1 - p; pass it when p is close to 1 (large shape), where 1 - p has lost its digits
 */
export function lnNegativeBinomialPmf(n: number, shape: number, p: number, q = 1 - p): number {
  checkNegativeBinomial(n, shape, p, q);
  if (n === 0) return shape * (q < p ? log1p(-q) : log(p));
  if (q === 0) return -Infinity;
  return lnBinomialDensity(n, shape, q, p) - log1p(n / shape);
}

/** ln P(N >= n) = ln I_q(n, shape) of the same distribution; 0 for n = 0. */
export function lnNegativeBinomialTail(n: number, shape: number, p: number, q = 1 - p): number {
  checkNegativeBinomial(n, shape, p, q);
  return n === 0 ? 0 : lnBetaI(q, n, shape, p);
}

function checkNegativeBinomial(n: number, shape: number, p: number, q: number): void {
  if (!(n >= 0 && n < Infinity && shape > 0 && shape < Infinity && p > 0 && p <= 1 && q >= 0 && q < 1)) {
    throw domainError(`negative binomial(n=${n}, shape=${shape}, p=${p}, q=${q})`, 'n >= 0, shape > 0, 0 < p <= 1');
  }
}
