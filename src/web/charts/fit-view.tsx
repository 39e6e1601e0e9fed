/** The fit of the shown hypothesis: data with both fits, below them the pulls of the one without signal. */
import { signal, useSignal, type Signal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import type { SpectrumScanResult } from '../../model/spectrum/spectrum-result.ts';
import { hypothesisFacts } from '../../report/spectrum/describe-hypothesis.ts';
import { numberText } from '../state/number-text.ts';
import { RootLabel } from '../components/root-label.tsx';
import type { HypothesisDetail } from '../engine/explain.ts';
import type { Page } from '../state/page.ts';
import { centre, type ChartModel, type View } from './chart-model.ts';
import { Chart } from './chart.tsx';
import { Check, ResetZoom } from './controls.tsx';
import { columnsOf, fitOfHypothesis, prefersLog, rangeOf } from './spectrum-model.ts';
import type { ChartCursor } from './stops.ts';
import { placeWords } from './words.ts';

export function FitView({ page, result }: { readonly page: Page; readonly result: SpectrumScanResult }) {
  const detail = page.detail.value;
  if (detail?.kind !== 'hypothesis')
    return <p class="muted">Point at a mass, or click to pin one: its fit is drawn here.</p>;
  const { table, labels, spectra } = result;
  const spectrum = spectra.find(({ name }) => name === detail.spectrum) ?? spectra[0];
  return (
    <>
      <h3>
        Fit of hypothesis {detail.hypothesis}
        {detail.spectrum === undefined ? '' : ` in ${detail.spectrum}`}
      </h3>
      <ul class="chart-facts">
        {hypothesisFacts(table, detail.hypothesis, labels, spectrum).map((fact) => (
          <li key={fact}>
            <RootLabel label={fact} />
          </li>
        ))}
        {detail.deviance !== undefined && (
          <li>
            <RootLabel
              label={`#chi^{2}/dof = ${detail.deviance.toFixed(1)}/${detail.dof}, p = ${numberText(detail.pFit, 2)}`}
            />
          </li>
        )}
      </ul>
      {detail.bins.length === 0 ? (
        <p class="muted">No fit: {detail.status}.</p>
      ) : (
        <Fit detail={detail} spectrum={spectrum} />
      )}
    </>
  );
}

interface FitProps {
  readonly detail: HypothesisDetail;
  readonly spectrum: SpectrumScanResult['spectra'][number];
}

/** Widths of the signal that are shaded on both sides of it. */
const SHADED = 2;

function Fit({ detail, spectrum }: FitProps) {
  const { bins, x, width } = detail;
  const fitted = useMemo(() => columnsOf(bins), [bins]);
  const view = useMemo(() => signal<View | undefined>(undefined), [detail]);
  // what the user wants holds for all fits
  const wantsLog = useSignal<boolean | undefined>(undefined);
  const isLogY = wantsLog.value ?? prefersLog(fitted);
  const { heights, pulls } = useMemo(
    () => fitOfHypothesis(bins, spectrum, { view: view.value, isLogY }),
    [bins, spectrum, view.value, isLogY],
  );
  const [pointed, chosen] = useMemo(() => [aBin(), aBin()], [detail]);
  const cursors = useMemo(
    () => [heights, pulls].map((model) => binCursor(model, pointed, chosen)),
    [heights, pulls, pointed, chosen],
  );
  const near = useMemo(() => signal<View | undefined>([x - SHADED * width, x + SHADED * width]), [x, width]);
  const common = { full: rangeOf(fitted), range: near, onZoom: (part: View | undefined) => (view.value = part) };
  const name = `of hypothesis ${detail.hypothesis}`;
  const upper = { name: `data and fits ${name}`, model: heights };
  return (
    <>
      <Chart {...upper} {...common} cursor={cursors[0]} isUpper />
      <Chart
        name={`pulls of the fit without signal ${name}`}
        model={pulls}
        {...common}
        cursor={cursors[1]}
        upper={upper}
        height={120}
      >
        <p class="chart-controls muted">
          Shaded: the signal ± {SHADED} widths.
          <Check label="log events" checked={isLogY} onChange={(on) => (wantsLog.value = on)} />
          <ResetZoom view={view} />
        </p>
      </Chart>
    </>
  );
}

const aBin = () => signal<number | undefined>(undefined);

/** Over the bins of a fit: one that is pointed at in one chart is marked in both. */
function binCursor(
  model: ChartModel,
  pointed: Signal<number | undefined>,
  chosen: Signal<number | undefined>,
): ChartCursor {
  return {
    stops: model.places.map(centre),
    hovered: pointed,
    pinned: chosen,
    hover: (stop) => (pointed.value = stop),
    pin: (stop) => (chosen.value = stop),
    words: (stop) => placeWords(model, stop),
  };
}
