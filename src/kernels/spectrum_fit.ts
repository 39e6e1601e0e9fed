/**
 * Extended binned likelihood fits in sliding ranges (methods.md section 4): for spectrum and hypothesis, S^, its error, the
 * background under the signal, 2 [ln L(S^, c^) - ln L(0, c^^)], goodness of fit. One work item per (spectrum, hypothesis);
 * result [nItems][8] (FIT_RESULT), no NaN: what a code says is missing is 0. The fits are those of
 * shared/spectrum-newton.ts (shared/spectrum-log-fits.ts for exponentials), and of shared/spectrum-bounded.ts where the density would become negative.
 */
import type { Kernel, KernelArray, ParamValues } from './kernel.ts';
import {
  FIT_RESULT_STRIDE,
  HYPOTHESIS_STRIDE,
  SPECTRUM_BINDINGS,
  SPECTRUM_PARAMS,
  spectrumArrays,
} from './shared/spectrum-arrays.ts';
import { SpectrumFits } from './shared/spectrum-fits.ts';
import { SpectrumLogFits } from './shared/spectrum-log-fits.ts';

export const spectrumFit: Kernel = {
  name: 'spectrum_fit',
  bindings: SPECTRUM_BINDINGS,
  params: SPECTRUM_PARAMS,
  isCpuOnly: true,
  run(arrays: readonly KernelArray[], params: ParamValues, first: number, count: number): void {
    const inputs = spectrumArrays(arrays, params);
    const [linear, logarithmic] = [new SpectrumFits(inputs), new SpectrumLogFits(inputs)];
    const result = arrays[6] as Float64Array;
    const { n_hypotheses: nHypotheses, start, is_quick: isQuick } = params;
    for (let item = first; item < first + count; item++) {
      const hypothesis = item % nHypotheses;
      const fits = inputs.hypotheses[HYPOTHESIS_STRIDE * hypothesis + 4] > 0 ? logarithmic : linear;
      fits.load(Math.floor(item / nHypotheses), hypothesis);
      fits.run(start, isQuick === 1, result, FIT_RESULT_STRIDE * item);
    }
  },
};
