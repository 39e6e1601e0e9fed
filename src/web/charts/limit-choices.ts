/** The limits of a scan that charts can show: its limit groups, then its couplings. */
import type { CouplingLabel, LimitGroup, PlotLabels, ResultTable } from '../../model/result.ts';
import { hasValues } from '../../report/figures.ts';
import { couplingColumns, groupColumns, type LimitColumns } from '../../report/limit-bins.ts';
import { labelText, withUnit } from '../../report/svg/label.ts';
import type { Choice } from './controls.tsx';

export interface LimitChoice extends Choice {
  readonly columns: LimitColumns;
  /** Of the vertical axis, ROOT-like with unit. */
  readonly title: string;
}

interface Limits {
  readonly table: ResultTable;
  readonly labels: PlotLabels;
  readonly limitGroups: readonly LimitGroup[];
  readonly couplings: readonly CouplingLabel[];
}

/** Only those with numbers. */
export function limitChoices({ table, labels: { poi }, limitGroups, couplings }: Limits): LimitChoice[] {
  const groups = limitGroups.map(({ method, levelLabel, suffix }): LimitChoice => ({
    name: `limit${suffix}`,
    words: `limit on ${labelText(poi.label)} (${method}, ${levelLabel})`,
    columns: groupColumns(suffix),
    title: withUnit({ ...poi, label: `limit on ${poi.label}` }),
  }));
  const derived = couplings.map(({ name, label }): LimitChoice => ({
    name,
    words: `limit on ${labelText(label)}`,
    columns: couplingColumns(name),
    title: `limit on ${label}`,
  }));
  return [...groups, ...derived].filter(
    ({ columns }) => hasValues(table, columns.observed) || hasValues(table, columns.expected['0']!),
  );
}
