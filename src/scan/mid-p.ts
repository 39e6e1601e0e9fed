/** mid-p: half of P(N = n) counts, so that p is right on average instead of never too small (H. O. Lancaster, 1961). */
import { lnAdd } from '../kernels/shared/count-tail.ts';

/** ln P(N >= n) and ln P(N < n). */
export type Tails = readonly [lnUpper: number, lnLower: number];

/**
 * [P(N >= n) + P(N >= n+1)]/2 and its complement from the tails at n and at n + 1. Both are sums of positive terms, so
 * each is as accurate as the tails; n = 0 gives 1 - P(0)/2.
 */
export function midP(at: Tails, above: Tails): [number, number] {
  return [Math.min(0, lnAdd(at[0], above[0]) - Math.LN2), Math.min(0, lnAdd(at[1], above[1]) - Math.LN2)];
}
