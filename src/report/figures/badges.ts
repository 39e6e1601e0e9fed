/** Numbered discs beside windows that a figure points at. */
import { cosSinDegrees } from '../../model/ellipse.ts';
import { element, polyline } from '../svg/element.ts';
import { text } from '../svg/frame.ts';
import type { Axes, Box } from '../svg/frame.ts';

const RADIUS = 8.5;

type Points = { readonly x: ArrayLike<number>; readonly y: ArrayLike<number> };
type Frame = Pick<Axes, 'box' | 'x' | 'y'>;

/** Ranks 1, 2, ... for the given rows, each at the first place around its window where no other disc is. */
export function drawBadges(
  axes: Frame,
  windows: Points,
  rows: readonly number[],
  ranks: readonly number[] = rows.map((_, i) => i + 1),
): string {
  return placeBadges(axes, windows, rows)
    .map(({ at, centre: [cx, cy] }, i) => {
      const leader = element('path', { d: polyline([at, [cx, cy]]), stroke: '#b3001b', 'stroke-width': '0.8' });
      const disc = element('circle', { cx, cy, r: RADIUS, fill: 'white', stroke: '#b3001b' });
      return leader + disc + text(cx, cy + 4.5, String(ranks[i]), { anchor: 'middle', size: 12, bold: true });
    })
    .join('');
}

/** Centres and outermost points of the discs (SVG units): what a legend should leave visible. */
export function badgeMarks(axes: Frame, windows: Points, rows: readonly number[]): [number, number][] {
  const corners = [-RADIUS, 0, RADIUS].flatMap((dx) => [-RADIUS, 0, RADIUS].map((dy) => [dx, dy]));
  return placeBadges(axes, windows, rows).flatMap(({ centre: [x, y] }) =>
    corners.map(([dx, dy]): [number, number] => [x + dx, y + dy]),
  );
}

function placeBadges(axes: Frame, windows: Points, rows: readonly number[]) {
  const taken: [number, number][] = [];
  return rows.map((row) => {
    const at: [number, number] = [axes.x.position(windows.x[row]), axes.y.position(windows.y[row])];
    const places = [20, 38].flatMap((r) => [-30, -150, 30, 150, -90, 90].map((degrees) => aroundPoint(at, r, degrees)));
    const free = places.find(
      (place) =>
        isInside(axes.box, place) && taken.every((other) => Math.hypot(place[0] - other[0], place[1] - other[1]) > 19),
    );
    const centre = free ?? places[0];
    taken.push(centre);
    return { at, centre };
  });
}

function aroundPoint([x, y]: readonly [number, number], radius: number, degrees: number): [number, number] {
  const [c, s] = cosSinDegrees(degrees);
  return [x + radius * c, y + radius * s];
}

function isInside(box: Box, [x, y]: readonly [number, number]): boolean {
  return x > box.left + 10 && x < box.right - 10 && y > box.top + 10 && y < box.bottom - 10;
}
