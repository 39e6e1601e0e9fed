/**
 * Runs a plan kernel on one window list on a backend, into a POISONED result, in two ranges, and hands back the result:
 * what a kernel leaves unwritten or writes outside its range shows.
 */
import { expect } from 'vitest';
import type { Backend } from '../../src/engine/backend.ts';
import type { Kernel, KernelArray, ParamValues } from '../../src/kernels/kernel.ts';
import { RESULT_CODE } from '../../src/kernels/plan-bindings.ts';
import { flattenPlan, type FlatPlan } from '../../src/model/plan/flat-plan.ts';
import { RuleCache } from '../../src/model/plan/rule-cache.ts';
import { packItems, place, scratchWords, type UnplacedItem } from '../../src/scan/chunk-plan.ts';
import { countingModel, type CountingCase } from './counting.ts';

export const POISON = -7.5e30;

export type ItemOf = (plan: FlatPlan, i: number, n: number) => UnplacedItem;

/** One call of a kernel: its arrays in binding order, the result last. */
export interface KernelCall {
  readonly kernel: Kernel;
  readonly arrays: readonly KernelArray[];
  readonly params: ParamValues;
  readonly nItems: number;
  readonly stride: number;
}

export function planCall(
  kernel: Kernel,
  cases: readonly CountingCase[],
  itemOf: ItemOf,
  params: ParamValues,
  stride: number,
  poiMax = 1e5,
): KernelCall {
  const plan = flattenPlan(
    countingModel(cases),
    cases.map((_, i) => i),
    poiMax,
    new RuleCache(),
  );
  const items = place(cases.map((c, i) => itemOf(plan, i, c.n)));
  const scratch = new Float64Array(scratchWords(items)).fill(POISON);
  const result = new Float64Array(stride * items.length).fill(POISON);
  const arrays = [
    packItems(items),
    plan.lanes,
    plan.laneValues,
    plan.components,
    plan.componentValues,
    plan.nodes,
    scratch,
    result,
  ];
  return { kernel, arrays, params, nItems: items.length, stride };
}

/** Runs items [1, nItems) in two parts; item 0 must stay poisoned. */
export async function runPoisoned(backend: Backend, call: KernelCall): Promise<Float64Array> {
  const handles = call.arrays.map((array) => backend.upload(array));
  try {
    const half = call.nItems >> 1;
    await backend.run(call.kernel, handles, call.params, 1, half - 1);
    await backend.run(call.kernel, handles, call.params, half, call.nItems - half);
    const result = (await backend.read(handles[handles.length - 1])) as Float64Array;
    for (let k = 0; k < call.stride; k++) expect(result[k], 'item 0 was not asked for').toBeLessThan(0.99 * POISON);
    for (let i = call.stride; i < result.length; i++)
      expect(result[i], `word ${i} was written`).toBeGreaterThan(0.99 * POISON);
    return result;
  } finally {
    handles.forEach((handle) => backend.free(handle));
  }
}

/** Items the device answered itself, with both results; `needed` counts those it handed back. */
export function answered(
  reference: Float64Array,
  device: Float64Array,
  stride: number,
  codeAt: number,
): { items: number[]; needed: number } {
  const items: number[] = [];
  let needed = 0;
  for (let i = 1; i < reference.length / stride; i++) {
    if (device[stride * i + codeAt] === RESULT_CODE.repeatInF64) needed++;
    else items.push(i);
  }
  return { items, needed };
}
