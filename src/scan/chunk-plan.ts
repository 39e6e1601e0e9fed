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

  /**
   * Result [items.length][stride] of a plan kernel on the backend, in batches whose scratch stays below BATCH_SCRATCH.
   * `signal` aborts between submissions.
   */
  async run(
    kernel: Kernel,
    items: readonly UnplacedItem[],
    params: ParamValues,
    stride: number,
    { signal, onProgress }: RunOptions = {},
  ): Promise<Float64Array> {
    const result = new Float64Array(stride * items.length);
    for (const [first, last] of batches(items)) {
      const batch = place(items.slice(first, last));
      const progress = onProgress && ((done: number) => onProgress(first + done));
      result.set(await this.runBatch(kernel, batch, params, stride, { signal, onProgress: progress }), stride * first);
    }
    return result;
  }

  private async runBatch(
    kernel: Kernel,
    items: readonly SizedItem[],
    params: ParamValues,
    stride: number,
    options: RunOptions,
  ): Promise<Float64Array> {
    const own = [packItems(items), new Float64Array(scratchWords(items)), new Float64Array(stride * items.length)];
    const handles = own.map((words) => this.backend.upload(words));
    try {
      await this.backend.run(
        kernel,
        [handles[0], ...this.handles, handles[1], handles[2]],
        params,
        0,
        items.length,
        options,
      );
      return (await this.backend.read(handles[2])) as Float64Array;
    } finally {
      handles.forEach((handle) => this.backend.free(handle));
    }
  }

  free(): void {
    this.handles.forEach((handle) => this.backend.free(handle));
  }
}

/** The same in f64 in this thread, for a single item: what decides is recomputed here. */
export function runInF64(
  plan: FlatPlan,
  kernel: Kernel,
  item: UnplacedItem,
  params: ParamValues,
  stride: number,
): Float64Array {
  const result = new Float64Array(stride);
  const items = place([item]);
  kernel.run([packItems(items), ...planWords(plan), new Float64Array(scratchWords(items)), result], params, 0, 1);
  return result;
}

/** A plan item and the scratch it needs, before it has a place there. */
export interface UnplacedItem extends Omit<PlanItem, 'scratchAt'> {
  /** Position of the window in the plan. */
  readonly local: number;
  /** Words. */
  readonly scratch: number;
}

interface SizedItem extends UnplacedItem, PlanItem {}

/** Words of scratch in one call: 32 MiB of f32 on a GPU. */
const BATCH_SCRATCH = 8_000_000;

/** Ranges [first, last) of items that share one scratch; an item larger than the limit stands alone. */
function* batches(items: readonly UnplacedItem[]): Generator<[number, number]> {
  let first = 0;
  let words = 0;
  for (let i = 0; i < items.length; i++) {
    if (i > first && words + items[i].scratch > BATCH_SCRATCH) {
      yield [first, i];
      first = i;
      words = 0;
    }
    words += items[i].scratch;
  }
  if (first < items.length) yield [first, items.length];
}

/** Lays the scratch regions of items one behind the other. */
export function place(items: readonly UnplacedItem[]): SizedItem[] {
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

export function packItems(items: readonly PlanItem[]): Uint32Array {
  const words = new Uint32Array(ITEM_STRIDE * items.length);
  items.forEach(({ laneFirst, laneCount, n, scratchAt, size }, i) => {
    words.set([laneFirst, laneCount, n, scratchAt, size], ITEM_STRIDE * i);
  });
  return words;
}

export function scratchWords(items: readonly SizedItem[]): number {
  const last = items[items.length - 1];
  return Math.max(1, last.scratchAt + last.scratch);
}
