/** Which rows of a result are shown, in which order. Rows without a number come last, equal ones in their own order. */
import { isDarkscanError } from '../../errors.ts';
import { compileCondition } from '../../model/condition.ts';
import { EMPTY_SCOPE } from '../../model/expression.ts';
import { findColumn, type ResultTable } from '../../model/result.ts';
import { sortKeys } from './columns.ts';

export interface Sorting {
  readonly column: string;
  readonly descending: boolean;
}

export interface RowChoice {
  readonly sorting: Sorting;
  /** '' for all. */
  readonly status: string;
  /** A number of a row, a part of a text, or a condition on the columns such as `z > 2 && n >= 3`; '' for all. */
  readonly filter: string;
  /** The first `count` in another order, before those above. */
  readonly extreme?: { readonly by: Sorting; readonly count: number };
}

export interface ChosenRows {
  readonly rows: Uint32Array;
  /** What is wrong with the filter; all rows are shown then. */
  readonly problem?: string;
  /** Left out because a number of the condition is missing. */
  readonly nUndecided: number;
}

export function chooseRows(table: ResultTable, { sorting, status, filter, extreme }: RowChoice): ChosenRows {
  let rows: Uint32Array = Uint32Array.from({ length: table.rowCount }, (_, row) => row);
  const statuses = findColumn(table, 'status')?.values;
  if (status !== '' && statuses !== undefined) rows = rows.filter((row) => statuses[row] === status);
  const { keep, problem } = filterOf(table, filter.trim());
  let nUndecided = 0;
  if (keep !== undefined) {
    rows = rows.filter((row) => {
      const decision = keep(row);
      if (Number.isNaN(decision)) nUndecided++;
      return decision === 1;
    });
  }
  if (extreme !== undefined) rows = sortRows(table, rows, extreme.by, true).subarray(0, extreme.count);
  return { rows: sortRows(table, rows, sorting), nUndecided, ...(problem === undefined ? {} : { problem }) };
}

/** Ascending copy without the rows that have no number where they are not wanted. */
function sortRows(table: ResultTable, rows: Uint32Array, { column, descending }: Sorting, onlyNumbers = false) {
  const keys = sortKeys(table, column);
  if (keys === undefined || rows.length === 0) return rows;
  if (typeof keys[0] === 'string') {
    const texts = keys as readonly string[];
    const sign = descending ? -1 : 1;
    return rows.slice().sort((a, b) => sign * (texts[a] < texts[b] ? -1 : texts[a] > texts[b] ? 1 : 0) || a - b);
  }
  const numbers = keys as ArrayLike<number>;
  const known = rows.filter((row) => !Number.isNaN(numbers[row]));
  known.sort(descending ? (a, b) => numbers[b] - numbers[a] || a - b : (a, b) => numbers[a] - numbers[b] || a - b);
  if (onlyNumbers || known.length === rows.length) return known;
  const all = new Uint32Array(rows.length);
  all.set(known);
  all.set(
    rows.filter((row) => Number.isNaN(numbers[row])),
    known.length,
  );
  return all;
}

interface Filter {
  /** 1, 0, or NaN where a number is missing. */
  readonly keep?: (row: number) => number;
  readonly problem?: string;
}

function filterOf(table: ResultTable, text: string): Filter {
  if (text === '') return {};
  if (/^\d+$/.test(text)) return { keep: (row) => (row === Number(text) ? 1 : 0) };
  if (/[<>=!]/.test(text)) return conditionOf(table, text);
  const texts = table.columns.filter((column) => column.type === 'string');
  const wanted = text.toLowerCase();
  return { keep: (row) => (texts.some(({ values }) => values[row].toLowerCase().includes(wanted)) ? 1 : 0) };
}

/** By the rules of the conditions in cards; counts that are hidden are not numbers. */
function conditionOf(table: ResultTable, text: string): Filter {
  const columns = table.columns.filter((column) => column.type !== 'string' && /^[A-Za-z_]\w*$/.test(column.name));
  try {
    const names = columns.map(({ name }) => name);
    const condition = compileCondition(text, names, EMPTY_SCOPE, 'filter');
    const values = columns.map((column) =>
      column.name === 'n' ? Float64Array.from(column.values as Int32Array, (n) => (n < 0 ? NaN : n)) : asReal(column),
    );
    const decisions = new Float64Array(table.rowCount);
    condition.evaluateMany(values, table.rowCount, decisions);
    return { keep: (row) => decisions[row] };
  } catch (error) {
    if (!isDarkscanError(error)) throw error;
    return { problem: error.message.replace(/^card: /, '') };
  }
}

function asReal({ values }: ResultTable['columns'][number]): Float64Array {
  return values instanceof Float64Array ? values : Float64Array.from(values as Int32Array);
}
