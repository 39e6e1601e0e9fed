/**
 * Syntax tree -> graph of operations for evaluation over blocks of points. The card's functions are written out in place
 * and equal parts are one node: formulas are pure, so p_recoil(x, y) named three times is worked out once. Operations on
 * constants are done here. Order and operands of every operation stay as written: nothing is reassociated.
 */
import { blockOperation, type BlockOperation } from './block-operations.ts';
import type { Context } from './formula-compiler.ts';
import { BUILTIN_CONSTANTS, BUILTIN_FUNCTIONS } from './formula-functions.ts';
import { parseFormula, type FormulaNode } from './formula-parser.ts';

export type GraphNode =
  | { readonly kind: 'variable'; readonly index: number }
  | { readonly kind: 'constant'; readonly value: number }
  /** inputs: 1 to 3 numbers of earlier nodes. */
  | { readonly kind: 'apply'; readonly operation: BlockOperation; readonly inputs: readonly number[] };

export interface FormulaGraph {
  /** Every node stands after its inputs. */
  readonly nodes: readonly GraphNode[];
  readonly result: number;
}

/** Functions that call functions can grow without bound when written out; beyond this many steps there is no graph. */
const MAX_STEPS = 4096;

/** Graph of context.text, which must have compiled; undefined when it is too large to be written out. */
export function makeFormulaGraph(context: Context): FormulaGraph | undefined {
  const nodes: GraphNode[] = [];
  const known = new Map<string, number>();
  let steps = 0;

  /** Number of the node, the earlier one where it exists. -0 and 0 are different constants. */
  function node(key: string, make: () => GraphNode): number {
    let id = known.get(key);
    if (id === undefined) known.set(key, (id = nodes.push(make()) - 1));
    return id;
  }

  function constant(value: number): number {
    return node(Object.is(value, -0) ? '-0' : String(value), () => ({ kind: 'constant', value }));
  }

  function valueOf(id: number): number | undefined {
    const found = nodes[id];
    return found.kind === 'constant' ? found.value : undefined;
  }

  function apply(name: string, inputs: readonly number[]): number {
    if (name === 'pow') return apply('^', inputs);
    if (name === '^' && valueOf(inputs[1]) === 2) return apply('square', [inputs[0]]);
    const operation = blockOperation(name);
    if (operation === undefined) throw new TooLarge();
    const values = inputs.map(valueOf);
    if (values.every((value) => value !== undefined)) {
      const [a, b, c] = [...values, 0, 0].map((value) => Float64Array.of(value));
      const out = new Float64Array(1);
      operation(1, out, a, 0, b, 0, c, 0);
      return constant(out[0]);
    }
    return node(`${name}(${inputs.join(',')})`, () => ({ kind: 'apply', operation, inputs }));
  }

  function build(tree: FormulaNode, variables: ReadonlyMap<string, number>): number {
    if (++steps > MAX_STEPS) throw new TooLarge();
    switch (tree.kind) {
      case 'number':
        return constant(tree.value);
      case 'name':
        return (
          variables.get(tree.name) ?? constant((context.constants.get(tree.name) ?? BUILTIN_CONSTANTS.get(tree.name))!)
        );
      case 'unary': {
        const argument = build(tree.argument, variables);
        return tree.operator === '+' ? argument : apply(tree.operator === '-' ? 'negate' : tree.operator, [argument]);
      }
      case 'binary':
        return apply(tree.operator, [build(tree.left, variables), build(tree.right, variables)]);
      case 'choose': {
        const [test, yes, no] = [tree.test, tree.yes, tree.no].map((part) => build(part, variables));
        const decided = valueOf(test);
        return decided === undefined ? apply('choose', [test, yes, no]) : decided ? yes : no;
      }
      case 'call':
        return call(
          tree.name,
          tree.args.map((argument) => build(argument, variables)),
        );
    }
  }

  function call(name: string, args: readonly number[]): number {
    const own = context.findFunction(name);
    if (own !== undefined) return build(own.tree, new Map(own.argumentNames.map((argument, i) => [argument, args[i]])));
    // min and max, the functions of any number of arguments, go pair by pair.
    if (BUILTIN_FUNCTIONS.get(name)!.maxArguments === Infinity)
      return args.reduce((before, next) => apply(name, [before, next]));
    return apply(name, args);
  }

  const variables = new Map(
    context.variables.map((name, index) => [name, node(`v${index}`, () => ({ kind: 'variable', index }))]),
  );
  try {
    return { nodes, result: build(parseFormula(context.text), variables) };
  } catch (error) {
    if (error instanceof TooLarge) return undefined;
    throw error;
  }
}

class TooLarge extends Error {}
