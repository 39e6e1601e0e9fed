/** Toys look like the data: their fits start from the background of the data, which saves a fifth of their steps. */
import {
  FIT_RESULT_STRIDE,
  HYPOTHESIS_STRIDE,
  SETTINGS,
  spectrumArrays,
  START,
} from '../../kernels/shared/spectrum-arrays.ts';
import { SpectrumFits } from '../../kernels/shared/spectrum-fits.ts';
import { SpectrumLogFits } from '../../kernels/shared/spectrum-log-fits.ts';
import type { FitPlan } from '../../model/spectrum/fit-plan.ts';
import { log } from '../../stats/portable.ts';
import { spectrumInputs } from './fit-spectrum.ts';

const START_ROW = 4;

/**
 * The plan with the background-only fit to `counts` as start (params `start: START.given`). A background that is negative
 * somewhere without signal, or too close to it to start from, keeps the flat start.
 */
export function withStartsFrom(plan: FitPlan, counts: Uint32Array): FitPlan {
  const { arrays, params } = spectrumInputs(plan, counts, counts.length);
  const inputs = spectrumArrays(arrays, params);
  const [linear, logarithmic] = [new SpectrumFits(inputs), new SpectrumLogFits(inputs)];
  const settings = plan.settings.slice();
  const result = new Float64Array(FIT_RESULT_STRIDE);
  for (let h = 0; h < plan.nHypotheses; h++) {
    const nLog = plan.hypotheses[h * HYPOTHESIS_STRIDE + 4];
    const fits = nLog > 0 ? logarithmic : linear;
    fits.load(0, h);
    if (fits.nBins === 0 || fits.events === 0) continue;
    fits.run(START.leastSquares, true, result, 0);
    const { thetaNull, nParams, nBins, events } = fits;
    const lowest = fits.means(thetaNull).reduce((least, mean) => Math.min(least, mean), Infinity);
    if (nLog === 0 && !(lowest > (LEAST_SHARE * events) / nBins)) continue;
    const row = (h * SETTINGS + START_ROW) * plan.maxParams;
    for (let k = 0; k < nParams - 1; k++) settings[row + k] = k < nLog ? thetaNull[k] : thetaNull[k] / events;
    if (nLog > 0) settings[row] -= log(events);
  }
  return { ...plan, settings };
}

/** Of the mean count per bin. */
const LEAST_SHARE = 1e-3;
