/** Numbered discs beside windows that a figure points at. */
import { cosSinDegrees } from '../../model/ellipse.ts';
import { element, polyline } from '../svg/element.ts';
import { text } from '../svg/frame.ts';
import type { Axes, Box } from '../svg/frame.ts';

/** Ranks 1, 2, ... for the given rows, each at the first place around its window where no other disc is. */
export function drawBadges(
  axes: Pick<Axes, 'box' | 'x' | 'y'>,
  windows: { readonly x: ArrayLike<number>; readonly y: ArrayLike<number> },
  rows: readonly number[],
  ranks: readonly number[] = rows.map((_, i) => i + 1),
): string {
  const taken: [number, number][] = [];
  return rows
    .map((row, i) => {
      const at: [number, number] = [axes.x.position(windows.x[row]!), axes.y.position(windows.y[row]!)];
      const places = [20, 38].flatMap((r) =>
        [-30, -150, 30, 150, -90, 90].map((degrees) => aroundPoint(at, r, degrees)),
      );
      const free = places.find(
        (place) =>
          isInside(axes.box, place) &&
          taken.every((other) => Math.hypot(place[0] - other[0], place[1] - other[1]) > 19),
      );
      const [cx, cy] = free ?? places[0]!;
      taken.push([cx, cy]);
      const leader = element('path', { d: polyline([at, [cx, cy]]), stroke: '#b3001b', 'stroke-width': '0.8' });
      const disc = element('circle', { cx, cy, r: 8.5, fill: 'white', stroke: '#b3001b' });
      return leader + disc + text(cx, cy + 4.5, String(ranks[i]), { anchor: 'middle', size: 12, bold: true });
    })
    .join('');
}

function aroundPoint([x, y]: readonly [number, number], radius: number, degrees: number): [number, number] {
  const [c, s] = cosSinDegrees(degrees);
  return [x + radius * c, y + radius * s];
}

function isInside(box: Box, [x, y]: readonly [number, number]): boolean {
  return x > box.left + 10 && x < box.right - 10 && y > box.top + 10 && y < box.bottom - 10;
}
