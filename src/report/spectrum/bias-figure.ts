/** Figures of a measurement of bias against the mass: mean pull with the width of the pull below, and the bias in errors of S. */
import type { PlotLabels } from '../../model/result.ts';
import type { BiasResult, BiasRow } from '../../model/spectrum/bias-result.ts';
import type { Figure } from '../figures.ts';
import { drawLine } from '../figures/bands.ts';
import { massAxis } from '../figures/mass-axis.ts';
import { element } from '../svg/element.ts';
import { figure, LOWER_BOX, UPPER_BOX, WIDE_BOX, type Axes, type Box } from '../svg/frame.ts';
import { withUnit } from '../svg/label.ts';
import { freeCorner, legend, type LegendEntry } from '../svg/legend.ts';
import { linearScale, type Scale } from '../svg/scale.ts';

export interface BiasFigureInputs {
  readonly labels: PlotLabels;
  readonly result: BiasResult;
}

/** Content of plots/bias.json. */
export type StoredBiasFigures = BiasFigureInputs & { readonly schema: 'darkscan/bias-figures/1' };

export function storeBiasFigures({ labels, result }: BiasFigureInputs): StoredBiasFigures {
  return { schema: 'darkscan/bias-figures/1', labels, result };
}

export function listBiasFigures(inputs: BiasFigureInputs): Figure[] {
  return [
    { name: 'bias-pull', draw: () => drawPulls(inputs) },
    { name: 'bias', draw: () => drawBias(inputs) },
  ];
}

/** From dark to light, so that strengths differ in print too. */
const COLOURS = ['#1b2f5b', '#b3001b', '#3f8f5f', '#c78a1e', '#8a63b0', '#6b7f8f'];
const BAND = { fill: '#dfe6ee' };
const GUIDE = { stroke: '#777', 'stroke-dasharray': '5 4', fill: 'none' };
/** Share of the error of S that matters (toys/spectrum/bias-overall.ts). */
const LARGE_BIAS = 0.2;

interface Point {
  readonly low: number;
  readonly high: number;
  readonly value: number;
  readonly error: number;
}

interface Series {
  readonly strength: number;
  readonly style: Record<string, string>;
  /** One per spectrum, ascending in mass. */
  readonly lines: readonly (readonly Point[])[];
}

type Value = (row: BiasRow) => readonly [value: number | null, error: number | null];

function drawPulls({ labels, result }: BiasFigureInputs): string {
  const x = axisOf(result, UPPER_BOX);
  const pulls = seriesOf(result, ({ pull_mean, pull_mean_err }) => [pull_mean, pull_mean_err]);
  const widths = seriesOf(result, ({ pull_width, pull_width_err }) => [pull_width, pull_width_err]);
  const band = 1 / Math.sqrt(result.n_toys);
  const axes: Axes = {
    box: UPPER_BOX,
    x,
    y: valueAxis(pulls, [-3 * band, 3 * band], UPPER_BOX),
    xTitle: '',
    yTitle: 'mean pull',
  };
  const lower: Axes = {
    box: LOWER_BOX,
    x,
    y: valueAxis(widths, [1 - 2 * band, 1 + 2 * band], LOWER_BOX, 4),
    xTitle: withUnit(labels.x),
    yTitle: 'width',
  };
  return figureOf({ labels, result }, axes, {
    subject: 'pull of Ŝ',
    what: 'Mean of (Ŝ − injected)/error and, below, its standard deviation',
    series: pulls,
    entries: [{ key: 'box', label: `± 1/√${result.n_toys}`, style: BAND }],
    marks: [bandAround(axes, 0, band), guide(axes, 0)],
    lower: {
      axes: lower,
      marks: [
        bandAround(lower, 1, band * Math.SQRT1_2),
        guide(lower, 1),
        ...widths.flatMap((one) => drawSeries(one, lower)),
      ],
    },
  });
}

function drawBias({ labels, result }: BiasFigureInputs): string {
  const series = seriesOf(result, ({ bias, bias_err, s_unit }) => [
    bias === null ? null : bias / s_unit,
    bias_err === null ? null : bias_err / s_unit,
  ]);
  const axes: Axes = {
    box: WIDE_BOX,
    x: axisOf(result, WIDE_BOX),
    y: valueAxis(series, [-1.2 * LARGE_BIAS, 1.2 * LARGE_BIAS], WIDE_BOX),
    xTitle: withUnit(labels.x),
    yTitle: 'mean of (Ŝ − injected) / expected error',
  };
  return figureOf({ labels, result }, axes, {
    subject: 'bias of Ŝ',
    what: 'Mean of Ŝ − injected in units of the error expected without signal',
    series,
    entries: [{ key: 'line', label: `± ${LARGE_BIAS} of the error`, style: GUIDE }],
    marks: [guide(axes, LARGE_BIAS), guide(axes, -LARGE_BIAS), guide(axes, 0, { stroke: '#777', fill: 'none' })],
  });
}

