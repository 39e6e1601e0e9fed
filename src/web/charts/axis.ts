/**
 * Axes as the chart library sees them: linear in a coordinate, which is the value, or its logarithm. Ticks are those of the
 * figures (report/svg/scale.ts).
 */
import { labelText } from '../../report/svg/label.ts';
import { exponentScale, linearScale, logScale, type Scale } from '../../report/svg/scale.ts';
import type { ChartAxis, View } from './chart-model.ts';

/** -Infinity for what a logarithmic axis has no place for. */
export function toCoordinate({ kind }: Pick<ChartAxis, 'kind'>, value: number): number {
  return kind === 'log' ? Math.log10(Math.max(0, value)) : value;
}

export function fromCoordinate({ kind }: Pick<ChartAxis, 'kind'>, coordinate: number): number {
  return kind === 'log' ? 10 ** coordinate : coordinate;
}

export interface AxisTicks {
  /** Coordinates, ascending or not. */
  readonly major: readonly { readonly at: number; readonly label: string }[];
  readonly minor: readonly number[];
}

/** Pixels that a number needs along the axis. */
const ROOM = { x: 84, y: 36 } as const;
const LEAST_TICKS = 4;
/** Logarithmic axes shorter than this factor have ticks in equal steps. */
const LEAST_RATIO = 3;

/** @param pixels length of the axis */
export function ticksOf(axis: ChartAxis, along: 'x' | 'y', pixels: number): AxisTicks {
  const scale = scaleOf(axis, Math.max(LEAST_TICKS, Math.round(pixels / ROOM[along])));
  return {
    major: scale.major.map(({ value, label }) => ({
      at: toCoordinate(axis, value),
      label: along === 'x' && axis.kind === 'log' ? plainLabel(value, label) : labelText(label),
    })),
    minor: scale.minor.map((value) => toCoordinate(axis, value)),
  };
}

function scaleOf({ kind, domain }: ChartAxis, count: number): Scale {
  const range: [number, number] = [0, 1];
  if (kind === 'log10') return exponentScale(domain[0], range);
  return kind === 'log' && domain[1] > LEAST_RATIO * domain[0] ? logScale(domain, range) : linearScale(domain, range, count); // prettier-ignore
}

/** Masses read as 1000, not as powers of ten. */
function plainLabel(value: number, label: string): string {
  return value > 1e-4 && value < 1e6 ? String(Number(value.toPrecision(6))) : labelText(label);
}

/** Zooms in (factor below 1) or out about a value, never beyond `full`; undefined for all of it. */
export function zoomed(axis: ChartAxis, full: View, about: number, factor: number): View | undefined {
  const [low, high] = axis.domain.map((value) => toCoordinate(axis, value));
  const middle = Math.min(high, Math.max(low, toCoordinate(axis, about)));
  const ends = [low, high].map((end) => fromCoordinate(axis, middle + factor * (end - middle)));
  const inside: View = [Math.max(full[0], ends[0]), Math.min(full[1], ends[1])];
  return inside[0] <= full[0] && inside[1] >= full[1] ? undefined : inside;
}
