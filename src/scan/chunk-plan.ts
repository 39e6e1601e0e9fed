/** One chunk of windows on a backend: plan arrays uploaded once, then any plan kernel over any items. */
import type { Backend, Handle, RunOptions } from '../engine/backend.ts';
import type { Kernel, ParamValues } from '../kernels/kernel.ts';
import { ITEM_STRIDE, type PlanItem } from '../kernels/plan-bindings.ts';
import type { FlatPlan } from '../model/plan/flat-plan.ts';

export class ChunkPlan {
  readonly plan: FlatPlan;
  private readonly backend: Backend;
  private readonly handles: readonly Handle[];

  constructor(plan: FlatPlan, backend: Backend) {
    this.plan = plan;
    this.backend = backend;
    this.handles = planWords(plan).map((words) => backend.upload(words));
  }

  /** Result [items.length][stride] of a plan kernel on the backend. `signal` aborts between submissions. */
  async run(
    kernel: Kernel,
    items: readonly PlanItem[],
    params: ParamValues,
    stride: number,
    options?: RunOptions,
  ): Promise<Float64Array> {
    if (items.length === 0) return new Float64Array(0);
    const own = [
      this.backend.upload(packItems(items)),
      this.backend.upload(new Float64Array(scratchWords(items))),
      this.backend.upload(new Float64Array(stride * items.length)),
    ];
    try {
      const bound = [own[0], ...this.handles, own[1], own[2]];
      await this.backend.run(kernel, bound, params, 0, items.length, options);
      return (await this.backend.read(own[2])) as Float64Array;
    } finally {
      own.forEach((handle) => this.backend.free(handle));
    }
  }

  free(): void {
    this.handles.forEach((handle) => this.backend.free(handle));
  }
}

/** The same in f64 in this thread, for single items: what decides is recomputed here. */
export function runInF64(
  plan: FlatPlan,
  kernel: Kernel,
  item: PlanItem,
  params: ParamValues,
  stride: number,
): Float64Array {
  const result = new Float64Array(stride);
  const scratch = new Float64Array(item.scratchAt + itemScratch(item));
  kernel.run([packItems([item]), ...planWords(plan), scratch, result], params, 0, 1);
  return result;
}

/** A plan item with the scratch it needs; offsets are assigned by `place`. */
export interface SizedItem extends PlanItem {
  /** Position of the window in the plan. */
  readonly local: number;
  readonly scratch: number;
}

/** Lays the scratch regions of items one behind the other. */
export function place(items: readonly Omit<SizedItem, 'scratchAt'>[]): SizedItem[] {
  let at = 0;
  return items.map((item) => {
    const placed = { ...item, scratchAt: at };
    at += item.scratch;
    return placed;
  });
}

function planWords(plan: FlatPlan): (Float64Array | Uint32Array)[] {
  return [plan.lanes, plan.laneValues, plan.components, plan.componentValues, plan.nodes];
}

function packItems(items: readonly PlanItem[]): Uint32Array {
  const words = new Uint32Array(ITEM_STRIDE * items.length);
  items.forEach((item, i) =>
    words.set([item.laneFirst, item.laneCount, item.n, item.scratchAt, item.size], ITEM_STRIDE * i),
  );
  return words;
}

function scratchWords(items: readonly PlanItem[]): number {
  const last = items[items.length - 1];
  return Math.max(1, last.scratchAt + itemScratch(last));
}

function itemScratch(item: PlanItem): number {
  return (item as SizedItem).scratch ?? 0;
}
