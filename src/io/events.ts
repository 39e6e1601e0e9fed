/**
 * A table in any format -> events to count: derived columns, row selection, weights. Every row read is either used or rejected for a
 * reason that is counted: a cell that is no number, a derived value that is not finite, a rule it fails.
 */
import { DarkscanError } from '../errors.ts';
import type { Formula } from '../model/card.ts';
import type { Events } from '../model/columns.ts';
import { compileExpression, EMPTY_SCOPE, freeNames, type Expression, type Scope } from '../model/expression.ts';
import type { RowCounts } from '../model/result.ts';
import { failMissingColumn } from './table.ts';
import { withTable, type TableBytes } from './table-file.ts';

export interface EventSample extends Events {
  readonly rows: RowCounts;
}

/** What to make of the file: the card's `data` or a background `sample`, and the columns of the axes. */
export interface EventSelection {
  readonly x: string;
  /** Absent in 1D. */
  readonly y?: string;
  readonly derive?: Readonly<Record<string, Formula>>;
  readonly select?: readonly string[];
  /** Weight of an event; without it the sample has no weights. */
  readonly weight?: Formula;
  /** Factor on all weights. */
  readonly scale?: number;
  /** ROOT: the tree to read, where the file has several. */
  readonly tree?: string;
}

/** Rows whose formulas are evaluated together: bounds the memory of derived columns. */
const ROWS_AT_ONCE = 8192;

/**
 * Reads events from the bytes of a file.
 * @param where path into the card of the selection: `data`, `background.components[2].sample`
 * Errors: kind data (unreadable file, missing column), kind card (formula, clash of names).
 */
export async function readEvents(
  file: TableBytes,
  selection: EventSelection,
  scope: Scope,
  where: string,
): Promise<EventSample> {
  const { plan, table } = await withTable(file, { tree: selection.tree }, async ({ description, read }) => {
    const header = description.columns.map(({ name }) => name);
    const made = makePlan(selection, header, file.name, scope, where);
    return { plan: made, table: await read(made.fileColumns) };
  });
  const columns = plan.fileColumns.map((name) => table.columns.get(name)!);
  const rejected = new Map<string, number>(table.rejections.map(({ reason, count }) => [reason, count]));
  const reject = (reason: string): void => void rejected.set(reason, (rejected.get(reason) ?? 0) + 1);
  const { x, y, weight } = plan;
  const kept = { x: new Float64Array(table.rowCount), y: new Float64Array(y < 0 ? 0 : table.rowCount) };
  const weights = new Float64Array(weight === undefined ? 0 : table.rowCount);
  let used = 0;
  for (let from = 0; from < table.rowCount; from += ROWS_AT_ONCE) {
    const to = Math.min(table.rowCount, from + ROWS_AT_ONCE);
    const rows = evaluateRows(
      plan,
      columns.map((column) => column.subarray(from, to)),
      to - from,
      selection.scale ?? 1,
    );
    for (let i = 0; i < to - from; i++) {
      const reason = failure(plan, rows, i);
      if (reason !== undefined) {
        reject(reason);
        continue;
      }
      if (weight !== undefined) weights[used] = rows.weights[i];
      kept.x[used] = rows.values[x][i];
      if (y >= 0) kept.y[used] = rows.values[y][i];
      used++;
    }
  }
  const rows = { read: table.rowsRead, used, rejected: Object.fromEntries(rejected) };
  return {
    x: kept.x.slice(0, used),
    y: y < 0 ? undefined : kept.y.slice(0, used),
    weight: weight === undefined ? undefined : weights.slice(0, used),
    rows,
  };
}

interface Plan {
  readonly fileColumns: readonly string[];
  /** File columns, then derived columns: the variables of every formula. */
  readonly names: readonly string[];
  readonly derived: readonly Expression[];
  readonly rules: readonly Expression[];
  readonly weight?: Expression;
  /** Indices into names; y is -1 in 1D. */
  readonly x: number;
  readonly y: number;
}

