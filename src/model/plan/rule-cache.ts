/** Rules shared between windows: the key holds everything a rule depends on. */
import { UNIT_RULE, type Rule } from '../constraints/rule.ts';

/** More rules than this are not kept from one chunk of windows to the next (sizes that differ from window to window). */
const MOST_KEPT = 5000;

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

  /** Between chunks: forgets everything once sharing does not pay. */
  trim(): void {
    if (this.rules.size <= MOST_KEPT) return;
    this.rules.clear();
    this.ids.clear();
  }

  /** Product of two rules of this cache, itself kept. */
  product(first: Rule, second: Rule, power: 0 | 1, multiply: (a: Rule, b: Rule, power: 0 | 1) => Rule): Rule {
    if (first === UNIT_RULE) return second;
    if (second === UNIT_RULE) return first;
    const key = `x|${this.ids.get(first)}|${this.ids.get(second)}|${power}`;
    return this.get(key, () => multiply(first, second, power));
  }
}
