/** Toys look like the data: their fits start from the background of the data, which saves a fifth of their steps. */
import {
  FIT_RESULT_STRIDE,
  HYPOTHESIS_STRIDE,
  SETTINGS,
  spectrumArrays,
  START,
} from '../../kernels/shared/spectrum-arrays.ts';
import { SpectrumFits } from '../../kernels/shared/spectrum-fits.ts';
import type { FitPlan } from '../../model/spectrum/fit-plan.ts';
import { spectrumInputs } from './fit-spectrum.ts';

const START_ROW = 4;

/**
 * The plan with the shares of the background-only fit to `counts` as starts (params `start: START.given`). A background
 * that is negative somewhere without signal, or too close to it to start from, keeps the flat start, and so do backgrounds
 * with a linear logarithm.
 */
export function withStartsFrom(plan: FitPlan, counts: Uint32Array): FitPlan {
  const { arrays, params } = spectrumInputs(plan, counts, counts.length);
  const fits = new SpectrumFits(spectrumArrays(arrays, params));
  const settings = plan.settings.slice();
  const result = new Float64Array(FIT_RESULT_STRIDE);
  for (let h = 0; h < plan.nHypotheses; h++) {
    fits.load(0, h);
    const isLog = plan.hypotheses[h * HYPOTHESIS_STRIDE + 4] > 0;
    if (isLog || fits.nBins === 0 || fits.events === 0) continue;
    fits.run(START.leastSquares, true, result, 0);
    const { thetaNull, theta, nParams, nBins, events } = fits;
    theta.set(thetaNull);
    const lowest = Math.min(...Array.from({ length: nBins }, (_, i) => fits.meanOf(i, nParams)));
    if (!(lowest > (LEAST_SHARE * events) / nBins)) continue;
    const row = (h * SETTINGS + START_ROW) * plan.maxParams;
    for (let k = 0; k < nParams - 1; k++) settings[row + k] = thetaNull[k] / events;
  }
  return { ...plan, settings };
}

/** Of the mean count per bin. */
const LEAST_SHARE = 1e-3;
