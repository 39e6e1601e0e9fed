/** Between which counts a Poisson count practically always is. */
import { lnPoissonPmf, lnPoissonTail } from '../stats/poisson.ts';

/** Rarer than this on either side does not happen in a campaign. */
const LN_RARE = Math.log(1e-11);

/** Smallest count with P(N < n) above LN_RARE. */
export function lowestCount(mean: number): number {
  let n = Math.max(0, Math.floor(mean - 9 * Math.sqrt(mean) - 9));
  while (n < mean && lnLower(n, mean) < LN_RARE) n++;
  return n;
}

/** ln P(N <= n), good enough where it is small. */
function lnLower(n: number, mean: number): number {
  let [term, sum] = [1, 1];
  for (let k = n; k > 0 && term > 1e-3 * sum; k--) sum += term *= k / mean;
  return lnPoissonPmf(n, mean) + Math.log(sum);
}

/** Largest count with P(N > n) above LN_RARE. */
export function highestCount(mean: number): number {
  let n = Math.ceil(mean);
  while (lnPoissonTail(n + 1, mean) > LN_RARE) n++;
  return n;
}
