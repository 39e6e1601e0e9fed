/** The green and yellow bands of expected limits, told apart in print by lightness and outlines; shared by all limit figures. */
import { element, polyline } from '../svg/element.ts';
import type { LegendEntry } from '../svg/legend.ts';
import { linearScale, logScale } from '../svg/scale.ts';
import type { Scale } from '../svg/scale.ts';
import { sortNumbers } from '../numbers.ts';

export const BAND_95 = { fill: '#ffe37a', stroke: '#a88a12', 'stroke-width': '0.8' } as const;
export const BAND_68 = { fill: '#5fb35f', stroke: '#1e5c1e', 'stroke-width': '0.8' } as const;
export const MEDIAN_STYLE = { stroke: 'black', 'stroke-width': '1.6', 'stroke-dasharray': '6 3' } as const;
export const BEST_STYLE = { stroke: '#1b3f8b', 'stroke-width': '1.5', 'stroke-dasharray': '2 2.5' } as const;

/** One place along the mass: a bin (low < high) or a point (low = high). */
export interface BandPoint {
  readonly low: number;
  readonly high: number;
  readonly m2: number;
  readonly m1: number;
  readonly p1: number;
  readonly p2: number;
}

export const BAND_KEYS: readonly LegendEntry[] = [
  { key: 'box', label: 'expected, 68 %', style: BAND_68 },
  { key: 'box', label: 'expected, 95 %', style: BAND_95 },
];

export function drawBands(points: readonly BandPoint[], x: Scale, y: Scale): string {
  const band = (lower: 'm2' | 'm1', upper: 'p1' | 'p2', style: Record<string, string>) =>
    stretches(points, (point) => point[lower] + point[upper])
      .map((part) => {
        const edge = (key: 'm2' | 'm1' | 'p1' | 'p2') =>
          part.flatMap((point): [number, number][] => [
            [x.position(point.low), y.position(point[key])],
            [x.position(point.high), y.position(point[key])],
          ]);
        return element('path', { d: polyline([...edge(upper), ...edge(lower).reverse()], true), ...style });
      })
      .join('');
  return element('g', { class: 'bands' }, band('m2', 'p2', BAND_95), band('m1', 'p1', BAND_68));
}

/** Half the length of the dash that stands for one point between two gaps. */
const DASH = 1.5;

/** A line through bins (as steps) or points, broken where the value is null or places are not adjacent. */
export function drawLine<P extends { low: number; high: number }>(
  points: readonly P[],
  valueOf: (point: P) => number,
  x: Scale,
  y: Scale,
  style: Record<string, string>,
): string {
  const parts = stretches(points, valueOf).map((part) => {
    const corners = part.flatMap((point): [number, number][] => {
      const at = y.position(valueOf(point));
      const here: [number, number] = [x.position(point.low), at];
      return point.low === point.high ? [here] : [here, [x.position(point.high), at]];
    });
    const [[px, py]] = corners;
    return polyline(corners.length > 1 ? corners : [[px - DASH, py], [px + DASH, py]]); // prettier-ignore
  });
  return element('path', { d: parts.join(''), fill: 'none', ...style });
}

/** Axis for limits: logarithmic when all are positive, else linear; the upper third is left to the legend. */
export function limitAxis(values: readonly number[], range: readonly [number, number]): Scale {
  const sorted = sortNumbers(values);
  const [low, high] = sorted.length === 0 ? [1, 10] : [sorted[0]!, sorted.at(-1)!];
  if (!(low > 0)) return linearScale([Math.min(0, low), high + 0.5 * (high - Math.min(0, low))], range);
  const ratio = (1.25 * high) / low;
  return logScale([low / 1.25, high * Math.max(1.5, ratio ** 0.5)], range);
}

/** Runs of consecutive places that have a value; bins must touch. */
export function stretches<P extends { low: number; high: number }>(
  points: readonly P[],
  valueOf: (point: P) => number,
): P[][] {
  const parts: P[][] = [];
  let previous: P | undefined;
  for (const point of points) {
    const usable = !Number.isNaN(valueOf(point));
    const touches =
      previous !== undefined &&
      (point.low === point.high || Math.abs(point.low - previous.high) < 1e-6 * (point.high - point.low));
    if (usable && touches) parts.at(-1)!.push(point);
    else if (usable) parts.push([point]);
    previous = usable ? point : undefined;
  }
  return parts;
}
