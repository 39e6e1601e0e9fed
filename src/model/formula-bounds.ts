/**
 * Bounds of a formula over a box, by interval arithmetic: what a condition is all over a sector of a band, from one
 * evaluation and without a chance of missing anything. Rounding is monotone, so the bounds of + - * / and sqrt at the
 * ends of the operands hold for every computed value between; functions that are good to an ulp get a margin.
 * Every variable counts as independent of the others: bounds can be wide, never narrow. What can be NaN or infinite, and
 * functions not listed here, have no bounds.
 */
import type { Scope } from './expression.ts';
import { parseAt } from './formula-compiler.ts';
import { BUILTIN_CONSTANTS, BUILTIN_FUNCTIONS, power } from './formula-functions.ts';
import type { BinaryOperator, FormulaNode } from './formula-parser.ts';

/** Lowest and highest value; undefined: nothing is known, NaN included. */
export type Bounds = readonly [number, number] | undefined;
/** @param box bounds of the variables, in their order */
export type BoundsOf = (box: readonly Bounds[]) => Bounds;

const FALSE: Bounds = [0, 0];
const TRUE: Bounds = [1, 1];
const EITHER: Bounds = [0, 1];

/** Relative; far above the ulp the functions are good to. */
const MARGIN = 1e-12;

/** @param formula one that compileExpression took, with the same variables and scope */
export function compileBounds(formula: string, variables: readonly string[], scope: Scope, where: string): BoundsOf {
  const functions = new Map<string, BoundsOf>();

  function compile(node: FormulaNode, names: readonly string[]): BoundsOf {
    switch (node.kind) {
      case 'number':
        return constant(node.value);
      case 'name': {
        const index = names.indexOf(node.name);
        if (index >= 0) return (box) => box[index];
        return constant((scope.constants.get(node.name) ?? BUILTIN_CONSTANTS.get(node.name))!);
      }
      case 'unary': {
        const of = compile(node.argument, names);
        if (node.operator === '+') return of;
        return node.operator === '-' ? (box) => negate(of(box)) : (box) => not(of(box));
      }
      case 'binary': {
        const [left, right] = [compile(node.left, names), compile(node.right, names)];
        const operation = BINARY[node.operator];
        return (box) => operation(left(box), right(box));
      }
      case 'choose': {
        const [test, yes, no] = [node.test, node.yes, node.no].map((part) => compile(part, names));
        return (box) => choose(test(box), yes(box), no(box));
      }
      case 'call': {
        const args = node.args.map((argument) => compile(argument, names));
        const own = functionOf(node.name);
        return (box) => own(args.map((argument) => argument(box)));
      }
    }
  }

  /** Of the card, each compiled once, or built in. */
  function functionOf(name: string): BoundsOf {
    const own = scope.functions.get(name);
    if (own === undefined) return builtin(name);
    const known = functions.get(name) ?? compile(own.tree, own.argumentNames);
    functions.set(name, known);
    return known;
  }

  return compile(parseAt(formula, where), variables);
}

/** True or false all over the box; undefined where bounds do not say. */
export function truth(bounds: Bounds): boolean | undefined {
  if (bounds === undefined) return undefined;
  if (bounds[0] > 0 || bounds[1] < 0) return true;
  return bounds[0] === 0 && bounds[1] === 0 ? false : undefined;
}

function constant(value: number): BoundsOf {
  const bounds = finite(value, value);
  return () => bounds;
}

function finite(low: number, high: number): Bounds {
  return low > -Infinity && high < Infinity ? [low, high] : undefined;
}

function widened(low: number, high: number): Bounds {
  return finite(low - MARGIN * Math.abs(low), high + MARGIN * Math.abs(high));
}

function negate(a: Bounds): Bounds {
  return a && [-a[1], -a[0]];
}

function not(a: Bounds): Bounds {
  const known = truth(a);
  return known === undefined ? a && EITHER : known ? FALSE : TRUE;
}

function choose(test: Bounds, yes: Bounds, no: Bounds): Bounds {
  const known = truth(test);
  if (known !== undefined) return known ? yes : no;
  return test && yes && no && [Math.min(yes[0], no[0]), Math.max(yes[1], no[1])];
}

