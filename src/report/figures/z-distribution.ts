/**
 * How often each local Z occurs, against what the background alone predicts: the sum over windows of the exact discrete
 * distribution of their Z. A curve of the normal distribution would be wrong at low counts. Windows with p0 = 1
 * (no event) have no Z: they are stated, not drawn at some place. Windows overlap, so bins fluctuate together and
 * carry no error bars.
 */
import type { FigureInputs } from '../figure-inputs.ts';
import { element, polyline } from '../svg/element.ts';
import { figure, WIDE_BOX } from '../svg/frame.ts';
import { labelText } from '../svg/label.ts';
import { legend } from '../svg/legend.ts';
import type { LegendEntry } from '../svg/legend.ts';
import { linearScale, logScale } from '../svg/scale.ts';
import type { Scale } from '../svg/scale.ts';
import { LEAST_EXPECTED, zHistogram, type ZHistogram } from '../z-histogram.ts';

export function drawZDistribution({ table, labels, p0Method, expectedZ }: FigureInputs): string {
  const histogram = zHistogram(table, expectedZ);
  const { edges, counts, expected, shown } = histogram;
  const highest = Math.max(10, ...counts, ...(expected ?? []));
  const x = linearScale(shown, [WIDE_BOX.left, WIDE_BOX.right], 8);
  const y = logScale([LEAST_EXPECTED, highest * 40], [WIDE_BOX.bottom, WIDE_BOX.top]);
  const floor = (value: number) => y.position(Math.max(value, LEAST_EXPECTED));
  const entries = legendEntries(histogram);
  return figure({
    axes: {
      box: WIDE_BOX,
      x,
      y,
      xTitle: `local Z (${p0Method})`,
      yTitle: `windows per ${Number((edges[1]! - edges[0]!).toPrecision(3))}`,
    },
    labels,
    subject: `distribution of local Z over ${table.rowCount} windows`,
    description: `Histogram of local Z. ${entries.map((entry) => labelText(entry.label)).join('; ')}.`,
    marks: [
      element('path', {
        class: 'observed',
        d: stepPath(edges, counts, x, floor),
        fill: '#c9d6e4',
        stroke: '#1f3b57',
        'stroke-width': '1.3',
      }),
      expected === undefined
        ? ''
        : element('path', {
            class: 'expected',
            d: stepPath(edges, expected, x, floor),
            fill: 'none',
            stroke: '#b3001b',
            'stroke-width': '1.8',
            'stroke-dasharray': '6 3',
          }),
    ],
    extras: [legend(WIDE_BOX.right - 14, WIDE_BOX.top + 14, entries, 'end')],
  });
}

function legendEntries({ withZ, atOne, expected, expectedAtOne, outside }: ZHistogram): LegendEntry[] {
  const entries: LegendEntry[] = [
    { key: 'box', label: `observed: ${withZ} windows with a Z`, style: { fill: '#c9d6e4', stroke: '#1f3b57' } },
  ];
  if (expected !== undefined)
    entries.push({
      key: 'line',
      label: 'expected from background, exact and discrete',
      style: { stroke: '#b3001b', 'stroke-width': '1.8', 'stroke-dasharray': '6 3' },
    });
  const expectedOne = expectedAtOne === undefined ? '' : `, expected ${expectedAtOne.toFixed(1)}`;
  entries.push({ key: 'none', label: `not drawn: ${atOne} windows with p_{0} = 1${expectedOne}` });
  if (outside > 0) entries.push({ key: 'none', label: `${outside} windows outside the axis` });
  entries.push({ key: 'none', label: 'windows overlap: neighbouring bins fluctuate together' });
  return entries;
}

/** Outline of a histogram down to the floor on both sides. */
function stepPath(
  edges: ArrayLike<number>,
  heights: ArrayLike<number>,
  x: Scale,
  yOf: (value: number) => number,
): string {
  const points: [number, number][] = [[x.position(edges[0]!), yOf(0)]];
  for (let i = 0; i < heights.length; i++)
    points.push([x.position(edges[i]!), yOf(heights[i]!)], [x.position(edges[i + 1]!), yOf(heights[i]!)]);
  points.push([x.position(edges[heights.length]!), yOf(0)]);
  return polyline(points);
}
