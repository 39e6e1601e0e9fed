/**
 * What one event more in a bin does to the Z of a hypothesis, to first order around the expected spectrum mu: with rows
 * r_i = a_i/sqrt(mu_i) of a fit, and of its constraints, Z = sum_i u_i (n_i - mu_i)/sqrt(mu_i), u the part of the row of S
 * that is orthogonal to all backgrounds, of length 1. The same as S^ over its error with S^ = P (n - mu), P the row of S of the
 * pseudo-inverse weighted by 1/mu. So the Z of all hypotheses are linear in the same counts:
 *   cov(Z_h, Z_g) = sum_i w_hi mu_i w_gi,  w_hi = u_hi/sqrt(mu_i)
 * Their means are not quite 0: a stitched spectrum is no sum of the backgrounds of a range.
 */
import { HYPOTHESIS_STRIDE, SETTINGS, spectrumArrays, START } from '../../kernels/shared/spectrum-arrays.ts';
import { SpectrumLogFits } from '../../kernels/shared/spectrum-log-fits.ts';
import type { FitPlan } from '../../model/spectrum/fit-plan.ts';
import { constraintsOf, orthonormal, rowsOf } from '../../model/spectrum/quick-start.ts';
import { spectrumInputs } from '../../scan/spectrum/fit-spectrum.ts';

export interface SignalResponse {
  /** Bins with expected events in the range of the hypothesis, ascending. */
  readonly bins: Uint32Array;
  /** [bins] Z per event. */
  readonly weights: Float64Array;
  /** Z of the expected spectrum. */
  readonly mean: number;
}

/** Step of ln b in derivatives: central differences err by its square. */
const STEP = 1e-4;

/**
 * One per hypothesis; without bins where the expected spectrum does not determine S.
 * @param counts the data; they are where backgrounds that are not linear are linearised
 */
export function signalResponses(plan: FitPlan, counts: Uint32Array, expected: Float64Array): SignalResponse[] {
  const logColumns = logDerivatives(plan, counts);
  return plan.ranges.map((_, h) => {
    const [first, nBins, offset, nParams] = plan.hypotheses.subarray(HYPOTHESIS_STRIDE * h);
    const inRange = plan.bins.subarray(first, first + nBins);
    const used = Array.from(inRange.keys()).filter((i) => expected[inRange[i]] > 0);
    const bins = Uint32Array.from(used, (i) => inRange[i]);
    const ofLog = logColumns(h);
    const columns = Array.from({ length: nParams }, (__, k) => {
      const column = ofLog[k] ?? plan.design.subarray(offset + k * nBins, offset + (k + 1) * nBins);
      return Float64Array.from(used, (i) => column[i]);
    });
    const [centres, weights] = [CENTRES, CONSTRAINTS].map((row) => {
      const at = (h * SETTINGS + row) * plan.maxParams;
      return plan.settings.subarray(at, at + nParams);
    });
    const constrained = constraintsOf(weights);
    const mu = Float64Array.from(bins, (bin) => expected[bin]);
    const units = orthonormal(rowsOf({ nBins: bins.length, columns, weights }, mu, constrained))?.units;
    if (units === undefined) return NO_RESPONSE;
    const unit = units[nParams - 1];
    // the rows of the expected spectrum: sqrt(mu_i), and the centre of a constraint over its error
    const mean =
      mu.reduce((sum, value, i) => sum + unit[i] * Math.sqrt(value), 0) +
      constrained.reduce((sum, k, c) => sum + unit[bins.length + c] * Math.sqrt(weights[k]) * centres[k], 0);
    return { bins, weights: mu.map((value, i) => unit[i] / Math.sqrt(value)), mean };
  });
}

/** Rows of settings: centre and 1/error^2 of constraints. */
const CENTRES = 2;
const CONSTRAINTS = 3;
const NO_RESPONSE: SignalResponse = { bins: new Uint32Array(0), weights: new Float64Array(0), mean: 0 };

/** [nLog][nBins] derivatives of the background of a hypothesis by the coefficients of its logarithm, at its fit to the data. */
function logDerivatives(plan: FitPlan, counts: Uint32Array): (h: number) => readonly Float64Array[] {
  const { arrays, params } = spectrumInputs(plan, counts, counts.length);
  const fits = new SpectrumLogFits(spectrumArrays(arrays, params));
  return (h) => {
    const nLog = plan.hypotheses[HYPOTHESIS_STRIDE * h + 4];
    if (nLog === 0) return [];
    fits.load(0, h);
    fits.fitNull(START.leastSquares);
    const at = fits.thetaNull.slice();
    return Array.from({ length: nLog }, (_, k) => {
      const [up, down] = [STEP, -STEP].map((step) =>
        fits.means(at.map((value, l) => (l === k ? value + step : value))),
      );
      return up.map((mean, i) => (mean - down[i]) / (2 * STEP));
    });
  };
}
