/** Which part of the plane is shown: zoom and pan as arithmetic on views, always inside the full view. */
import type { View } from '../../model/windows-of-table.ts';

/** Place in a view as fractions: from the left, from the bottom. */
export type Fractions = readonly [number, number];

/** Largest magnification along an axis. */
export const MAX_ZOOM = 2000;
/** A point that must be seen stays this far from the border, as a fraction of the view. */
const MARGIN = 0.08;

/** Zooms by `factor` (> 1 is closer) about a place, which stays where it is as far as the borders allow. */
export function zoomAbout(view: View, full: View, [fx, fy]: Fractions, factor: number): View {
  const along = (low: number, high: number, fullLow: number, fullHigh: number, f: number): [number, number] => {
    const fullSpan = fullHigh - fullLow;
    const span = Math.min(fullSpan, Math.max(fullSpan / MAX_ZOOM, (high - low) / factor));
    const fixed = low + f * (high - low);
    return inside(fixed - f * span, span, fullLow, fullHigh);
  };
  return [...along(view[0], view[1], full[0], full[1], fx), ...along(view[2], view[3], full[2], full[3], fy)] as const;
}

/** Moves the content by fractions of the view: positive to the right and up. */
export function panBy(view: View, full: View, [fx, fy]: Fractions): View {
  const [width, height] = [view[1] - view[0], view[3] - view[2]];
  return [
    ...inside(view[0] - fx * width, width, full[0], full[1]),
    ...inside(view[2] - fy * height, height, full[2], full[3]),
  ] as const;
}

/** The view moved as little as needed to show a point. */
export function showPoint(view: View, full: View, x: number, y: number): View {
  const along = (low: number, high: number, value: number): number => {
    const margin = MARGIN * (high - low);
    return Math.min(0, value - low - margin) + Math.max(0, value - high + margin);
  };
  const [dx, dy] = [along(view[0], view[1], x), along(view[2], view[3], y)];
  if (dx === 0 && dy === 0) return view;
  return panBy(view, full, [-dx / (view[1] - view[0]), -dy / (view[3] - view[2])]);
}

export function fractionsOf(view: View, x: number, y: number): Fractions {
  return [(x - view[0]) / (view[1] - view[0]), (y - view[2]) / (view[3] - view[2])];
}

export function isSameView(one: View, other: View): boolean {
  return one.every((edge, i) => edge === other[i]);
}

/** [low, low + span] shifted into [fullLow, fullHigh]; exactly that where nothing is left to shift. */
function inside(low: number, span: number, fullLow: number, fullHigh: number): [number, number] {
  if (span >= fullHigh - fullLow) return [fullLow, fullHigh];
  const start = Math.min(fullHigh - span, Math.max(fullLow, low));
  return [start, start + span];
}
