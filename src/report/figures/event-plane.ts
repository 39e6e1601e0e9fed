/**
 * The plane of the scan: events (a density when there are many), window centres faintly, outlines of the most
 * significant windows with their numbers and of a few examples that show how size and tilt change over the plane.
 */
import type { FigureInputs } from '../figure-inputs.ts';
import type { View } from '../../model/windows-of-table.ts';
import { greys } from '../svg/colour.ts';
import { element, polyline } from '../svg/element.ts';
import { figure } from '../svg/frame.ts';
import type { Axes, Box } from '../svg/frame.ts';
import { withUnit } from '../svg/label.ts';
import { legend } from '../svg/legend.ts';
import type { LegendEntry } from '../svg/legend.ts';
import { linearScale } from '../svg/scale.ts';
import { topWindows } from '../../model/top-windows.ts';
import { describeWindow } from '../describe-window.ts';
import { ellipsePoints, viewOf, windowsOfTable } from '../../model/windows-of-table.ts';
import type { PlotWindows } from '../../model/windows-of-table.ts';
import { drawBadges } from './badges.ts';

const BOX: Box = { left: 84, top: 62, right: 776, bottom: 404 };
const N_TOP = 5;
const MAX_CENTRES = 12_000;

export function drawEventPlane({ table, labels, events }: FigureInputs): string {
  const windows = windowsOfTable(table);
  const axes = planeAxes(BOX, viewOf(windows), labels.x, labels.y!);
  const top = topWindows(table, N_TOP);
  const examples = exampleWindows(windows);
  const stride = Math.ceil(windows.count / MAX_CENTRES);
  const outline = (i: number) =>
    polyline(
      ellipsePoints(windows, i).map(([x, y]) => [axes.x.position(x), axes.y.position(y)]),
      true,
    );
  const entries: LegendEntry[] = [
    eventKey(events),
    {
      key: 'point',
      label: stride === 1 ? 'window centres' : `window centres (1 in ${stride})`,
      style: { fill: '#9db8d6', r: 1.6 },
    },
    {
      key: 'line',
      label: `${examples.length} windows as examples`,
      style: { stroke: '#3b6ea8', 'stroke-dasharray': '4 2' },
    },
    { key: 'line', label: 'most significant windows', style: { stroke: '#b3001b', 'stroke-width': '1.4' } },
  ];
  const listed: LegendEntry[] = top.map((row, i) => ({ key: 'none', label: describeWindow(table, row, i + 1) }));
  return figure({
    axes,
    labels,
    subject: `${events.nEvents} events, ${windows.count} windows`,
    description:
      `Events in the plane with ${windows.count} window centres; ${events.nOutside} events lie outside the plane shown. ` +
      `Most significant windows: ${listed.map((entry) => entry.label).join('; ') || 'none'}.`,
    marks: [
      drawEvents(axes, events, 'density'),
      dots(axes, windows, stride),
      drawEvents(axes, events, 'points'),
      element('path', {
        d: examples.map(outline).join(''),
        fill: 'none',
        stroke: '#3b6ea8',
        'stroke-dasharray': '4 2',
      }),
      ...top.map((i) => element('path', { d: outline(i), fill: 'none', stroke: '#b3001b', 'stroke-width': '1.4' })),
    ],
    extras: [
      drawBadges(axes, windows, top),
      legend(BOX.left, BOX.bottom + 52, entries),
      legend(
        BOX.left + 300,
        BOX.bottom + 52,
        listed.length > 0 ? listed : [{ key: 'none', label: 'no window with Z above 0' }],
      ),
    ],
  });
}

/** Axes of the plane, shared with the maps. */
export function planeAxes(
  box: Box,
  view: View,
  x: { label: string; unit: string },
  y: { label: string; unit: string },
): Axes {
  return {
    box,
    x: linearScale([view[0], view[1]], [box.left, box.right], 8),
    y: linearScale([view[2], view[3]], [box.bottom, box.top], 8),
    xTitle: withUnit(x),
    yTitle: withUnit(y),
  };
}

function eventKey(events: FigureInputs['events']): LegendEntry {
  if (events.kind === 'points')
    return { key: 'point', label: `events (${events.x.length} shown)`, style: { fill: 'black', r: 1.8 } };
  const largest = events.cells.reduce((max, [, count]) => Math.max(max, count), 1);
  return { key: 'box', label: `events per cell: 1 (light) to ${largest} (dark), log`, style: { fill: greys(0.6) } };
}

/** Points as zero-length strokes with round caps: the shortest way to write thousands of discs. */
function pointPath(axes: Axes, x: ArrayLike<number>, y: ArrayLike<number>, stride = 1): string {
  let path = '';
  for (let i = 0; i < x.length; i += stride)
    path += `M${axes.x.position(x[i]!).toFixed(1)} ${axes.y.position(y[i]!).toFixed(1)}h0`;
  return path;
}

function dots(axes: Axes, windows: PlotWindows, stride: number): string {
  const d = pointPath(axes, windows.x, windows.y, stride);
  return element('path', { d, stroke: '#9db8d6', 'stroke-width': '1.3', 'stroke-linecap': 'round', class: 'centres' });
}

function drawEvents(axes: Axes, events: FigureInputs['events'], layer: 'points' | 'density'): string {
  if (events.kind !== layer) return '';
  if (events.kind === 'points') {
    const width = events.x.length > 5000 ? '1.6' : '2.6';
    return element('path', {
      d: pointPath(axes, events.x, events.y),
      stroke: 'black',
      'stroke-width': width,
      'stroke-linecap': 'round',
      class: 'events',
    });
  }
  const { view, nX, nY, cells } = events;
  const largest = cells.reduce((max, [, count]) => Math.max(max, count), 1);
  const byShade = new Map<string, string>();
  const [width, height] = [(view[1] - view[0]) / nX, (view[3] - view[2]) / nY];
  for (const [index, count] of cells) {
    const shade = greys(Math.round((16 * Math.log1p(count - 1)) / Math.max(Math.log(largest), 1e-9)) / 16);
    const left = view[0] + (index % nX) * width;
    const low = view[2] + Math.floor(index / nX) * height;
    const [x0, x1, y0, y1] = [
      axes.x.position(left),
      axes.x.position(left + width),
      axes.y.position(low),
      axes.y.position(low + height),
    ];
    byShade.set(
      shade,
      `${byShade.get(shade) ?? ''}M${x0.toFixed(1)} ${y1.toFixed(1)}H${x1.toFixed(1)}V${y0.toFixed(1)}H${x0.toFixed(1)}z`,
    );
  }
  return element('g', { class: 'density' }, ...[...byShade].map(([fill, d]) => element('path', { d, fill })));
}

/** Windows nearest to a 4 x 3 grid over the plane, each once, without those whose outlines would overlap. */
function exampleWindows(windows: PlotWindows): number[] {
  const [xLow, xHigh, yLow, yHigh] = viewOf(windows);
  const chosen = new Set<number>();
  for (let k = 0; k < 12; k++) {
    const [x, y] = [
      xLow + ((xHigh - xLow) * ((k % 4) + 0.5)) / 4,
      yLow + ((yHigh - yLow) * (Math.floor(k / 4) + 0.5)) / 3,
    ];
    let [best, distance] = [-1, 0.02];
    for (let i = 0; i < windows.count; i++) {
      const d = ((windows.x[i]! - x) / (xHigh - xLow)) ** 2 + ((windows.y[i]! - y) / (yHigh - yLow)) ** 2;
      if (d < distance) [best, distance] = [i, d];
    }
    if (best >= 0) chosen.add(best);
  }
  return [...chosen];
}
