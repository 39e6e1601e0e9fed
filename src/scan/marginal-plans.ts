/**
 * Marginal p0 of windows at counts of any size. A plan is made for one count: its nodes lie where constraint and that
 * count (and typical ones) agree, model/plan/reach.ts. A plan of no count is right for all below the background, one of
 * a large count for all from the background up to it; that of a typical count is off by 1e-4 in ln p0 at 1e-16, by more
 * and more beyond. Wide constraints take more nodes the farther a plan reaches: plans grow with the counts asked for.
 */
import type { Backend } from '../engine/backend.ts';
import { marginalP0, P0_STRIDE } from '../kernels/marginal_p0.ts';
import { RESULT_CODE } from '../kernels/plan-bindings.ts';
import type { CountingModel } from '../model/counting-model.ts';
import { flattenPlan } from '../model/plan/flat-plan.ts';
import type { RuleCache } from '../model/plan/rule-cache.ts';
import { ChunkPlan, type UnplacedItem } from './chunk-plan.ts';
import { p0Item } from './window-items.ts';

/** Where the counts of a window are planned: window `local` of a plan that reaches up to a count. */
interface Place {
  readonly chunk: ChunkPlan;
  readonly local: number;
  readonly upTo: number;
}

export class MarginalPlans {
  private readonly model: CountingModel;
  private readonly backend: Backend;
  private readonly cache: RuleCache;
  private readonly chunks: ChunkPlan[] = [];
  /** By window: counts below the expected background, and the others. */
  private readonly below = new Map<number, Place>();
  private readonly above = new Map<number, Place>();
  /** [nWindows] expected background. */
  private readonly means: Float64Array;

  constructor(model: CountingModel, backend: Backend, cache: RuleCache) {
    this.model = model;
    this.backend = backend;
    this.cache = cache;
    this.means = Float64Array.from(model.n, (_, w) => model.components.reduce((sum, { b0 }) => sum + b0[w], 0));
  }

  /** ln p0 [counts.length] of window windows[k] at counts[k]; NaN where it does not converge. */
  async lnP0(windows: Uint32Array, counts: Uint32Array, signal?: AbortSignal): Promise<Float64Array> {
    this.plan(windows, counts);
    const byChunk = new Map<ChunkPlan, number[]>();
    const places = Array.from(windows, (w, k) => this.places(w, counts[k]).get(w)!);
    places.forEach(({ chunk }, k) => {
      const own = byChunk.get(chunk);
      if (own === undefined) byChunk.set(chunk, [k]);
      else own.push(k);
    });
    const lnP = new Float64Array(windows.length).fill(NaN);
    for (const [chunk, own] of byChunk) {
      const sent: number[] = [];
      const items: UnplacedItem[] = [];
      for (const k of own) {
        const { local } = places[k];
        if (!isPlanned(chunk, local)) continue;
        sent.push(k);
        items.push(p0Item(chunk.plan, local, counts[k]));
      }
      const result = await chunk.run(marginalP0, items, {}, P0_STRIDE, { signal });
      sent.forEach((k, i) => {
        if (result[P0_STRIDE * i + 2] === RESULT_CODE.ok) lnP[k] = result[P0_STRIDE * i];
      });
    }
    return lnP;
  }

  free(): void {
    this.chunks.forEach((chunk) => chunk.free());
  }

  private places(w: number, n: number): Map<number, Place> {
    return n < this.means[w] ? this.below : this.above;
  }

  /** Makes the plans that these counts lack. */
  private plan(windows: Uint32Array, counts: Uint32Array): void {
    const below = new Map<number, number>();
    const above = new Map<number, number>();
    windows.forEach((w, k) => {
      const n = counts[k];
      const place = this.places(w, n).get(w);
      if (n < this.means[w]) {
        if (place === undefined) below.set(w, 0);
      } else if (place === undefined) above.set(w, Math.max(above.get(w) ?? 0, n, farCount(this.means[w])));
      else if (n > place.upTo) above.set(w, Math.max(above.get(w) ?? 0, Math.ceil(1.25 * n) + 4));
    });
    this.compile(below, this.below);
    this.compile(above, this.above);
  }

  /** @param wanted count by window */
  private compile(wanted: ReadonlyMap<number, number>, to: Map<number, Place>): void {
    if (wanted.size === 0) return;
    const n = this.model.n.slice();
    wanted.forEach((count, w) => (n[w] = count));
    const windows = [...wanted.keys()];
    const chunk = new ChunkPlan(flattenPlan({ ...this.model, n }, windows, 0, this.cache), this.backend);
    this.chunks.push(chunk);
    windows.forEach((w, local) => to.set(w, { chunk, local, upTo: n[w] }));
  }
}

/** Counts beyond it have p0 < 1e-24, nearly, if the background is known. */
function farCount(mean: number): number {
  return Math.ceil(mean + 10 * Math.sqrt(mean) + 12);
}

/** Without a quadrature there is no number. */
function isPlanned({ plan }: ChunkPlan, local: number): boolean {
  return plan.laneFirst[local + 1] > plan.laneFirst[local] && Number.isFinite(plan.countDeviation[local]);
}
