/**
 * How often each local Z occurs, against what the background alone predicts: the sum over windows of the exact discrete
 * distribution of their Z. A curve of the normal distribution would be wrong at low counts. Windows with p0 = 1
 * (no event) have no Z: they are stated, not drawn at some place. Windows overlap, so bins fluctuate together and
 * carry no error bars.
 */
import { numbersOf } from '../../model/result.ts';
import type { ExpectedZ } from '../../model/result.ts';
import type { FigureInputs } from '../figure-inputs.ts';
import { hasNoExcess } from '../../model/windows-of-table.ts';
import { element, polyline } from '../svg/element.ts';
import { figure, WIDE_BOX } from '../svg/frame.ts';
import { labelText } from '../svg/label.ts';
import { legend } from '../svg/legend.ts';
import type { LegendEntry } from '../svg/legend.ts';
import { linearScale, logScale } from '../svg/scale.ts';
import type { Scale } from '../svg/scale.ts';

const BIN_WIDTH = 0.25;
/** Lower end of the log axis; expectations below it are not drawn. */
const FLOOR = 0.02;

export function drawZDistribution({ table, labels, p0Method, expectedZ }: FigureInputs): string {
  const z = numbersOf(table, 'z');
  const edges = expectedZ?.edges ?? defaultEdges(z);
  const { counts, below, above } = histogram(z, edges);
  const nOne = hasNoExcess(table).filter(Boolean).length;
  const highest = Math.max(10, ...counts, ...(expectedZ?.expected ?? []));
  const x = linearScale(populated(edges, counts, expectedZ?.expected), [WIDE_BOX.left, WIDE_BOX.right], 8);
  const y = logScale([FLOOR, highest * 40], [WIDE_BOX.bottom, WIDE_BOX.top]);
  const floor = (value: number) => y.position(Math.max(value, FLOOR));
  const entries = legendEntries(table.rowCount - countNull(z), nOne, below + above, expectedZ);
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
      expectedZ === undefined
        ? ''
        : element('path', {
            class: 'expected',
            d: stepPath(edges, expectedZ.expected, x, floor),
            fill: 'none',
            stroke: '#b3001b',
            'stroke-width': '1.8',
            'stroke-dasharray': '6 3',
          }),
    ],
    extras: [legend(WIDE_BOX.right - 14, WIDE_BOX.top + 14, entries, 'end')],
  });
}

function legendEntries(
  nDrawn: number,
  nOne: number,
  nOutside: number,
  expectedZ: ExpectedZ | undefined,
): LegendEntry[] {
  const entries: LegendEntry[] = [
    { key: 'box', label: `observed: ${nDrawn} windows with a Z`, style: { fill: '#c9d6e4', stroke: '#1f3b57' } },
  ];
  if (expectedZ !== undefined)
    entries.push({
      key: 'line',
      label: 'expected from background, exact and discrete',
      style: { stroke: '#b3001b', 'stroke-width': '1.8', 'stroke-dasharray': '6 3' },
    });
  const expectedOne = expectedZ === undefined ? '' : `, expected ${expectedZ.expectedAtOne.toFixed(1)}`;
  entries.push({ key: 'none', label: `not drawn: ${nOne} windows with p_{0} = 1${expectedOne}` });
  if (nOutside > 0) entries.push({ key: 'none', label: `${nOutside} windows outside the axis` });
  entries.push({ key: 'none', label: 'windows overlap: neighbouring bins fluctuate together' });
  return entries;
}

/** Range of the bins with something to draw, two bins wider on both sides. */
function populated(
  edges: ArrayLike<number>,
  counts: ArrayLike<number>,
  expected: ArrayLike<number> | undefined,
): [number, number] {
  const bins = Array.from(counts, (_, i) => i).filter((i) => counts[i]! > 0 || (expected?.[i] ?? 0) > FLOOR);
  const [first, last] = bins.length === 0 ? [0, counts.length - 1] : [bins[0]!, bins.at(-1)!];
  return [edges[Math.max(0, first - 2)]!, edges[Math.min(counts.length, last + 3)]!];
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

/** Bins are [low, high), as the expectation counts them. */
function histogram(
  values: ArrayLike<number>,
  edges: ArrayLike<number>,
): { counts: Uint32Array; below: number; above: number } {
  const nBins = edges.length - 1;
  const counts = new Uint32Array(nBins);
  let [below, above] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (Number.isNaN(value)) continue;
    if (value < edges[0]!) below++;
    else if (value >= edges[nBins]!) above++;
    else counts[binOf(value, edges)]!++;
  }
  return { counts, below, above };
}

function binOf(value: number, edges: ArrayLike<number>): number {
  let [low, high] = [0, edges.length - 1];
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (value >= edges[middle]!) low = middle;
    else high = middle;
  }
  return low;
}

function defaultEdges(z: ArrayLike<number>): Float64Array {
  let [low, high] = [-1, 4];
  for (let i = 0; i < z.length; i++) {
    if (z[i]! < low) low = z[i]!;
    if (z[i]! >= high) high = z[i]!;
  }
  const [first, last] = [Math.floor(low / BIN_WIDTH), Math.floor(high / BIN_WIDTH) + 1];
  return Float64Array.from({ length: last - first + 1 }, (_, i) => (first + i) * BIN_WIDTH);
}

function countNull(z: ArrayLike<number>): number {
  return Array.from(z).filter(Number.isNaN).length;
}
