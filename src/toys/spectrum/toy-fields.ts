/** Z of every hypothesis in the first toys of a campaign, on this thread: what up-crossings are counted in. */
import { QUICK_RESULT_STRIDE } from '../../kernels/quick/layout.ts';
import type { FieldSource } from '../estimators/toy-field.ts';
import { throwSpectrum } from './fit-toys.ts';
import type { ThrowInput } from './spectrum-thrower.ts';
import { fastFits } from './toy-refits.ts';

/** Hypotheses without a Z have 0. Fields are to be read in order: some toys are fitted at a time. */
export function spectrumFields(input: ThrowInput, count: number): FieldSource {
  const { tables, seed, nBins, nHypotheses } = input;
  const counts = new Uint32Array(AT_A_TIME * nBins);
  const numbers = new Float64Array(AT_A_TIME * nHypotheses * QUICK_RESULT_STRIDE);
  const fits = fastFits(numbers, nHypotheses);
  let from = -AT_A_TIME;
  return {
    nWindows: nHypotheses,
    count,
    at(i, out) {
      if (i < from || i >= from + AT_A_TIME) {
        from = i;
        for (let k = 0; k < AT_A_TIME; k++)
          throwSpectrum(tables, seed, from + k, counts.subarray(k * nBins, (k + 1) * nBins));
        for (const { kernel, arrays, params, itemsPerToy } of input.passes)
          kernel.run([counts, ...arrays, numbers], params, 0, AT_A_TIME * itemsPerToy);
      }
      const first = (i - from) * nHypotheses;
      for (let h = 0; h < nHypotheses; h++) out[h] = fits.isOpen(first + h) ? 0 : fits.z(first + h);
    },
  };
}

/** Toys whose fits advance side by side. */
const AT_A_TIME = 4;
