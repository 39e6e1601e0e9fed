/**
 * The window or hypothesis that is looked at, in full: what the table says at once, the inputs, the posterior and the
 * events as soon as the engine has told them. Until then those of the one before are faded.
 */
import { Panel } from '../components/panel.tsx';
import { isSpectrumResult, type AnyScanResult } from '../engine/api.ts';
import type { Detail } from '../engine/explain.ts';
import { rowOf } from '../state/detail.ts';
import type { Page } from '../state/page.ts';
import './detail.css';
import { describeHypothesis } from './describe-row.ts';
import { FitDetail } from './fit-detail.tsx';
import { Headline } from './headline.tsx';
import { LimitTable, P0Table } from './method-tables.tsx';
import { StatusLine } from './status-line.tsx';
import { WindowInputs } from './window-inputs.tsx';

export function DetailPanel({ page }: { readonly page: Page }) {
  const result = page.scanned.value?.result;
  const row = page.shown.value;
  if (result === undefined) return null;
  const noun = isSpectrumResult(result) ? 'Hypothesis' : 'Window';
  if (row === undefined || row >= result.table.rowCount) {
    return (
      <Panel title={noun}>
        <p class="muted">None is looked at: point at one, or choose a row of the table below.</p>
      </Panel>
    );
  }
  return (
    <Panel title={`${noun} ${row}`} controls={<PinNote page={page} row={row} />}>
      <div class="detail">
        <Headline result={result} row={row} />
        <StatusLine result={result} row={row} />
        <P0Table result={result} row={row} />
        <LimitTable result={result} row={row} />
        <Told detail={page.detail.value} result={result} row={row} />
      </div>
      {isSpectrumResult(result) && (
        <p class="hidden-text" role="status">
          {page.pinned.value === undefined ? '' : `${describeHypothesis(result, page.pinned.value)}, pinned`}
        </p>
      )}
    </Panel>
  );
}

/** Which of the two is shown: the one pointed at hides the pinned one. */
function PinNote({ page, row }: { readonly page: Page; readonly row: number }) {
  const pinned = page.pinned.value;
  if (pinned === undefined) return <span class="muted">pointed at; a click pins it</span>;
  if (pinned !== row) return <span class="muted">pointed at; pinned is {pinned}</span>;
  return (
    <button type="button" onClick={() => (page.pinned.value = undefined)}>
      Unpin
    </button>
  );
}

interface ToldProps {
  readonly detail: Detail | undefined;
  readonly result: AnyScanResult;
  readonly row: number;
}

function Told({ detail, result, row }: ToldProps) {
  if (detail === undefined) {
    return <p class="muted">Inputs and likelihood come in a moment.</p>;
  }
  const isOld = rowOf(detail) !== row;
  return (
    <div class={isOld ? 'detail-told old' : 'detail-told'} aria-busy={isOld}>
      {detail.kind === 'window' ? (
        <WindowInputs detail={detail} result={result} />
      ) : (
        <FitDetail detail={detail} result={result} />
      )}
    </div>
  );
}
