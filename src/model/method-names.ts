/**
 * Names of statistical methods: those that can be asked for now, and those defined but not built yet, which are refused
 * by name rather than as typing errors.
 */
import type { Card, P0Method } from './card.ts';
import { didYouMean } from './did-you-mean.ts';

type LimitMethod = Card['statistics']['limits'][number]['method'];

export const P0_METHODS: readonly P0Method[] = [
  'marginal',
  'on-off',
  'li-ma',
  'profile',
  'marginal-mid-p',
  'on-off-mid-p',
];
export const LIMIT_METHODS: readonly LimitMethod[] = ['bayes', 'cls-exact', 'profile'];

const CLS_METHODS_LATER = ['cls-hybrid', 'cls-asymptotic', 'cls-toys'];
const LIMIT_METHODS_LATER = [...CLS_METHODS_LATER, 'feldman-cousins', 'rolke'];

/** Why a p0 method is refused, as the end of a sentence ("statistics.p0 is 'li-mo', ..."). */
export function explainP0Method(found: string): string {
  return explain(found, P0_METHODS, []);
}

/** Why a limit method is refused. A bare `cls` could mean four different numbers. */
export function explainLimitMethod(found: string): string {
  if (found === 'cls') {
    const names = ['cls-exact', ...CLS_METHODS_LATER].join(', ');
    return `which is not one method: say which of ${names}; available: ${LIMIT_METHODS.join(', ')}`;
  }
  return explain(found, LIMIT_METHODS, LIMIT_METHODS_LATER);
}

function explain(found: string, available: readonly string[], later: readonly string[]): string {
  const reason = later.includes(found) ? 'which is defined but not available yet' : 'which is not a method';
  return reason + didYouMean(found, later.includes(found) ? [] : available, `available: ${available.join(', ')}`);
}