/** Formulas of a plan at some rows. */
interface RowValues {
  /** By plan.names. */
  readonly values: readonly Float64Array[];
  /** By plan.rules: 0 or NaN where the rule does not hold. */
  readonly held: readonly Float64Array[];
  /** scale * weight; empty without weights. */
  readonly weights: Float64Array;
}

/** Every formula at every row, also where an earlier one already rejects the row: formulas are pure and never fail. */
function evaluateRows(plan: Plan, columns: readonly Float64Array[], count: number, scale: number): RowValues {
  const values = [...columns];
  const evaluate = (formula: Expression): Float64Array => {
    const out = new Float64Array(count);
    formula.evaluateMany(values, count, out);
    return out;
  };
  for (const formula of plan.derived) values.push(evaluate(formula));
  const held = plan.rules.map(evaluate);
  const weights = plan.weight === undefined ? new Float64Array(0) : evaluate(plan.weight).map((w) => scale * w);
  return { values, held, weights };
}

/** Why row i is rejected, if it is: the first reason in the order of the card. */
function failure({ names, fileColumns, rules }: Plan, { values, held, weights }: RowValues, i: number) {
  for (let j = fileColumns.length; j < names.length; j++) {
    if (!Number.isFinite(values[j][i])) return `${names[j]}: not finite`;
  }
  for (let j = 0; j < rules.length; j++) if (!held[j][i]) return `select: ${rules[j].text}`;
  return weights.length > 0 && !Number.isFinite(weights[i]) ? 'weight: not finite' : undefined;
}

function makePlan(
  selection: EventSelection,
  header: readonly string[],
  source: string,
  scope: Scope,
  where: string,
): Plan {
  const { derive = {}, select = [], weight, scale } = selection;
  const derivedNames = Object.keys(derive);
  const taken = derivedNames.find((name) => header.includes(name));
  if (taken !== undefined) {
    const place = `${where}.derive.${taken}`;
    const message = `card: ${place}: '${taken}' is already a column of ${source}; choose another name`;
    throw new DarkscanError('card', message, { where: place });
  }
  const formulas: [Formula, string][] = [
    ...Object.entries(derive).map(([name, formula]): [Formula, string] => [formula, `${where}.derive.${name}`]),
    ...select.map((rule, i): [Formula, string] => [rule, `${where}.select[${i}]`]),
  ];
  // Without a weight a scale still makes the sample a weighted one.
  const weightFormula = weight ?? (scale === undefined ? undefined : 1);
  if (weightFormula !== undefined) formulas.push([weightFormula, `${where}.weight`]);
  const needed = new Set<string>([selection.x, ...(selection.y === undefined ? [] : [selection.y])]);
  for (const [formula, place] of formulas) {
    for (const name of freeNames(formula, EMPTY_SCOPE, place)) {
      const isColumn = header.includes(name);
      if (isColumn && scope.constants.has(name)) {
        const message = `card: ${place}: '${name}' is both a column of ${source} and a constant of the card; rename the constant`;
        throw new DarkscanError('card', message, { where: place });
      }
      if (isColumn || !scope.constants.has(name)) needed.add(name);
    }
  }
  const fileColumns = [...needed].filter((name) => header.includes(name));
  const missing = [...needed].find((name) => !header.includes(name) && !derivedNames.includes(name));
  if (missing !== undefined) failMissingColumn(missing, header, source);
  const names = [...fileColumns, ...derivedNames];
  const derived = Object.entries(derive).map(([name, formula], i) =>
    compileExpression(formula, names.slice(0, fileColumns.length + i), scope, `${where}.derive.${name}`),
  );
  return {
    fileColumns,
    names,
    derived,
    rules: select.map((rule, i) => compileExpression(rule, names, scope, `${where}.select[${i}]`)),
    weight: weightFormula === undefined ? undefined : compileExpression(weightFormula, names, scope, `${where}.weight`),
    x: names.indexOf(selection.x),
    y: selection.y === undefined ? -1 : names.indexOf(selection.y),
  };
}
