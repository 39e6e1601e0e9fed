/**
 * Text of a formula -> syntax tree, by jsep, with everything refused that is not arithmetic: no member access, no
 * strings, no assignment, no bit operations. The tree has six kinds of nodes and no reference into the host language.
 *
 * `^` is power as physicists write it: above unary minus and right associative (-x^2 = -(x^2), 2^3^2 = 2^9). jsep binds
 * unary minus tighter than any binary operator, so `^` is read by a hook right after a token. jsep keeps its hooks in
 * one global place; ours act only while `parseFormula` runs, other users of jsep in the same program see nothing.
 */
import jsep from 'jsep';

export type FormulaNode =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'unary'; readonly operator: UnaryOperator; readonly argument: FormulaNode }
  | {
      readonly kind: 'binary';
      readonly operator: BinaryOperator;
      readonly left: FormulaNode;
      readonly right: FormulaNode;
    }
  | { readonly kind: 'choose'; readonly test: FormulaNode; readonly yes: FormulaNode; readonly no: FormulaNode }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly FormulaNode[] };

export const UNARY_OPERATORS = ['-', '+', '!'] as const;
export const BINARY_OPERATORS = ['+', '-', '*', '/', '%', '^', '<', '<=', '>', '>=', '==', '!=', '&&', '||'] as const;
export type UnaryOperator = (typeof UNARY_OPERATORS)[number];
export type BinaryOperator = (typeof BINARY_OPERATORS)[number];

/** Longest formula read; beyond it a card is a program, or an attack on the parser's stack. */
export const MAX_FORMULA_LENGTH = 4000;
/** Deepest nesting of brackets read, for the same reason. */
const MAX_NESTING = 100;

const CARET = 94;
const PERIOD = 46;
const isDigit = (code: number): boolean => code >= 48 && code <= 57;

let parsing = false;

// Numbers do not pass the 'after-token' hook by themselves: read here, they do.
jsep.hooks.add('gobble-token', function (env) {
  if (parsing && (isDigit(this.code) || this.code === PERIOD)) env.node = this.gobbleNumericLiteral();
});

jsep.hooks.add('after-token', function (env) {
  if (!parsing || !env.node) return;
  this.gobbleSpaces();
  if (this.code !== CARET) return;
  this.index++;
  const right = this.gobbleToken();
  if (!right) this.throwError('expected an exponent after ^');
  env.node = { type: 'BinaryExpression', operator: '^', left: env.node, right: right! };
});

/**
 * Syntax tree of a formula.
 * Throws a plain Error whose message says what was found and what is allowed; callers know where the text stands.
 */
export function parseFormula(text: string): FormulaNode {
  if (text.trim() === '') throw new Error('is empty, expected a formula');
  if (text.length > MAX_FORMULA_LENGTH) {
    throw new Error(`has ${text.length} characters, at most ${MAX_FORMULA_LENGTH} are read; split it with functions`);
  }
  if (nesting(text) > MAX_NESTING)
    throw new Error(`has more than ${MAX_NESTING} nested brackets; split it with functions`);
  parsing = true;
  try {
    return convert(jsep(text) as jsep.CoreExpression);
  } catch (error) {
    if (error instanceof RangeError) {
      throw new Error('is nested too deeply; split it with functions', { cause: error });
    }
    throw error;
  } finally {
    parsing = false;
  }
}

function nesting(text: string): number {
  let depth = 0;
  let deepest = 0;
  for (const character of text) {
    if (character === '(') deepest = Math.max(deepest, ++depth);
    if (character === ')') depth--;
  }
  return deepest;
}

function convert(node: jsep.CoreExpression): FormulaNode {
  const sub = (child: jsep.Expression): FormulaNode => convert(child as jsep.CoreExpression);
  switch (node.type) {
    case 'Literal':
      if (typeof node.value !== 'number') throw new Error(`contains ${node.raw}, only numbers are allowed`);
      if (!Number.isFinite(node.value)) throw new Error(`contains ${node.raw}, which is too large for a number`);
      return { kind: 'number', value: node.value };
    case 'Identifier':
      return { kind: 'name', name: node.name };
    case 'UnaryExpression':
      return { kind: 'unary', operator: known(UNARY_OPERATORS, node.operator), argument: sub(node.argument) };
    case 'BinaryExpression': {
      const operator = known(BINARY_OPERATORS, node.operator);
      return { kind: 'binary', operator, left: sub(node.left), right: sub(node.right) };
    }
    case 'ConditionalExpression':
      return { kind: 'choose', test: sub(node.test), yes: sub(node.consequent), no: sub(node.alternate) };
    case 'CallExpression':
      if (node.callee.type !== 'Identifier') throw new Error('calls something that is not a function name');
      return { kind: 'call', name: (node.callee as jsep.Identifier).name, args: node.arguments.map(sub) };
    case 'Compound':
      throw new Error('is more than one formula; is an operator or a comma missing?');
    default:
      throw new Error('contains something other than numbers, names, operators and function calls');
  }
}

function known<T extends string>(allowed: readonly T[], operator: string): T {
  const found = allowed.find((candidate) => candidate === operator);
  if (found === undefined) throw new Error(`uses the operator ${operator}, allowed are ${allowed.join(' ')}`);
  return found;
}

/** Calls `visit` for every node of the tree, parents first. */
export function walkFormula(node: FormulaNode, visit: (node: FormulaNode) => void): void {
  visit(node);
  switch (node.kind) {
    case 'unary':
      return walkFormula(node.argument, visit);
    case 'binary':
      walkFormula(node.left, visit);
      return walkFormula(node.right, visit);
    case 'choose':
      for (const part of [node.test, node.yes, node.no]) walkFormula(part, visit);
      return;
    case 'call':
      for (const part of node.args) walkFormula(part, visit);
      return;
    case 'number':
    case 'name':
  }
}
