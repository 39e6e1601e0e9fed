/** One curve of one window, for `explain`: posterior density, CLs or likelihood against the parameter of interest. */
import type { PlotLabels } from '../../model/result.ts';
import { element, polyline } from '../svg/element.ts';
import { figure, WIDE_BOX } from '../svg/frame.ts';
import { labelText } from '../svg/label.ts';
import { legend } from '../svg/legend.ts';
import type { LegendEntry } from '../svg/legend.ts';
import { linearScale } from '../svg/scale.ts';

export interface CurveMarker {
  readonly value: number;
  /** "limit, 90 % credibility: 2.43 fb". */
  readonly label: string;
}

export interface Curve {
  /** "window 4711: posterior density". */
  readonly subject: string;
  readonly xTitle: string;
  readonly yTitle: string;
  /** [nPoints] ascending x; NaN in y breaks the line. */
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  /** The area left of this x is shaded: the credibility. */
  readonly shadeTo?: number;
  /** Vertical lines, told apart by dashes. */
  readonly markers: readonly CurveMarker[];
  /** More lines of the legend: inputs of the window. */
  readonly remarks?: readonly string[];
}

const DASHES = [undefined, '7 3', '2 3', '9 3 2 3'];

export function drawCurve(curve: Curve, labels: PlotLabels): string {
  const points = Array.from(curve.x, (x, i): [number, number] => [x, curve.y[i]!]).filter(([, y]) => !Number.isNaN(y));
  const highest = points.reduce((max, [, y]) => Math.max(max, y), 0);
  const lowest = points.reduce((min, [, y]) => Math.min(min, y), 0);
  const x = linearScale([points[0]?.[0] ?? 0, points.at(-1)?.[0] ?? 1], [WIDE_BOX.left, WIDE_BOX.right], 8);
  const y = linearScale(
    [lowest, highest === lowest ? lowest + 1 : lowest + 1.25 * (highest - lowest)],
    [WIDE_BOX.bottom, WIDE_BOX.top],
  );
  const place = ([px, py]: readonly [number, number]): [number, number] => [x.position(px), y.position(py)];
  const shaded = curve.shadeTo === undefined ? [] : cutAt(points, curve.shadeTo);
  const style = (i: number) => ({
    stroke: '#b3001b',
    'stroke-width': '1.6',
    'stroke-dasharray': DASHES[i % DASHES.length],
  });
  const entries: LegendEntry[] = [
    ...curve.markers.map(({ label }, i): LegendEntry => ({ key: 'line', label, style: style(i) })),
    ...(curve.remarks ?? []).map((label): LegendEntry => ({ key: 'none', label })),
  ];
  const base = y.position(0);
  return figure({
    axes: { box: WIDE_BOX, x, y, xTitle: curve.xTitle, yTitle: curve.yTitle },
    labels,
    subject: curve.subject,
    description: `${curve.yTitle} against ${curve.xTitle}. ${entries.map((entry) => labelText(entry.label)).join('; ')}.`,
    marks: [
      shaded.length < 2
        ? ''
        : element('path', {
            class: 'shade',
            fill: '#d7e3f1',
            d: polyline(
              [[x.position(shaded[0]![0]), base], ...shaded.map(place), [x.position(shaded.at(-1)![0]), base]],
              true,
            ),
          }),
      element('path', {
        class: 'curve',
        d: polyline(points.map(place)),
        fill: 'none',
        stroke: '#1b3f8b',
        'stroke-width': '1.8',
      }),
      ...curve.markers.map(({ value }, i) =>
        element('path', { d: `M${x.position(value).toFixed(1)} ${WIDE_BOX.top}V${WIDE_BOX.bottom}`, ...style(i) }),
      ),
    ],
    extras: entries.length === 0 ? [] : [legend(WIDE_BOX.right - 14, WIDE_BOX.top + 12, entries, 'end')],
  });
}

/** Points up to `end`, with the interpolated last one. */
function cutAt(points: readonly [number, number][], end: number): [number, number][] {
  const next = points.findIndex(([x]) => x > end);
  if (next <= 0) return next === 0 ? [] : [...points];
  const [[x0, y0], [x1, y1]] = [points[next - 1]!, points[next]!];
  return [...points.slice(0, next), [end, y0 + ((end - x0) / (x1 - x0)) * (y1 - y0)]];
}
