/**
 * All numbers of all windows: local p0, expected counts, limits. Windows go through the backend in chunks; what the
 * backend cannot do in its precision, what decides, and a random 1 % are recomputed in f64 (methods.md section 7).
 */
import type { Backend } from '../engine/backend.ts';
import { bayesLimit, bayesScratch } from '../kernels/bayes_limit.ts';
import { marginalP0, P0_STRIDE } from '../kernels/marginal_p0.ts';
import { onOffP0 } from '../kernels/on_off_p0.ts';
import { RESULT_CODE } from '../kernels/plan-bindings.ts';
import { predictiveQuantiles, QUANTILE_STRIDE } from '../kernels/predictive_quantiles.ts';
import type { CountingModel } from '../model/counting-model.ts';
import { RuleCache } from '../model/plan/rule-cache.ts';
import { flattenPlan, type FlatPlan } from '../model/plan/flat-plan.ts';
import { ChunkPlan, place, runInF64, type SizedItem } from './chunk-plan.ts';
import { EXPECTED_LEVELS, type WindowStatistics, type WindowStatus } from './statistics.ts';
import { Recheck, zOf } from './recheck.ts';

/** Numbers per window; NaN where the status says there is none. */
export interface WindowNumbers {
  readonly status: WindowStatus[];
  readonly bkg: Float64Array;
  readonly bkgErr: Float64Array;
  readonly sensErr: Float64Array;
  /** One entry per method of the statistics. */
  readonly p0: readonly { lnP: Float64Array; lnComplement: Float64Array; z: Float64Array }[];
  /** [nWindows][5] expected counts at the quantiles. */
  readonly nExpected: Uint32Array;
  /** One entry per limit: observed and the five quantiles. */
  readonly limits: readonly { observed: Float64Array; expected: readonly Float64Array[] }[];
  readonly recheck: Recheck;
}

export interface EvaluateOptions {
  /** Windows whose count must not be used. */
  readonly blind?: Uint8Array;
  /** Windows rechecked at random. */
  readonly sample?: (iWindow: number) => boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (stage: string, done: number, total: number) => void;
}

/** Chunks stay below this many windows and scratch words (32 MiB of f32 on a GPU). */
const CHUNK_WINDOWS = 10_000;
const CHUNK_SCRATCH = 8_000_000;
/** Counts above this go straight to f64 when the backend has only f32. */
const MOST_IN_F32 = 10_000;
/** Most significant windows that are always recomputed. */
const DECISIVE = 20;

export async function evaluateWindows(
  model: CountingModel,
  statistics: WindowStatistics,
  backend: Backend,
  options: EvaluateOptions = {},
): Promise<WindowNumbers> {
  const numbers = emptyNumbers(model, statistics, options);
  const usable = Array.from({ length: model.nWindows }, (_, i) => i).filter(
    (i) => numbers.status[i] !== 'bad-background',
  );
  const cache = new RuleCache();
  let done = 0;
  for (const window of chunks(model, usable)) {
    await evaluateChunk(model, window, statistics, backend, cache, numbers, options);
    done += window.length;
    options.onProgress?.('windows', done, usable.length);
  }
  if (statistics.p0.includes('on-off'))
    await evaluateOnOff(model, statistics.p0.indexOf('on-off'), backend, numbers, options);
  if (backend.info.precision === 'f32') recheckDecisive(model, statistics, cache, numbers, options);
  return numbers;
}

function emptyNumbers(model: CountingModel, statistics: WindowStatistics, options: EvaluateOptions): WindowNumbers {
  const array = () => new Float64Array(model.nWindows).fill(NaN);
  const bkg = new Float64Array(model.nWindows);
  for (const component of model.components) component.b0.forEach((b, i) => (bkg[i] += b));
  const status = Array.from(bkg, (_, i): WindowStatus => {
    if (model.components.some((c) => !(c.b0[i] >= 0 && Number.isFinite(c.b0[i])))) return 'bad-background';
    if (options.blind?.[i]) return 'blind';
    const empty = model.components.every((c) => c.kind === 'known' || c.kind === 'error-given') && bkg[i] === 0;
    if (!(model.sensitivity[i] > 0)) return 'no-sensitivity';
    if (empty && model.n[i] > 0) return 'zero-background';
    return model.components.some((c) => c.kind === 'mc-stat' && c.entries?.[i] === 0) ? 'no-mc' : 'ok';
  });
  return {
    status,
    bkg,
    bkgErr: array(),
    sensErr: array(),
    p0: statistics.p0.map(() => ({ lnP: array(), lnComplement: array(), z: array() })),
    nExpected: new Uint32Array(5 * model.nWindows),
    limits: statistics.limits.map(() => ({
      observed: array(),
      expected: [array(), array(), array(), array(), array()],
    })),
    recheck: new Recheck(),
  };
}

