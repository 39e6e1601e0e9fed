/** The limits of a card as groups of result columns. */
import type { Card, SpectrumCard } from './card.ts';
import type { LimitGroup } from './result.ts';

type Limit = Card['statistics']['limits'][number] | SpectrumCard['statistics']['limits'][number];

/** The level asked for: a credibility or a confidence level. */
export function levelOf(limit: Limit): number {
  return limit.method === 'bayes' ? limit.credibility : limit.confidence;
}

/** One group per limit wanted; a suffix tells several apart. */
export function limitGroups(limits: readonly Limit[]): LimitGroup[] {
  return limits.map((limit) => {
    const percent = String(+(100 * levelOf(limit)).toPrecision(6));
    return {
      method: limit.method,
      suffix: limits.length === 1 ? '' : `_${limit.method.replaceAll('-', '_')}_${percent.replace('.', 'p')}`,
      levelLabel: `${percent} % ${limit.method === 'bayes' ? 'credibility' : 'CL'}`,
    };
  });
}
