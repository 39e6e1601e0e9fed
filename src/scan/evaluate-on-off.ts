/** p0 against a side band, all windows at once: it needs no plan. */
import type { Backend } from '../engine/backend.ts';
import { P0_STRIDE } from '../kernels/marginal_p0.ts';
import { onOffP0 } from '../kernels/on_off_p0.ts';
import { RESULT_CODE } from '../kernels/plan-bindings.ts';
import type { CountingModel } from '../model/counting-model.ts';
import type { EvaluateOptions } from './evaluate-windows.ts';
import { hasP0, storeP0, type WindowNumbers } from './window-numbers.ts';

export async function evaluateOnOff(
  model: CountingModel,
  iMethod: number,
  backend: Backend,
  numbers: WindowNumbers,
  options: EvaluateOptions,
): Promise<void> {
  const windows = numbers.status
    .map((_, w) => w)
    .filter((w) => hasP0(numbers.status[w]) && numbers.status[w] !== 'bad-background');
  const inputs = onOffArrays(model, windows);
  const handles = inputs.map((values) => backend.upload(values));
  try {
    if (windows.length > 0) await backend.run(onOffP0, handles, {}, 0, windows.length, { signal: options.signal });
    const result = (await backend.read(handles[3])) as Float64Array;
    windows.forEach((w, k) => {
      const wanted = result.subarray(P0_STRIDE * k, P0_STRIDE * (k + 1));
      if (wanted[2] === RESULT_CODE.repeatInF64) {
        numbers.recheck.neededWindows.add(w);
        onOffP0.run([...inputs.slice(0, 3), result], {}, k, 1);
      }
      storeP0(numbers.p0[iMethod], w, wanted[0], wanted[1]);
    });
  } finally {
    handles.forEach((handle) => backend.free(handle));
  }
}

/** One window in f64: ln p and ln(1 - p). */
export function onOffInF64(model: CountingModel, iWindow: number): Float64Array {
  const arrays = onOffArrays(model, [iWindow]);
  onOffP0.run(arrays, {}, 0, 1);
  return arrays[3] as Float64Array;
}

/** The arrays of the kernel for the windows listed; the result last. */
function onOffArrays(model: CountingModel, windows: readonly number[]): (Uint32Array | Float64Array)[] {
  const band = model.components.find((c) => c.kind === 'side-band')!;
  const pick = (values: ArrayLike<number>) => windows.map((w) => values[w]);
  const counts = [Uint32Array.from(pick(model.n)), Uint32Array.from(pick(band.nOff!))];
  return [...counts, Float64Array.from(pick(band.tau!)), new Float64Array(P0_STRIDE * windows.length)];
}
