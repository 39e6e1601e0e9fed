/** Counts of bins as points with Poisson errors, or as a histogram where points would touch. */
import { poissonInterval } from '../../stats/poisson-interval.ts';
import { drawLine } from '../figures/bands.ts';
import { element } from '../svg/element.ts';
import type { LegendEntry } from '../svg/legend.ts';
import type { Scale } from '../svg/scale.ts';
import { heightOf, type DrawnBins } from './drawn-bins.ts';

const MOST_POINTS = 230;
const LINE = { stroke: 'black', 'stroke-width': '1.1' };

/** Height of a bin with its 68.27 % interval; without it for a histogram. */
export interface DataPoint {
  readonly low: number;
  readonly high: number;
  readonly height: number;
  readonly from: number;
  readonly to: number;
}

export function dataPoints({ bins, per }: DrawnBins): DataPoint[] {
  const isHistogram = bins.length > MOST_POINTS;
  return bins.map((bin) => {
    const [from, to] = isHistogram ? [bin.n, bin.n] : poissonInterval(bin.n);
    const [height, low, high] = [bin.n, from, to].map((events) => heightOf(bin, events, per));
    return { low: bin.low, high: bin.high, height, from: low, to: high };
  });
}

/** @param y puts heights below the axis out of the box (height-axis.ts) */
export function drawData(points: readonly DataPoint[], x: Scale, y: Scale): string[] {
  if (points.length > MOST_POINTS) return [drawLine(points, ({ height }) => height, x, y, { class: 'data', ...LINE })];
  const centre = ({ low, high }: DataPoint) => x.position(0.5 * (low + high));
  const bars = points.map((point) => {
    const at = centre(point).toFixed(1);
    return `M${at} ${y.position(point.from).toFixed(1)}V${y.position(point.to).toFixed(1)}`;
  });
  const radius = points.length > 100 ? 1.7 : 2.6;
  return [
    element('path', { class: 'errors', d: bars.join(''), fill: 'none', ...LINE }),
    ...points.map((point) =>
      element('circle', { class: 'data', cx: centre(point), cy: y.position(point.height), r: radius }),
    ),
  ];
}

export function dataKey({ bins, merged }: DrawnBins): LegendEntry {
  const many = merged > 1 ? ` (${merged} bins drawn as one)` : '';
  return bins.length > MOST_POINTS
    ? { key: 'line', label: `data${many}`, style: LINE }
    : { key: 'point', label: `data${many}` };
}
