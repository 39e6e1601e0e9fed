/**
 * Syntax tree -> closures over an array of values, with constants folded. The half of expression.ts that knows names,
 * operators and calls.
 */
import { DarkscanError } from '../errors.ts';
import { didYouMean } from './did-you-mean.ts';
import { makeEvaluateMany, type EvaluateMany } from './formula-blocks.ts';
import { BUILTIN_CONSTANTS, BUILTIN_FUNCTIONS, power } from './formula-functions.ts';
import { parseFormula } from './formula-parser.ts';
import type { BinaryOperator, FormulaNode } from './formula-parser.ts';

export interface Expression {
  readonly text: string;
  /** True when no variable enters; `evaluate` then needs no values. */
  readonly isConstant: boolean;
  /** @param values in the order of the variables the formula was compiled with */
  evaluate(values: ArrayLike<number>): number;
  /** `evaluate` at many points, the same bits, several times as fast from some 50 points on. */
  readonly evaluateMany: EvaluateMany;
}

/** A function of the card: `sigma_m(m): "0.002 + 0.001*m"`. */
export interface CardFunction {
  readonly argumentNames: readonly string[];
  readonly tree: FormulaNode;
  readonly body: Expression;
}

type Evaluate = (values: ArrayLike<number>) => number;
type Compiled = { readonly constant: number } | { readonly evaluate: Evaluate };

/** Where a formula stands, for messages. */
export interface Context {
  readonly text: string;
  readonly where: string;
  readonly variables: readonly string[];
  readonly constants: ReadonlyMap<string, number>;
  readonly findFunction: (name: string) => CardFunction | undefined;
  readonly functionNames: readonly string[];
}

/** Error `card` about the formula at `where`. */
export function failAt(where: string, message: string): never {
  throw new DarkscanError('card', `card: ${where}: ${message}`, { where });
}

/** Parses the formula at `where`. */
export function parseAt(text: string, where: string): FormulaNode {
  try {
    return parseFormula(text);
  } catch (error) {
    const found = text.length > 80 ? `${text.slice(0, 77)}...` : text;
    const message = (error as Error).message;
    // jsep's own messages start with a capital: they are about syntax
    const syntax = /^[A-Z]/.test(message)
      ? `is not a formula: ${message[0].toLowerCase()}${message.slice(1)}`
      : message;
    return failAt(where, `'${found}' ${syntax}`);
  }
}

/** Compiles context.text. */
export function compileFormula(context: Context): Expression {
  const { text, where } = context;
  const clash = context.variables.find((name) => context.constants.has(name) || BUILTIN_CONSTANTS.has(name));
  if (clash !== undefined) failAt(where, `'${clash}' is both a variable and a constant here; rename the constant`);
  const compiled = compileNode(parseAt(text, where), context);
  if ('evaluate' in compiled) {
    const { evaluate } = compiled;
    return { text, isConstant: false, evaluate, evaluateMany: makeEvaluateMany(evaluate, context) };
  }
  const { constant } = compiled;
  return {
    text,
    isConstant: true,
    evaluate: () => constant,
    evaluateMany: (_, count, out) => void out.fill(constant, 0, count),
  };
}

function compileNode(node: FormulaNode, context: Context): Compiled {
  switch (node.kind) {
    case 'number':
      return { constant: node.value };
    case 'name':
      return compileName(node.name, context);
    case 'unary': {
      const argument = compileNode(node.argument, context);
      const f = asFunction(argument);
      if (node.operator === '+') return argument;
      return fold([argument], node.operator === '-' ? (v) => -f(v) : (v) => (f(v) ? 0 : 1));
    }
    case 'binary': {
      const left = compileNode(node.left, context);
      const right = compileNode(node.right, context);
      return fold([left, right], binary(node.operator, asFunction(left), asFunction(right)));
    }
    case 'choose': {
      const parts = [node.test, node.yes, node.no].map((part) => compileNode(part, context));
      const [test, yes, no] = parts.map(asFunction);
      return fold(parts, (v) => (test(v) ? yes(v) : no(v)));
    }
    case 'call':
      return compileCall(
        node.name,
        node.args.map((argument) => compileNode(argument, context)),
        context,
      );
  }
}

