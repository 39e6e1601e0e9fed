/** Bindings common to the kernels that read a FlatPlan: items, plan, scratch, result. */
import type { Binding, KernelArray } from './kernel.ts';
import type { PlanArrays } from './shared/count-mixture.ts';

export const PLAN_BINDINGS: readonly Binding[] = [
  { name: 'items', element: 'u32', access: 'read' }, // [nItems][5] first lane, lanes, n, scratch offset, size
  { name: 'lanes', element: 'u32', access: 'read' }, // [nLanes][4]
  { name: 'lane_values', element: 'f64', access: 'read' }, // [nLanes][3] ln weight, signal per unit POI, leak
  { name: 'components', element: 'u32', access: 'read' }, // [nComponents][2]
  { name: 'component_values', element: 'f64', access: 'read' }, // [nComponents][2]
  { name: 'nodes', element: 'f64', access: 'read' }, // [nNodes][3]
  { name: 'scratch', element: 'f64', access: 'scratch' },
  { name: 'result', element: 'f64', access: 'write' },
];

/** Words per work item in `items`. */
export const ITEM_STRIDE = 5;

/** Second word of a result: what a caller must know beside the number. */
export const RESULT_CODE = {
  ok: 0,
  /** The device's precision or room does not suffice: repeat on the CPU in f64. */
  repeatInF64: 1,
  notConverged: 2,
  /** The limit depends on POI_max by more than 1 %. */
  priorEdge: 3,
  /** No signal expected at all. */
  noSensitivity: 4,
} as const;

export interface PlanItem {
  readonly laneFirst: number;
  readonly laneCount: number;
  readonly n: number;
  readonly scratchAt: number;
  readonly size: number;
}

export function planArrays(arrays: readonly KernelArray[]): PlanArrays {
  return {
    lanes: arrays[1] as Uint32Array,
    laneValues: arrays[2] as Float64Array,
    components: arrays[3] as Uint32Array,
    componentValues: arrays[4] as Float64Array,
    nodes: arrays[5] as Float64Array,
  };
}

export function planItem(items: Uint32Array, i: number): PlanItem {
  const at = ITEM_STRIDE * i;
  return {
    laneFirst: items[at],
    laneCount: items[at + 1],
    n: items[at + 2],
    scratchAt: items[at + 3],
    size: items[at + 4],
  };
}