/** Splits windows so that neither plans nor scratch outgrow memory, whatever the counts. */
function* chunks(model: CountingModel, usable: readonly number[]): Generator<number[]> {
  let chunk: number[] = [];
  let words = 0;
  for (const i of usable) {
    const background = model.components.reduce((sum, c) => sum + c.b0[i], 0);
    const need = 20 * (Math.max(model.n[i], 2 * background) + 30);
    if (chunk.length > 0 && (chunk.length >= CHUNK_WINDOWS || words + need > CHUNK_SCRATCH)) {
      yield chunk;
      chunk = [];
      words = 0;
    }
    chunk.push(i);
    words += need;
  }
  if (chunk.length > 0) yield chunk;
}

async function evaluateChunk(
  model: CountingModel,
  windows: readonly number[],
  statistics: WindowStatistics,
  backend: Backend,
  cache: RuleCache,
  numbers: WindowNumbers,
  options: EvaluateOptions,
): Promise<void> {
  const poiMax = Math.max(...statistics.limits.map((l) => l.poiMax), 0);
  const plan = flattenPlan(model, windows, poiMax, cache);
  const chunk = new ChunkPlan(plan, backend);
  const task = new ChunkTask(model, windows, plan, chunk, backend.info.precision === 'f32', numbers, options);
  try {
    task.describe();
    const iMarginal = statistics.p0.indexOf('marginal');
    if (iMarginal >= 0) await task.marginal(iMarginal);
    await task.quantiles(EXPECTED_LEVELS[statistics.expected]);
    for (let l = 0; l < statistics.limits.length; l++) await task.limit(l, statistics.limits[l]);
  } finally {
    chunk.free();
  }
}

/** The stages of one chunk; each fills its part of `numbers`. */
class ChunkTask {
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
      this.numbers.bkgErr[w] = this.plan.backgroundDeviation[i];
      this.numbers.sensErr[w] = this.plan.sensitivityDeviation[i];
    });
  }

  async marginal(iMethod: number): Promise<void> {
    const local = this.indices((w) => hasP0(this.numbers.status[w]));
    const items = place(local.map((i) => p0Item(this.plan, i, this.model.n[this.windows[i]])));
    const result = await this.run(marginalP0, items, {}, P0_STRIDE, 2);
    local.forEach((i, k) => {
      const w = this.windows[i];
      if (result[P0_STRIDE * k + 2] !== RESULT_CODE.ok) this.numbers.status[w] = 'not-converged';
      else storeP0(this.numbers.p0[iMethod], w, result[P0_STRIDE * k], result[P0_STRIDE * k + 1]);
    });
  }

  async quantiles(levels: readonly number[]): Promise<void> {
    const local = this.indices(() => true);
    const items = place(local.map((i) => quantileItem(this.plan, i)));
    const params = Object.fromEntries(levels.map((q, k) => [`q${k}`, q]));
    const result = await this.run(predictiveQuantiles, items, params, QUANTILE_STRIDE, 5);
    local.forEach((i, k) => {
      for (let q = 0; q < 5; q++) this.numbers.nExpected[5 * this.windows[i] + q] = result[QUANTILE_STRIDE * k + q];
      if (result[QUANTILE_STRIDE * k + 5] !== RESULT_CODE.ok) this.numbers.status[this.windows[i]] = 'not-converged';
    });
  }

  /** Observed and expected limits; equal counts in one window are solved once. */
  async limit(iLimit: number, request: WindowStatistics['limits'][number]): Promise<void> {
    const { numbers, windows, plan } = this;
    const items: Omit<SizedItem, 'scratchAt'>[] = [];
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
    const params = { tail: 1 - request.credibility, poi_max: Number.isFinite(request.poiMax) ? request.poiMax : 0 };
    const result = await this.run(bayesLimit, place(items), params, 2, 1);
    for (const { w, n, item } of slots)
      storeLimit(numbers, iLimit, this.model, w, n, result[2 * item], result[2 * item + 1]);
  }

  private indices(wanted: (w: number) => boolean): number[] {
    return this.windows.map((_, i) => i).filter((i) => wanted(this.windows[i]));
  }

  /** On the backend, then again in f64 what came back with code 1 or is too large for f32. */
  private async run(
    kernel: typeof marginalP0,
    items: SizedItem[],
    params: Record<string, number>,
    stride: number,
    codeAt: number,
  ): Promise<Float64Array> {
    const result = new Float64Array(stride * items.length);
    const small = this.f32
      ? items.map((_, i) => i).filter((i) => items[i].n <= MOST_IN_F32 && items[i].size <= MOST_IN_F32)
      : items.map((_, i) => i);
    const sent = small.length === items.length ? items : place(small.map((i) => items[i]));
    const { signal, onProgress } = this.options;
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
      this.numbers.recheck.needed++;
      result.set(runInF64(this.plan, kernel, { ...items[i], scratchAt: 0 } as SizedItem, params, stride), stride * i);
    }
    return result;
  }
}

