/**
 * The fits of toys that spectrum_quick left undecided, in f64 (methods.md section 4): sparse spectra whose densities
 * come near 0, exponentials, too many parameters. One work item per (toy, hypothesis) as there; an item whose code is not
 * `undecided` stays as it is. Writes z = sqrt(q0) to 1e-4, 0 where S^ <= 0, and code `ok`; what does not converge here either
 * stays undecided. Arrays and parameters are those of spectrum_fit, `result` that of spectrum_quick.
 */
import type { Kernel, KernelArray, ParamValues } from './kernel.ts';
import { QUICK_CODE, QUICK_RESULT as Q, QUICK_RESULT_STRIDE } from './quick/layout.ts';
import { HYPOTHESIS_STRIDE, SPECTRUM_BINDINGS, SPECTRUM_PARAMS, spectrumArrays } from './shared/spectrum-arrays.ts';
import { SpectrumFits } from './shared/spectrum-fits.ts';
import { SpectrumLogFits } from './shared/spectrum-log-fits.ts';

export const spectrumRepeat: Kernel = {
  name: 'spectrum_repeat',
  bindings: SPECTRUM_BINDINGS,
  params: SPECTRUM_PARAMS,
  isCpuOnly: true,
  run(arrays: readonly KernelArray[], params: ParamValues, first: number, count: number): void {
    const inputs = spectrumArrays(arrays, params);
    const result = arrays[6] as Float64Array;
    const { n_hypotheses: nHypotheses, start } = params;
    let fits: { readonly linear: SpectrumFits; readonly logarithmic: SpectrumLogFits } | undefined;
    for (let item = first; item < first + count; item++) {
      const at = QUICK_RESULT_STRIDE * item;
      if (result[at + Q.code] !== QUICK_CODE.undecided) continue;
      fits ??= { linear: new SpectrumFits(inputs), logarithmic: new SpectrumLogFits(inputs) };
      const hypothesis = item % nHypotheses;
      const own = inputs.hypotheses[HYPOTHESIS_STRIDE * hypothesis + 4] > 0 ? fits.logarithmic : fits.linear;
      own.load(Math.floor(item / nHypotheses), hypothesis);
      const z = own.excess(start);
      if (z === undefined) continue;
      result[at + Q.z] = z;
      result[at + Q.code] = QUICK_CODE.ok;
    }
  },
};
