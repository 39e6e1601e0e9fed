/** A hypothesis in a sentence, for those who hear the page. */
import type { SpectrumScanResult } from '../../model/spectrum/spectrum-result.ts';
import { labelText } from '../../report/svg/label.ts';
import { fixedText, quantityText } from '../state/number-text.ts';
import { limitFacts, numberAt, p0Facts, statusAt } from './row-facts.ts';

/** "hypothesis 346 at m_a = 6.34 GeV: 31.2 signal events, Z 3.21, limit 0.8 fb, status ok" */
export function describeHypothesis(result: SpectrumScanResult, row: number): string {
  const { table, labels } = result;
  const place = `${labelText(labels.x.label)} = ${quantityText(numberAt(table, 'mass', row), labels.x.unit)}`;
  const [signal, [{ z }], [limit]] = [numberAt(table, 's_hat', row), p0Facts(result, row), limitFacts(result, row)];
  const told = [
    ...(signal === undefined ? [] : [quantityText(signal, 'signal events', 3)]),
    ...(z === undefined ? [] : [`Z ${fixedText(z)}`]),
    ...(limit?.observed === undefined ? [] : [`limit ${quantityText(limit.observed, limit.unit, 3)}`]),
    `status ${statusAt(table, row)}`,
  ];
  return `hypothesis ${row} at ${place}: ${told.join(', ')}`;
}