function asFunction(compiled: Compiled): Evaluate {
  if ('evaluate' in compiled) return compiled.evaluate;
  const { constant } = compiled;
  return () => constant;
}

/** Constant folding: an operation on constants is done now. */
function fold(operands: readonly Compiled[], evaluate: Evaluate): Compiled {
  return operands.every((operand) => 'constant' in operand) ? { constant: evaluate([]) } : { evaluate };
}

function compileName(name: string, context: Context): Compiled {
  const index = context.variables.indexOf(name);
  if (index >= 0) return { evaluate: (values) => values[index] };
  const constant = context.constants.get(name) ?? BUILTIN_CONSTANTS.get(name);
  if (constant !== undefined) return { constant };
  const known = [...context.variables, ...context.constants.keys(), ...BUILTIN_CONSTANTS.keys()];
  return failAt(
    context.where,
    `unknown name '${name}' in '${context.text}'${didYouMean(name, known, `known: ${known.join(', ')}`)}`,
  );
}

function compileCall(name: string, args: readonly Compiled[], context: Context): Compiled {
  const own = context.findFunction(name);
  const builtin = BUILTIN_FUNCTIONS.get(name);
  if (own === undefined && builtin === undefined) {
    const known = [...context.functionNames, ...BUILTIN_FUNCTIONS.keys()];
    failAt(
      context.where,
      `unknown function '${name}' in '${context.text}'${didYouMean(name, known, `known: ${known.join(', ')}`)}`,
    );
  }
  const least = own?.argumentNames.length ?? builtin!.minArguments;
  const most = own?.argumentNames.length ?? builtin!.maxArguments;
  if (args.length < least || args.length > most) {
    const expected = least === most ? String(least) : `at least ${least}`;
    failAt(context.where, `'${name}' got ${args.length} arguments in '${context.text}', expected ${expected}`);
  }
  const parts = args.map(asFunction);
  if (own === undefined) return fold(args, call(builtin!.evaluate, parts));
  // One frame per call site is enough: without recursion a call site is never entered while it is active.
  const frame = new Float64Array(parts.length);
  const { body } = own;
  return fold(args, (values) => {
    for (let i = 0; i < parts.length; i++) frame[i] = parts[i](values);
    return body.evaluate(frame);
  });
}

function call(f: (...values: number[]) => number, [a, b, c, ...rest]: readonly Evaluate[]): Evaluate {
  if (rest.length > 0) return (v) => f(a(v), b(v), c(v), ...rest.map((argument) => argument(v)));
  if (c !== undefined) return (v) => f(a(v), b(v), c(v));
  if (b !== undefined) return (v) => f(a(v), b(v));
  return (v) => f(a(v));
}

function binary(operator: BinaryOperator, a: Evaluate, b: Evaluate): Evaluate {
  switch (operator) {
    case '+':
      return (v) => a(v) + b(v);
    case '-':
      return (v) => a(v) - b(v);
    case '*':
      return (v) => a(v) * b(v);
    case '/':
      return (v) => a(v) / b(v);
    case '%':
      return (v) => a(v) % b(v);
    case '^':
      return (v) => power(a(v), b(v));
    case '<':
      return (v) => (a(v) < b(v) ? 1 : 0);
    case '<=':
      return (v) => (a(v) <= b(v) ? 1 : 0);
    case '>':
      return (v) => (a(v) > b(v) ? 1 : 0);
    case '>=':
      return (v) => (a(v) >= b(v) ? 1 : 0);
    case '==':
      return (v) => (a(v) === b(v) ? 1 : 0);
    case '!=':
      return (v) => (a(v) !== b(v) ? 1 : 0);
    case '&&':
      return (v) => (a(v) && b(v) ? 1 : 0);
    case '||':
      return (v) => (a(v) || b(v) ? 1 : 0);
  }
}
