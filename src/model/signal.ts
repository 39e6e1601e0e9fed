/** Expected signal per unit of the parameter of interest: s0 = luminosity * efficiency * branching at each centre. */
import { DarkscanError } from '../errors.ts';
import type { Card, EfficiencyColumns } from './card.ts';
import { columnOf, type Columns } from './columns.ts';
import { compileExpression, type Scope } from './expression.ts';
import { planeVariables } from './region.ts';
import type { WindowSet } from './windows.ts';

export interface SignalModel {
  /** [windows.count] luminosity * efficiency * branching; 0 is allowed and gets a status later. */
  readonly sensitivity: Float64Array;
  /** [windows.count] probability that a signal at the centre ends inside the window. */
  readonly efficiency: Float64Array;
  readonly luminosity: number;
  /** [windows.count] */
  readonly branching: Float64Array;
}

/**
 * @param table the file of `signal.efficiency.table`, when the card has one
 * Errors: kind card (efficiency or branching outside 0..1 or NaN, with the point; luminosity not above 0),
 * kind data (a table that is no rectangular grid, or does not cover the windows).
 */
export function makeSignal(card: Card, scope: Scope, windows: WindowSet, table?: Columns): SignalModel {
  const { efficiency: spec, branching: fraction } = card.signal;
  const luminosity = card.signal.luminosity?.value ?? 1;
  if (!(luminosity > 0 && luminosity < Infinity)) {
    const message = `card: signal.luminosity.value is ${luminosity}, expected a finite number above 0; correct it`;
    throw new DarkscanError('card', message, { where: 'signal.luminosity.value' });
  }
  const is2D = card.y !== undefined;
  const efficiency =
    typeof spec === 'object'
      ? fromTable(windows, is2D, spec.table.file, spec.table.columns, table)
      : fromFormula(windows, is2D, spec, scope, 'signal.efficiency');
  const branching = fromFormula(windows, is2D, fraction ?? 1, scope, 'signal.branching');
  const sensitivity = efficiency.map((value, i) => luminosity * value * branching[i]);
  return { sensitivity, efficiency, luminosity, branching };
}

function fromFormula(windows: WindowSet, is2D: boolean, text: number | string, scope: Scope, where: string) {
  const formula = compileExpression(text, planeVariables(is2D), scope, where);
  const values = new Float64Array(windows.count);
  formula.evaluateMany([windows.x, windows.y], windows.count, values);
  const bad = values.findIndex((value) => !(value >= 0 && value <= 1));
  if (bad < 0) return values;
  const point = `x = ${windows.x[bad]}${is2D ? `, y = ${windows.y[bad]}` : ''}`;
  const message = `card: ${where} is ${values[bad]} at ${point}, expected a number between 0 and 1; correct the formula`;
  throw new DarkscanError('card', message, { where });
}

/** Bilinear interpolation (linear in 1D) on the rectangular grid of the table. */
function fromTable(
  windows: WindowSet,
  is2D: boolean,
  file: string,
  columns: EfficiencyColumns,
  table: Columns | undefined,
): Float64Array {
  if (table === undefined) throw new DarkscanError('internal', `signal: ${file} was not read`);
  if (is2D !== (columns.y !== undefined)) {
    const where = 'signal.efficiency.table.columns';
    const advice = is2D ? 'has no y, expected one for a 2D scan; add it' : 'has y but the scan is 1D; remove it';
    throw new DarkscanError('card', `card: ${where} ${advice}`, { where });
  }
  const px = columnOf(table, columns.x, file);
  const py = columns.y === undefined ? new Float64Array(table.rowCount) : columnOf(table, columns.y, file);
  const values = columnOf(table, columns.efficiency, file);
  const [xs, ys] = [axis(px), axis(py)];
  const grid = new Float64Array(xs.length * ys.length).fill(NaN);
  for (let row = 0; row < table.rowCount; row++) {
    const at = position(ys, py[row]) * xs.length + position(xs, px[row]);
    if (!Number.isNaN(grid[at]) || !(values[row] >= 0 && values[row] <= 1)) {
      const found = `${columns.x} ${px[row]}${is2D ? `, ${columns.y} ${py[row]}` : ''}, ${columns.efficiency} ${values[row]}`;
      const message = `${file}: row ${row} has ${found}, expected each grid point once and an efficiency between 0 and 1`;
      throw new DarkscanError('data', `${message}; correct the row`);
    }
    grid[at] = values[row];
  }
  if (table.rowCount === 0 || grid.some(Number.isNaN)) {
    const message = `${file}: ${table.rowCount} rows do not fill a grid of ${xs.length} x ${ys.length} points`;
    throw new DarkscanError('data', `${message}; give the efficiency at every combination of the coordinates`);
  }
  const result = new Float64Array(windows.count);
  for (let i = 0; i < windows.count; i++) {
    const [j, u] = bracket(xs, windows.x[i]);
    const [k, v] = bracket(ys, windows.y[i]);
    if (j < 0 || k < 0) {
      const message = `${file}: covers ${columns.x} ${xs[0]}..${xs[xs.length - 1]}${is2D ? `, ${columns.y} ${ys[0]}..${ys[ys.length - 1]}` : ''}`;
      const point = `window ${i} is at x = ${windows.x[i]}${is2D ? `, y = ${windows.y[i]}` : ''}`;
      throw new DarkscanError('data', `${message}, but ${point}; extend the table or shrink windows.region`);
    }
    const at = (dj: number, dk: number) =>
      grid[Math.min(k + dk, ys.length - 1) * xs.length + Math.min(j + dj, xs.length - 1)];
    result[i] = (1 - v) * ((1 - u) * at(0, 0) + u * at(1, 0)) + v * ((1 - u) * at(0, 1) + u * at(1, 1));
  }
  return result;
}

/** Distinct values, ascending. */
function axis(values: Float64Array): Float64Array {
  return Float64Array.from(new Set(values)).sort();
}

/** Index of a value that is on the axis (NaN coordinates sort last and are found there). */
function position(values: Float64Array, value: number): number {
  let [from, to] = [0, values.length - 1];
  while (from < to) {
    const middle = (from + to) >> 1;
    if (values[middle] < value) from = middle + 1;
    else to = middle;
  }
  return from;
}

/** Cell and fraction in it; -1 outside the axis. */
function bracket(values: Float64Array, value: number): readonly [number, number] {
  const last = values.length - 1;
  if (!(value >= values[0] && value <= values[last])) return [-1, 0];
  if (value === values[last]) return [last, 0];
  const above = position(values, value);
  const j = values[above] === value ? above : above - 1;
  return [j, (value - values[j]) / (values[j + 1] - values[j])];
}
