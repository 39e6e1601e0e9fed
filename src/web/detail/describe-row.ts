/** One row in a sentence, for those who hear the page. */
import { labelText } from '../../report/svg/label.ts';
import { isSpectrumResult, type AnyScanResult } from '../engine/api.ts';
import { fixedText, numberText, quantityText } from '../state/number-text.ts';
import { limitFacts, numberAt, p0Facts, statusAt } from './row-facts.ts';

/** "window 5250 at M_μμ = 5.602 GeV/c², M_rec² = 6.45 GeV²/c⁴: 3 events on 0.2026, Z 3.00, limit 0.8 fb, status ok" */
export function describeRow(result: AnyScanResult, row: number): string {
  const { table, labels } = result;
  const number = (name: string) => numberAt(table, name, row);
  const [{ z }] = p0Facts(result, row);
  const [limit] = limitFacts(result, row);
  const told = [
    ...(z === undefined ? [] : [`Z ${fixedText(z)}`]),
    ...(limit?.observed === undefined ? [] : [`limit ${quantityText(limit.observed, limit.unit)}`]),
    `status ${statusAt(table, row)}`,
  ];
  if (isSpectrumResult(result)) {
    const place = `${labelText(labels.x.label)} = ${quantityText(number('mass'), labels.x.unit)}`;
    const yieldOf = number('s_hat') === undefined ? [] : [`${numberText(number('s_hat'))} signal events`];
    return `hypothesis ${row} at ${place}: ${[...yieldOf, ...told].join(', ')}`;
  }
  const axes = [{ name: 'x', ...labels.x }, ...(labels.y === undefined ? [] : [{ name: 'y', ...labels.y }])];
  const place = axes.map(({ name, label, unit }) => `${labelText(label)} = ${quantityText(number(name), unit)}`);
  const n = number('n');
  const count = n === undefined || n < 0 ? 'blind' : `${n} events`;
  return `window ${row} at ${place.join(', ')}: ${[`${count} on ${numberText(number('bkg'))}`, ...told].join(', ')}`;
}
