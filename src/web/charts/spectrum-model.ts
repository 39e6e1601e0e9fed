/** Spectra as charts: a whole one with the background of its fits, the fits of one hypothesis, and pulls. */
import type { QuantityLabel } from '../../model/result.ts';
import type { FigureSpectrum } from '../../model/spectrum/spectrum-result.ts';
import { dataPoints, isHistogram } from '../../report/spectrum/draw-data.ts';
import { drawnBins, heightOf, type DrawnBins } from '../../report/spectrum/drawn-bins.ts';
import { pullsOf, reachOf } from '../../report/spectrum/pull-panel.ts';
import type { ExplainedBin } from '../../scan/spectrum/explain-hypothesis.ts';
import {
  heightDomain,
  isInside,
  plainAxis,
  type ChartModel,
  type HatchedRegions,
  type Layer,
  type LineLayer,
  type View,
} from './chart-model.ts';
import { hasNumbers } from './limit-layers.ts';

export interface SpectrumLook {
  readonly view?: View;
  readonly isLogY: boolean;
}

export interface SpectrumCharts {
  readonly heights: ChartModel;
  readonly pulls: ChartModel;
  readonly drawn: DrawnBins;
}

type Curve = Pick<LineLayer, 'label' | 'tone' | 'dash' | 'word'>;

const WITHOUT_SIGNAL: Curve = { label: 'b: fit without signal', tone: '--accent', dash: [2, 2.5], word: 'b' };
const WITH_SIGNAL: Curve = { label: 'fit with signal', tone: '--signal', word: 'with signal' };
const ITS_BACKGROUND: Curve = { label: 'its background', tone: '--signal', dash: [6, 3] };
const STITCHED: Curve = { label: 'b: background of the fits, stitched', tone: '--signal', word: 'b' };

/** The whole range of a spectrum's variable. */
export function rangeOf({ low, high }: Pick<FigureSpectrum, 'low' | 'high'>): View {
  return [low[0] ?? 0, high.at(-1) ?? 1];
}

/** Bins are drawn several as one where there are too many in view. */
export function wholeSpectrum(spectrum: FigureSpectrum, look: SpectrumLook): SpectrumCharts {
  const { low, high, background } = spectrum;
  const bins = [...low.keys()].filter((bin) => isInside({ low: low[bin], high: high[bin] }, look.view));
  const drawn = drawnBins(spectrum, bins, [bins.map((bin) => background[bin])]);
  return chartsOf(spectrum, drawn, [STITCHED], look, rangeOf(spectrum));
}

/** The bins of a fit as those of a spectrum. */
export function columnsOf(bins: readonly ExplainedBin[]): Pick<FigureSpectrum, 'low' | 'high' | 'counts'> {
  return {
    low: bins.map(({ low }) => low),
    high: bins.map(({ high }) => high),
    counts: bins.map(({ n }) => n),
  };
}

/** @param bins of the explanation of a hypothesis */
export function fitOfHypothesis(
  bins: readonly ExplainedBin[],
  spectrum: QuantityLabel & Pick<FigureSpectrum, 'excluded'>,
  look: SpectrumLook,
): SpectrumCharts {
  const fitted = { ...spectrum, ...columnsOf(bins), name: '', background: [] };
  const curves = [
    bins.map(({ background }) => background),
    bins.map(({ withSignal }) => withSignal),
    bins.map(({ backgroundOfFull }) => backgroundOfFull),
  ];
  const drawn = drawnBins(fitted, [...bins.keys()], curves);
  return chartsOf(fitted, drawn, [WITHOUT_SIGNAL, WITH_SIGNAL, ITS_BACKGROUND], look, rangeOf(fitted));
}

