/** The stages of one chunk of windows on a backend; what the device hands back is repeated in f64 at once. */
import { bayesLimit } from '../kernels/bayes_limit.ts';
import { marginalP0, P0_STRIDE } from '../kernels/marginal_p0.ts';
import { RESULT_CODE } from '../kernels/plan-bindings.ts';
import { predictiveQuantiles, QUANTILE_STRIDE } from '../kernels/predictive_quantiles.ts';
import type { CountingModel } from '../model/counting-model.ts';
import type { FlatPlan } from '../model/plan/flat-plan.ts';
import { runInF64, type ChunkPlan, type UnplacedItem } from './chunk-plan.ts';
import type { EvaluateOptions } from './evaluate-windows.ts';
import { midP } from './mid-p.ts';
import { limitParams, type BayesRequest, type ClsRequest, type P0Method } from './statistics.ts';
import { limitItem, p0Item, quantileItem } from './window-items.ts';
import { hasP0, storeLimit, storeP0, wantedCounts, type WindowNumbers } from './window-numbers.ts';

/** Counts above this go straight to f64 when the backend has only f32. */
const MOST_IN_F32 = 10_000;

/** The stages of one chunk; each fills its part of `numbers`. */
export class ChunkTask {
  private readonly model: CountingModel;
  private readonly windows: readonly number[];
  private readonly plan: FlatPlan;
  private readonly chunk: ChunkPlan;
  private readonly f32: boolean;
  private readonly numbers: WindowNumbers;
  private readonly options: EvaluateOptions;

  constructor(
    model: CountingModel,
    windows: readonly number[],
    plan: FlatPlan,
    chunk: ChunkPlan,
    f32: boolean,
    numbers: WindowNumbers,
    options: EvaluateOptions,
  ) {
    this.model = model;
    this.windows = windows;
    this.plan = plan;
    this.chunk = chunk;
    this.f32 = f32;
    this.numbers = numbers;
    this.options = options;
  }

  describe(): void {
    this.windows.forEach((w, i) => {
      if (!this.isPlanned(i)) {
        this.numbers.status[w] = 'not-converged';
        return;
      }
      this.numbers.bkgErr[w] = this.plan.backgroundDeviation[i];
      this.numbers.sensErr[w] = this.plan.sensitivityDeviation[i];
    });
  }

  /** `marginal` and `marginal-mid-p`: the tails at n serve both, those at n + 1 the second. */
  async marginal(methods: readonly P0Method[]): Promise<void> {
    const [plain, mid] = [methods.indexOf('marginal'), methods.indexOf('marginal-mid-p')];
    if (plain < 0 && mid < 0) return;
    const { numbers } = this;
    const local = this.indices((w) => hasP0(numbers.status[w]));
    const tailsAt = (shift: number) =>
      this.run(
        marginalP0,
        local.map((i) => p0Item(this.plan, i, this.model.n[this.windows[i]] + shift)),
        {},
        P0_STRIDE,
        2,
      );
    const at = await tailsAt(0);
    const above = mid < 0 ? at : await tailsAt(1);
    local.forEach((i, k) => {
      const w = this.windows[i];
      const code = P0_STRIDE * k + 2;
      if (at[code] !== RESULT_CODE.ok || above[code] !== RESULT_CODE.ok) {
        numbers.status[w] = 'not-converged';
        return;
      }
      const tails = (of: Float64Array) => [of[P0_STRIDE * k], of[P0_STRIDE * k + 1]] as const;
      if (plain >= 0) storeP0(numbers.p0[plain], w, ...tails(at));
      if (mid >= 0) storeP0(numbers.p0[mid], w, ...midP(tails(at), tails(above)));
    });
  }

  async quantiles(levels: readonly number[]): Promise<void> {
    const local = this.indices(() => true);
    const items = local.map((i) => quantileItem(this.plan, i));
    const params = Object.fromEntries(levels.map((q, k) => [`q${k}`, q]));
    const result = await this.run(predictiveQuantiles, items, params, QUANTILE_STRIDE, 5);
    local.forEach((i, k) => {
      for (let q = 0; q < 5; q++) this.numbers.nExpected[5 * this.windows[i] + q] = result[QUANTILE_STRIDE * k + q];
      if (result[QUANTILE_STRIDE * k + 5] !== RESULT_CODE.ok) this.numbers.status[this.windows[i]] = 'not-converged';
    });
  }

  /** Observed and expected limits; equal counts in one window are solved once. */
  async limit(iLimit: number, request: BayesRequest | ClsRequest): Promise<void> {
    const { numbers, windows, plan } = this;
    const items: UnplacedItem[] = [];
    const slots: { w: number; n: number; item: number }[] = [];
    this.indices((w) => numbers.status[w] !== 'no-sensitivity').forEach((i) => {
      const w = windows[i];
      const found = new Map<number, number>();
      for (const n of wantedCounts(numbers, this.model, w)) {
        if (!found.has(n)) {
          found.set(n, items.length);
          items.push(limitItem(plan, i, n));
        }
      }
      found.forEach((item, n) => slots.push({ w, n, item }));
    });
    const params = limitParams(request);
    const result = await this.run(bayesLimit, items, params, 2, 1);
    for (const { w, n, item } of slots)
      storeLimit(numbers, iLimit, this.model, w, n, result[2 * item], result[2 * item + 1]);
  }

  private indices(wanted: (w: number) => boolean): number[] {
    return this.windows.map((_, i) => i).filter((i) => this.isPlanned(i) && wanted(this.windows[i]));
  }

  /** Without a quadrature there is no number; one such window must not touch the others of its chunk. */
  private isPlanned(i: number): boolean {
    const { laneFirst, countDeviation } = this.plan;
    return laneFirst[i + 1] > laneFirst[i] && Number.isFinite(countDeviation[i]);
  }

  /** On the backend, then again in f64 what came back with code 1 or is too large for f32. */
  private async run(
    kernel: typeof marginalP0,
    items: readonly UnplacedItem[],
    params: Record<string, number>,
    stride: number,
    codeAt: number,
  ): Promise<Float64Array> {
    const result = new Float64Array(stride * items.length);
    const small = this.f32
      ? items.map((_, i) => i).filter((i) => items[i].n <= MOST_IN_F32 && items[i].size <= MOST_IN_F32)
      : items.map((_, i) => i);
    const { signal, onProgress } = this.options;
    const sent = small.map((i) => items[i]);
    const got = await this.chunk.run(kernel, sent, params, stride, {
      signal,
      onProgress: (n) => onProgress?.(kernel.name, n, sent.length),
    });
    const isSmall = new Uint8Array(items.length);
    small.forEach((i, k) => {
      isSmall[i] = 1;
      result.set(got.subarray(stride * k, stride * (k + 1)), stride * i);
    });
    if (!this.f32) return result;
    for (let i = 0; i < items.length; i++) {
      if (isSmall[i] && result[stride * i + codeAt] !== RESULT_CODE.repeatInF64) continue;
      this.numbers.recheck.neededWindows.add(this.windows[items[i].local]);
      result.set(runInF64(this.plan, kernel, items[i], params, stride), stride * i);
    }
    return result;
  }
}
