/** Formulas of a card that give one number per window, from its centre. */
import { DarkscanError } from '../errors.ts';
import { compileExpression, type Scope } from './expression.ts';
import { planeVariables } from './region.ts';
import type { WindowSet } from './windows.ts';

/**
 * [windows.count] values of the formula at the centres.
 * @param allowed what `isAllowed` accepts, in words: `a finite number above 0`
 * Error (kind card, with the centre) at the first value that is not allowed.
 */
export function valuesAtCentres(
  formula: number | string,
  windows: WindowSet,
  scope: Scope,
  where: string,
  allowed: string,
  isAllowed: (value: number) => boolean,
): Float64Array {
  const is2D = windows.kind === 'ellipses';
  const values = new Float64Array(windows.count);
  const compiled = compileExpression(formula, planeVariables(is2D), scope, where);
  compiled.evaluateMany(is2D ? [windows.x, windows.y] : [windows.x], windows.count, values);
  const bad = values.findIndex((value) => !isAllowed(value));
  if (bad < 0) return values;
  const at = is2D ? `x = ${windows.x[bad]}, y = ${windows.y[bad]}` : `x = ${windows.x[bad]}`;
  const message = `card: ${where} is ${values[bad]} at ${at}, expected ${allowed}; correct the formula`;
  throw new DarkscanError('card', message, { where });
}

export const FINITE_ABOVE_0 = 'a finite number above 0';
export const isFiniteAbove0 = (value: number): boolean => value > 0 && value < Infinity;
export const FINITE_FROM_0 = 'a finite number, 0 or more';
export const isFiniteFrom0 = (value: number): boolean => value >= 0 && value < Infinity;