/** @param curves those of the expectations of the bins; the pulls are of the first, the second is drawn among them */
function chartsOf(
  spectrum: QuantityLabel & Pick<FigureSpectrum, 'excluded'>,
  drawn: DrawnBins,
  curves: readonly Curve[],
  { view, isLogY }: SpectrumLook,
  full: View,
): SpectrumCharts {
  const { bins, per, title, merged } = drawn;
  const points = dataPoints(drawn);
  // blind bins have no point
  let next = 0;
  const pointOf = bins.map(({ low }) => (points[next]?.low === low ? points[next++] : undefined));
  const [height, from, to] = (['height', 'from', 'to'] as const).map((key) =>
    pointOf.map((point) => point?.[key] ?? NaN),
  );
  const label = `data${merged > 1 ? ` (${merged} bins drawn as one)` : ''}`;
  const data: Layer = isHistogram(points)
    ? { kind: 'bars', label, tone: '--filled', values: height, word: 'data' }
    : { kind: 'points', mark: 'disc', label, tone: '--ink', values: height, from, to, word: 'data' };
  const lines = curves.flatMap((curve, k): Layer[] => {
    const values = bins.map((bin) => heightOf(bin, bin.expected[k], per));
    return hasNumbers(values) ? [{ kind: 'line', ...curve, values }] : [];
  });
  // points lie over the curves, a filled histogram under them; the first curve on top
  const ordered = data.kind === 'bars' ? [data, ...lines.reverse()] : [...lines.reverse(), data];
  const layers = points.length > 0 ? ordered : lines;
  const kind = isLogY ? 'log' : 'linear';
  const x = { label: spectrum.label, unit: spectrum.unit, kind: 'linear', domain: view ?? full } as const;
  const common = { x, places: bins, hatched: hatchedOf(spectrum) };
  const close = heightDomain({ places: bins, layers }, view, kind);
  const domain = isLogY ? logFloor(close, points) : linearFloor(close);
  return {
    drawn,
    heights: { ...common, y: plainAxis(title, kind, domain), layers },
    pulls: { ...common, ...pullChart(drawn, curves[1]) },
  };
}

function hatchedOf({ excluded, blind = [] }: Pick<FigureSpectrum, 'excluded' | 'blind'>): HatchedRegions[] {
  const vetoed: HatchedRegions = { label: 'vetoed, not fitted', tone: '--muted', regions: excluded };
  const hidden: HatchedRegions = { label: 'blind: events not shown', tone: '--warn', regions: blind };
  return [vetoed, hidden].filter(({ regions }) => regions.length > 0);
}

/** A logarithmic axis starts below the lowest bar of a bin with events, however small an expectation may be. */
function logFloor([low, high]: View, points: readonly { readonly height: number; readonly from: number }[]): View {
  const bars = points.filter(({ height, from }) => height > 0 && from > 0).map(({ from }) => from);
  return [bars.length > 0 ? Math.max(low, Math.min(...bars) / 1.5) : low, high];
}

/** A linear one at 0, except for small changes of large counts. */
function linearFloor([low, high]: View): View {
  return [low > 0.5 * high ? low : 0, high];
}

function pullChart({ bins }: DrawnBins, second: Curve | undefined): Pick<ChartModel, 'y' | 'layers' | 'levels'> {
  const pulls = pullsOf(bins);
  const reach = reachOf(pulls);
  const bars = (few: boolean) => pulls.map(({ pull, isFew }) => (isFew === few ? pull : NaN));
  const signals = pulls.map(({ signal }) => signal);
  const hasFew = pulls.some(({ pull, isFew }) => isFew && !Number.isNaN(pull));
  return {
    y: plainAxis('(n − b)/√b', 'linear', [-reach, reach]),
    layers: [
      { kind: 'bars', label: 'pulls of b', tone: '--filled', values: bars(false), base: 0, word: 'pull' },
      ...(hasFew ? [{ kind: 'bars', label: 'pulls, b below 1 event', tone: '--muted', values: bars(true), base: 0, open: true, word: 'pull' } as const] : []), // prettier-ignore
      ...(second !== undefined && hasNumbers(signals) ? [{ kind: 'line', ...second, values: signals } as const] : []),
    ],
    levels: [{ at: 0, label: '' }],
  };
}

/** A logarithmic axis is the better one over more than two decades of bins with events, as in the figures. */
export function prefersLog({ low, high, counts }: Pick<FigureSpectrum, 'low' | 'high' | 'counts'>): boolean {
  const filled = counts.map((n, bin) => (n ?? 0) / (high[bin] - low[bin])).filter((height) => height > 0);
  return filled.length > 0 && filled.reduce((a, b) => Math.max(a, b)) > 100 * filled.reduce((a, b) => Math.min(a, b));
}
