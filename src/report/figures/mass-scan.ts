/** Scans of one mass: local p0 with lines at 1, 2, 3, ... sigma, and limits with the bands of what was expected. */
import { findColumn, limitColumn, numbersOf } from '../../model/result.ts';
import type { LimitGroup, ResultTable } from '../../model/result.ts';
import type { FigureInputs } from '../figure-inputs.ts';
import { element } from '../svg/element.ts';
import { figure, text, WIDE_BOX } from '../svg/frame.ts';
import { withUnit } from '../svg/label.ts';
import { legend } from '../svg/legend.ts';
import type { LegendEntry } from '../svg/legend.ts';
import { exponentScale, linearScale } from '../svg/scale.ts';
import type { Scale } from '../svg/scale.ts';
import { topWindows } from '../../model/top-windows.ts';
import { describeWindow } from '../describe-window.ts';
import { BAND_KEYS, drawBands, drawLine, limitAxis, MEDIAN_STYLE } from './bands.ts';

/** log10 of the one-sided normal tail at 1, 2, ... 9 sigma. */
const LOG10_TAIL = [
  -0.79954557, -1.64301454, -2.86969548, -4.49933127, -6.54264643, -9.00586835, -11.8928617, -15.20614379, -18.94747652,
];

/** Lines of the first, second ... p0 method. */
const P0_STYLES: readonly Record<string, string>[] = [
  { stroke: '#1b3f8b', 'stroke-width': '1.5' },
  { stroke: '#b3001b', 'stroke-width': '1.3', 'stroke-dasharray': '6 3' },
  { stroke: '#2e7d32', 'stroke-width': '1.3', 'stroke-dasharray': '2 2' },
  { stroke: '#8a5a00', 'stroke-width': '1.3', 'stroke-dasharray': '8 3 2 3' },
];

/** Rows in order of mass, so that lines run left to right. */
function rowsByMass(table: ResultTable): number[] {
  const x = numbersOf(table, 'x');
  return Array.from({ length: table.rowCount }, (_, i) => i).sort((i, j) => x[i]! - x[j]! || i - j);
}

/** Local p0 from ln_p0, so that 40 sigma (p = 1e-349) has its place on the axis; p0 = 1 at the top. */
export function drawP0Scan({ table, labels, p0Method, otherP0 = [] }: FigureInputs): string {
  const x = massAxis(table);
  const methods = [{ method: p0Method, suffix: '' }, ...otherP0];
  const lnP0 = methods.map(({ suffix }) => numbersOf(table, `ln_p0${suffix}`));
  const points = rowsByMass(table).map((i) => ({
    low: numbersOf(table, 'x')[i]!,
    high: numbersOf(table, 'x')[i]!,
    log10: lnP0.map((values) => values[i]! / Math.LN10),
  }));
  const smallest = points.flatMap(({ log10 }) => log10).reduce((min, p) => (p < min ? p : min), LOG10_TAIL[2]!);
  const y = exponentScale(Math.floor(smallest * 1.1) - 0.2, [WIDE_BOX.bottom, WIDE_BOX.top]);
  const [top] = topWindows(table, 1);
  const entries: LegendEntry[] = [
    ...methods.map(({ method }, m) => ({
      key: 'line' as const,
      label: m === 0 ? `local p_{0} (${method}), ${table.rowCount} windows` : `local p_{0} (${method})`,
      style: P0_STYLES[m % P0_STYLES.length],
    })),
    ...(top === undefined ? [] : [{ key: 'none' as const, label: describeWindow(table, top, 1) }]),
  ];
  return figure({
    axes: { box: WIDE_BOX, x, y, xTitle: withUnit(labels.x), yTitle: 'local p_{0}' },
    labels,
    subject: `local p_{0}, ${table.rowCount} windows`,
    description: `Local p0 against the mass on a logarithmic axis with lines at whole sigmas. ${entries.map((entry) => entry.label).join('; ')}.`,
    marks: [
      ...LOG10_TAIL.filter((tail) => tail > y.domain[0]).map((tail) => {
        const at = y.position(tail);
        return element('path', {
          d: `M${WIDE_BOX.left} ${at.toFixed(1)}H${WIDE_BOX.right}`,
          stroke: '#777',
          'stroke-dasharray': '5 4',
          fill: 'none',
        });
      }),
      // the first method on top
      ...methods
        .map((_, m) => drawLine(points, ({ log10 }) => log10[m]!, x, y, P0_STYLES[m % P0_STYLES.length]!))
        .reverse(),
    ],
    extras: [
      ...LOG10_TAIL.flatMap((tail, i) =>
        tail > y.domain[0] ? [text(WIDE_BOX.right + 4, y.position(tail) + 4, `${i + 1}#sigma`, { size: 12 })] : [],
      ),
      legend(WIDE_BOX.left + 16, WIDE_BOX.bottom - 22 - 18 * entries.length, entries),
    ],
  });
}

