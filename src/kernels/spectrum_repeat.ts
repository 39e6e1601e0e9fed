/**
 * The fits of toys that spectrum_quick left undecided, in f64 (methods.md section 4): sparse spectra whose densities
 * come near 0, exponentials, too many parameters. One work item per (toy, hypothesis) as there; an item whose code is not
 * `undecided` stays as it is. Writes z = sqrt(q0) to 1e-4, 0 where S^ <= 0, and code `ok`; what does not converge here either
 * stays undecided. Hypotheses in a row with the same bins and backgrounds share their fit without signal. Arrays and parameters are those of spectrum_fit, `result` that of spectrum_quick.
 */
import type { Kernel, KernelArray, ParamValues } from './kernel.ts';
import { QUICK_CODE, QUICK_RESULT as Q, QUICK_RESULT_STRIDE } from './quick/layout.ts';
import {
  HYPOTHESIS_STRIDE,
  LOG_NODES,
  SETTINGS,
  SPECTRUM_BINDINGS,
  SPECTRUM_PARAMS,
  spectrumArrays,
  type SpectrumArrays,
} from './shared/spectrum-arrays.ts';
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
    const isLikeBefore = likeBefore(inputs);
    let before = -2;
    let fits: { readonly linear: SpectrumFits; readonly logarithmic: SpectrumLogFits } | undefined;
    for (let item = first; item < first + count; item++) {
      const at = QUICK_RESULT_STRIDE * item;
      if (result[at + Q.code] !== QUICK_CODE.undecided) continue;
      fits ??= { linear: new SpectrumFits(inputs), logarithmic: new SpectrumLogFits(inputs) };
      const hypothesis = item % nHypotheses;
      const own = inputs.hypotheses[HYPOTHESIS_STRIDE * hypothesis + 4] > 0 ? fits.logarithmic : fits.linear;
      own.load(Math.floor(item / nHypotheses), hypothesis);
      const z = own.excess(start, before === item - 1 && isLikeBefore(hypothesis));
      before = item;
      if (z === undefined) continue;
      result[at + Q.z] = z;
      result[at + Q.code] = QUICK_CODE.ok;
    }
  },
};

/** Whether a hypothesis has bins and backgrounds of the one before it, as where every range is the whole spectrum. */
function likeBefore(inputs: SpectrumArrays): (hypothesis: number) => boolean {
  const { hypotheses, bins, design, settings, nodes, maxParams } = inputs;
  const known: (boolean | undefined)[] = [];
  const isSame = (array: Uint32Array | Float64Array, a: number, b: number, size: number) => {
    for (let i = 0; i < size; i++) if (array[a + i] !== array[b + i]) return false;
    return true;
  };
  const compare = (h: number) => {
    const [a, b] = [h - 1, h].map((row) => hypotheses.subarray(HYPOTHESIS_STRIDE * row));
    const [nBins, nParams, nLog] = [b[1], b[3], b[4]];
    if (a[1] !== nBins || a[3] !== nParams || a[4] !== nLog || !isSame(bins, a[0], b[0], nBins)) return false;
    // sums of columns count from nLog on; the second row is about what is read off a fit
    const isSameRow = (row: number, from: number) => {
      const [at, stride] = [(SETTINGS * h + row) * maxParams + from, SETTINGS * maxParams];
      return isSame(settings, at - stride, at, nParams - 1 - from);
    };
    return (
      isSame(design, a[2] + nLog * nBins, b[2] + nLog * nBins, (nParams - 1 - nLog) * nBins) &&
      isSame(nodes, a[5], b[5], nLog > 0 ? nBins * LOG_NODES * (1 + nLog) : 0) &&
      isSameRow(0, nLog) &&
      [2, 3, 4].every((row) => isSameRow(row, 0))
    );
  };
  return (h) => (known[h] ??= h > 0 && compare(h));
}
