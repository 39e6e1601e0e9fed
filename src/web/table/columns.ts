/** The columns of a result as the page shows them: which ones at first, their heads, their cells as text. */
import { findColumn, limitColumn, type ResultColumn, type ResultTable } from '../../model/result.ts';
import { labelText } from '../../report/svg/label.ts';
import { isSpectrumResult, type AnyScanResult } from '../engine/api.ts';
import { fixedText, numberText, probabilityText } from '../state/number-text.ts';

export interface TableColumn {
  readonly name: string;
  /** Plain text; empty for none. */
  readonly unit: string;
  readonly description: string;
  readonly isText: boolean;
  /** Shown until the user chooses. */
  readonly isDefault: boolean;
  /** In characters: what its head and its numbers need. */
  readonly width: number;
  text(row: number): string;
}

const OF_WINDOWS = ['id', 'x', 'y', 'n', 'bkg', 'bkg_err', 'p0', 'z', 'status'];
const OF_HYPOTHESES = ['id', 'spectrum', 'mass', 'sigma', 's_hat', 's_err', 'p0', 'z', 'p_fit', 'status'];

/** In the order of the table. */
export function columnsOf(result: AnyScanResult): TableColumn[] {
  const { table, limitGroups } = result;
  const limits = limitGroups
    .slice(0, 1)
    .flatMap(({ suffix }) => [limitColumn('obs', suffix), limitColumn('0', suffix)]);
  const shown = new Set([...(isSpectrumResult(result) ? OF_HYPOTHESES : OF_WINDOWS), ...limits]);
  return table.columns.map((column) => {
    const unit = column.unit === undefined ? '' : labelText(column.unit);
    const text = cellText(column, table);
    return {
      name: column.name,
      unit,
      description: column.description,
      isText: column.type === 'string',
      isDefault: shown.has(column.name),
      width: Math.max(Math.ceil(0.9 * column.name.length) + 2, unit.length, widestOf(text, table, column.name)),
      text,
    };
  });
}

/** The numbers that a column is sorted by: p0 by its logarithm, which knows no underflow. */
export function sortKeys(table: ResultTable, name: string): ArrayLike<number> | readonly string[] | undefined {
  const logarithm = isP0(name) ? findColumn(table, `ln_${name}`) : undefined;
  return (logarithm ?? findColumn(table, name))?.values;
}

/** Columns whose neighbours differ in late digits. */
const PLACES = new Set(['x', 'y', 'mass']);

function cellText(column: ResultColumn, table: ResultTable): (row: number) => string {
  const { name } = column;
  if (column.type === 'string') return (row) => column.values[row];
  const { values } = column;
  if (name === 'n') return (row) => (values[row] < 0 ? 'blind' : String(values[row]));
  if (column.type === 'i32') return (row) => String(values[row]);
  if (/^z(_|$)/.test(name)) return (row) => fixedText(values[row], 3);
  const logarithm = isP0(name) ? findColumn(table, `ln_${name}`) : undefined;
  if (logarithm?.type === 'f64') return (row) => probabilityText(logarithm.values[row]);
  const digits = PLACES.has(name) ? 5 : 4;
  return (row) => numberText(values[row], digits);
}

/** Rows looked at for the width of a column, evenly over the table. */
const SAMPLE = 200;
/** "2.8×10⁻¹²": few rows have one, and they are those that matter. */
const WIDEST_P0 = 9;

function widestOf(text: (row: number) => string, { rowCount }: ResultTable, name: string): number {
  const step = Math.max(1, Math.floor(rowCount / SAMPLE));
  let widest = rowCount === 0 ? 0 : text(rowCount - 1).length;
  for (let row = 0; row < rowCount; row += step) widest = Math.max(widest, text(row).length);
  return isP0(name) ? Math.max(widest, WIDEST_P0) : widest;
}

function isP0(name: string): boolean {
  return /^p0(_|$)/.test(name);
}
