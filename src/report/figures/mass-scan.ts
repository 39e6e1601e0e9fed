/**
 * Scans of one mass, by windows or by fits: local p0 with lines at 1, 2, 3, ... sigma, and limits with the bands of what
 * was expected.
 */
import { findColumn, numbersOf } from '../../model/result.ts';
import type { P0Group, PlotLabels, ResultTable } from '../../model/result.ts';
import type { LimitColumns } from '../limit-bins.ts';
import { element } from '../svg/element.ts';
import { figure, WIDE_BOX } from '../svg/frame.ts';
import { labelText, withUnit } from '../svg/label.ts';
import { countHidden, freeCorner, legend, legendHeight } from '../svg/legend.ts';
import type { LegendEntry } from '../svg/legend.ts';
import { exponentScale } from '../svg/scale.ts';
import type { Scale } from '../svg/scale.ts';
import { badgeMarks, drawBadges } from './badges.ts';
import { BAND_KEYS, drawBands, drawLine, limitAxis, MEDIAN_STYLE } from './bands.ts';
import { linesByMass, massAxis } from './mass-axis.ts';
import { drawSigmaLines, labelSigmaLines, log10Tail, sigmaLines } from './sigma-lines.ts';

export interface MassScan {
  readonly table: ResultTable;
  readonly labels: PlotLabels;
  /** Column of the mass, and what a row is. */
  readonly mass: 'x' | 'mass';
  readonly noun: 'windows' | 'hypotheses';
  /** Rows to point at, best first, each with a line of the legend; `badges` also numbers them in the figure. */
  readonly top: readonly { readonly row: number; readonly words: string }[];
  readonly badges: boolean;
}

export interface LimitSpec {
  readonly columns: LimitColumns;
  /** "upper limits (90 % credibility, bayes)". */
  readonly subject: string;
  /** Title of the vertical axis with unit, ROOT-like. */
  readonly title: string;
}

/** Lines of the first, second ... p0 method. */
const P0_STYLES: readonly Record<string, string>[] = [
  { stroke: '#1b3f8b', 'stroke-width': '1.5' },
  { stroke: '#b3001b', 'stroke-width': '1.3', 'stroke-dasharray': '6 3' },
  { stroke: '#2e7d32', 'stroke-width': '1.3', 'stroke-dasharray': '2 2' },
  { stroke: '#8a5a00', 'stroke-width': '1.3', 'stroke-dasharray': '8 3 2 3' },
];
const OBSERVED_STYLE = { stroke: 'black', 'stroke-width': '1.4' };
/** Smallest p0 an axis always has room for. */
const LEAST_Z = 3;
const MOST_DOTS = 120;

/** Local p0 from ln_p0, so that 40 sigma (p = 1e-349) has its place on the axis; p0 = 1 at the top. */
export function drawP0Scan(scan: MassScan, methods: readonly P0Group[]): string {
  const { table, labels, noun, top } = scan;
  const mass = numbersOf(table, scan.mass);
  const x = massAxis(mass, WIDE_BOX);
  const log10 = methods.map(({ suffix }) =>
    Float64Array.from(numbersOf(table, `ln_p0${suffix}`), (lnP) => lnP / Math.LN10),
  );
  const lines = linesByMass(table, scan.mass).map((rows) =>
    rows.map((row) => ({ low: mass[row], high: mass[row], log10: log10.map((values) => values[row]) })),
  );
  const smallest = log10.reduce((least, values) => values.reduce((a, b) => (b < a ? b : a), least), log10Tail(LEAST_Z));
  const y = exponentScale(Math.floor(smallest * 1.1) - 0.2, [WIDE_BOX.bottom, WIDE_BOX.top]);
  const sigmas = sigmaLines(y);
  const style = (m: number) => P0_STYLES[m % P0_STYLES.length];
  const entries: LegendEntry[] = [
    ...methods.map(({ method }, m) => ({
      key: 'line' as const,
      label: m === 0 ? `local p_{0} (${method}), ${table.rowCount} ${noun}` : `local p_{0} (${method})`,
      style: style(m),
    })),
    ...top.map(({ words }) => ({ key: 'none' as const, label: words })),
  ];
  const drawn = lines
    .flat()
    .flatMap((point) =>
      point.log10
        .filter((value) => !Number.isNaN(value))
        .map((value): [number, number] => [x.position(point.low), y.position(value)]),
    );
  const numbered = scan.badges ? [...top.keys()].filter((i) => !Number.isNaN(log10[0][top[i].row])) : [];
  const discs = [{ box: WIDE_BOX, x, y }, { x: mass, y: log10[0] }, numbered.map((i) => top[i].row)] as const;
  drawn.push(...badgeMarks(...discs));
  return figure({
    axes: { box: WIDE_BOX, x, y, xTitle: withUnit(labels.x), yTitle: 'local p_{0}' },
    labels,
    subject: `local p_{0}, ${table.rowCount} ${noun}`,
    description: `Local p0 against the mass on a logarithmic axis with lines at whole sigmas. ${entries.map((entry) => labelText(entry.label)).join('; ')}.`,
    marks: [
      ...drawSigmaLines(sigmas, y, WIDE_BOX),
      // the first method on top
      ...methods
        .flatMap((_, m) => lines.map((points) => drawLine(points, (point) => point.log10[m], x, y, style(m))))
        .reverse(),
    ],
    extras: [
      ...labelSigmaLines(sigmas, y, WIDE_BOX),
      legend(...legendPlace(entries, drawn), entries),
      drawBadges(
        ...discs,
        numbered.map((i) => i + 1),
      ),
    ],
  });
}

