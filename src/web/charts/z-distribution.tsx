/** Distribution of Z over the windows, observed and expected from background. */
import { signal, useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { findColumn, numbersOf, type ResultTable, type ScanResult } from '../../model/result.ts';
import { binOf, zHistogram, type ZHistogram } from '../../report/z-histogram.ts';
import { Panel } from '../components/panel.tsx';
import { isSpectrumResult } from '../engine/api.ts';
import type { Page } from '../state/page.ts';
import { centre, type View } from './chart-model.ts';
import { Chart } from './chart.tsx';
import { Check, ResetZoom } from './controls.tsx';
import { pageCursor } from './page-cursor.ts';
import { placeWords, rowWords } from './words.ts';
import { zModel, zRemarks } from './z-model.ts';

export function ZDistribution({ page }: { readonly page: Page }) {
  const result = page.scanned.value?.result;
  if (result === undefined || isSpectrumResult(result) || findColumn(result.table, 'z') === undefined) return null;
  return <Distribution page={page} result={result} />;
}

function Distribution({ page, result }: { readonly page: Page; readonly result: ScanResult }) {
  const { table, expectedZ, summary } = result;
  const histogram = useMemo(() => zHistogram(table, expectedZ), [table, expectedZ]);
  const view = useMemo(() => signal<View | undefined>(undefined), [histogram]);
  const isLogY = useSignal(true);
  const model = useMemo(
    () => zModel(histogram, { method: summary.p0Method, view: view.value, isLogY: isLogY.value }),
    [histogram, summary, view.value, isLogY.value],
  );
  const cursor = useMemo(() => {
    const bins = windowsOfBins(table, histogram);
    const z = numbersOf(table, 'z');
    const { edges } = histogram;
    return pageCursor(page, {
      stops: model.places.map(centre),
      rowAt: (bin) => bins[bin],
      stopOf: (row) => (z[row] >= edges[0] && z[row] < edges[edges.length - 1] ? binOf(z[row], edges) : undefined),
      words: (bin) => {
        const best = bins[bin];
        return `${placeWords(model, bin)}${best === undefined ? '' : `; ${rowWords(table, best, 'window')}`}`;
      },
    });
  }, [page, table, histogram, model]);
  return (
    <Panel
      title="Distribution of Z"
      controls={
        <div class="chart-controls">
          <Check label="log count" checked={isLogY.value} onChange={(on) => (isLogY.value = on)} />
          <ResetZoom view={view} />
        </div>
      }
    >
      <Chart
        name={`windows per bin of local Z of ${table.rowCount} windows`}
        model={model}
        cursor={cursor}
        full={histogram.shown}
        onZoom={(part) => (view.value = part)}
        height={200}
      >
        {zRemarks(histogram, table.rowCount).map((remark) => (
          <p class="muted" key={remark}>
            {remark}
          </p>
        ))}
      </Chart>
    </Panel>
  );
}

/** The most significant window of each bin. */
function windowsOfBins(table: ResultTable, { edges, counts }: ZHistogram): (number | undefined)[] {
  const z = numbersOf(table, 'z');
  const best: (number | undefined)[] = Array.from(counts, () => undefined);
  for (let row = 0; row < z.length; row++) {
    if (!(z[row] >= edges[0] && z[row] < edges[edges.length - 1])) continue;
    const bin = binOf(z[row], edges);
    const other = best[bin];
    if (other === undefined || z[row] > z[other]) best[bin] = row;
  }
  return best;
}
