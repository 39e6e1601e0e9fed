/**
 * Runs the graph of a formula over blocks of points: one loop per operation instead of one walk through closures per
 * point. What depends only on variables that do not change over a block (x in a column of cells) is worked out once.
 */
import type { BlockOperation } from './block-operations.ts';
import type { Context } from './formula-compiler.ts';
import { makeFormulaGraph, type FormulaGraph } from './formula-graph.ts';

/**
 * out[i] = formula at (columns[0][i], columns[1][i], ...) for i < count; columns in the order of the variables, further
 * ones are ignored. out may be one of the columns.
 */
export type EvaluateMany = (columns: readonly Float64Array[], count: number, out: Float64Array) => void;

type Evaluate = (values: ArrayLike<number>) => number;

/** Points of a block: the columns of a formula then fit the first caches. */
export const BLOCK = 512;

/** Columns all formulas work in, one formula at a time: nothing is kept between blocks. */
const scratch: Float64Array[] = [];

interface Instruction {
  readonly operation: BlockOperation;
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly out: number;
}

/** Slots: places for values; masks as in block-operations.ts. */
interface Program {
  readonly slots: readonly Float64Array[];
  readonly masks: Int32Array;
  /** Variables that enter, and the slots they are copied to. */
  readonly inputs: readonly { readonly variable: number; readonly slot: number }[];
  readonly instructions: readonly Instruction[];
  readonly result: number;
}

/** Over blocks, made at the first use; point by point for formulas too large to be written out. */
export function makeEvaluateMany(evaluate: Evaluate, context: Context): EvaluateMany {
  let many: EvaluateMany | undefined;
  return (columns, count, out) => {
    if (many === undefined) {
      const graph = makeFormulaGraph(context);
      many = graph === undefined ? pointByPoint(evaluate, context.variables.length) : blockEvaluator(graph);
    }
    many(columns, count, out);
  };
}

function pointByPoint(evaluate: Evaluate, nVariables: number): EvaluateMany {
  const values = new Float64Array(nVariables);
  return (columns, count, out) => {
    for (let i = 0; i < count; i++) {
      for (let j = 0; j < nVariables; j++) values[j] = columns[j][i];
      out[i] = evaluate(values);
    }
  };
}

function blockEvaluator(graph: FormulaGraph): EvaluateMany {
  const { slots, masks, inputs, instructions, result } = makeProgram(graph);
  return (columns, count, out) => {
    for (let start = 0; start < count; start += BLOCK) {
      const n = Math.min(BLOCK, count - start);
      for (const { variable, slot } of inputs) masks[slot] = copyBlock(columns[variable], start, n, slots[slot]);
      for (const { operation, a, b, c, out: to } of instructions) {
        const mask = masks[a] | masks[b] | masks[c];
        operation(mask === 0 ? 1 : n, slots[to], slots[a], masks[a], slots[b], masks[b], slots[c], masks[c]);
        masks[to] = mask;
      }
      const [values, mask] = [slots[result], masks[result]];
      for (let i = 0; i < n; i++) out[start + i] = values[i & mask];
    }
  };
}

/** Copies a block; its mask: 0 when all values are the same (NaN and zeros, which have signs, count as different). */
function copyBlock(column: Float64Array, start: number, n: number, to: Float64Array): number {
  const first = column[start];
  let mask = first === 0 ? -1 : 0;
  for (let i = 0; i < n; i++) {
    const value = column[start + i];
    if (value !== first) mask = -1;
    to[i] = value;
  }
  return mask;
}

/** Slots are given out again after the last use of a node; constants keep theirs. */
function makeProgram({ nodes, result }: FormulaGraph): Program {
  const lastUse = findLastUses(nodes, result);
  const slotOf = new Int32Array(nodes.length).fill(-1);
  const slots: Float64Array[] = [];
  const masks: number[] = [];
  const free: number[] = [];
  const inputs: { variable: number; slot: number }[] = [];
  const instructions: Instruction[] = [];
  let taken = 0;
  const add = (values: Float64Array): number => {
    masks.push(0);
    return slots.push(values) - 1;
  };
  const take = (): number => free.pop() ?? add((scratch[taken++] ??= new Float64Array(BLOCK)));
  nodes.forEach((node, id) => {
    if (lastUse[id] < 0) return;
    if (node.kind === 'constant') {
      slotOf[id] = add(Float64Array.of(node.value));
      return;
    }
    slotOf[id] = take();
    if (node.kind === 'variable') {
      inputs.push({ variable: node.index, slot: slotOf[id] });
      return;
    }
    const [a, b = a, c = a] = node.inputs.map((input) => slotOf[input]);
    instructions.push({ operation: node.operation, a, b, c, out: slotOf[id] });
    for (const input of new Set(node.inputs)) {
      if (lastUse[input] === id && nodes[input].kind !== 'constant') free.push(slotOf[input]);
    }
  });
  return { slots, masks: Int32Array.from(masks), inputs, instructions, result: slotOf[result] };
}

/** [nodes] last node that reads each one; -1 where none that matters does. */
function findLastUses(nodes: FormulaGraph['nodes'], result: number): Int32Array {
  const lastUse = new Int32Array(nodes.length).fill(-1);
  lastUse[result] = nodes.length;
  for (let id = nodes.length - 1; id >= 0; id--) {
    const node = nodes[id];
    if (lastUse[id] < 0 || node.kind !== 'apply') continue;
    for (const input of node.inputs) lastUse[input] = Math.max(lastUse[input], id);
  }
  return lastUse;
}
