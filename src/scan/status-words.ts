/** What the statuses of windows and hypotheses mean, for people. */
import { UNFITTED_REASONS } from './spectrum/unfitted.ts';

const WORDS: Readonly<Record<string, string>> = {
  ok: 'nothing to be careful about',
  blind: 'what the data say of a signal here is withheld, only what is expected is shown',
  'bad-background': 'the background is negative, infinite or not to be had from its fit: no numbers',
  'no-sensitivity': 'no signal is expected here: no limit',
  'zero-background': 'events where the background is exactly 0: no p0',
  'not-converged': 'a number could not be computed to its precision and is left out',
  'prior-edge': 'the limit depends on the end of the prior (poi_max) by more than 1 %',
  'no-mc': 'no simulated event inside: the background is taken from the mean weight of an event',
  boundary: 'the density of the best fit is 0 somewhere: asymptotic formulae do not hold',
  'no-error': 'the occupied bins do not determine S: it has no error',
  'no-limit': 'a limit could not be found',
};

/** One sentence; empty for a status that says everything itself. @param ofFit of a hypothesis, not of a window */
export function statusWords(status: string, ofFit: boolean): string {
  const words = ofFit ? { ...WORDS, ...UNFITTED_REASONS } : WORDS;
  return Object.hasOwn(words, status) ? words[status]! : '';
}
