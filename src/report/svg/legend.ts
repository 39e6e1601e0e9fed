/** Legends: a stack of keys with text, and the vertical colour bar of a map. */
import { element } from './element.ts';
import type { Attributes } from './element.ts';
import { text } from './frame.ts';
import type { Box } from './frame.ts';
import { labelWidth } from './label.ts';
import type { ColourMap } from './colour.ts';
import type { Scale } from './scale.ts';

export interface LegendEntry {
  readonly label: string;
  /** What the key shows: a filled box, a line, a point, or nothing (a remark). */
  readonly key: 'box' | 'line' | 'point' | 'triangle' | 'none';
  readonly style?: Attributes;
}

const ROW = 18;
const KEY_WIDTH = 26;
const SIZE = 12;

/** Legend with its top left (or top right, with anchor end) corner at (x, y), on white so that marks stay behind. */
export function legend(
  x: number,
  y: number,
  entries: readonly LegendEntry[],
  anchor: 'start' | 'end' = 'start',
): string {
  const width = legendWidth(entries);
  const left = anchor === 'end' ? x - width : x;
  const paper = element('rect', {
    x: left,
    y,
    width,
    height: entries.length * ROW + 8,
    fill: 'white',
    'fill-opacity': '0.88',
  });
  const rows = entries.map((entry, i) => {
    const middle = y + 4 + ROW * (i + 0.5);
    const textLeft = entry.key === 'none' ? left + 6 : left + KEY_WIDTH + 12;
    return drawKey(entry, left + 6, middle) + text(textLeft, middle + 4, entry.label, { size: SIZE });
  });
  return element('g', {}, paper, ...rows);
}

export function legendWidth(entries: readonly LegendEntry[]): number {
  return Math.max(
    0,
    ...entries.map(({ label, key }) => labelWidth(label) * SIZE + (key === 'none' ? 12 : KEY_WIDTH + 18)),
  );
}

export function legendHeight(entries: readonly LegendEntry[]): number {
  return entries.length * ROW + 8;
}

/**
 * The corner of a box where a legend hides the fewest of the given points (SVG units), preferred in the order bottom
 * right, top right, top left, bottom left. Returns its top left corner.
 */
export function freeCorner(
  box: Box,
  entries: readonly LegendEntry[],
  points: readonly (readonly [number, number])[],
): [number, number] {
  const [width, height] = [legendWidth(entries), legendHeight(entries)];
  const [left, right] = [box.left + 12, box.right - 12 - width];
  const [top, bottom] = [box.top + 12, box.bottom - 12 - height];
  const hidden = (at: readonly [number, number]) => countHidden(at, entries, points);
  const corners = [
    [right, bottom],
    [right, top],
    [left, top],
    [left, bottom],
  ] as const;
  const counts = corners.map(hidden);
  return [...corners[counts.indexOf(Math.min(...counts))]!];
}

/** Points (SVG units) behind a legend with its top left corner at `at`. */
export function countHidden(
  [x, y]: readonly [number, number],
  entries: readonly LegendEntry[],
  points: readonly (readonly [number, number])[],
): number {
  const [right, bottom] = [x + legendWidth(entries), y + legendHeight(entries)];
  return points.filter(([px, py]) => px > x && px < right && py > y && py < bottom).length;
}

/** Triangle pointing down, as path data. */
export function trianglePath(x: number, y: number, size = 4.5): string {
  return `M${(x - size).toFixed(1)} ${(y - size * 0.7).toFixed(1)}h${2 * size}l${-size} ${1.6 * size}z`;
}

/**
 * Colour bar right of a map. `overflow` > 0 draws the end as an arrow: that many windows lie above the scale.
 * @param scale its range must run from the bottom to the top of the bar
 */
export function colourBar(box: Box, scale: Scale, colours: ColourMap, title: string, overflow = 0): string {
  const [left, width] = [box.right + 14, 18];
  const stops = Array.from({ length: 33 }, (_, i) =>
    element('stop', { offset: String(i / 32), 'stop-color': colours(i / 32) }),
  );
  const gradient = element('linearGradient', { id: 'bar', x1: '0', y1: '1', x2: '0', y2: '0' }, ...stops);
  const outline = element('rect', {
    x: left,
    y: box.top,
    width,
    height: box.bottom - box.top,
    fill: 'url(#bar)',
    stroke: 'black',
  });
  const arrow = element('path', {
    d: `M${left} ${box.top}h${width}l${-width / 2} -11z`,
    fill: colours(1),
    stroke: 'black',
  });
  const right = left + width;
  const ticks = scale.major.map(
    (tick) =>
      element('path', { d: `M${right} ${scale.position(tick.value).toFixed(1)}h-5`, stroke: 'black' }) +
      text(right + 5, scale.position(tick.value) + 4, tick.label, { size: 12 }),
  );
  const minor = element('path', {
    d: scale.minor.map((value) => `M${right} ${scale.position(value).toFixed(1)}h-3`).join(''),
    stroke: 'black',
    'stroke-width': '0.8',
  });
  const titleText = text(right + 62, box.top, title, { anchor: 'end', rotate: true });
  return element('g', {}, gradient, outline, overflow > 0 ? arrow : '', ...ticks, minor, titleText);
}

function drawKey({ key, style = {} }: LegendEntry, left: number, middle: number): string {
  const right = left + KEY_WIDTH;
  if (key === 'box') return element('rect', { x: left, y: middle - 6, width: KEY_WIDTH, height: 12, ...style });
  if (key === 'line') return element('path', { d: `M${left} ${middle}H${right}`, fill: 'none', ...style });
  if (key === 'point') return element('circle', { cx: (left + right) / 2, cy: middle, r: 3, ...style });
  if (key === 'triangle') return element('path', { d: trianglePath((left + right) / 2, middle), ...style });
  return '';
}
