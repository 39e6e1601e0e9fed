/** p0 from the counts in and beside the window (on-off, its mid-p, li-ma), all windows at once: they need no plan. */
import type { Backend } from '../engine/backend.ts';
import { P0_STRIDE } from '../kernels/marginal_p0.ts';
import { onOffP0 } from '../kernels/on_off_p0.ts';
import { RESULT_CODE } from '../kernels/plan-bindings.ts';
import type { BackgroundComponent, CountingModel } from '../model/counting-model.ts';
import { liMaZ } from '../stats/li-ma.ts';
import { lnNormalTail } from '../stats/normal.ts';
import type { EvaluateOptions } from './evaluate-windows.ts';
import { midP } from './mid-p.ts';
import type { P0Method } from './statistics.ts';
import { storeP0, windowsWithP0, type WindowNumbers } from './window-numbers.ts';

export type OnOffMethod = 'on-off' | 'on-off-mid-p' | 'li-ma';

export function isOnOff(method: P0Method): method is OnOffMethod {
  return method === 'on-off' || method === 'on-off-mid-p' || method === 'li-ma';
}

/** Fills the numbers of one method. */
export async function evaluateOnOff(
  model: CountingModel,
  method: OnOffMethod,
  iMethod: number,
  backend: Backend,
  numbers: WindowNumbers,
  options: EvaluateOptions,
): Promise<void> {
  const windows = windowsWithP0(numbers);
  const target = numbers.p0[iMethod];
  if (method === 'li-ma') {
    for (const w of windows) storeP0(target, w, ...onOffInF64(model, method, w, model.n[w]));
    return;
  }
  const counts = Uint32Array.from(windows, (w) => model.n[w]);
  const at = await tailsOf(model, windows, counts, backend, numbers, options);
  const above =
    method === 'on-off-mid-p'
      ? await tailsOf(
          model,
          windows,
          counts.map((n) => n + 1),
          backend,
          numbers,
          options,
        )
      : undefined;
  windows.forEach((w, k) => {
    const tails = (of: Float64Array) => [of[P0_STRIDE * k], of[P0_STRIDE * k + 1]] as const;
    storeP0(target, w, ...(above ? midP(tails(at), tails(above)) : tails(at)));
  });
}

/** One window in f64 at any count: ln p and ln(1 - p). */
export function onOffInF64(
  model: CountingModel,
  method: OnOffMethod,
  iWindow: number,
  n: number,
): readonly [number, number] {
  if (method === 'li-ma') {
    const { nOff, tau } = bandOf(model);
    const z = liMaZ(n, nOff![iWindow], tau![iWindow]);
    return [lnNormalTail(z), lnNormalTail(-z)];
  }
  const tails = (count: number): [number, number] => {
    const arrays = onOffArrays(model, [iWindow], Uint32Array.of(count));
    onOffP0.run(arrays, {}, 0, 1);
    return [arrays[3][0], arrays[3][1]];
  };
  return method === 'on-off' ? tails(n) : midP(tails(n), tails(n + 1));
}

/** Result of the kernel for one count per window, what the device handed back repeated in f64. */
async function tailsOf(
  model: CountingModel,
  windows: readonly number[],
  counts: Uint32Array,
  backend: Backend,
  numbers: WindowNumbers,
  options: EvaluateOptions,
): Promise<Float64Array> {
  if (windows.length === 0) return new Float64Array(0);
  const inputs = onOffArrays(model, windows, counts);
  const handles = inputs.map((values) => backend.upload(values));
  try {
    await backend.run(onOffP0, handles, {}, 0, windows.length, {
      signal: options.signal,
      onProgress: (done) => options.onProgress?.(onOffP0.name, done, windows.length),
    });
    const result = (await backend.read(handles[3])) as Float64Array;
    windows.forEach((w, k) => {
      if (result[P0_STRIDE * k + 2] !== RESULT_CODE.repeatInF64) return;
      numbers.recheck.neededWindows.add(w);
      onOffP0.run([...inputs.slice(0, 3), result], {}, k, 1);
    });
    return result;
  } finally {
    handles.forEach((handle) => backend.free(handle));
  }
}

function bandOf(model: CountingModel): BackgroundComponent {
  return model.components.find((c) => c.kind === 'side-band')!;
}

/** The arrays of the kernel for the windows listed; the result last. */
function onOffArrays(
  model: CountingModel,
  windows: readonly number[],
  counts: Uint32Array,
): (Uint32Array | Float64Array)[] {
  const { nOff, tau } = bandOf(model);
  return [
    counts,
    Uint32Array.from(windows, (w) => nOff![w]),
    Float64Array.from(windows, (w) => tau![w]),
    new Float64Array(P0_STRIDE * windows.length),
  ];
}
