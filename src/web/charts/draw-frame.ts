/** The box of a chart with ticks that point inward on four sides, as in the figures. */
import type { Brush } from './draw-layers.ts';

const [MAJOR, MINOR] = [8, 4];

/** Canvas pixels of the ticks along one axis. */
export interface FrameTicks {
  readonly major: readonly number[];
  readonly minor: readonly number[];
}

export function drawFrame({ context, box, ratio, colour }: Brush, x: FrameTicks, y: FrameTicks): void {
  const { left, top, right, bottom } = box;
  context.save();
  context.strokeStyle = colour('--ink');
  context.lineWidth = ratio;
  context.beginPath();
  context.rect(left, top, right - left, bottom - top);
  const line = (x0: number, y0: number, x1: number, y1: number) => {
    context.moveTo(x0, y0);
    context.lineTo(x1, y1);
  };
  for (const [ticks, length] of [
    [x.major, MAJOR],
    [x.minor, MINOR],
  ] as const)
    // prettier-ignore
    for (const at of ticks) {
      if (at < left || at > right) continue;
      line(at, bottom, at, bottom - length * ratio);
      line(at, top, at, top + length * ratio);
    }
  for (const [ticks, length] of [
    [y.major, MAJOR],
    [y.minor, MINOR],
  ] as const)
    // prettier-ignore
    for (const at of ticks) {
      if (at < top || at > bottom) continue;
      line(left, at, left + length * ratio, at);
      line(right, at, right - length * ratio, at);
    }
  context.stroke();
  context.restore();
}
