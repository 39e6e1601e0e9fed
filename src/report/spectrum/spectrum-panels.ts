/** Bins of a spectrum with curves through them, vetoed regions and a legend; below, the pulls of one of the curves. */
import type { PlotLabels } from '../../model/result.ts';
import { drawBadges } from '../figures/badges.ts';
import { drawLine } from '../figures/bands.ts';
import { massAxis } from '../figures/mass-axis.ts';
import { figure, hatchPattern, LOWER_BOX, UPPER_BOX } from '../svg/frame.ts';
import { withUnit } from '../svg/label.ts';
import { legend, type LegendEntry } from '../svg/legend.ts';
import { dataKey, dataPoints, drawData, isHistogram } from './draw-data.ts';
import { drawnBins, heightOf } from './drawn-bins.ts';
import type { FigureSpectrum } from './figure-inputs.ts';
import { heightAxis } from './height-axis.ts';
import { fewKey, pullPanel } from './pull-panel.ts';
import { blindKey, shadeBlind, shadeVetoes, vetoKey } from './vetoes.ts';

export interface SpectrumCurve {
  readonly label: string;
  readonly style: Record<string, string>;
  /** [nBins drawn] expected events; null where there is none. */
  readonly expected: readonly (number | null)[];
}

export interface SpectrumPanels {
  readonly spectrum: FigureSpectrum;
  /** Bins of the spectrum that are shown, ascending. */
  readonly bins: readonly number[];
  /** The pulls are those of the first; the second, where there is one, is drawn among them. */
  readonly curves: readonly SpectrumCurve[];
  /** Lines of text in the legend. */
  readonly remarks: readonly string[];
  /** Positions with a numbered disc. */
  readonly marked?: readonly { readonly at: number; readonly rank: number }[];
  readonly subject: string;
  readonly description: string;
}

export function drawSpectrumPanels(what: SpectrumPanels, labels: PlotLabels): string {
  const { spectrum, curves, remarks, marked = [], subject, description } = what;
  const drawn = drawnBins(
    spectrum,
    what.bins,
    curves.map(({ expected }) => expected),
  );
  const { bins, per, title } = drawn;
  const points = dataPoints(drawn);
  const steps = curves.map((_, k) =>
    bins.map((bin) => ({ low: bin.low, high: bin.high, height: heightOf(bin, bin.expected[k], per) })),
  );
  const x = massAxis(
    bins.flatMap(({ low, high }) => [low, high]),
    UPPER_BOX,
  );
  const [upperVetoes, lowerVetoes] = shadeVetoes(spectrum.excluded, x, [UPPER_BOX, LOWER_BOX]);
  const [upperBlind, lowerBlind] = shadeBlind(spectrum.blind ?? [], x, [UPPER_BOX, LOWER_BOX]);
  const entries: LegendEntry[] = [
    ...dataKey(drawn),
    ...curves.map(({ label, style }): LegendEntry => ({ key: 'line', label, style })),
    ...(upperVetoes === undefined ? [] : [vetoKey()]),
    ...(upperBlind === undefined ? [] : [blindKey()]),
    ...fewKey(bins),
    ...remarks.map((label): LegendEntry => ({ key: 'none', label })),
  ];
  const heightAt = (position: number) =>
    points.reduce((height, point) => (point.low <= position ? point.height : height), points[0]?.height ?? 0);
  const discs = { x: marked.map(({ at }) => at), y: marked.map(({ at }) => heightAt(at)) };
  const { scale: y, open, legends } = heightAxis(points, steps, x, UPPER_BOX, entries, discs);
  const lower = pullPanel(bins, x, withUnit(spectrum), curves[1]?.style);
  const ranks = marked.map(({ rank }) => rank);
  const data = drawData(points, x, open);
  // the first curve on top
  const lines = curves.map(({ style }, k) => drawLine(steps[k], ({ height }) => height, x, open, style)).reverse();
  return figure({
    axes: { box: UPPER_BOX, x, y, xTitle: '', yTitle: title },
    lower: { ...lower, marks: [lowerBlind ?? '', lowerVetoes ?? '', ...lower.marks] },
    labels,
    subject,
    description,
    defs: `${hatchPattern('hatch', '#999')}${upperBlind === undefined ? '' : hatchPattern('hatch-blind', '#d9b778')}`,
    marks: [
      upperBlind ?? '',
      upperVetoes ?? '',
      ...(isHistogram(points) ? data : lines),
      ...(isHistogram(points) ? lines : data),
    ],
    extras: [
      ...legends.map((one) => legend(...one.corner, one.entries)),
      drawBadges({ box: UPPER_BOX, x, y }, discs, [...marked.keys()], ranks),
    ],
  });
}