/** Observed and expected limits against the mass (the "Brazil" figure). */
export function drawLimitScan({ table, labels }: FigureInputs, group: LimitGroup): string {
  const x = massAxis(table);
  const column = (what: Parameters<typeof limitColumn>[0]) => numbersOf(table, limitColumn(what, group.suffix));
  const observed = findColumn(table, limitColumn('obs', group.suffix))?.values as Float64Array | undefined;
  const [m2, m1, median, p1, p2] = [column('m2'), column('m1'), column('0'), column('p1'), column('p2')];
  const centres = numbersOf(table, 'x');
  const points = rowsByMass(table).map((i) => ({
    low: centres[i]!, high: centres[i]!, m2: m2[i]!, m1: m1[i]!, median: median[i]!, p1: p1[i]!, p2: p2[i]!, observed: observed?.[i] ?? NaN,
  })); // prettier-ignore
  const y = limitAxis(
    points.flatMap((p) => [p.m2, p.p2, p.observed]),
    [WIDE_BOX.bottom, WIDE_BOX.top],
  );
  const hasObserved = points.some((point) => !Number.isNaN(point.observed));
  const entries: LegendEntry[] = [
    ...(hasObserved
      ? [{ key: 'line' as const, label: 'observed', style: { stroke: 'black', 'stroke-width': '1.4' } }]
      : []),
    { key: 'line', label: 'median expected', style: MEDIAN_STYLE },
    ...BAND_KEYS,
  ];
  return figure({
    axes: {
      box: WIDE_BOX,
      x,
      y,
      xTitle: withUnit(labels.x),
      yTitle: withUnit({ ...labels.poi, label: `limit on ${labels.poi.label}` }),
    },
    labels,
    subject: `upper limits (${group.method}, ${group.levelLabel}), ${table.rowCount} windows`,
    description: 'Observed and median expected upper limits against the mass with 68 % and 95 % bands.',
    marks: [
      drawBands(points, x, y),
      drawLine(points, (point) => point.median, x, y, MEDIAN_STYLE),
      drawLine(points, (point) => point.observed, x, y, { stroke: 'black', 'stroke-width': '1.4' }),
      ...dotsWhenFew(points, x, y),
    ],
    extras: [legend(WIDE_BOX.left + 14, WIDE_BOX.top + 12, entries)],
  });
}

function dotsWhenFew(points: readonly { low: number; observed: number }[], x: Scale, y: Scale): string[] {
  if (points.length > 120) return [];
  const drawn = points.filter((point) => !Number.isNaN(point.observed));
  return drawn.map((point) =>
    element('circle', { class: 'observed', cx: x.position(point.low), cy: y.position(point.observed), r: 2.2 }),
  );
}

function massAxis(table: ResultTable): Scale {
  const rows = rowsByMass(table);
  const x = numbersOf(table, 'x');
  const [low, high] = rows.length === 0 ? [0, 1] : [x[rows[0]!]!, x[rows.at(-1)!]!];
  const margin = 0.02 * (high - low);
  return linearScale([low - margin, high + margin], [WIDE_BOX.left, WIDE_BOX.right], 8);
}