/** Bottom left, or the corner that hides least. */
function legendPlace(
  entries: readonly LegendEntry[],
  points: readonly (readonly [number, number])[],
): [number, number] {
  const usual: [number, number] = [WIDE_BOX.left + 16, WIDE_BOX.bottom - 14 - legendHeight(entries)];
  return countHidden(usual, entries, points) === 0 ? usual : freeCorner(WIDE_BOX, entries, points);
}

/** Observed and expected limits against the mass (the "Brazil" figure). */
export function drawLimitScan(scan: MassScan, { columns, subject, title }: LimitSpec): string {
  const { table, labels, noun } = scan;
  const mass = numbersOf(table, scan.mass);
  const x = massAxis(mass, WIDE_BOX);
  const valuesOf = (name: string | undefined) =>
    name === undefined || findColumn(table, name) === undefined ? undefined : numbersOf(table, name);
  const { m2, m1, '0': median, p1, p2 } = columns.expected;
  const [observed, ...expected] = [columns.observed, m2, m1, median, p1, p2].map(valuesOf);
  const lines = linesByMass(table, scan.mass).map((rows) =>
    rows.map((row) => {
      const [low2, low1, middle, high1, high2] = expected.map((values) => values?.[row] ?? NaN);
      return { low: mass[row], high: mass[row], m2: low2, m1: low1, median: middle, p1: high1, p2: high2, observed: observed?.[row] ?? NaN }; // prettier-ignore
    }),
  );
  const points = lines.flat();
  const y = limitAxis(
    points.flatMap((p) => (m2 === undefined ? [p.median, p.observed] : [p.m2, p.p2, p.observed])),
    [WIDE_BOX.bottom, WIDE_BOX.top],
  );
  const hasObserved = points.some((point) => !Number.isNaN(point.observed));
  const entries: LegendEntry[] = [
    ...(hasObserved ? [{ key: 'line' as const, label: 'observed', style: OBSERVED_STYLE }] : []),
    { key: 'line', label: 'median expected', style: MEDIAN_STYLE },
    ...(m1 === undefined ? [] : BAND_KEYS),
  ];
  return figure({
    axes: { box: WIDE_BOX, x, y, xTitle: withUnit(labels.x), yTitle: title },
    labels,
    subject: `${subject}, ${table.rowCount} ${noun}`,
    description: `Observed and median expected upper limits against the mass${m1 === undefined ? '' : ' with 68 % and 95 % bands'}.`,
    marks: [
      ...lines.map((line) => drawBands(line, x, y)),
      ...lines.map((line) => drawLine(line, (point) => point.median, x, y, MEDIAN_STYLE)),
      ...lines.map((line) => drawLine(line, (point) => point.observed, x, y, OBSERVED_STYLE)),
      ...dotsWhenFew(points, x, y),
    ],
    extras: [legend(WIDE_BOX.left + 14, WIDE_BOX.top + 12, entries)],
  });
}

function dotsWhenFew(points: readonly { low: number; observed: number }[], x: Scale, y: Scale): string[] {
  if (points.length > MOST_DOTS) return [];
  const drawn = points.filter((point) => !Number.isNaN(point.observed));
  return drawn.map((point) =>
    element('circle', { class: 'observed', cx: x.position(point.low), cy: y.position(point.observed), r: 2.2 }),
  );
}
