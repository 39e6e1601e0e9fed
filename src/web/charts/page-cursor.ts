/** Ties the cursor of a chart to the window or hypothesis that the page points at and has pinned. */
import { computed } from '@preact/signals';
import type { Page } from '../state/page.ts';
import type { ChartCursor } from './stops.ts';

export interface PageStops {
  readonly stops: readonly number[];
  /** Row of the table that a stop stands for; undefined where it stands for none. */
  readonly rowAt: (stop: number) => number | undefined;
  /** Stop that stands for a row or is where the row is. */
  readonly stopOf: (row: number) => number | undefined;
  readonly words: (stop: number) => string;
}

export function pageCursor(
  { hovered, pinned }: Pick<Page, 'hovered' | 'pinned'>,
  { stops, rowAt, stopOf, words }: PageStops,
): ChartCursor {
  const stopFor = (row: number | undefined) => (row === undefined ? undefined : stopOf(row));
  const rowFor = (stop: number | undefined) => (stop === undefined ? undefined : rowAt(stop));
  return {
    stops,
    hovered: computed(() => stopFor(hovered.value)),
    pinned: computed(() => stopFor(pinned.value)),
    hover: (stop) => (hovered.value = rowFor(stop)),
    pin: (stop) => {
      const row = rowFor(stop);
      if (stop === undefined || row !== undefined) pinned.value = row;
    },
    words,
  };
}