function hasP0(status: WindowStatus): boolean {
  return status !== 'blind' && status !== 'zero-background';
}

/** Counts of a window whose limits are wanted: observed (unless blind) and the five expected ones. */
function wantedCounts(numbers: WindowNumbers, model: CountingModel, w: number): number[] {
  const expected = Array.from(numbers.nExpected.subarray(5 * w, 5 * w + 5));
  return numbers.status[w] === 'blind' ? expected : [model.n[w], ...expected];
}

function storeLimit(
  numbers: WindowNumbers,
  iLimit: number,
  model: CountingModel,
  w: number,
  n: number,
  limit: number,
  code: number,
): void {
  const { observed, expected } = numbers.limits[iLimit];
  if (code === RESULT_CODE.notConverged || code === RESULT_CODE.repeatInF64) {
    numbers.status[w] = 'not-converged';
    return;
  }
  if (code === RESULT_CODE.noSensitivity) return;
  if (code === RESULT_CODE.priorEdge && (numbers.status[w] === 'ok' || numbers.status[w] === 'no-mc'))
    numbers.status[w] = 'prior-edge';
  if (model.n[w] === n && numbers.status[w] !== 'blind') observed[w] = limit;
  for (let q = 0; q < 5; q++) if (numbers.nExpected[5 * w + q] === n) expected[q][w] = limit;
}

function storeP0(target: WindowNumbers['p0'][number], w: number, lnP: number, lnComplement: number): void {
  target.lnP[w] = lnP;
  target.lnComplement[w] = lnComplement;
  target.z[w] = zOf(lnP, lnComplement);
}

export function p0Item(plan: FlatPlan, i: number, n: number): Omit<SizedItem, 'scratchAt'> {
  const [laneFirst, laneCount] = lanesOf(plan, i);
  if (plan.convolutions[i] === 0) return { laneFirst, laneCount, n, size: 1, scratch: 0 };
  const spread = plan.countDeviation[i] * Math.max(1, n / Math.max(plan.backgroundMean[i], 1e-3));
  const size = Math.ceil(n + 12 * Math.sqrt(n) + 8 * Math.min(spread, n) + 60);
  return { laneFirst, laneCount, n, size, scratch: 2 * size };
}

/** P(N >= mean + 6.6 deviations) < 2.25 % for any distribution (Cantelli), so the quantiles lie below `size`. */
export function quantileItem(plan: FlatPlan, i: number): Omit<SizedItem, 'scratchAt'> {
  const [laneFirst, laneCount] = lanesOf(plan, i);
  const size = Math.ceil(plan.backgroundMean[i] + 6.6 * plan.countDeviation[i]) + 2;
  return { laneFirst, laneCount, n: 0, size, scratch: 3 * size };
}

export function limitItem(plan: FlatPlan, i: number, n: number): Omit<SizedItem, 'scratchAt'> {
  const [laneFirst, laneCount] = lanesOf(plan, i);
  return { laneFirst, laneCount, n, size: n + 1, scratch: bayesScratch(laneCount, n) };
}

