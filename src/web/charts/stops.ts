/** Where a chart's cursor can stop, and how keys move it: no elements here. */
import type { ReadonlySignal } from '@preact/signals';

export interface ChartCursor {
  /** Values along x, ascending. */
  readonly stops: readonly number[];
  /** Stops of what is pointed at and of what is pinned anywhere on the page. */
  readonly hovered: ReadonlySignal<number | undefined>;
  readonly pinned: ReadonlySignal<number | undefined>;
  /** Undefined: nothing is pointed at, nothing is pinned. */
  readonly hover: (stop: number | undefined) => void;
  readonly pin: (stop: number | undefined) => void;
  /** What there is at a stop, in words. */
  readonly words: (stop: number) => string;
}

/** Nearest of ascending values; undefined where there is none. */
export function nearestStop(stops: readonly number[], value: number): number | undefined {
  if (stops.length === 0) return undefined;
  let [low, high] = [0, stops.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (stops[middle] <= value) low = middle;
    else high = middle;
  }
  return Math.abs(stops[high] - value) < Math.abs(stops[low] - value) ? high : low;
}

const STEPS: Readonly<Record<string, number>> = {
  ArrowLeft: -1,
  ArrowDown: -1,
  ArrowRight: 1,
  ArrowUp: 1,
  PageDown: -10,
  PageUp: 10,
  Home: -Infinity,
  End: Infinity,
};
const ZOOMS: Readonly<Record<string, number>> = { '+': 0.5, '=': 0.5, '-': 2, '0': Infinity };

/** What a key asks of a chart. */
export type KeyAction =
  | { readonly do: 'move'; readonly to: number }
  | { readonly do: 'zoom'; readonly factor: number }
  | { readonly do: 'unpin' };

/** @param at the stop that the key starts from; undefined: forward comes to the first, back to the last */
export function keyAction(key: string, at: number | undefined, nStops: number): KeyAction | undefined {
  if (key === 'Escape') return { do: 'unpin' };
  if (Object.hasOwn(ZOOMS, key)) return { do: 'zoom', factor: ZOOMS[key] };
  if (!Object.hasOwn(STEPS, key) || nStops === 0) return undefined;
  const step = STEPS[key];
  const from = at ?? (step > 0 ? -1 : nStops);
  return { do: 'move', to: Math.min(nStops - 1, Math.max(0, from + step)) };
}

/** For people who do not see it written elsewhere. */
export const KEYS_TEXT =
  'Left and right arrows choose, Page up and down by ten, Home and End; Escape lets go; plus, minus and 0 zoom.';
