/** The observed spectrum against all hypotheses, in f64: one row of results per hypothesis, a status where there is none. */
import { FIT_RESULT as R, FIT_RESULT_STRIDE, HYPOTHESIS_STRIDE, START } from '../../kernels/shared/spectrum-arrays.ts';
import type { KernelArray, ParamValues } from '../../kernels/kernel.ts';
import { spectrumFit } from '../../kernels/spectrum_fit.ts';
import type { AnyPlan, PlanStatus } from '../../model/spectrum/plan-layout.ts';
import { gammaQ } from '../../stats/gamma.ts';
import { lnNormalTail } from '../../stats/normal.ts';

/**
 * `boundary`: the best density with or without signal is 0 in a bin without events, so that asymptotic formulae do not
 * hold; `no-error`: besides, its occupied bins do not determine S; `blind`: there is a fit, whose numbers are withheld. Only
 * `ok`, `boundary` and `no-error` have numbers.
 */
export type FitStatus = PlanStatus | 'boundary' | 'no-error' | 'not-converged' | 'blind';

export interface SpectrumResult {
  readonly status: FitStatus;
  /** Fitted events of the signal, over all m; its error from the inverse Hessian; background in mass +- 2 sigma. */
  readonly sHat: number;
  readonly sErr: number;
  readonly bHat: number;
  /** arXiv:1007.1727, Eq. 12: 0 for S^ <= 0. */
  readonly q0: number;
  /** sign(S^) sqrt(2 [ln L(S^, c^) - ln L(0, c^^)]): N(0, 1) without signal. */
  readonly z: number;
  /** ln P of q0 (1/2 for S^ <= 0), and of the signed Z. */
  readonly lnP0: number;
  readonly lnPSigned: number;
  /**
   * Goodness of the fit with signal: deviance, degrees of freedom, chi2 probability (1 without degrees of freedom). Not
   * defined for unbinned fits: 0, 0 and 1.
   */
  readonly deviance: number;
  readonly dof: number;
  readonly pFit: number;
  readonly edm: number;
  readonly iterations: number;
}

/** By FIT_CODE. */
const STATUS_OF_CODE: readonly FitStatus[] = ['ok', 'boundary', 'no-error', 'not-converged', 'empty-range'];

/** Arrays of the kernel spectrum_fit without its result, and its parameters. */
export function spectrumInputs(
  plan: AnyPlan,
  counts: Uint32Array,
  nBins: number,
  options: { start?: number; isQuick?: boolean } = {},
): { arrays: readonly KernelArray[]; params: ParamValues; nItems: number } {
  const { hypotheses, bins, design, settings, nodes, nHypotheses, maxBins, maxParams } = plan;
  return {
    arrays: [counts, hypotheses, bins, design, settings, nodes],
    params: {
      n_hypotheses: nHypotheses,
      n_bins: nBins,
      max_bins: maxBins,
      max_params: maxParams,
      // the densities of events say nothing to a least squares fit
      start: options.start ?? (plan.isUnbinned ? START.given : START.leastSquares),
      is_quick: options.isQuick ? 1 : 0,
    },
    nItems: (counts.length / nBins) * nHypotheses,
  };
}

export function fitSpectrum(plan: AnyPlan, counts: Uint32Array): SpectrumResult[] {
  const { arrays, params, nItems } = spectrumInputs(plan, counts, counts.length);
  const result = new Float64Array(nItems * FIT_RESULT_STRIDE);
  spectrumFit.run([...arrays, result], params, 0, nItems);
  return plan.statuses.map((_, h) => resultOf(plan, h, result.subarray(h * FIT_RESULT_STRIDE)));
}

/** @param numbers of hypothesis h, as spectrum_fit writes them */
export function resultOf(plan: AnyPlan, h: number, numbers: ArrayLike<number>): SpectrumResult {
  const planned = plan.statuses[h];
  const status = planned === 'ok' ? statusOf(numbers[R.codes]) : planned;
  const [, nBins, , nParams] = plan.hypotheses.subarray(HYPOTHESIS_STRIDE * h);
  const dof = plan.isUnbinned ? 0 : Math.max(0, nBins - nParams);
  const deviance = plan.isUnbinned ? 0 : numbers[R.deviance];
  const hasFit = status === 'ok' || status === 'boundary' || status === 'no-error';
  const sHat = numbers[R.sHat];
  const size = Math.sqrt(numbers[R.twiceDeltaLnL]);
  const z = sHat < 0 ? -size : size;
  const half = Math.log(0.5);
  return {
    status,
    sHat,
    sErr: numbers[R.sErr],
    bHat: numbers[R.bHat],
    q0: sHat > 0 ? numbers[R.twiceDeltaLnL] : 0,
    z,
    lnP0: hasFit && sHat > 0 ? lnNormalTail(z) : half,
    lnPSigned: hasFit ? lnNormalTail(z) : half,
    deviance,
    dof,
    pFit: hasFit && dof > 0 ? gammaQ(0.5 * dof, 0.5 * deviance) : 1,
    edm: numbers[R.edm],
    iterations: numbers[R.iterations],
  };
}

function statusOf(codes: number): FitStatus {
  return STATUS_OF_CODE[Math.max(codes % 8, Math.floor(codes / 8))];
}
