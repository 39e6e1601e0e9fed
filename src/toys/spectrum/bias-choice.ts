/** Which hypotheses of a scan a measurement of bias takes. */
import { DarkscanError } from '../../errors.ts';
import type { PlanStatus } from '../../model/spectrum/fit-plan.ts';

export const DEFAULT_HYPOTHESES = 20;

export type HypothesisChoice =
  | { readonly kind: 'spread'; readonly number: number }
  | { readonly kind: 'every'; readonly step: number }
  | { readonly kind: 'ids'; readonly ids: readonly number[] };

/**
 * Numbers of hypotheses, ascending; those that cannot be fitted are chosen only by `every`, which counts them.
 * @param statuses [nHypotheses] of the plans
 * Errors (kind usage): a number that the scan does not have, or a hypothesis that cannot be fitted.
 */
export function chooseHypotheses(statuses: readonly PlanStatus[], choice: HypothesisChoice): number[] {
  const all = [...statuses.keys()];
  switch (choice.kind) {
    case 'every':
      return all.filter((id) => id % choice.step === 0);
    case 'ids': {
      const ids = [...new Set(choice.ids)].sort((a, b) => a - b);
      for (const id of ids) {
        if (id >= all.length)
          throw new DarkscanError('usage', `bias: no hypothesis ${id}, this scan has 0 to ${all.length - 1}`);
        if (statuses[id] !== 'ok')
          throw new DarkscanError('usage', `bias: hypothesis ${id} cannot be fitted (${statuses[id]}); choose another`);
      }
      return ids;
    }
    case 'spread': {
      // in the middle of as many equal parts
      const fitted = all.filter((id) => statuses[id] === 'ok');
      const n = Math.min(choice.number, fitted.length);
      return Array.from({ length: n }, (_, i) => fitted[Math.floor(((i + 0.5) * fitted.length) / n)]);
    }
  }
}
