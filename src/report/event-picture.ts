/** Events as a figure shows them: points while they can be told apart, else counts on a grid. Rounded to plot accuracy. */
import type { PlotEvents } from '../model/result.ts';
import type { View } from '../model/windows-of-table.ts';

interface Shown {
  /** All events of the scan; those outside the view are counted, not drawn. */
  readonly nEvents: number;
  readonly nOutside: number;
}

export type EventPicture =
  | (Shown & { readonly kind: 'points'; readonly x: readonly number[]; readonly y: readonly number[] })
  | (Shown & {
      readonly kind: 'density';
      readonly view: View;
      readonly nX: number;
      readonly nY: number;
      /** Non-empty cells as [index (iY * nX + iX), count] pairs. */
      readonly cells: readonly (readonly [number, number])[];
    });

const MAX_POINTS = 20_000;
const GRID = { nX: 200, nY: 145 } as const;

/** 1D events get y = 0. */
export function pictureEvents({ x, y = new Float64Array(x.length) }: PlotEvents, view: View): EventPicture {
  const [xLow, xHigh, yLow, yHigh] = view;
  const inside: number[] = [];
  for (let i = 0; i < x.length; i++)
    if (x[i]! >= xLow && x[i]! <= xHigh && y[i]! >= yLow && y[i]! <= yHigh) inside.push(i);
  const shown = { nEvents: x.length, nOutside: x.length - inside.length };
  if (inside.length <= MAX_POINTS)
    return {
      kind: 'points',
      ...shown,
      x: inside.map((i) => roundForPlot(x[i]!)),
      y: inside.map((i) => roundForPlot(y[i]!)),
    };
  const { nX, nY } = GRID;
  const counts = new Uint32Array(nX * nY);
  for (const i of inside) {
    const iX = Math.min(nX - 1, Math.floor(((x[i]! - xLow) / (xHigh - xLow)) * nX));
    const iY = Math.min(nY - 1, Math.floor(((y[i]! - yLow) / (yHigh - yLow)) * nY));
    counts[iY * nX + iX]!++;
  }
  return { kind: 'density', ...shown, view, nX, nY, cells: [...counts.entries()].filter(([, count]) => count > 0) };
}

function roundForPlot(value: number): number {
  return Number(value.toPrecision(6));
}
