/**
 * A quadrature rule for one constrained factor F (efficiency, luminosity, background ...): nodes F_i > 0 with
 * probabilities w_i, held as ln w_i because the integrand may live where the constraint itself is 1e-300.
 * Product rules multiply the factors and add the logarithms.
 */
export interface Rule {
  readonly factors: Float64Array;
  readonly lnWeights: Float64Array;
}

/** No uncertainty: F = 1. */
export const UNIT_RULE: Rule = { factors: Float64Array.of(1), lnWeights: Float64Array.of(0) };

/** Nodes this far below the largest are dropped. */
const LN_NEGLIGIBLE = Math.log(1e-17);

/** Rule of F1 * F2 for independent factors, pruned for the signal (power 1). */
export function productRule(first: Rule, second: Rule, power: 0 | 1): Rule {
  if (first === UNIT_RULE) return second;
  if (second === UNIT_RULE) return first;
  const factors: number[] = [];
  const lnWeights: number[] = [];
  for (let i = 0; i < first.factors.length; i++) {
    for (let j = 0; j < second.factors.length; j++) {
      factors.push(first.factors[i] * second.factors[j]);
      lnWeights.push(first.lnWeights[i] + second.lnWeights[j]);
    }
  }
  return prune({ factors: Float64Array.from(factors), lnWeights: Float64Array.from(lnWeights) }, power);
}

/**
 * Drops nodes that cannot matter at 1e-13 for the signal, whose integrand is bounded by 1/F (power 1). A background
 * rule (power 0) keeps all: with n << b or n >> b the integrand lives where the constraint is arbitrarily small.
 */
export function prune(rule: Rule, power: 0 | 1): Rule {
  if (power === 0) return rule;
  const importance = rule.lnWeights.map((lnWeight, i) => lnWeight - Math.log(rule.factors[i]));
  let largest = -Infinity;
  for (const value of importance) largest = Math.max(largest, value);
  const kept: number[] = [];
  for (let i = 0; i < importance.length; i++) if (importance[i] > largest + LN_NEGLIGIBLE) kept.push(i);
  if (kept.length === importance.length) return rule;
  return {
    factors: Float64Array.from(kept, (i) => rule.factors[i]),
    lnWeights: Float64Array.from(kept, (i) => rule.lnWeights[i]),
  };
}

/** Mean and standard deviation of F under the rule (weights need not be normalised). */
export function moments(rule: Rule): { mean: number; deviation: number } {
  let sum = 0;
  let first = 0;
  for (let i = 0; i < rule.factors.length; i++) {
    const weight = Math.exp(rule.lnWeights[i]);
    sum += weight;
    first += weight * rule.factors[i];
  }
  const mean = first / sum;
  let second = 0;
  for (let i = 0; i < rule.factors.length; i++) {
    second += Math.exp(rule.lnWeights[i]) * (rule.factors[i] - mean) ** 2;
  }
  return { mean, deviation: Math.sqrt(second / sum) };
}

const masses = new WeakMap<Rule, number>();

/** Sum of the weights: 1, less what was cut away below F = 0. */
export function mass(rule: Rule): number {
  let sum = masses.get(rule);
  if (sum === undefined) {
    sum = rule.lnWeights.reduce((total, lnWeight) => total + Math.exp(lnWeight), 0);
    masses.set(rule, sum);
  }
  return sum;
}
