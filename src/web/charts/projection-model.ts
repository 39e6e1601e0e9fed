/**
 * A plane against one of its axes, in bins of the centres of its windows: the largest Z of each bin, or limits as in the
 * figures (report/figures/limit-projection.ts): median over the windows of a bin, and the best of them.
 */
import { findColumn, numbersOf, type QuantityLabel, type ResultTable } from '../../model/result.ts';
import { binLimits, slicesOf, type LimitColumns, type Slice } from '../../report/limit-bins.ts';
import { heightDomain, plainAxis, type ChartModel, type Layer, type View } from './chart-model.ts';
import { band, hasNumbers, MEDIAN_DASH } from './limit-layers.ts';
import { limitAxisOf } from './mass-model.ts';

export type PlaneAxis = 'x' | 'y';

/** The slices of an axis, and which window of each one stands for it. */
export interface SlicedAxis {
  readonly slices: readonly Slice[];
  /** Slice of each row of the table. */
  readonly sliceOf: Int32Array;
  readonly full: View;
}

export function slicedAxis(table: ResultTable, axis: PlaneAxis): SlicedAxis {
  const slices = slicesOf(table, axis);
  const sliceOf = new Int32Array(table.rowCount);
  slices.forEach(({ rows }, slice) => rows.forEach((row) => (sliceOf[row] = slice)));
  const [low, high] = [slices[0]?.low ?? 0, slices.at(-1)?.high ?? 1];
  const margin = 0.02 * (high - low);
  return { slices, sliceOf, full: [low - margin, high + margin] };
}

/** Row with the best value of each slice; undefined where none has one. */
export function bestRows(
  { slices }: SlicedAxis,
  table: ResultTable,
  column: string,
  best: 'largest' | 'smallest',
): (number | undefined)[] {
  const found = findColumn(table, column);
  if (found === undefined || found.type === 'string') return slices.map(() => undefined);
  const { values } = found;
  const isBetter = (a: number, b: number) => (best === 'largest' ? a > b : a < b);
  return slices.map(({ rows }) =>
    rows.reduce<number | undefined>((chosen, row) => {
      if (Number.isNaN(values[row])) return chosen;
      return chosen === undefined || isBetter(values[row], values[chosen]) ? row : chosen;
    }, undefined),
  );
}

export interface ProjectionLook {
  readonly quantity: QuantityLabel;
  readonly view?: View;
}

/** @param column of Z: "z", "z_li_ma" */
export function largestZ(table: ResultTable, axis: SlicedAxis, column: string, look: ProjectionLook): ChartModel {
  const z = numbersOf(table, column);
  const values = bestRows(axis, table, column, 'largest').map((row) => (row === undefined ? NaN : z[row]));
  const layers: Layer[] = [
    { kind: 'line', label: 'largest local Z of the windows of a bin', tone: '--accent', values, word: 'largest Z' },
  ];
  const domain = heightDomain({ places: axis.slices, layers }, look.view, 'linear', [0, 3]);
  const y = plainAxis('largest local Z', 'linear', domain);
  const levels = Array.from({ length: Math.floor(domain[1]) }, (_, i) => ({ at: i + 1, label: `${i + 1}σ` }));
  return { ...chartOf(axis, look), y, layers, levels };
}

export function projectedLimits(
  table: ResultTable,
  axis: SlicedAxis,
  along: PlaneAxis,
  columns: LimitColumns,
  look: ProjectionLook & { readonly title: string; readonly isLogY: boolean },
): ChartModel {
  const bins = binLimits(table, along, columns);
  const medians = (quantile: keyof (typeof bins)[number]['medianExpected']) =>
    bins.map(({ medianExpected }) => medianExpected[quantile]);
  const bestExpected = bins.map((bin) => bin.bestExpected);
  const [observed, bestObserved] = [bins.map((bin) => bin.medianObserved), bins.map((bin) => bin.bestObserved)];
  const layers: Layer[] = [
    ...band('expected, 95 % (median of a bin)', '--band-2', [medians('m2'), medians('p2')]),
    ...band('expected, 68 %', '--band-1', [medians('m1'), medians('p1')]),
    {
      kind: 'line',
      label: 'median expected',
      tone: '--ink',
      values: medians('0'),
      dash: MEDIAN_DASH,
    },
    {
      kind: 'line',
      label: 'best expected of a bin',
      tone: '--accent',
      values: bestExpected,
      dash: [2, 2.5],
      word: 'best expected',
    },
    ...(hasNumbers(observed)
      ? ([
          {
            kind: 'points',
            mark: 'disc',
            label: 'observed (median of a bin)',
            tone: '--ink',
            values: observed,
          },
          {
            kind: 'points',
            mark: 'triangle',
            label: 'best observed of a bin',
            tone: '--accent',
            values: bestObserved,
            word: 'best observed',
          },
        ] as const)
      : []),
  ];
  return { ...chartOf(axis, look), ...limitAxisOf(axis.slices, layers, look), layers };
}

function chartOf({ slices, full }: SlicedAxis, { quantity, view }: ProjectionLook) {
  return { x: { ...quantity, kind: 'linear', domain: view ?? full }, places: slices } as const;
}
