/** Which numbers of a tally make its global p-value: all toys, or those up to the K-th that reached the data. */
import type { ToyCounts } from './estimators/from-toys.ts';
import { MOST_LISTED, toysIn, type ToyTally } from './tally.ts';

/** Exceedances a campaign can be stopped at: their toy numbers are listed. */
export const MOST_UNTIL = MOST_LISTED;

/**
 * With `until` the number of the K-th exceedance in toy order decides, however toys were split and whatever else was
 * thrown: p = K/N. Fewer than K of them (or a toy missing before): (k + 1)/(N + 1), which is valid beside that rule
 * (J. Besag and P. Clifford, Biometrika 78 (1991) 301).
 */
export function toyCounts(tally: ToyTally, until = Infinity): ToyCounts {
  const last = tally.exceedances[until - 1];
  const isComplete = last !== undefined && tally.gaps.every(([from]) => from > last);
  if (isComplete) return { toys: last - tally.from + 1, exceedances: until, stop: 'exceedances' };
  return { toys: toysIn(tally), exceedances: tally.nExceedances, failures: tally.nFailures };
}
