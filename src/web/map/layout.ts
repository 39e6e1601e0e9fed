/** Where the plot box, its numbers and the colour bar lie; all in style-sheet pixels. */
import type { View } from '../../model/windows-of-table.ts';
import type { Box } from '../../report/svg/frame.ts';
import type { Fractions } from './view.ts';

export interface Layout {
  readonly width: number;
  readonly height: number;
  readonly box: Box;
}

const TOP = 12;
const BOTTOM = 44;
const LEFT = { wide: 62, narrow: 50 } as const;
const RIGHT = { wide: 92, narrow: 88 } as const;
const NARROW = 480;

/** @param plane whether the map is of a plane, else a band */
export function layoutOf(width: number, plane: boolean): Layout {
  const size = width < NARROW ? 'narrow' : 'wide';
  const box: Box = { left: LEFT[size], top: TOP, right: Math.max(LEFT[size] + 60, width - RIGHT[size]), bottom: 0 };
  const inner = plane ? Math.min(600, Math.max(260, 0.8 * (box.right - box.left))) : 170;
  const bottom = TOP + Math.round(inner);
  return { width, height: bottom + BOTTOM, box: { ...box, bottom } };
}

/** Fractions of the box at a place of the canvas. */
export function fractionsAt({ left, top, right, bottom }: Box, x: number, y: number): Fractions {
  return [(x - left) / (right - left), (bottom - y) / (bottom - top)];
}

export function isInBox({ left, top, right, bottom }: Box, x: number, y: number): boolean {
  return x >= left && x < right && y >= top && y < bottom;
}

/** From data to the canvas, not clamped. */
export function placeOf({ left, top, right, bottom }: Box, view: View, x: number, y: number): [number, number] {
  return [
    left + ((x - view[0]) / (view[1] - view[0])) * (right - left),
    bottom - ((y - view[2]) / (view[3] - view[2])) * (bottom - top),
  ];
}
