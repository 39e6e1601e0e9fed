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
  const values = new Float64Array(plan.names.length);
  let used = 0;
  for (let i = 0; i < table.rowCount; i++) {
    for (let j = 0; j < columns.length; j++) values[j] = columns[j][i];
    const reason = failure(plan, columns.length, values);
    if (reason !== undefined) {
      reject(reason);
      continue;
    }
    if (weight !== undefined) {
      weights[used] = (selection.scale ?? 1) * weight.evaluate(values);
      if (!Number.isFinite(weights[used])) {
        reject('weight: not finite');
        continue;
      }
    }
    kept.x[used] = values[x];
    if (y >= 0) kept.y[used] = values[y];
    used++;
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

/** Why the row in `values` is rejected, if it is; fills in the derived columns on the way. */
function failure({ derived, rules, names }: Plan, nFile: number, values: Float64Array): string | undefined {
  for (let j = 0; j < derived.length; j++) {
    const value = derived[j].evaluate(values);
    if (!Number.isFinite(value)) return `${names[nFile + j]}: not finite`;
    values[nFile + j] = value;
  }
  const failed = rules.find((rule) => !rule.evaluate(values));
  return failed === undefined ? undefined : `select: ${failed.text}`;
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
