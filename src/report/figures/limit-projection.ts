/**
 * Limits of a plane against one mass. In each bin of the mass: dashed line and bands are the MEDIAN over the windows of
 * the bin of the expected limit and of its quantiles, dots the median observed limit; the dotted line and the triangles
 * are the BEST window of the bin (smallest median expected, smallest observed limit), which is how published ranges read.
 */
import type { FigureInputs } from '../figure-inputs.ts';
import { binLimits } from '../limit-bins.ts';
import type { LimitBin, LimitColumns } from '../limit-bins.ts';
import { element } from '../svg/element.ts';
import { figure, WIDE_BOX } from '../svg/frame.ts';
import { withUnit } from '../svg/label.ts';
import { legend, trianglePath } from '../svg/legend.ts';
import type { LegendEntry } from '../svg/legend.ts';
import { linearScale } from '../svg/scale.ts';
import type { Scale } from '../svg/scale.ts';
import { BAND_KEYS, BEST_STYLE, drawBands, drawLine, limitAxis, MEDIAN_STYLE } from './bands.ts';
import type { BandPoint } from './bands.ts';

export interface Projection {
  readonly axis: 'x' | 'y';
  readonly columns: LimitColumns;
  /** "upper limits (90 % credibility, bayes)". */
  readonly subject: string;
  /** Title of the vertical axis with unit, ROOT-like. */
  readonly title: string;
}

export function drawLimitProjection(
  { table, labels }: FigureInputs,
  { axis, columns, subject, title }: Projection,
): string {
  const bins = binLimits(table, axis, columns);
  const x = massScale(bins);
  const y = limitAxis(bins.flatMap(valuesOf), [WIDE_BOX.bottom, WIDE_BOX.top]);
  const points = bins.map(({ low, high, medianExpected: { m2, m1, p1, p2 } }): BandPoint => ({
    low,
    high,
    m2,
    m1,
    p1,
    p2,
  }));
  const hasObserved = bins.some((bin) => !Number.isNaN(bin.medianObserved));
  return figure({
    axes: { box: WIDE_BOX, x, y, xTitle: withUnit(axis === 'x' ? labels.x : labels.y!), yTitle: title },
    labels,
    subject: `${subject}, ${table.rowCount} windows in ${bins.length} bins`,
    description: `For each bin: median over its windows of ${columns.observed} and of the expected limits with bands, and the smallest limit. ${summarise(bins)}`,
    marks: [
      drawBands(points, x, y),
      drawLine(bins, (bin) => bin.medianExpected['0'], x, y, MEDIAN_STYLE),
      drawLine(bins, (bin) => bin.bestExpected, x, y, BEST_STYLE),
      ...bins.map((bin) => drawObserved(bin, x, y)),
    ],
    extras: [
      legend(WIDE_BOX.left + 14, WIDE_BOX.top + 12, medianKeys(hasObserved, columns.expected.m1 !== undefined)),
      legend(WIDE_BOX.right - 14, WIDE_BOX.top + 12, [...bestKeys(hasObserved), ...remarks(points)], 'end'),
    ],
  });
}

function massScale(bins: readonly LimitBin[]): Scale {
  const [low, high] = [bins[0]?.low ?? 0, bins.at(-1)?.high ?? 1];
  const margin = 0.02 * (high - low);
  return linearScale([low - margin, high + margin], [WIDE_BOX.left, WIDE_BOX.right], 8);
}

function valuesOf(bin: LimitBin): number[] {
  return [...Object.values(bin.medianExpected), bin.medianObserved, bin.bestExpected, bin.bestObserved];
}

function medianKeys(hasObserved: boolean, hasBands: boolean): LegendEntry[] {
  const head: LegendEntry = { key: 'none', label: 'median over the windows of a bin:' };
  const line: LegendEntry = { key: 'line', label: 'median expected limit', style: MEDIAN_STYLE };
  const observed: LegendEntry = { key: 'point', label: 'observed limit' };
  return [head, ...(hasObserved ? [observed] : []), line, ...(hasBands ? BAND_KEYS : [])];
}

function bestKeys(hasObserved: boolean): LegendEntry[] {
  const head: LegendEntry = { key: 'none', label: 'best (smallest) of the windows of a bin:' };
  const observed: LegendEntry = {
    key: 'triangle',
    label: 'observed limit',
    style: { fill: 'white', stroke: '#1b3f8b' },
  };
  const line: LegendEntry = { key: 'line', label: 'median expected limit', style: BEST_STYLE };
  return [head, ...(hasObserved ? [observed] : []), line];
}

/** At a fraction of an event per window several quantiles are the same count, and a band has no width: say so. */
function remarks(points: readonly BandPoint[]): LegendEntry[] {
  return points.some((point) => point.m1 === point.p1)
    ? [{ key: 'none', label: 'few events: a band closes where its counts are equal' }]
    : [];
}

function drawObserved(bin: LimitBin, x: Scale, y: Scale): string {
  const at = x.position((bin.low + bin.high) / 2);
  const best = Number.isNaN(bin.bestObserved)
    ? ''
    : element('path', {
        class: 'best',
        d: trianglePath(at, y.position(bin.bestObserved), 3.6),
        fill: 'white',
        stroke: '#1b3f8b',
      });
  const middle = Number.isNaN(bin.medianObserved)
    ? ''
    : element('circle', { class: 'observed', cx: at, cy: y.position(bin.medianObserved), r: 2.6 });
  return best + middle;
}

function summarise(bins: readonly LimitBin[]): string {
  const best = bins.map((bin) => bin.bestExpected).filter((value) => !Number.isNaN(value));
  if (best.length === 0) return 'No window has a limit.';
  return `The best median expected limits lie between ${Math.min(...best).toPrecision(3)} and ${Math.max(...best).toPrecision(3)}.`;
}
