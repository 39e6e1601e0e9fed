/**
 * Global p-value from toys, k of which reach the observed extreme (methods.md section 5): p = (k + 1)/(N + 1), never 0,
 * with the interval of C. Clopper and E. S. Pearson (1934); or, when toys were thrown until the K-th of them did,
 * p = K/N with the interval of the negative binomial distribution. A toy whose scan failed below the observed extreme
 * may hide an exceedance: the headline counts all f of them as exceedances, and the interval covers both readings.
 */
import { DarkscanError } from '../../errors.ts';
import { betaIInverse, betaQInverse } from '../../stats/beta-inverse.ts';
import { log } from '../../stats/portable.ts';
import { makeEstimator, OUTSIDE_68, OUTSIDE_95, type Estimator, type Interval } from './estimator.ts';

export interface ToyCounts {
  /** Toys thrown; with `stop: 'exceedances'` the number of the toy that was the last exceedance, counted from 1. */
  readonly toys: number;
  /** Toys at or above the observed extreme. */
  readonly exceedances: number;
  /** Toys below it with a failure left. */
  readonly failures?: number;
  /** What ended the campaign: a number of toys fixed in advance, or a number of exceedances fixed in advance. */
  readonly stop?: 'toys' | 'exceedances';
}

export interface ToyEstimator extends Estimator {
  readonly toys: number;
  readonly exceedances: number;
  readonly failures: number;
  /** p_global when no failed toy is an exceedance; the headline when there is no failure. */
  readonly pWithoutFailures: number;
  /** More failures than 0.1 (k + 1): they decide. */
  readonly warning?: string;
}

/** Errors (kind usage): no toys, or counts that are no whole numbers from 0 to the number of toys. */
export function fromToys(counts: ToyCounts, lnPLocal: number): ToyEstimator {
  const { toys, exceedances: k, failures: f = 0, stop = 'toys' } = counts;
  const good = [toys, k, f].every((n) => Number.isSafeInteger(n) && n >= 0) && k + f <= toys;
  if (!good || toys === 0 || (stop === 'exceedances' && k === 0)) {
    const found = `${k} exceedances and ${f} failures of ${toys} toys`;
    throw new DarkscanError('usage', `toys: ${found}, expected whole numbers and at least one toy; throw toys first`);
  }
  const ofTotal = (n: number) => (stop === 'toys' ? (n + 1) / (toys + 1) : n / toys);
  const ends = stop === 'toys' ? clopperPearson : negativeBinomial;
  const interval = (outside: number) => ({ low: ends(k, toys, outside).low, high: ends(k + f, toys, outside).high });
  const estimator = makeEstimator({
    name: 'toys',
    lnPGlobal: log(ofTotal(k + f)),
    lnPLocal,
    interval: interval(OUTSIDE_68),
    interval95: interval(OUTSIDE_95),
  });
  const warning =
    f > 0.1 * (k + 1) ? `${f} of ${toys} toys failed: p_global is between the values for ${k} and ${k + f}` : undefined;
  return { ...estimator, toys, exceedances: k, failures: f, pWithoutFailures: ofTotal(k), warning };
}

/** Central interval of a binomial probability, k of n; [0, ...] at k = 0 and [..., 1] at k = n. */
export function clopperPearson(k: number, n: number, outside: number): Interval {
  return {
    low: k === 0 ? 0 : betaIInverse(outside / 2, k, n - k + 1),
    high: k === n ? 1 : betaQInverse(outside / 2, k + 1, n - k),
  };
}

/** Central interval when trial n was the k-th success, k fixed: P(n or fewer | low) = P(n or more | high) = outside/2. */
export function negativeBinomial(k: number, n: number, outside: number): Interval {
  return {
    low: betaIInverse(outside / 2, k, n - k + 1),
    high: k === n ? 1 : betaQInverse(outside / 2, k, n - k),
  };
}