function figureOf(
  { labels, result }: BiasFigureInputs,
  axes: Axes,
  parts: {
    readonly subject: string;
    readonly what: string;
    readonly series: readonly Series[];
    readonly entries: readonly LegendEntry[];
    readonly marks: readonly string[];
    readonly lower?: { readonly axes: Axes; readonly marks: readonly string[] };
  },
): string {
  const { subject, what, series, marks, lower } = parts;
  const entries: LegendEntry[] = [
    ...series.map(({ strength, style }): LegendEntry => ({
      key: 'line',
      label: strength === 0 ? 'no signal' : `signal of ${strength} errors`,
      style,
    })),
    ...parts.entries,
  ];
  const places = series.flatMap(({ lines }) =>
    lines
      .flat()
      .flatMap(({ low, value, error }): [number, number][] =>
        [value - error, value, value + error].map((end) => [axes.x.position(low), axes.y.position(end)]),
      ),
  );
  const truth = result.truth === null ? '' : `, thrown from ${result.truth}`;
  return figure({
    axes,
    ...(lower === undefined ? {} : { lower }),
    labels,
    subject: `${subject}, ${result.n_toys} toys a point${truth}`,
    description: `${what}, of ${result.n_hypotheses} hypotheses at ${series.length} strengths.`,
    marks: [...marks, ...series.flatMap((one) => drawSeries(one, axes))],
    extras: [legend(...freeCorner(axes.box, entries, places), entries)],
  });
}

function seriesOf({ rows, overall }: BiasResult, of: Value): Series[] {
  const spectra = [...new Set(rows.map(({ spectrum }) => spectrum))];
  return overall.map(({ strength }, k) => ({
    strength,
    style: { stroke: COLOURS[k % COLOURS.length], 'stroke-width': '1.2' },
    lines: spectra.map((name) =>
      rows
        .filter((row) => row.strength === strength && row.spectrum === name)
        .map((row): Point => {
          const [value, error] = of(row);
          return { low: row.mass, high: row.mass, value: value ?? NaN, error: error ?? 0 };
        })
        .sort((a, b) => a.low - b.low),
    ),
  }));
}

function drawSeries({ lines, style }: Series, { x, y }: Axes): string[] {
  const points = lines.flat().filter(({ value }) => !Number.isNaN(value));
  const bars = points.map(({ low, value, error }) => {
    const at = x.position(low).toFixed(1);
    return `M${at} ${y.position(value - error).toFixed(1)}V${y.position(value + error).toFixed(1)}`;
  });
  return [
    ...lines.map((line) => drawLine(line, ({ value }) => value, x, y, { ...style, 'stroke-opacity': '0.45' })),
    element('path', { class: 'errors', d: bars.join(''), fill: 'none', ...style }),
    ...points.map(({ low, value }) =>
      element('circle', { cx: x.position(low), cy: y.position(value), r: 2.6, fill: style.stroke }),
    ),
  ];
}

function axisOf({ rows }: BiasResult, box: Box): Scale {
  return massAxis(
    rows.map(({ mass }) => mass),
    box,
  );
}

/** Holds all points with their errors, and `least`. */
function valueAxis(series: readonly Series[], least: readonly [number, number], box: Box, ticks = 8): Scale {
  const [low, high] = series
    .flatMap(({ lines }) => lines.flat())
    .filter(({ value }) => !Number.isNaN(value))
    .reduce(([from, to], { value, error }) => [Math.min(from, value - error), Math.max(to, value + error)], [...least]);
  const margin = 0.08 * (high - low);
  return linearScale([low - margin, high + margin], [box.bottom, box.top], ticks);
}

function bandAround({ box, y }: Axes, middle: number, reach: number): string {
  const [top, bottom] = [y.position(middle + reach), y.position(middle - reach)];
  return element('rect', { x: box.left, y: top, width: box.right - box.left, height: bottom - top, ...BAND });
}

function guide({ box, y }: Axes, at: number, style: Record<string, string> = GUIDE): string {
  return element('path', { d: `M${box.left} ${y.position(at).toFixed(1)}H${box.right}`, ...style });
}
