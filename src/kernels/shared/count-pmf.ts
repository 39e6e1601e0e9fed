/** ln of the probability of a count: Poisson (shape 0) or negative binomial. Twin of shaders/shared/count_pmf.wgsl. */
import { lnNegativeBinomialPmf, lnPoissonPmf } from '../../stats/poisson.ts';

/**
 * @param mean mean of the Poisson count; for shape > 0 the odds: the count is Poisson(mean G), G ~ Gamma(shape, 1)
 */
export function lnPmf(j: number, mean: number, shape: number): number {
  return shape > 0 ? lnNegativeBinomialPmf(j, shape, 1 / (1 + mean), mean / (1 + mean)) : lnPoissonPmf(j, mean);
}
