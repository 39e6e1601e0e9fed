/** Background components for people: as the card says them, and as numbers over the windows. */
import { DEFAULT_INNER } from '../model/band-shape.ts';
import type { Card } from '../model/card.ts';
import type { BackgroundComponent } from '../model/counting-model.ts';

type Component = Card['background']['components'][number];

/** One line per component: `band: side band, 3 to 6 resolutions, tau area, leak gaussian`. */
export function componentLines(card: Card): string[] {
  const unit = 'table' in card.windows ? 'half-axes' : 'resolutions';
  return card.background.components.map((component) => `${component.name}: ${describe(component, card, unit)}`);
}

function describe(component: Component, card: Card, unit: string): string {
  if ('density' in component) return 'density';
  if ('map' in component) return `map ${component.map.file}`;
  if ('sample' in component) return `sample ${component.sample.file}`;
  if ('table' in component) return `table ${component.table.file}`;
  if ('control' in component) {
    const { file, select = [], transfer } = component.control;
    const from = file ?? ('file' in card.data ? card.data.file : 'no file');
    return [`control sample of ${from}`, ...select.map((rule) => `'${rule}'`), `transfer ${transfer}`].join(', ');
  }
  if ('polynomial' in component) {
    const { degree, ranges, inner, outer } = component.polynomial;
    const place = ranges === undefined ? reach(inner, outer, unit) : ranges.map((r) => r.join('..')).join(' and ');
    return `polynomial of degree ${degree} in ${place}`;
  }
  const { inner, outer, where, tau, leak = 'table' in card.windows ? 0 : 'gaussian' } = component.side_band;
  return [
    `side band, ${reach(inner, outer, unit)}`,
    ...(where === undefined ? [] : [`'${where}'`]),
    typeof tau === 'object' ? `tau by the density '${tau.density}'` : `tau ${tau}`,
    `leak ${leak}`,
  ].join(', ');
}

function reach(inner = DEFAULT_INNER, outer: number | undefined, unit: string): string {
  return outer === undefined ? `beyond ${inner} ${unit}` : `${inner} to ${outer} ${unit}`;
}

/** Smallest, median and largest value over the windows. */
export type Range = readonly [min: number, median: number, max: number];

export interface ComponentRanges {
  readonly name: string;
  readonly kind: BackgroundComponent['kind'];
  readonly expected: Range;
  readonly nOff?: Range;
  readonly tau?: Range;
  readonly leak?: Range;
}

export function componentRanges({ name, kind, b0, nOff, tau, leak }: BackgroundComponent): ComponentRanges {
  return {
    name,
    kind,
    expected: rangeOf(b0),
    ...(nOff ? { nOff: rangeOf(nOff) } : {}),
    ...(tau ? { tau: rangeOf(tau) } : {}),
    ...(leak ? { leak: rangeOf(leak) } : {}),
  };
}

/** `background band: side-band, expected 0..12 (median 3), n_off ..., tau ..., leak ...` */
export function rangesLine({ name, kind, ...ranges }: ComponentRanges): string {
  const short = (value: number) => String(Number(value.toPrecision(4)));
  const parts = Object.entries(ranges as Record<string, Range>).map(([key, [min, median, max]]) => {
    const word = key === 'nOff' ? 'n_off' : key;
    return min === max ? `${word} ${short(min)}` : `${word} ${short(min)}..${short(max)} (median ${short(median)})`;
  });
  return `background ${name}: ${[kind, ...parts].join(', ')}`;
}

/** Windows without a number (a polynomial that could not be fitted) are left out; zeros where there is no other. */
function rangeOf(values: Float64Array | Uint32Array): Range {
  const sorted = Float64Array.from(values)
    .filter((value) => Number.isFinite(value))
    .sort();
  const n = sorted.length;
  return n === 0 ? [0, 0, 0] : [sorted[0], sorted[Math.floor((n - 1) / 2)], sorted[n - 1]];
}
