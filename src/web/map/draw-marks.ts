/** Outlines of windows, and where the value of the one looked at is on the colour bar. */
import { ellipsePoints, fromUnitCircle, type View } from '../../model/windows-of-table.ts';
import type { Box } from '../../report/svg/frame.ts';
import { themeColour } from '../state/theme.ts';
import type { MapGeometry } from './geometry.ts';
import { isInBox, placeOf, type Layout } from './layout.ts';
import type { MapModel } from './model.ts';
import { barScale } from './shading.ts';

/** The pinned window in full lines, the hovered one in dashes, both with a rim that is seen on every colour. */
export function drawMarks(
  context: CanvasRenderingContext2D,
  layout: Layout,
  model: MapModel,
  { pinned, hovered }: { pinned: number | undefined; hovered: number | undefined },
): void {
  const mark = (id: number, colour: `--${string}`, dashes: number[]): void => {
    traceWindows(context, [id], layout, model, '--panel', 4.5);
    traceWindows(context, [id], layout, model, colour, 2, dashes);
    if (isTiny(layout, model, id)) drawRing(context, layout, model, id, colour);
  };
  if (pinned !== undefined) mark(pinned, '--mark', []);
  if (hovered !== undefined && hovered !== pinned) mark(hovered, '--accent', [5, 3]);
  const shown = hovered ?? pinned;
  if (shown !== undefined) markValue(context, layout, model, shown);
}

/** Thinner than this (pixels), an outline hides its window and is easily missed itself. */
const TINY = 7;
const RING = 11;

function isTiny({ box }: Layout, { geometry, view }: MapModel, id: number): boolean {
  if (!geometry.plane) return false;
  const { a, b } = geometry.windows;
  const [low, high] = [-1, 1].map((sign) =>
    placeOf(
      box,
      view.value,
      ...fromUnitCircle(geometry.windows, id, a[id] < b[id] ? sign : 0, a[id] < b[id] ? 0 : sign),
    ),
  );
  return Math.hypot(low[0] - high[0], low[1] - high[1]) < TINY;
}

function drawRing(
  context: CanvasRenderingContext2D,
  { box }: Layout,
  { geometry, view }: MapModel,
  id: number,
  colour: `--${string}`,
): void {
  const [x, y] = placeOf(box, view.value, geometry.windows.x[id], geometry.windows.y[id]);
  if (!isInBox(box, x, y)) return;
  const reach = geometry.halfHeight[id] * ((box.bottom - box.top) / (view.value[3] - view.value[2]));
  context.beginPath();
  context.arc(x, y, Math.max(RING, reach + 5), 0, 2 * Math.PI);
  for (const [line, width] of [
    ['--panel', 3.5],
    [colour, 1.5],
  ] as const) {
    context.strokeStyle = themeColour(line);
    context.lineWidth = width;
    context.stroke();
  }
}

export function traceWindows(
  context: CanvasRenderingContext2D,
  ids: readonly number[],
  { box }: Layout,
  { geometry, view }: MapModel,
  colour: `--${string}`,
  width: number,
  dashes: number[] = [],
): void {
  context.save();
  context.beginPath();
  context.rect(box.left, box.top, box.right - box.left, box.bottom - box.top);
  context.clip();
  context.beginPath();
  for (const i of ids) traceWindow(context, geometry, i, box, view.value);
  context.strokeStyle = themeColour(colour);
  context.lineWidth = width;
  context.setLineDash(dashes);
  context.stroke();
  context.restore();
}

/** Adds the outline of window i to the path of the context: an ellipse, or in 1D a box over its lane. */
function traceWindow(
  context: CanvasRenderingContext2D,
  { windows, plane, halfHeight }: MapGeometry,
  i: number,
  box: Box,
  view: View,
): void {
  if (!plane) {
    const [x, y, a] = [windows.x[i], windows.y[i], windows.a[i]];
    const [left, top] = placeOf(box, view, x - a, y + halfHeight[i]);
    const [right, bottom] = placeOf(box, view, x + a, y - halfHeight[i]);
    context.rect(left, top + 1, right - left, bottom - top - 2);
    return;
  }
  ellipsePoints(windows, i, 1, 64).forEach(([x, y], k) => {
    const [px, py] = placeOf(box, view, x, y);
    if (k === 0) context.moveTo(px, py);
    else context.lineTo(px, py);
  });
  context.closePath();
}

/** A triangle left of the colour bar. */
function markValue(context: CanvasRenderingContext2D, { box }: Layout, { shading }: MapModel, id: number): void {
  const { bar, values } = shading.value;
  if (bar === undefined || Number.isNaN(values[id])) return;
  const y = barScale(bar, [box.bottom, box.top]).position(values[id]);
  context.fillStyle = themeColour('--ink');
  context.beginPath();
  context.moveTo(box.right + 13, y);
  context.lineTo(box.right + 5, y - 5);
  context.lineTo(box.right + 5, y + 5);
  context.fill();
}
