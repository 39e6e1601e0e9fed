/** Axes with inward ticks on four sides, and the colour bar: what changes with the view only. */
import type { PlotLabels } from '../../model/result.ts';
import type { View } from '../../model/windows-of-table.ts';
import { labelWidth, withUnit } from '../../report/svg/label.ts';
import { linearScale, type Scale } from '../../report/svg/scale.ts';
import type { Box } from '../../report/svg/frame.ts';
import { drawLabel } from './canvas-text.ts';
import type { Layout } from './layout.ts';
import { barScale, type ColourBar } from './shading.ts';

export interface FrameInk {
  readonly ink: string;
  /** Around ticks, which lie on any colour. */
  readonly rim: string;
}

const TICK_FONT = 12;
const TITLE_FONT = 13;
const [MAJOR, MINOR] = [8, 4];

export function drawAxes(
  context: CanvasRenderingContext2D,
  { box, height }: Layout,
  view: View,
  labels: PlotLabels,
  plane: boolean,
  { ink, rim }: FrameInk,
): void {
  const { left, top, right, bottom } = box;
  const x = linearScale([view[0], view[1]], [left, right], Math.max(3, Math.min(8, (right - left) / 80)));
  context.fillStyle = ink;
  context.beginPath();
  const across = (values: readonly number[], length: number) => {
    for (const value of values) {
      const at = crisp(x.position(value));
      context.moveTo(at, bottom);
      context.lineTo(at, bottom - length);
      context.moveTo(at, top);
      context.lineTo(at, top + length);
    }
  };
  across(x.major.map(({ value }) => value), MAJOR); // prettier-ignore
  across(x.minor, MINOR);
  context.rect(crisp(left), crisp(top), Math.round(right - left) - 1, Math.round(bottom - top) - 1);
  for (const { value, label } of x.major)
    drawLabel(context, label, x.position(value), bottom + 17, { size: TICK_FONT, anchor: 'middle' });
  drawLabel(context, withUnit(labels.x), right, height - 8, { size: TITLE_FONT, anchor: 'end' });
  if (plane) drawVertical(context, box, view, withUnit(labels.y!));
  for (const [colour, width] of [
    [rim, 3],
    [ink, 1],
  ] as const) {
    context.strokeStyle = colour;
    context.lineWidth = width;
    context.stroke();
  }
}

function drawVertical(context: CanvasRenderingContext2D, box: Box, view: View, title: string): void {
  const { left, top, right, bottom } = box;
  const y = linearScale([view[2], view[3]], [bottom, top], Math.max(3, Math.min(8, (bottom - top) / 50)));
  const along = (values: readonly number[], length: number) => {
    for (const value of values) {
      const at = crisp(y.position(value));
      context.moveTo(left, at);
      context.lineTo(left + length, at);
      context.moveTo(right, at);
      context.lineTo(right - length, at);
    }
  };
  along(y.major.map(({ value }) => value), MAJOR); // prettier-ignore
  along(y.minor, MINOR);
  for (const { value, label } of y.major)
    drawLabel(context, label, left - 6, y.position(value) + 4, { size: TICK_FONT, anchor: 'end' });
  drawLabel(context, title, 15, top, { size: TITLE_FONT, anchor: 'end', vertical: true });
}

/** Right of the box; an arrow at its end where windows lie above. */
export function drawColourBar(
  context: CanvasRenderingContext2D,
  { box, width, height }: Layout,
  bar: ColourBar,
  title: string,
  { ink }: FrameInk,
): void {
  const [left, barWidth] = [box.right + 14, 14];
  const { top, bottom } = box;
  const gradient = context.createLinearGradient(0, bottom, 0, top);
  for (let k = 0; k <= 32; k++) gradient.addColorStop(k / 32, bar.colours(k / 32));
  context.fillStyle = gradient;
  context.fillRect(left, top, barWidth, bottom - top);
  context.strokeStyle = ink;
  context.lineWidth = 1;
  context.beginPath();
  context.rect(crisp(left), crisp(top), barWidth - 1, Math.round(bottom - top) - 1);
  const scale = barScale(bar, [bottom, top]);
  for (const { value } of scale.major) barTick(context, left + barWidth, scale, value, 5);
  if (!bar.whole) for (const value of scale.minor) barTick(context, left + barWidth, scale, value, 3);
  context.stroke();
  if (bar.nAbove > 0) {
    context.fillStyle = bar.colours(1);
    context.beginPath();
    context.moveTo(left, top);
    context.lineTo(left + barWidth / 2, top - 10);
    context.lineTo(left + barWidth, top);
    context.closePath();
    context.fill();
    context.stroke();
  }
  context.fillStyle = ink;
  for (const { value, label } of scale.major)
    drawLabel(context, label, left + barWidth + 5, scale.position(value) + 4, { size: TICK_FONT });
  // a long title gets smaller, not cut
  const size = Math.min(TITLE_FONT, (height - top) / labelWidth(title));
  drawLabel(context, title, width - 5, top, { size, anchor: 'end', vertical: true });
}

function barTick(context: CanvasRenderingContext2D, right: number, scale: Scale, value: number, length: number): void {
  const at = crisp(scale.position(value));
  context.moveTo(right, at);
  context.lineTo(right - length, at);
}

/** Lines one pixel wide fill whole pixels. */
function crisp(position: number): number {
  return Math.round(position) + 0.5;
}
