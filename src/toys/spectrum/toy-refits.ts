/**
 * How a batch of toys is fitted on a backend with f64: `QUICK_RESULT` numbers per toy and hypothesis. By the fast kernel
 * where it decides, by f64 fits where it does not.
 */
import type { Backend, Handle, RunOptions } from '../../engine/backend.ts';
import type { Kernel, KernelArray, ParamValues } from '../../kernels/kernel.ts';
import { QUICK_CODE, QUICK_RESULT as Q, QUICK_RESULT_STRIDE } from '../../kernels/quick/layout.ts';
import { START } from '../../kernels/shared/spectrum-arrays.ts';
import { spectrumQuick } from '../../kernels/spectrum_quick.ts';
import { spectrumRepeat } from '../../kernels/spectrum_repeat.ts';
import type { FitPlan } from '../../model/spectrum/fit-plan.ts';
import { makeQuickPlan } from '../../model/spectrum/quick-plan.ts';
import { spectrumInputs } from '../../scan/spectrum/fit-spectrum.ts';
import type { FastFits } from './settle.ts';

/** One kernel over counts [toys][nBins], result [toys][nHypotheses][QUICK_RESULT_STRIDE]. */
export interface Pass {
  readonly kernel: Kernel;
  /** Between counts and result. */
  readonly arrays: readonly KernelArray[];
  readonly params: ParamValues;
  readonly itemsPerToy: number;
}

/** Fast fits, and f64 fits of what they leave undecided; `hasFast`: they do not leave all. */
export function refitPasses(plan: FitPlan, expected: Float64Array): { passes: readonly Pass[]; hasFast: boolean } {
  const nBins = expected.length;
  const itemsPerToy = plan.nHypotheses;
  const { hypotheses, bins, rows, scales, maxBins, maxParams } = makeQuickPlan(plan, expected);
  const repeat = spectrumInputs(plan, new Uint32Array(0), nBins, { start: START.given, isQuick: true });
  const passes = [
    {
      kernel: spectrumQuick,
      arrays: [hypotheses, bins, rows, scales],
      params: { n_hypotheses: itemsPerToy, n_bins: nBins, max_bins: maxBins, max_params: maxParams },
      itemsPerToy,
    },
    { kernel: spectrumRepeat, arrays: repeat.arrays.slice(1), params: repeat.params, itemsPerToy },
  ];
  return { passes, hasFast: bins.length > 0 };
}

/** A pass whose arrays lie on a backend. */
export interface LoadedPass {
  /** `onProgress` counts toys. */
  run(counts: Handle, result: Handle, count: number, options: RunOptions): Promise<void>;
  free(): void;
}

export function loadPass({ kernel, arrays, params, itemsPerToy }: Pass, backend: Backend): LoadedPass {
  const handles = arrays.map((array) => backend.upload(array));
  return {
    run: (counts, result, count, { signal, onProgress }) =>
      backend.run(kernel, [counts, ...handles, result], params, 0, count * itemsPerToy, {
        signal,
        onProgress: onProgress && ((done) => onProgress(Math.floor(done / itemsPerToy))),
      }),
    free: () => handles.forEach((handle) => backend.free(handle)),
  };
}

/** @param numbers [toys][nHypotheses][QUICK_RESULT_STRIDE] */
export function fastFits(numbers: ArrayLike<number>, nHypotheses: number): FastFits {
  return {
    nHypotheses,
    z: (item) => numbers[item * QUICK_RESULT_STRIDE + Q.z],
    isOpen: (item) => numbers[item * QUICK_RESULT_STRIDE + Q.code] !== QUICK_CODE.ok,
  };
}
