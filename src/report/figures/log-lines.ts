/** Lines and steps over a linear axis in x and a logarithmic one in y, with vertical markers: the plots of toys. */
import type { PlotLabels } from '../../model/result.ts';
import { element, polyline } from '../svg/element.ts';
import { figure, WIDE_BOX } from '../svg/frame.ts';
import { labelText } from '../svg/label.ts';
import { legend, type LegendEntry } from '../svg/legend.ts';
import { linearScale, logScale } from '../svg/scale.ts';

export interface LogLine {
  /** Without it the line is not in the legend. */
  readonly label?: string;
  /** Points in ascending x; y at or below the floor is drawn there. */
  readonly points: readonly (readonly [number, number])[];
  readonly colour: string;
  readonly dashes?: string;
  /** Filled down to the floor, as histograms are. */
  readonly filled?: boolean;
}

export interface LogLines {
  readonly subject: string;
  readonly xTitle: string;
  readonly yTitle: string;
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
  readonly lines: readonly LogLine[];
  /** Vertical line at the data. */
  readonly marker?: { readonly value: number; readonly label: string };
  readonly remarks?: readonly string[];
}

const MARKER = { stroke: '#b3001b', 'stroke-width': '1.8', 'stroke-dasharray': '7 3' };

export function drawLogLines(plot: LogLines, labels: PlotLabels): string {
  const x = linearScale(plot.x, [WIDE_BOX.left, WIDE_BOX.right], 8);
  const y = logScale(plot.y, [WIDE_BOX.bottom, WIDE_BOX.top]);
  const inside = ([px]: readonly [number, number]) => px >= plot.x[0] && px <= plot.x[1];
  const place = ([px, py]: readonly [number, number]): [number, number] => [
    x.position(px),
    y.position(Math.min(plot.y[1], Math.max(plot.y[0], py))),
  ];
  const entries: LegendEntry[] = [
    ...plot.lines.flatMap(({ label, colour, dashes }): LegendEntry[] => {
      const style = { stroke: colour, 'stroke-width': '1.8', ...(dashes ? { 'stroke-dasharray': dashes } : {}) };
      return label === undefined ? [] : [{ key: 'line', label, style }];
    }),
    ...(plot.marker ? [{ key: 'line', label: plot.marker.label, style: MARKER } as const] : []),
    ...(plot.remarks ?? []).map((label): LegendEntry => ({ key: 'none', label })),
  ];
  return figure({
    axes: { box: WIDE_BOX, x, y, xTitle: plot.xTitle, yTitle: plot.yTitle },
    labels,
    subject: plot.subject,
    description: `${plot.yTitle} against ${plot.xTitle}. ${entries.map(({ label }) => labelText(label)).join('; ')}.`,
    marks: [
      ...plot.lines.map(({ points, colour, dashes, filled }) =>
        element('path', {
          d: polyline(points.filter(inside).map(place)),
          fill: filled ? '#c9d6e4' : 'none',
          stroke: colour,
          'stroke-width': '1.8',
          ...(dashes ? { 'stroke-dasharray': dashes } : {}),
        }),
      ),
      plot.marker && inside([plot.marker.value, 1])
        ? element('path', {
            d: `M${x.position(plot.marker.value).toFixed(1)} ${WIDE_BOX.top}V${WIDE_BOX.bottom}`,
            ...MARKER,
          })
        : '',
    ],
    extras: [legend(WIDE_BOX.right - 14, WIDE_BOX.top + 14, entries, 'end')],
  });
}