function lanesOf(plan: FlatPlan, i: number): [number, number] {
  return [plan.laneFirst[i], plan.laneFirst[i + 1] - plan.laneFirst[i]];
}

async function evaluateOnOff(
  model: CountingModel,
  iMethod: number,
  backend: Backend,
  numbers: WindowNumbers,
  options: EvaluateOptions,
): Promise<void> {
  const band = model.components.find((c) => c.kind === 'side-band')!;
  const windows = numbers.status
    .map((_, w) => w)
    .filter((w) => hasP0(numbers.status[w]) && numbers.status[w] !== 'bad-background');
  const pick = (values: ArrayLike<number>) => windows.map((w) => values[w]);
  const inputs = [
    Uint32Array.from(pick(model.n)),
    Uint32Array.from(pick(band.nOff!)),
    Float64Array.from(pick(band.tau!)),
    new Float64Array(P0_STRIDE * windows.length),
  ];
  const handles = inputs.map((values) => backend.upload(values));
  try {
    if (windows.length > 0) await backend.run(onOffP0, handles, {}, 0, windows.length, { signal: options.signal });
    const result = (await backend.read(handles[3])) as Float64Array;
    windows.forEach((w, k) => {
      const wanted = result.subarray(P0_STRIDE * k, P0_STRIDE * (k + 1));
      if (wanted[2] === RESULT_CODE.repeatInF64 || numbers.recheck.isWanted(w, options.sample)) {
        if (wanted[2] === RESULT_CODE.repeatInF64) numbers.recheck.needed++;
        onOffP0.run([...inputs.slice(0, 3), result], {}, k, 1);
      }
      storeP0(numbers.p0[iMethod], w, wanted[0], wanted[1]);
    });
  } finally {
    handles.forEach((handle) => backend.free(handle));
  }
}

/** The most significant windows and a random sample again in f64; the results replace those of the device. */
function recheckDecisive(
  model: CountingModel,
  statistics: WindowStatistics,
  cache: RuleCache,
  numbers: WindowNumbers,
  options: EvaluateOptions,
): void {
  const { z } = numbers.p0[0];
  const ranked = Array.from(z.keys())
    .filter((w) => z[w] > 0)
    .sort((a, b) => z[b] - z[a] || a - b);
  const wanted = new Set(ranked.slice(0, DECISIVE));
  for (let w = 0; w < model.nWindows; w++) {
    if (numbers.status[w] !== 'bad-background' && numbers.recheck.isWanted(w, options.sample)) wanted.add(w);
  }
  const poiMax = Math.max(...statistics.limits.map((l) => l.poiMax), 0);
  const iMarginal = statistics.p0.indexOf('marginal');
  for (const w of wanted) {
    const plan = flattenPlan(model, [w], poiMax, cache);
    numbers.recheck.checked++;
    if (iMarginal >= 0 && hasP0(numbers.status[w])) {
      const item = { ...p0Item(plan, 0, model.n[w]), scratchAt: 0 };
      const [lnP, lnComplement] = runInF64(plan, marginalP0, item, {}, P0_STRIDE);
      numbers.recheck.compareZ(numbers.p0[iMarginal].z[w], zOf(lnP, lnComplement));
      storeP0(numbers.p0[iMarginal], w, lnP, lnComplement);
    }
    statistics.limits.forEach((request, iLimit) => {
      if (numbers.status[w] === 'no-sensitivity') return;
      const params = { tail: 1 - request.credibility, poi_max: Number.isFinite(request.poiMax) ? request.poiMax : 0 };
      for (const n of new Set(wantedCounts(numbers, model, w))) {
        const [limit, code] = runInF64(plan, bayesLimit, { ...limitItem(plan, 0, n), scratchAt: 0 }, params, 2);
        const { observed, expected } = numbers.limits[iLimit];
        const before =
          model.n[w] === n && numbers.status[w] !== 'blind'
            ? observed[w]
            : expected[numbers.nExpected.subarray(5 * w, 5 * w + 5).indexOf(n)][w];
        numbers.recheck.compareLimit(before, limit);
        storeLimit(numbers, iLimit, model, w, n, limit, code);
      }
    });
  }
}