function less(a: Bounds, b: Bounds): Bounds {
  if (a === undefined || b === undefined) return undefined;
  return a[1] < b[0] ? TRUE : a[0] >= b[1] ? FALSE : EITHER;
}

function equal(a: Bounds, b: Bounds): Bounds {
  if (a === undefined || b === undefined) return undefined;
  if (a[1] < b[0] || b[1] < a[0]) return FALSE;
  return a[0] === a[1] && b[0] === b[1] ? TRUE : EITHER;
}

function and(a: Bounds, b: Bounds): Bounds {
  const [left, right] = [truth(a), truth(b)];
  if (left === false || right === false) return FALSE;
  return left && right ? TRUE : a && b && EITHER;
}

/** Lowest and highest of an operation that is monotone in each argument. */
function ofCorners(a: Bounds, b: Bounds, operation: (p: number, q: number) => number): Bounds {
  if (a === undefined || b === undefined) return undefined;
  const [p, q] = [operation(a[0], b[0]), operation(a[0], b[1])];
  const [r, s] = [operation(a[1], b[0]), operation(a[1], b[1])];
  return finite(Math.min(p, q, r, s), Math.max(p, q, r, s));
}

/** Fixed exponents: whole ones of any base, others of a base above 0. */
function toThePower(a: Bounds, b: Bounds): Bounds {
  if (a === undefined || b === undefined || b[0] !== b[1]) return undefined;
  const exponent = b[0];
  const spansZero = a[0] <= 0 && a[1] >= 0;
  if (!Number.isInteger(exponent) && !(a[0] > 0)) return undefined;
  if (exponent < 0 && spansZero) return undefined;
  const [low, high] = [power(a[0], exponent), power(a[1], exponent)];
  const least = spansZero && exponent % 2 === 0 && exponent !== 0 ? 0 : Math.min(low, high);
  return widened(least, Math.max(low, high));
}

const BINARY: Readonly<Record<BinaryOperator, (a: Bounds, b: Bounds) => Bounds>> = {
  '+': (a, b) => a && b && finite(a[0] + b[0], a[1] + b[1]),
  '-': (a, b) => a && b && finite(a[0] - b[1], a[1] - b[0]),
  '*': (a, b) => ofCorners(a, b, (p, q) => p * q),
  '/': (a, b) => (b && (b[0] > 0 || b[1] < 0) ? ofCorners(a, b, (p, q) => p / q) : undefined),
  '%': () => undefined,
  '^': toThePower,
  '<': less,
  '<=': (a, b) => not(less(b, a)),
  '>': (a, b) => less(b, a),
  '>=': (a, b) => not(less(a, b)),
  '==': equal,
  '!=': (a, b) => not(equal(a, b)),
  '&&': and,
  '||': (a, b) => not(and(not(a), not(b))),
};

/** Functions that never fall, and the lowest argument they take. */
const RISING: Readonly<Record<string, number>> = {
  floor: -Infinity,
  ceil: -Infinity,
  sign: -Infinity,
  exp: -Infinity,
  expm1: -Infinity,
  sqrt: 0,
  log: Number.MIN_VALUE,
  log10: Number.MIN_VALUE,
  log1p: -1,
};

function builtin(name: string): BoundsOf {
  const { evaluate } = BUILTIN_FUNCTIONS.get(name)!;
  const least = RISING[name];
  if (least !== undefined) {
    return ([a]) => (a && a[0] >= least ? widened(evaluate(a[0]), evaluate(a[1])) : undefined);
  }
  if (name === 'pow') return ([a, b]) => toThePower(a, b);
  if (name === 'abs') return ([a]) => size(a);
  if (name === 'hypot') {
    return ([a, b]) => {
      const [p, q] = [size(a), size(b)];
      return p && q && widened(evaluate(p[0], q[0]), evaluate(p[1], q[1]));
    };
  }
  if (name === 'min' || name === 'max') {
    return (args) => args.reduce((a, b) => a && b && [evaluate(a[0], b[0]), evaluate(a[1], b[1])]);
  }
  return () => undefined;
}

function size(a: Bounds): Bounds {
  if (a === undefined) return undefined;
  if (a[0] >= 0) return a;
  return a[1] <= 0 ? [-a[1], -a[0]] : [0, Math.max(-a[0], a[1])];
}
