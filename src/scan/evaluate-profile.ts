/**
 * p0 and limits of the profile likelihood, all windows at once: they need no plan. Windows with a fitted polynomial are
 * profiled with its coefficients (model/polynomial/profile.ts), all others by the kernels.
 */
import type { Backend } from '../engine/backend.ts';
import type { Kernel, ParamValues } from '../kernels/kernel.ts';
import { RESULT_CODE } from '../kernels/plan-bindings.ts';
import { profileLimit } from '../kernels/profile_limit.ts';
import { profileP0 } from '../kernels/profile_p0.ts';
import { fitsShader, PROFILE_STRIDE, shapeParams, type ProfileArrays } from '../kernels/shared/profile-arrays.ts';
import type { BackgroundComponent, CountingModel } from '../model/counting-model.ts';
import { polynomialLimit, polynomialQ0 } from '../model/polynomial/profile.ts';
import { flattenProfile } from './flatten-profile.ts';
import { lnNormalTail, zFromLnP } from '../stats/normal.ts';
import { log1p } from '../stats/portable.ts';
import type { EvaluateOptions } from './evaluate-windows.ts';
import type { ProfileRequest } from './statistics.ts';
import { storeLimit, storeP0, wantedCounts, windowsWithP0, type WindowNumbers } from './window-numbers.ts';

/** Windows laid out at a time. */
const CHUNK_WINDOWS = 10_000;
/** Counts above this go straight to f64 when the backend has only f32. */
const MOST_IN_F32 = 10_000;

/** What is computed of every window and count: the kernel, its own params, and the level they come from. */
interface Job {
  readonly kernel: Kernel;
  readonly params: ParamValues;
  readonly level: number;
}

const P0_JOB: Job = { kernel: profileP0, params: {}, level: 0 };

function limitJob(level: number): Job {
  return { kernel: profileLimit, params: { z: Math.max(0, zFromLnP(log1p(-level))) }, level };
}

/** One number wanted: of window `w` at count `n`. */
interface Wanted {
  readonly w: number;
  readonly n: number;
}

export async function evaluateProfileP0(
  model: CountingModel,
  iMethod: number,
  backend: Backend,
  numbers: WindowNumbers,
  options: EvaluateOptions,
): Promise<void> {
  const wanted = windowsWithP0(numbers).map((w) => ({ w, n: model.n[w] }));
  await evaluate(model, P0_JOB, wanted, backend, numbers, options, ({ w }, q0, code) => {
    if (code === RESULT_CODE.ok) storeP0(numbers.p0[iMethod], w, ...profileTails(q0));
    else numbers.status[w] = 'not-converged';
  });
}

/** Observed and expected limits; equal counts in one window are solved once. */
export async function evaluateProfileLimits(
  model: CountingModel,
  iLimit: number,
  request: ProfileRequest,
  backend: Backend,
  numbers: WindowNumbers,
  options: EvaluateOptions,
): Promise<void> {
  const wanted = Array.from(numbers.status.keys())
    .filter((w) => !['bad-background', 'no-sensitivity', 'not-converged'].includes(numbers.status[w]))
    .flatMap((w) => Array.from(new Set(wantedCounts(numbers, model, w)), (n) => ({ w, n })));
  await evaluate(model, limitJob(request.level), wanted, backend, numbers, options, ({ w, n }, limit, code) =>
    storeLimit(numbers, iLimit, model, w, n, limit, code),
  );
}

/** ln p0 and ln(1 - p0) of one window at any count, in f64 in this thread; both NaN where a fit does not converge. */
export function profileInF64P0(model: CountingModel, iWindow: number, n: number): [number, number] {
  const [q0, code] = inF64(model, P0_JOB, iWindow, n);
  return code === RESULT_CODE.ok ? profileTails(q0) : [NaN, NaN];
}

/** Limit and RESULT_CODE of one window at any count, in f64 in this thread. */
export function profileInF64Limit(model: CountingModel, iWindow: number, n: number, level: number): [number, number] {
  return inF64(model, limitJob(level), iWindow, n);
}

/** ln p0 and ln(1 - p0) of Z = sqrt(q0), one-sided. */
export function profileTails(q0: number): [number, number] {
  if (q0 === 0) return [-Math.LN2, -Math.LN2];
  const z = Math.sqrt(q0);
  return [lnNormalTail(z), lnNormalTail(-z)];
}

function polynomialOf(model: CountingModel): BackgroundComponent | undefined {
  return model.components.length === 1 && model.components[0].kind === 'polynomial' ? model.components[0] : undefined;
}

