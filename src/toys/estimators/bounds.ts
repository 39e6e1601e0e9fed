/**
 * Bounds that need no toys, from every window's attainable p0 p_i (attainable.ts), in logarithms:
 *   bonferroni  sum_i p_i                 always a bound
 *   sidak       1 - prod_i (1 - p_i)      exact for independent windows, a bound for counts that share events: those are
 *               increasing functions of independent numbers (J. Esary, F. Proschan, D. Walkup 1967)
 * p_global is at least the largest p_i: the interval reaches from there up to the bound.
 */
import { exp, expm1, log, log1p } from '../../stats/portable.ts';
import { makeEstimator, type Estimator } from './estimator.ts';

/** @param reason why the numbers of windows are not those of the ensemble */
export function bonferroni(attainable: Float64Array, lnPLocal: number, reason?: string): Estimator {
  return bound('bonferroni', lnSum(attainable), attainable, lnPLocal, reason);
}

/** @param reason why it may not be a bound */
export function sidak(attainable: Float64Array, lnPLocal: number, reason?: string): Estimator {
  // sum of -ln(1 - p_i), scaled by the largest p_i so that nothing underflows
  const top = largest(attainable);
  if (top === 0) return bound('sidak', 0, attainable, lnPLocal, reason);
  let scaled = 0;
  for (const lnP of attainable) scaled += lnP < -36 ? exp(lnP - top) : -log1p(-exp(lnP)) / exp(top);
  const lnExponent = top + log(scaled);
  const lnP = lnExponent < -36 ? lnExponent : log(-expm1(-exp(lnExponent)));
  return bound('sidak', lnP, attainable, lnPLocal, reason);
}

function bound(
  name: 'bonferroni' | 'sidak',
  lnPGlobal: number,
  attainable: Float64Array,
  lnPLocal: number,
  reason: string | undefined,
): Estimator {
  const interval = { low: exp(largest(attainable)), high: exp(Math.min(0, lnPGlobal)) };
  return makeEstimator({ name, kind: 'bound', lnPGlobal, lnPLocal, interval, interval95: interval, reason });
}

function lnSum(values: Float64Array): number {
  const top = largest(values);
  return top + log(values.reduce((sum, v) => sum + exp(v - top), 0));
}

function largest(values: Float64Array): number {
  return values.reduce((most, v) => (v > most ? v : most), -Infinity);
}
