/** The status of a row: a mark, its name, and what it means. */
import { statusWords } from '../../scan/status-words.ts';
import { isSpectrumResult, type AnyScanResult } from '../engine/api.ts';
import { statusAt } from './row-facts.ts';

export function StatusLine({ result, row }: { readonly result: AnyScanResult; readonly row: number }) {
  const status = statusAt(result.table, row);
  const kind = status === 'ok' ? 'good' : status === 'blind' ? 'blind' : 'bad';
  const words = statusWords(status, isSpectrumResult(result));
  return (
    <p class={`detail-status ${kind}`}>
      <span aria-hidden="true">{{ good: '✓', blind: '◼', bad: '⚠' }[kind]} </span>
      <strong>{status === 'ok' || status === 'blind' ? status : status.toUpperCase()}</strong>
      {words === '' || status === 'ok' ? '' : `: ${words}`}
    </p>
  );
}
