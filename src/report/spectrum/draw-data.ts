/** Counts of bins as points with Poisson errors, or as a histogram where points would touch. */
import { poissonInterval } from '../../stats/poisson-interval.ts';
import { element, polyline } from '../svg/element.ts';
import type { LegendEntry } from '../svg/legend.ts';
import type { Scale } from '../svg/scale.ts';
import { heightOf, SAME, type DrawnBins } from './drawn-bins.ts';

const MOST_POINTS = 230;
const BAR = { stroke: 'black', 'stroke-width': '1.1' };
/** Of bins without events, whose points a logarithmic axis does not show. */
const EMPTY_BAR = { stroke: '#a0a0a0', 'stroke-width': '0.9' };
const FILLED = { fill: '#c9d6e4', stroke: '#1f3b57', 'stroke-width': '0.7' };

/** Height of a bin with its 68.27 % interval; without it for a histogram. */
export interface DataPoint {
  readonly low: number;
  readonly high: number;
  readonly height: number;
  readonly from: number;
  readonly to: number;
}

/** Points would touch: a filled histogram, without errors, goes behind the curves. */
export function isHistogram({ length }: readonly unknown[]): boolean {
  return length > MOST_POINTS;
}

/** Of bins that are not blind. */
export function dataPoints({ bins, per }: DrawnBins): DataPoint[] {
  const shown = bins.filter(({ n }) => !Number.isNaN(n));
  return shown.map((bin) => {
    const [from, to] = isHistogram(shown) ? [bin.n, bin.n] : poissonInterval(bin.n);
    const [height, low, high] = [bin.n, from, to].map((events) => heightOf(bin, events, per));
    return { low: bin.low, high: bin.high, height, from: low, to: high };
  });
}

/** @param y puts heights below the axis out of the box (height-axis.ts) */
export function drawData(points: readonly DataPoint[], x: Scale, y: Scale): string[] {
  if (isHistogram(points)) return [drawHistogram(points, x, y)];
  const centre = ({ low, high }: DataPoint) => x.position(0.5 * (low + high));
  const bars = (chosen: readonly DataPoint[]) =>
    chosen
      .map((point) => {
        const at = centre(point).toFixed(1);
        return `M${at} ${y.position(point.from).toFixed(1)}V${y.position(point.to).toFixed(1)}`;
      })
      .join('');
  const [empty, filled] = [points.filter(({ height }) => height === 0), points.filter(({ height }) => height > 0)];
  const radius = points.length > 100 ? 1.7 : 2.6;
  return [
    element('path', { class: 'errors-empty', d: bars(empty), fill: 'none', ...EMPTY_BAR }),
    element('path', { class: 'errors', d: bars(filled), fill: 'none', ...BAR }),
    ...points.map((point) =>
      element('circle', { class: 'data', cx: centre(point), cy: y.position(point.height), r: radius }),
    ),
  ];
}

/** Down to the axis on both sides of a gap. */
function drawHistogram(points: readonly DataPoint[], x: Scale, y: Scale): string {
  const base = y.position(-Infinity);
  const corners: [number, number][] = [];
  let end = -Infinity;
  for (const { low, high, height } of points) {
    const [left, right, top] = [x.position(low), x.position(high), y.position(height)];
    if (low - end > SAME * (high - low)) {
      if (corners.length > 0) corners.push([x.position(end), base]);
      corners.push([left, base]);
    }
    corners.push([left, top], [right, top]);
    end = high;
  }
  corners.push([x.position(end), base]);
  return element('path', { class: 'data', d: polyline(corners, true), ...FILLED });
}

export function dataKey({ bins, merged }: DrawnBins): LegendEntry[] {
  const shown = bins.filter(({ n }) => !Number.isNaN(n));
  if (shown.length === 0) return [];
  const many = merged > 1 ? ` (${merged} bins drawn as one)` : '';
  return isHistogram(shown)
    ? [{ key: 'box', label: `data${many}`, style: FILLED }]
    : [{ key: 'point', label: `data${many}` }];
}
