/**
 * Functions a card may call in formulas, and the power operator. All of them give the same bits in every JavaScript
 * engine: + - * / sqrt are exact by IEEE 754, the rest comes from src/stats/portable.ts.
 */
import { atan2, cos, exp, expm1, hypot, log, log10, log1p, pow, sin, tan } from '../stats/portable.ts';
import { physicsFunctions } from './physics.ts';

export interface BuiltinFunction {
  readonly minArguments: number;
  readonly maxArguments: number;
  readonly evaluate: (...values: number[]) => number;
}

/** Up to here integer powers are repeated multiplication: at most 12 roundings, and exact wherever the result is. */
const MAX_INTEGER_POWER = 64;

/** x^y. Integer y up to 64 in size by squaring and multiplying, everything else by the portable pow. */
export function power(x: number, y: number): number {
  if (!Number.isInteger(y) || Math.abs(y) > MAX_INTEGER_POWER) return pow(x, y);
  let result = 1;
  let square = x;
  for (let rest = Math.abs(y); rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result *= square;
    square *= square;
  }
  return y < 0 ? 1 / result : result;
}

const fixed = (count: number, evaluate: (...values: number[]) => number): BuiltinFunction => ({
  minArguments: count,
  maxArguments: count,
  evaluate,
});

/** By name. A Map, so that names such as `constructor` find nothing. */
export const BUILTIN_FUNCTIONS: ReadonlyMap<string, BuiltinFunction> = new Map([
  ['abs', fixed(1, Math.abs)],
  ['min', { minArguments: 1, maxArguments: Infinity, evaluate: Math.min }],
  ['max', { minArguments: 1, maxArguments: Infinity, evaluate: Math.max }],
  ['floor', fixed(1, Math.floor)],
  ['ceil', fixed(1, Math.ceil)],
  ['sign', fixed(1, Math.sign)],
  ['sqrt', fixed(1, Math.sqrt)],
  ['exp', fixed(1, exp)],
  ['expm1', fixed(1, expm1)],
  ['log', fixed(1, log)],
  ['log1p', fixed(1, log1p)],
  ['log10', fixed(1, log10)],
  ['pow', fixed(2, power)],
  ['sin', fixed(1, sin)],
  ['cos', fixed(1, cos)],
  ['tan', fixed(1, tan)],
  ['atan2', fixed(2, atan2)],
  ['hypot', fixed(2, hypot)],
  ...Object.entries(physicsFunctions).map(([name, evaluate]) => [name, fixed(evaluate.length, evaluate)] as const),
]);

/** Constants every formula knows. */
export const BUILTIN_CONSTANTS: ReadonlyMap<string, number> = new Map([['pi', Math.PI]]);
