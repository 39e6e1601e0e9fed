/** The vertical axis of a spectrum: logarithmic over more than two decades, with room for the legend. */
import { badgeMarks } from '../figures/badges.ts';
import type { Box } from '../svg/frame.ts';
import type { LegendEntry } from '../svg/legend.ts';
import { linearScale, logScale, type Scale } from '../svg/scale.ts';
import { isHistogram, type DataPoint } from './draw-data.ts';
import { placeLegends, type PlacedLegends } from './place-legends.ts';

const LOG_RATIO = 100;
/** Part of the axis above the highest mark; the first that leaves a place free. */
const ROOMS = [0.06, 0.12, 0.18, 0.24, 0.3, 0.36, 0.42, 0.5, 0.6];
/** Between the marks that stand for a filled area (SVG units). */
const RASTER = 15;
/** Where marks below the lower end of the axis go: below the box, which clips them. */
const OUTSIDE = 30;

export interface HeightAxis extends PlacedLegends {
  readonly scale: Scale;
  /** The same, for marks: what is below the lower end of a logarithmic axis lies outside the box. */
  readonly open: Scale;
}

/**
 * @param curves heights of the steps of each curve, NaN where it has none
 * @param x of the same box
 * @param discs positions and heights where numbered discs will be
 */
export function heightAxis(
  points: readonly DataPoint[],
  curves: readonly (readonly { low: number; high: number; height: number }[])[],
  x: Scale,
  box: Box,
  entries: readonly LegendEntry[],
  discs: { readonly x: readonly number[]; readonly y: readonly number[] },
): HeightAxis {
  const steps = curves.flat().filter(({ height }) => !Number.isNaN(height));
  const marks = [
    ...points.flatMap(({ low, high, from, height, to }) =>
      [from, height, to].map((value) => [0.5 * (low + high), value] as const),
    ),
    ...steps.flatMap(({ low, high, height }) => [low, 0.5 * (low + high), high].map((at) => [at, height] as const)),
  ];
  // of a blind spectrum the curves decide
  const heights = points.length > 0 ? points : steps.map(({ height }) => ({ height, from: height }));
  const make = axisOf(heights, marks.map(([, value]) => value)); // prettier-ignore
  const placed = (room: number) => {
    const scale = make(room, [box.bottom, box.top]);
    const open = openBelow(scale, box);
    const drawn = marks.map(([at, value]): [number, number] => [x.position(at), open.position(value)]);
    drawn.push(...badgeMarks({ box, x, y: scale }, discs, [...discs.x.keys()]));
    if (isHistogram(points)) drawn.push(...areaMarks(points, x, open, box));
    return { scale, open, ...placeLegends(box, entries, drawn) };
  };
  let best = placed(ROOMS[0]);
  for (const room of ROOMS.slice(1)) {
    if (best.hidden === 0) break;
    const next = placed(room);
    if (next.hidden < best.hidden) best = next;
  }
  return best;
}

function areaMarks(points: readonly DataPoint[], x: Scale, y: Scale, box: Box): [number, number][] {
  return points.flatMap(({ low, high, height }) => {
    const [at, top] = [x.position(0.5 * (low + high)), y.position(height)];
    const count = Math.max(0, Math.floor((box.bottom - top) / RASTER));
    return Array.from({ length: count }, (_, i): [number, number] => [at, top + (i + 1) * RASTER]);
  });
}

function axisOf(points: readonly Pick<DataPoint, 'height' | 'from'>[], values: readonly number[]) {
  const positive = points.filter(({ height }) => height > 0);
  const highest = values.reduce((max, value) => Math.max(max, value), 0);
  const least = positive.reduce((min, { height }) => Math.min(min, height), Infinity);
  if (least < Infinity && highest > LOG_RATIO * least) {
    const low = positive.reduce((min, { from }) => Math.min(min, from), Infinity) / 1.5;
    return (room: number, range: [number, number]) => logScale([low, low * (highest / low) ** (1 / (1 - room))], range);
  }
  const lowest = values.reduce((min, value) => Math.min(min, value), Infinity);
  const low = highest > 0 && lowest > 0.5 * highest ? lowest - 0.2 * (highest - lowest) : 0;
  const span = highest > low ? highest - low : 1;
  return (room: number, range: [number, number]) => linearScale([low, low + span / (1 - room)], range);
}

function openBelow(scale: Scale, box: Box): Scale {
  const [low] = scale.domain;
  return { ...scale, position: (value) => (value < low ? box.bottom + OUTSIDE : scale.position(value)) };
}
