/** What a chart shows: places along x, layers of marks at them, two axes. Data only: no pixels, colours by their name. */
import type { QuantityLabel } from '../../model/result.ts';

/** log10: values are logarithms themselves, such as log10 p0, at most 0. */
export type AxisKind = 'linear' | 'log' | 'log10';

/** Label and unit are ROOT-like. */
export interface ChartAxis extends QuantityLabel {
  readonly kind: AxisKind;
  /** Shown values, low to high. */
  readonly domain: View;
}

/** Shown part of an axis. */
export type View = readonly [low: number, high: number];

/** A bin, or a point where low = high. */
export interface Place {
  readonly low: number;
  readonly high: number;
}

/** A colour of the style sheet (style/theme.css). */
export type Tone = `--${string}`;
/** NaN where there is nothing to draw. */
type Values = ArrayLike<number>;

interface LayerHead {
  /** In the legend and over the column of the data; ROOT-like. */
  readonly label: string;
  readonly tone: Tone;
  /** Names the value in the line at the cursor; without it the layer is not in that line. */
  readonly word?: string;
}

/** Through points, or as steps over bins; broken where a value is missing or bins do not touch. */
export interface LineLayer extends LayerHead {
  readonly kind: 'line';
  readonly values: Values;
  /** Lengths of dashes and gaps in pixels. */
  readonly dash?: readonly number[];
}

export interface BandLayer extends LayerHead {
  readonly kind: 'band';
  readonly from: Values;
  readonly to: Values;
}

export interface PointsLayer extends LayerHead {
  readonly kind: 'points';
  readonly mark: 'disc' | 'triangle';
  readonly values: Values;
  /** Ends of error bars. */
  readonly from?: Values;
  readonly to?: Values;
}

/** Boxes from `base`, or from the lower end of the axis. */
export interface BarsLayer extends LayerHead {
  readonly kind: 'bars';
  readonly values: Values;
  readonly base?: number;
  /** Dashed outline only. */
  readonly open?: boolean;
}

export type Layer = LineLayer | BandLayer | PointsLayer | BarsLayer;

/** A dashed line across the chart with a word at its right end. */
export interface Level {
  readonly at: number;
  readonly label: string;
}

/** Parts of x that are left out, or not shown. */
export interface HatchedRegions {
  readonly label: string;
  readonly tone: Tone;
  readonly regions: readonly View[];
}

export interface ChartModel {
  readonly x: ChartAxis;
  readonly y: ChartAxis;
  /** Ascending. */
  readonly places: readonly Place[];
  /** Lines run through these places, one list per line; default: through all. */
  readonly runs?: readonly (readonly number[])[];
  /** The first is painted first. */
  readonly layers: readonly Layer[];
  readonly levels?: readonly Level[];
  /** Over the whole height. */
  readonly hatched?: readonly HatchedRegions[];
}

export function centre({ low, high }: Place): number {
  return 0.5 * (low + high);
}

export function isInside({ low, high }: Place, view: View | undefined): boolean {
  return view === undefined || (high >= view[0] && low <= view[1]);
}

/** All numbers that a layer draws at a place. */
export function heightsAt(layer: Layer, place: number): number[] {
  if (layer.kind === 'band') return [layer.from[place], layer.to[place]];
  if (layer.kind !== 'points') return [layer.values[place]];
  return [layer.values[place], ...[layer.from, layer.to].flatMap((ends) => (ends === undefined ? [] : [ends[place]]))];
}

/** An axis without a unit, or with the unit in its label. */
export function plainAxis(label: string, kind: AxisKind, domain: View): ChartAxis {
  return { label, unit: '', kind, domain };
}

/**
 * A domain that holds what layers draw inside the view, with room above and below: a logarithmic one leaves out what is not
 * positive. Where there is nothing, from 0.1 to 1.
 * @param least values that it always holds
 */
export function heightDomain(
  { places, layers }: Pick<ChartModel, 'places' | 'layers'>,
  view: View | undefined,
  kind: 'linear' | 'log',
  least: readonly number[] = [],
): View {
  let [low, high] = [Infinity, -Infinity];
  const include = (value: number): void => {
    if (!(Math.abs(value) < Infinity) || (kind === 'log' && value <= 0)) return;
    [low, high] = [Math.min(low, value), Math.max(high, value)];
  };
  places.forEach((place, i) => {
    if (isInside(place, view)) for (const layer of layers) heightsAt(layer, i).forEach(include);
  });
  least.forEach(include);
  if (!(low <= high)) return [0.1, 1];
  if (kind === 'log') {
    const room = Math.max(1.15, (high / low) ** 0.06);
    return [low / room, high * room];
  }
  const room = high > low ? 0.06 * (high - low) : 0.1 * Math.abs(high) || 1;
  return [low === 0 ? 0 : low - room, high + room];
}
