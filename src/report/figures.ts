/** Which figures a run has: the list as data, so that `scan` and `plot` draw the same. */
import { findColumn, limitColumn } from '../model/result.ts';
import type { LimitGroup, ResultTable } from '../model/result.ts';
import { topWindows } from '../model/top-windows.ts';
import { describeWindow } from './describe-window.ts';
import type { FigureInputs } from './figure-inputs.ts';
import { drawEventPlane } from './figures/event-plane.ts';
import { drawLimitProjection } from './figures/limit-projection.ts';
import { drawMap } from './figures/map.ts';
import { drawLimitScan, drawP0Scan } from './figures/mass-scan.ts';
import type { MassScan } from './figures/mass-scan.ts';
import { drawZDistribution } from './figures/z-distribution.ts';
import { couplingColumns, groupColumns } from './limit-bins.ts';
import type { LimitColumns } from './limit-bins.ts';
import { withUnit } from './svg/label.ts';
import { isPlane } from '../model/windows-of-table.ts';

export interface Figure {
  /** File name without extension: "map-z". */
  readonly name: string;
  draw(): string;
}

/** Figures of a scan in the order people look at them; only those its columns allow. */
export function listFigures(inputs: FigureInputs): Figure[] {
  return isPlane(inputs.table) ? planeFigures(inputs) : massFigures(inputs);
}

function planeFigures(inputs: FigureInputs): Figure[] {
  const { labels, limitGroups, couplings } = inputs;
  const limitMap = (name: string, column: string, subject: string, barTitle: string): Figure[] =>
    hasValues(inputs.table, column)
      ? [{ name, draw: () => drawMap(inputs, { column, subject, barTitle, kind: 'limit' }) }]
      : [];
  const projections = (name: string, suffix: string, columns: LimitColumns, subject: string, title: string) =>
    (['x', 'y'] as const).map((axis): Figure => ({
      name: `${name}-${axis}${suffix}`,
      draw: () => drawLimitProjection(inputs, { axis, columns, subject, title }),
    }));
  const perGroup = limitGroups.flatMap((group): Figure[] => {
    const suffix = group.suffix.replaceAll('_', '-');
    const title = withUnit({ ...labels.poi, label: `limit on ${labels.poi.label}` });
    return [
      ...limitMap(
        `map-limit-obs${suffix}`,
        limitColumn('obs', group.suffix),
        `observed upper limit (${group.method}, ${group.levelLabel})`,
        title,
      ),
      ...limitMap(
        `map-limit-exp${suffix}`,
        limitColumn('0', group.suffix),
        `median expected upper limit (${group.method}, ${group.levelLabel})`,
        title,
      ),
      ...projections(
        'limit',
        suffix,
        groupColumns(group.suffix),
        `upper limits (${group.method}, ${group.levelLabel})`,
        title,
      ),
    ];
  });
  const perCoupling = couplings.flatMap(({ name, label }) => [
    ...limitMap(`map-${name}-obs`, `${name}_obs`, `observed upper limit on ${label}`, label),
    ...limitMap(`map-${name}-exp`, `${name}_exp_0`, `median expected upper limit on ${label}`, label),
    ...projections(name, '', couplingColumns(name), `upper limits on ${label}`, `limit on ${label}`),
  ]);
  const first = { method: inputs.p0Method, suffix: '' };
  const maps = [first, ...(inputs.otherP0 ?? [])].map(({ method, suffix }): Figure => ({
    name: `map-z${suffix.replaceAll('_', '-')}`,
    draw: () =>
      drawMap(inputs, {
        column: `z${suffix}`,
        subject: `local significance (${method})`,
        barTitle: 'local Z',
        kind: 'significance',
      }),
  }));
  const distribution: Figure = { name: 'z-distribution', draw: () => drawZDistribution(inputs) };
  const significance = hasValues(inputs.table, 'ln_p0') ? [...maps, distribution] : [];
  return [{ name: 'event-plane', draw: () => drawEventPlane(inputs) }, ...significance, ...perGroup, ...perCoupling];
}

function massFigures(inputs: FigureInputs): Figure[] {
  const distribution: Figure = { name: 'z-distribution', draw: () => drawZDistribution(inputs) };
  const { table, labels, p0Method, otherP0 = [], limitGroups } = inputs;
  const top = topWindows(table, 1).map((row) => ({ row, words: describeWindow(table, row, 1) }));
  const scan: MassScan = { table, labels, mass: 'x', noun: 'windows', top, badges: false };
  const methods = [{ method: p0Method, suffix: '' }, ...otherP0];
  const p0: Figure = { name: 'p0', draw: () => drawP0Scan(scan, methods) };
  return [
    ...(hasValues(table, 'ln_p0') ? [p0, distribution] : []),
    ...limitGroups.map((group) => limitScan(scan, group)),
  ];
}

/** `limit<suffix>`: the limits of one group against the mass. */
export function limitScan(scan: MassScan, { method, levelLabel, suffix }: LimitGroup): Figure {
  const { poi } = scan.labels;
  const subject = `upper limits (${method}, ${levelLabel})`;
  const title = withUnit({ ...poi, label: `limit on ${poi.label}` });
  return {
    name: `limit${suffix.replaceAll('_', '-')}`,
    draw: () => drawLimitScan(scan, { columns: groupColumns(suffix), subject, title }),
  };
}

/** A column of real numbers that has some. */
export function hasValues(table: ResultTable, name: string): boolean {
  const column = findColumn(table, name);
  return column?.type === 'f64' && column.values.some((value) => !Number.isNaN(value));
}
