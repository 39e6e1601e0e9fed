/** The two fits of one hypothesis as expected events per bin: what figures and stitched backgrounds are made of. */
import { FIT_RESULT_STRIDE, HYPOTHESIS_STRIDE, spectrumArrays, START } from '../../kernels/shared/spectrum-arrays.ts';
import { SpectrumFits } from '../../kernels/shared/spectrum-fits.ts';
import { SpectrumLogFits } from '../../kernels/shared/spectrum-log-fits.ts';
import type { FitPlan } from '../../model/spectrum/fit-plan.ts';
import { resultOf, spectrumInputs, type SpectrumResult } from './fit-spectrum.ts';

/** Arrays [nBins of the range]; expected events are never negative. */
export interface FitCurves {
  /** The numbers of the fit, as fitSpectrum gives them. */
  readonly result: SpectrumResult;
  /** Bins of the spectrum, ascending. */
  readonly bins: Uint32Array;
  /** The fit without signal. */
  readonly background: Float64Array;
  /** The fit with signal, and its background (peaking ones included). */
  readonly signalPlusBackground: Float64Array;
  readonly backgroundOfFull: Float64Array;
}

/** The fits of hypothesis h to the counts of the whole spectrum; undefined where they have no numbers (`result.status`). */
export function fitCurves(plan: FitPlan, counts: Uint32Array, h: number): FitCurves | undefined {
  const { arrays, params } = spectrumInputs(plan, counts, counts.length);
  const [first, nBins, , nParams, nLog] = plan.hypotheses.subarray(h * HYPOTHESIS_STRIDE);
  const Fits = nLog > 0 ? SpectrumLogFits : SpectrumFits;
  const fits = new Fits(spectrumArrays(arrays, params));
  const numbers = new Float64Array(FIT_RESULT_STRIDE);
  fits.load(0, h);
  fits.run(START.leastSquares, false, numbers, 0);
  const result = resultOf(plan, h, numbers);
  if (result.status !== 'ok' && result.status !== 'boundary' && result.status !== 'no-error') return undefined;
  const theta = fits.theta.slice();
  const withoutSignal = theta.slice();
  withoutSignal[nParams - 1] = 0;
  const [background, signalPlusBackground, backgroundOfFull] = [fits.thetaNull, theta, withoutSignal].map((values) =>
    fits.means(values).map((mean) => Math.max(0, mean)),
  );
  return { result, bins: plan.bins.slice(first, first + nBins), background, signalPlusBackground, backgroundOfFull };
}
