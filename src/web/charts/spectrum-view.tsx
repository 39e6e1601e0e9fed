/** Spectra of fits: the whole one with the background of its fits, and the fit of the hypothesis that is shown. */
import { signal, useComputed, useSignal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { findColumn, numbersOf } from '../../model/result.ts';
import type { FigureSpectrum, SpectrumScanResult } from '../../model/spectrum/spectrum-result.ts';
import { labelText } from '../../report/svg/label.ts';
import { Panel } from '../components/panel.tsx';
import { isSpectrumResult } from '../engine/api.ts';
import type { Page } from '../state/page.ts';
import type { View } from './chart-model.ts';
import { Chart } from './chart.tsx';
import { Check, Choose, ResetZoom } from './controls.tsx';
import { FitView } from './fit-view.tsx';
import { pageCursor } from './page-cursor.ts';
import { prefersLog, rangeOf, wholeSpectrum } from './spectrum-model.ts';
import { placeWords, rowWords } from './words.ts';

export function SpectrumView({ page }: { readonly page: Page }) {
  const result = page.scanned.value?.result;
  if (result === undefined || !isSpectrumResult(result)) return null;
  return <Spectra page={page} result={result} />;
}

/** Index of the spectrum that a row of the table is a fit of. */
function spectrumOf({ table, spectra }: SpectrumScanResult, row: number | undefined): number {
  const name = row === undefined ? undefined : findColumn(table, 'spectrum')?.values[row];
  return Math.max(0, spectra.findIndex((spectrum) => spectrum.name === name)); // prettier-ignore
}

function Spectra({ page, result }: { readonly page: Page; readonly result: SpectrumScanResult }) {
  const { spectra } = result;
  // that of the shown hypothesis, until another one is chosen for the time that nothing is shown of it
  const shownIn = useComputed(() => spectrumOf(result, page.shown.value)).value;
  const chosen = useMemo(() => signal<number | undefined>(undefined), [result, shownIn]);
  const index = Math.min(spectra.length - 1, chosen.value ?? shownIn);
  return (
    <Panel
      title="Spectrum"
      controls={
        spectra.length > 1 && (
          <Choose
            label="spectrum"
            choices={spectra.map(({ name }, i) => ({ name: String(i), words: name }))}
            chosen={String(index)}
            onChoose={(name) => (chosen.value = Number(name))}
          />
        )
      }
    >
      <Whole key={index} page={page} result={result} spectrum={spectra[index]} />
      <FitView page={page} result={result} />
    </Panel>
  );
}

interface WholeProps {
  readonly page: Page;
  readonly result: SpectrumScanResult;
  readonly spectrum: FigureSpectrum;
}

function Whole({ page, result: { table }, spectrum }: WholeProps) {
  const view = useMemo(() => signal<View | undefined>(undefined), [spectrum]);
  const isLog = useMemo(() => signal(prefersLog(spectrum)), [spectrum]);
  const isPulls = useSignal(false);
  const { heights, pulls } = useMemo(
    () => wholeSpectrum(spectrum, { view: view.value, isLogY: isLog.value }),
    [spectrum, view.value, isLog.value],
  );
  const model = isPulls.value ? pulls : heights;
  const { stops, rows } = useMemo(() => hypothesesOf(table, spectrum), [table, spectrum]);
  const cursor = useMemo(() => {
    const stopOf = new Map(rows.map((row, stop) => [row, stop]));
    return pageCursor(page, {
      stops,
      rowAt: (stop) => rows[stop],
      stopOf: (row) => stopOf.get(row),
      words: (stop) => {
        const place = model.places.findIndex(({ high }) => high > stops[stop]);
        return `${rowWords(table, rows[stop], 'hypothesis')}${place < 0 ? '' : `; ${placeWords(model, place)}`}`;
      },
    });
  }, [page, table, model, stops, rows]);
  const range = useComputed(() => {
    const detail = page.detail.value;
    if (detail?.kind !== 'hypothesis' || (detail.spectrum ?? spectrum.name) !== spectrum.name) return undefined;
    return detail.range;
  });
  const events = useMemo(() => spectrum.counts.reduce<number>((sum, n) => sum + (n ?? 0), 0), [spectrum]);
  return (
    <Chart
      name={`${isPulls.value ? 'pulls' : 'events'} of the whole spectrum against ${labelText(spectrum.label)}`}
      model={model}
      cursor={cursor}
      full={rangeOf(spectrum)}
      onZoom={(part) => (view.value = part)}
      range={range}
    >
      <p class="chart-controls muted">
        {events} events {spectrum.counts.includes(null) ? 'shown ' : ''}in {spectrum.counts.length} bins, {rows.length}{' '}
        hypotheses; shaded: the range of the fit below.
        <Check label="log events" checked={isLog.value} onChange={(on) => (isLog.value = on)} />
        <Check label="pulls" checked={isPulls.value} onChange={(on) => (isPulls.value = on)} />
        <ResetZoom view={view} />
      </p>
    </Chart>
  );
}

/** The hypotheses of a spectrum in order of their position in its variable. */
function hypothesesOf(table: SpectrumScanResult['table'], spectrum: FigureSpectrum) {
  const position = numbersOf(table, findColumn(table, 'x') === undefined ? 'mass' : 'x');
  const names = findColumn(table, 'spectrum')?.values;
  const rows = Array.from({ length: table.rowCount }, (_, row) => row)
    .filter((row) => names === undefined || names[row] === spectrum.name)
    .sort((i, j) => position[i] - position[j] || i - j);
  return { rows, stops: rows.map((row) => position[row]) };
}
