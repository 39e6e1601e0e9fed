/** Rules shared between windows: the key holds everything a rule depends on. */
import { UNIT_RULE, type Rule } from '../constraints/rule.ts';

export class RuleCache {
  private readonly rules = new Map<string, Rule>();
  private readonly ids = new Map<Rule, number>();

  get(key: string, make: () => Rule): Rule {
    let rule = this.rules.get(key);
    if (!rule) {
      rule = make();
      this.rules.set(key, rule);
      this.ids.set(rule, this.ids.size);
    }
    return rule;
  }

  /** Product of two rules of this cache, itself kept. */
  product(first: Rule, second: Rule, power: 0 | 1, multiply: (a: Rule, b: Rule, power: 0 | 1) => Rule): Rule {
    if (first === UNIT_RULE) return second;
    if (second === UNIT_RULE) return first;
    const key = `x|${this.ids.get(first)}|${this.ids.get(second)}|${power}`;
    return this.get(key, () => multiply(first, second, power));
  }
}
