/** The next window in a direction, for the arrow keys. */
import type { MapGeometry } from './geometry.ts';

export type Direction = 'left' | 'right' | 'up' | 'down';

const STEPS: Readonly<Record<Direction, readonly [number, number]>> = {
  left: [-1, 0],
  right: [1, 0],
  up: [0, 1],
  down: [0, -1],
};
/** Cosine of the largest angle to the direction. */
const CONE = 0.5;

/**
 * The window that is nearest, with those off the direction counted as farther: distance / cos^2 of the angle, within 60
 * degrees, on the full map drawn `aspect` times as wide as high. Undefined at the border.
 */
export function neighbourOf(
  { windows, full }: MapGeometry,
  from: number,
  direction: Direction,
  aspect: number,
): number | undefined {
  const [toX, toY] = STEPS[direction];
  const [scaleX, scaleY] = [aspect / (full[1] - full[0]), 1 / (full[3] - full[2])];
  let [best, least] = [-1, Infinity];
  for (let i = 0; i < windows.count; i++) {
    const dx = (windows.x[i] - windows.x[from]) * scaleX;
    const dy = (windows.y[i] - windows.y[from]) * scaleY;
    const along = dx * toX + dy * toY;
    const square = dx * dx + dy * dy;
    if (along <= 0 || along * along < CONE * CONE * square) continue;
    const score = square ** 1.5 / (along * along);
    if (score < least) [best, least] = [i, score];
  }
  return best < 0 ? undefined : best;
}
