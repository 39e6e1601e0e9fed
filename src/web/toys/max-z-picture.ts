/** The distribution of the largest Z of a toy as lines in the units of an SVG picture; knows no elements. */
import type { MaxZHistogram } from '../../report/max-z-histogram.ts';
import { labelText } from '../../report/svg/label.ts';
import { linearScale, logScale, type Scale } from '../../report/svg/scale.ts';

export const PICTURE = { width: 360, height: 170, left: 44, right: 352, top: 10, bottom: 132 } as const;

/** Below one toy, so that bins of one are seen. */
const FLOOR = 0.5;

export interface PlacedTick {
  readonly at: number;
  readonly label: string;
}

export interface MaxZPicture {
  /** Outline of the histogram, closed at the axis. */
  readonly steps: string;
  /** The part of it at or above the data; empty without an excess in the data. */
  readonly reached: string;
  /** Position of the data. */
  readonly data?: number;
  readonly x: readonly PlacedTick[];
  readonly y: readonly PlacedTick[];
  readonly minorX: readonly number[];
  readonly minorY: readonly number[];
}

/** @param zLocal of the data; null: no excess */
export function maxZPicture({ low, width, toys }: MaxZHistogram, zLocal: number | null): MaxZPicture {
  const { left, right, top, bottom } = PICTURE;
  const high = low + width * toys.length;
  const x = linearScale([low, high], [left, right], 6);
  const y = logScale([FLOOR, 3 * Math.max(1, ...toys)], [bottom, top]);
  const edges = toys.map((_, bin) => low + bin * width);
  const outline = (from: number): string => {
    const parts = toys.flatMap((n, bin) => {
      const [start, end] = [Math.max(from, edges[bin]), edges[bin] + width];
      return end <= from ? [] : [`H${place(x, start)}V${n > 0 ? place(y, n) : bottom}H${place(x, end)}`];
    });
    return parts.length === 0 ? '' : `M${place(x, from)},${bottom}${parts.join('')}V${bottom}Z`;
  };
  return {
    steps: outline(low),
    reached: zLocal === null ? '' : outline(Math.max(low, zLocal)),
    ...(zLocal === null ? {} : { data: x.position(zLocal) }),
    x: ticksOf(x),
    y: ticksOf(y),
    minorX: x.minor.map((value) => x.position(value)),
    minorY: y.minor.map((value) => y.position(value)),
  };
}

function place(scale: Scale, value: number): string {
  return String(Number(scale.position(value).toFixed(2)));
}

function ticksOf(scale: Scale): PlacedTick[] {
  return scale.major.map(({ value, label }) => ({ at: scale.position(value), label: labelText(label) }));
}
