/** What the numbers of a window or fit are made from, in words. */
import type { QuantityLabel } from '../../model/result.ts';
import type { WindowExplanation } from '../../scan/explain-window.ts';
import { labelText } from '../../report/svg/label.ts';
import { numberText, withErrorText } from '../state/number-text.ts';

/** Where the expected background of a component comes from; empty where it is known. */
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

/** "1.418 ± 0.21 events per fb", "0.5 per event of S" where the parameter counts events. */
export function sensitivityText(value: number, error: number | null, { label, unit }: QuantityLabel): string {
  const events = withErrorText(value, error);
  return unit === 'events' ? `${events} per event of ${labelText(label)}` : `${events} events per ${labelText(unit)}`;
}
