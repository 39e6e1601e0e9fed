/**
 * All numbers of all windows: local p0, expected counts, limits. Windows go through the backend in chunks; what the
 * backend cannot do in its precision, what decides, and a random 1 % are recomputed in f64 (methods.md section 7).
 */
import type { Backend } from '../engine/backend.ts';
import type { CountingModel } from '../model/counting-model.ts';
import { flattenPlan } from '../model/plan/flat-plan.ts';
import { RuleCache } from '../model/plan/rule-cache.ts';
import { ChunkPlan } from './chunk-plan.ts';
import { ChunkTask } from './evaluate-chunk.ts';
import { evaluateOnOff, isOnOff } from './evaluate-on-off.ts';
import { evaluateProfileLimits, evaluateProfileP0 } from './evaluate-profile.ts';
import { recheckDecisive } from './recheck-decisive.ts';
import { EXPECTED_LEVELS, largestPoiMax, type WindowStatistics } from './statistics.ts';
import { emptyNumbers, type WindowNumbers } from './window-numbers.ts';

export type { WindowNumbers } from './window-numbers.ts';

export interface EvaluateOptions {
  /** Windows whose count must not be used. */
  readonly blind?: Uint8Array;
  /** Windows rechecked at random. */
  readonly sample?: (iWindow: number) => boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (stage: string, done: number, total: number) => void;
}

/** Windows compiled at a time: bounds the memory of plans whatever the size of the scan. */
const CHUNK_WINDOWS = 10_000;

export async function evaluateWindows(
  model: CountingModel,
  statistics: WindowStatistics,
  backend: Backend,
  options: EvaluateOptions = {},
): Promise<WindowNumbers> {
  const numbers = emptyNumbers(model, statistics, options.blind);
  const inF32 = backend.info.precision === 'f32'; // now: a GPU may be lost on the way and f64 take over
  const usable = Array.from({ length: model.nWindows }, (_, i) => i).filter(
    (i) => numbers.status[i] !== 'bad-background',
  );
  const cache = new RuleCache();
  let done = 0;
  for (let at = 0; at < usable.length; at += CHUNK_WINDOWS) {
    const windows = usable.slice(at, at + CHUNK_WINDOWS);
    await evaluateChunk(model, windows, statistics, backend, cache, numbers, options);
    cache.trim();
    done += windows.length;
    options.onProgress?.('windows', done, usable.length);
  }
  for (const [i, method] of statistics.p0.entries()) {
    if (isOnOff(method)) await evaluateOnOff(model, method, i, backend, numbers, options);
    if (method === 'profile') await evaluateProfileP0(model, i, backend, numbers, options);
  }
  for (const [i, request] of statistics.limits.entries()) {
    if (request.method === 'profile') await evaluateProfileLimits(model, i, request, backend, numbers, options);
  }
  if (inF32) recheckDecisive(model, statistics, cache, numbers, options.sample);
  return numbers;
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
  const poiMax = largestPoiMax(statistics);
  const plan = flattenPlan(model, windows, poiMax, cache);
  const chunk = new ChunkPlan(plan, backend);
  const task = new ChunkTask(model, windows, plan, chunk, backend.info.precision === 'f32', numbers, options);
  try {
    task.describe();
    await task.marginal(statistics.p0);
    await task.quantiles(EXPECTED_LEVELS[statistics.expected]);
    for (const [l, request] of statistics.limits.entries()) {
      if (request.method !== 'profile') await task.limit(l, request);
    }
  } finally {
    chunk.free();
  }
}
