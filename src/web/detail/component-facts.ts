/** Where the expected background of a component comes from, in words; none where it is known. */
import type { WindowExplanation } from '../../scan/explain-window.ts';
import { numberText } from '../state/number-text.ts';

export function componentFacts(component: WindowExplanation['components'][number]): string {
  const { nOff, tau, leak, simulatedEvents, sumOfSquaredWeights, error, degree, bins, bandEvents } = component;
  if (degree !== undefined) {
    return `polynomial of degree ${degree} through ${bins} bins with ${bandEvents} events, ± ${numberText(error, 3)}`;
  }
  if (nOff !== undefined) {
    const signal = leak ? `, signal there ${numberText(leak, 3)} of that inside` : '';
    return `${nOff} events beside it, ${numberText(tau, 3)} times as many expected there${signal}`;
  }
  if (simulatedEvents !== undefined) {
    return `${simulatedEvents} simulated events, ± ${numberText(Math.sqrt(sumOfSquaredWeights ?? 0), 3)}`;
  }
  return error === undefined ? '' : `± ${numberText(error, 3)}`;
}
