/**
 * Names of statistical methods: those that can be asked for now, and those defined but not built yet, which are refused
 * by name rather than as typing errors.
 */
import type { Card, P0Method, SpectrumCard } from './card.ts';
import { didYouMean } from './did-you-mean.ts';

type LimitMethod = (Card | SpectrumCard)['statistics']['limits'][number]['method'];

export const P0_METHODS: readonly P0Method[] = [
  'marginal',
  'on-off',
  'li-ma',
  'profile',
  'marginal-mid-p',
  'on-off-mid-p',
];
/** Of any kind of scan; each has some of them. */
const LIMIT_METHODS: readonly LimitMethod[] = ['bayes', 'cls-exact', 'cls-asymptotic', 'profile'];
const CLS_METHODS = ['cls-exact', 'cls-hybrid', 'cls-asymptotic', 'cls-toys'];
const LIMIT_METHODS_LATER = ['cls-hybrid', 'cls-toys', 'feldman-cousins', 'rolke'];

/** Why a p0 method is refused, as the end of a sentence ("statistics.p0 is 'li-mo', ..."). */
export function explainP0Method(found: string): string {
  return explain(found, 'which is not a method', P0_METHODS);
}

/**
 * Why a limit method is refused. A bare `cls` could mean four different numbers.
 * @param available those of this kind of scan
 */
export function explainLimitMethod(found: string, available: readonly string[]): string {
  const names = `available: ${available.join(', ')}`;
  if (found === 'cls') return `which is not one method: say which of ${CLS_METHODS.join(', ')}; ${names}`;
  if (LIMIT_METHODS_LATER.includes(found)) return `which is defined but not available yet; ${names}`;
  if ((LIMIT_METHODS as readonly string[]).includes(found)) return `which this kind of scan does not have; ${names}`;
  return explain(found, 'which is not a method', available);
}

function explain(found: string, reason: string, available: readonly string[]): string {
  return reason + didYouMean(found, available, `available: ${available.join(', ')}`);
}
