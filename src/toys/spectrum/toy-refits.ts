/**
 * How a batch of toys is fitted on a backend with f64: `QUICK_RESULT` numbers per toy and hypothesis. By the fast kernel
 * where it decides, by f64 fits where it does not; with orders of backgrounds that are chosen in every toy anew, on one
 * thread.
 */
import type { Backend, Handle, RunOptions } from '../../engine/backend.ts';
import { CpuBackend } from '../../engine/cpu-backend.ts';
import type { Kernel, KernelArray, ParamValues } from '../../kernels/kernel.ts';
import { QUICK_CODE, QUICK_RESULT as Q, QUICK_RESULT_STRIDE } from '../../kernels/quick/layout.ts';
import { START } from '../../kernels/shared/spectrum-arrays.ts';
import { spectrumQuick } from '../../kernels/spectrum_quick.ts';
import { spectrumRepeat } from '../../kernels/spectrum_repeat.ts';
import type { FitPlan } from '../../model/spectrum/fit-plan.ts';
import { makeQuickPlan } from '../../model/spectrum/quick-plan.ts';
import { spectrumInputs } from '../../scan/spectrum/fit-spectrum.ts';
import type { FastFits } from './settle.ts';

/** Fits of toys whose counts lie on its backend. */
export interface Refitter {
  readonly backend: Backend;
  /** counts [count][nBins] -> result [count][nHypotheses][QUICK_RESULT_STRIDE]. `onProgress` counts toys. */
  run(counts: Handle, result: Handle, count: number, options: RunOptions): Promise<void>;
  free(): void;
}

/** What a pass over toys needs beside their counts. */
export interface Pass {
  readonly kernel: Kernel;
  /** Between counts and result. */
  readonly arrays: readonly KernelArray[];
  readonly params: ParamValues;
  readonly itemsPerToy: number;
}

/** Fast fits, then f64 fits of what they leave undecided. */
export function refitPasses(plan: FitPlan, expected: Float64Array): Pass[] {
  const nBins = expected.length;
  const itemsPerToy = plan.nHypotheses;
  const { hypotheses, bins, rows, scales, maxBins, maxParams } = makeQuickPlan(plan, expected);
  const repeat = spectrumInputs(plan, new Uint32Array(0), nBins, { start: START.given, isQuick: true });
  return [
    {
      kernel: spectrumQuick,
      arrays: [hypotheses, bins, rows, scales],
      params: { n_hypotheses: itemsPerToy, n_bins: nBins, max_bins: maxBins, max_params: maxParams },
      itemsPerToy,
    },
    { kernel: spectrumRepeat, arrays: repeat.arrays.slice(1), params: repeat.params, itemsPerToy },
  ];
}

/** The passes on a backend, or on this thread where it has no f64 or their kernels are not known to workers. */
export function openRefitter(passes: readonly Pass[], given: Backend, isHere = false): Refitter {
  const isOwn = isHere || given.info.precision !== 'f64';
  const backend = isOwn ? new CpuBackend({ threads: 1 }) : given;
  const loaded = passes.map((pass) => ({ ...pass, handles: pass.arrays.map((array) => backend.upload(array)) }));
  return {
    backend,
    async run(counts, result, count, { signal, onProgress }) {
      for (const [i, { kernel, handles, params, itemsPerToy }] of loaded.entries()) {
        const isLast = i === loaded.length - 1;
        await backend.run(kernel, [counts, ...handles, result], params, 0, count * itemsPerToy, {
          signal,
          onProgress: isLast ? (done) => onProgress?.(Math.floor(done / itemsPerToy)) : undefined,
        });
      }
    },
    free() {
      for (const { handles } of loaded) handles.forEach((handle) => backend.free(handle));
      if (isOwn) void backend.close();
    },
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