/** Hands every wanted number to `store`: through the backend in chunks of windows, what it hands back again in f64. */
async function evaluate(
  model: CountingModel,
  job: Job,
  wanted: readonly Wanted[],
  backend: Backend,
  numbers: WindowNumbers,
  options: EvaluateOptions,
  store: (item: Wanted, value: number, code: number) => void,
): Promise<void> {
  if (polynomialOf(model)) {
    for (const item of wanted) store(item, ...inF64(model, job, item.w, item.n));
    return;
  }
  for (let at = 0; at < wanted.length;) {
    const windows: number[] = [];
    const items: Wanted[] = [];
    for (; at < wanted.length; at++) {
      const { w } = wanted[at];
      if (windows[windows.length - 1] !== w) {
        if (windows.length === CHUNK_WINDOWS) break;
        windows.push(w);
      }
      items.push(wanted[at]);
    }
    const arrays = flattenProfile(model, windows);
    const result = await runChunk(arrays, job, windows, items, backend, numbers, options);
    items.forEach((item, i) => store(item, result[PROFILE_STRIDE * i], result[PROFILE_STRIDE * i + 1]));
    options.onProgress?.(job.kernel.name, at, wanted.length);
  }
}

/** Result [items.length][2]. */
async function runChunk(
  arrays: ProfileArrays,
  { kernel, params: own }: Job,
  windows: readonly number[],
  items: readonly Wanted[],
  backend: Backend,
  numbers: WindowNumbers,
  options: EvaluateOptions,
): Promise<Float64Array> {
  const params = { ...shapeParams(arrays), ...own };
  const position = new Map(windows.map((w, i) => [w, i]));
  const words = Uint32Array.from(items.flatMap(({ w, n }) => [position.get(w)!, n]));
  const f32 = backend.info.precision === 'f32';
  const sent = items.map((_, i) => i).filter((i) => !f32 || (items[i].n <= MOST_IN_F32 && fitsShader(arrays)));
  const result = new Float64Array(PROFILE_STRIDE * items.length);
  const { structure, kinds, values } = arrays;
  if (sent.length > 0) {
    const sentWords = Uint32Array.from(sent.flatMap((i) => [words[2 * i], words[2 * i + 1]]));
    const got = await runOn(backend, kernel, params, sentWords, arrays, options.signal);
    sent.forEach((i, k) => result.set(got.subarray(PROFILE_STRIDE * k, PROFILE_STRIDE * (k + 1)), PROFILE_STRIDE * i));
  }
  if (!f32) return result;
  const isSent = new Set(sent);
  items.forEach(({ w }, i) => {
    if (isSent.has(i) && result[PROFILE_STRIDE * i + 1] !== RESULT_CODE.repeatInF64) return;
    numbers.recheck.neededWindows.add(w);
    kernel.run([words, structure, kinds, values, result], params, i, 1);
  });
  return result;
}

async function runOn(
  backend: Backend,
  kernel: Kernel,
  params: ParamValues,
  words: Uint32Array,
  { structure, kinds, values }: ProfileArrays,
  signal: AbortSignal | undefined,
): Promise<Float64Array> {
  const nItems = words.length / 2;
  const room = new Float64Array(PROFILE_STRIDE * nItems);
  const handles = [words, structure, kinds, values, room].map((array) => backend.upload(array));
  try {
    await backend.run(kernel, handles, params, 0, nItems, { signal });
    return (await backend.read(handles[4])) as Float64Array;
  } finally {
    handles.forEach((handle) => backend.free(handle));
  }
}

function inF64(model: CountingModel, job: Job, w: number, n: number): [number, number] {
  const polynomial = polynomialOf(model);
  if (polynomial) return ofPolynomial(polynomial, model.sensitivity[w], job, w, n);
  const { kernel, params } = job;
  const arrays = flattenProfile(model, [w]);
  const result = new Float64Array(PROFILE_STRIDE);
  const { structure, kinds, values } = arrays;
  kernel.run([Uint32Array.of(0, n), structure, kinds, values, result], { ...shapeParams(arrays), ...params }, 0, 1);
  return [result[0], result[1]];
}

function ofPolynomial(
  { fits }: BackgroundComponent,
  sensitivity: number,
  { kernel, level }: Job,
  w: number,
  n: number,
): [number, number] {
  if (kernel === profileP0) {
    const { q0, converged } = polynomialQ0(fits![w], n);
    return converged ? [q0, RESULT_CODE.ok] : [0, RESULT_CODE.notConverged];
  }
  if (!(sensitivity > 0)) return [0, RESULT_CODE.noSensitivity];
  const { limit, converged } = polynomialLimit(fits![w], n, sensitivity, level);
  return converged ? [limit, RESULT_CODE.ok] : [0, RESULT_CODE.notConverged];
}
