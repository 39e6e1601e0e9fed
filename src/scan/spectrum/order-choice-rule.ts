/**
 * Stated rules that choose the order of a background from fits without signal. Orders are nested: each next one has one
 * coefficient more. k counts coefficients; -2 ln L is that of the extended binned likelihood, with the constraints of
 * peaking backgrounds, whose yields are in all orders and do not count.
 */
import { DarkscanError } from '../../errors.ts';
import { gammaQ } from '../../stats/gamma.ts';
import { log } from '../../stats/portable.ts';

/**
 * `f-test`: from the lowest order on, one more coefficient as long as the gain in 2 ln L has a probability
 * P(chi2_1 > gain) below `level` (Wilks 1938); the first order that is not worth its coefficient ends it, even where the
 * one after it would be. This is the likelihood-ratio form of what searches call F-test; Fisher's own form compares
 * (chi2_a - chi2_b)/(chi2_b/dof_b) with F(1, dof_b), which differs where neither order describes the data.
 * `aic`: the smallest 2k - 2 ln L (Akaike 1974). `bic`: the smallest k ln N - 2 ln L (Schwarz 1978), N the number of
 * fitted bins, not of events. On a tie the lower order.
 */
export type OrderRule =
  { readonly rule: 'f-test'; readonly level: number } | { readonly rule: 'aic' } | { readonly rule: 'bic' };

export function checkRule(rule: OrderRule): void {
  if (rule.rule === 'f-test' && !(rule.level > 0 && rule.level < 1))
    throw new DarkscanError('card', `background order: level is ${rule.level}, expected a number between 0 and 1`);
}

/**
 * Index of the chosen order; 0 where no order has a fit. Asks for no more than it needs.
 * @param twiceNllAt -2 ln L of the fit without signal of an order, up to a constant; Infinity where it has none
 */
export function chooseOrder(
  rule: OrderRule,
  nOrders: number,
  nBins: number,
  twiceNllAt: (order: number) => number,
): number {
  let [chosen, last] = [0, twiceNllAt(0)];
  if (rule.rule === 'f-test') {
    for (let next = 1; next < nOrders; next++) {
      const value = twiceNllAt(next);
      const isWorth = last === Infinity ? value < Infinity : gainProbability(last - value) < rule.level;
      // above orders without a fit starts the lowest that has one
      if (!isWorth && last < Infinity) break;
      if (isWorth) [chosen, last] = [next, value];
    }
    return chosen;
  }
  const price = rule.rule === 'aic' ? 2 : log(nBins);
  for (let next = 1; next < nOrders; next++) {
    const value = twiceNllAt(next) + next * price;
    if (value < last) [chosen, last] = [next, value];
  }
  return chosen;
}

/** P(chi2_1 > gain) */
function gainProbability(gain: number): number {
  return gain > 0 ? gammaQ(0.5, 0.5 * gain) : 1;
}
