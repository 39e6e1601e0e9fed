/**
 * A formula that must be a condition: comparisons joined by && || ! and ? :. Unlike `compileExpression`, where a
 * comparison with NaN is false, the result is NaN where a compared number is NaN and the rest does not decide
 * (sqrt(x - x0) < 1 left of x0), so that callers can refuse such a point instead of leaving it out.
 */
import type { CardFunction } from './formula-compiler.ts';
import { failAt, parseAt } from './formula-compiler.ts';
import { compileExpression, type Scope } from './expression.ts';
import { BLOCK, type EvaluateMany } from './formula-blocks.ts';
import type { FormulaNode } from './formula-parser.ts';

/** 1, 0 or NaN at each point; columns in the order of the variables. */
export interface Condition {
  readonly text: string;
  readonly evaluateMany: EvaluateMany;
}

/** How each comparison is one of two loops: less or equal, arguments swapped, outcome negated. */
const COMPARISONS: ReadonlyMap<string, { readonly isLess: boolean; readonly swap: boolean; readonly yes: 0 | 1 }> =
  new Map([
    ['<', { isLess: true, swap: false, yes: 1 }],
    ['>', { isLess: true, swap: true, yes: 1 }],
    ['>=', { isLess: true, swap: false, yes: 0 }],
    ['<=', { isLess: true, swap: true, yes: 0 }],
    ['==', { isLess: false, swap: false, yes: 1 }],
    ['!=', { isLess: false, swap: false, yes: 0 }],
  ]);

/** Errors (kind card) of compileExpression, and of a formula that is a number instead of a condition. */
export function compileCondition(
  formula: string | number,
  variables: readonly string[],
  scope: Scope,
  where: string,
): Condition {
  const { text } = compileExpression(formula, variables, scope, where);
  const tree = parseAt(text, where);
  if (!isCondition(tree, scope.functions)) {
    failAt(where, `'${text}' is a number, expected a condition such as 'x < x0'; compare it with something`);
  }
  const run = conditionOf(tree, (node) => {
    const index = node.kind === 'name' ? variables.indexOf(node.name) : -1;
    if (index >= 0) return (columns) => columns[index];
    const compiled = compileExpression(write(node), variables, scope, where);
    const values = new Float64Array(BLOCK);
    return (columns, n) => {
      compiled.evaluateMany(columns, n, values);
      return values;
    };
  });
  return {
    text,
    evaluateMany(columns, count, out) {
      for (let from = 0; from < count; from += BLOCK) {
        const n = Math.min(BLOCK, count - from);
        run(
          columns.map((column) => column.subarray(from, from + n)),
          n,
          out.subarray(from, from + n),
        );
      }
    },
  };
}

function isCondition(node: FormulaNode, functions: ReadonlyMap<string, CardFunction>): boolean {
  const both = (a: FormulaNode, b: FormulaNode) => isCondition(a, functions) && isCondition(b, functions);
  switch (node.kind) {
    case 'unary':
      return node.operator === '!' && isCondition(node.argument, functions);
    case 'binary':
      if (node.operator === '&&' || node.operator === '||') return both(node.left, node.right);
      return COMPARISONS.has(node.operator);
    case 'choose':
      return both(node.yes, node.no);
    case 'call': {
      const own = functions.get(node.name);
      return own !== undefined && isCondition(own.tree, functions);
    }
    default:
      return false;
  }
}

/** Values of a number in the formula at the first n points. */
type Values = (columns: readonly Float64Array[], n: number) => Float64Array;

/** Three values (Kleene): what is false && NaN is false, what is true || NaN is true. */
function conditionOf(node: FormulaNode, compile: (node: FormulaNode) => Values): EvaluateMany {
  const [a, b] = [new Float64Array(BLOCK), new Float64Array(BLOCK)];
  if (node.kind === 'unary' && node.operator === '!') {
    const inner = conditionOf(node.argument, compile);
    return (columns, n, out) => {
      inner(columns, n, a);
      for (let i = 0; i < n; i++) out[i] = 1 - a[i];
    };
  }
  if (node.kind === 'binary' && (node.operator === '&&' || node.operator === '||')) {
    const [left, right] = [conditionOf(node.left, compile), conditionOf(node.right, compile)];
    const decides = node.operator === '&&' ? 0 : 1;
    return (columns, n, out) => {
      left(columns, n, a);
      right(columns, n, b);
      for (let i = 0; i < n; i++) out[i] = a[i] === decides || b[i] === decides ? decides : a[i] + b[i] - (1 - decides);
    };
  }
  if (node.kind === 'choose') {
    const [test, yes, no] = [node.test, node.yes, node.no].map((part) => conditionOf(part, compile));
    const c = new Float64Array(BLOCK);
    return (columns, n, out) => {
      test(columns, n, c);
      yes(columns, n, a);
      no(columns, n, b);
      for (let i = 0; i < n; i++) out[i] = c[i] === 1 ? a[i] : c[i] === 0 ? b[i] : NaN;
    };
  }
  const comparison = node.kind === 'binary' ? COMPARISONS.get(node.operator) : undefined;
  if (node.kind === 'binary' && comparison !== undefined) {
    const { isLess, swap, yes } = comparison;
    const [left, right] = swap ? [node.right, node.left] : [node.left, node.right];
    const [p, q] = [compile(left), compile(right)];
    const compare = isLess ? less : equal;
    return (columns, n, out) => compare(p(columns, n), q(columns, n), n, yes, out);
  }
  const value = compile(node);
  return (columns, n, out) => {
    const values = value(columns, n);
    for (let i = 0; i < n; i++) out[i] = values[i] !== values[i] ? NaN : values[i] === 0 ? 0 : 1;
  };
}

function less(a: Float64Array, b: Float64Array, n: number, yes: 0 | 1, out: Float64Array): void {
  const no = 1 - yes;
  for (let i = 0; i < n; i++) out[i] = a[i] < b[i] ? yes : a[i] >= b[i] ? no : NaN;
}

function equal(a: Float64Array, b: Float64Array, n: number, yes: 0 | 1, out: Float64Array): void {
  const no = 1 - yes;
  for (let i = 0; i < n; i++) out[i] = a[i] === b[i] ? yes : a[i] !== a[i] || b[i] !== b[i] ? NaN : no;
}

/** Text of a tree, every operation in brackets. */
function write(node: FormulaNode): string {
  switch (node.kind) {
    case 'number':
      return String(node.value);
    case 'name':
      return node.name;
    case 'unary':
      return `(${node.operator}${write(node.argument)})`;
    case 'binary':
      return `(${write(node.left)} ${node.operator} ${write(node.right)})`;
    case 'choose':
      return `(${write(node.test)} ? ${write(node.yes)} : ${write(node.no)})`;
    case 'call':
      return `${node.name}(${node.args.map(write).join(', ')})`;
  }
}
