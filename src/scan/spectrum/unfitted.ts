/** Hypotheses without a fit: why, and what to do about it. */
import { DarkscanError } from '../../errors.ts';
import type { FitStatus } from './fit-spectrum.ts';

/** Why, and what to do about it. */
export const UNFITTED_REASONS: Partial<Record<FitStatus, string>> = {
  'few-bins':
    'fewer bins in the range than parameters of the fit; widen it, take narrower bins or a lower order, or leave these positions out',
  'empty-range': 'no event in the range; widen it or leave these positions out',
  'signal-outside': 'less than half of the signal in the fitted bins; widen the range or leave these positions out',
  degenerate: 'signal and backgrounds cannot be told apart in the range; widen it or lower the order',
  'outside-domain': 'the range goes beyond threshold or end of the background; clip it',
  'not-converged': 'the fit did not converge; try a lower order of the background or a wider range',
};

/** One line per reason: how many, which status, why, what to do. */
export function unfittedLines(statuses: readonly FitStatus[]): string[] {
  return Object.entries(UNFITTED_REASONS).flatMap(([status, reason]) => {
    const n = statuses.filter((own) => own === status).length;
    return n === 0 ? [] : [`${n} of ${statuses.length} hypotheses without a fit (${status}): ${reason}`];
  });
}

/** Error (kind data) where no hypothesis at all has a fit: there is nothing to report. */
export function refuseUnfitted(name: string, statuses: readonly FitStatus[]): void {
  if (statuses.some((status) => UNFITTED_REASONS[status] === undefined)) return;
  throw new DarkscanError('data', `${name}: nothing to scan: ${unfittedLines(statuses).join('; ')}`);
}
