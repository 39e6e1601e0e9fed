/** Upper limits of every hypothesis of a spectrum, with the uncertainties of the signal. In f64, in this thread. */
import { HYPOTHESIS_STRIDE } from '../../../kernels/shared/spectrum-arrays.ts';
import type { ProfilePoint } from '../../../kernels/shared/spectrum-fixed.ts';
import type { FitPlan } from '../../../model/spectrum/fit-plan.ts';
import { withSignalNuisances } from '../../../model/spectrum/signal-nuisances.ts';
import { EXPECTED_LEVELS } from '../../statistics.ts';
import type { FitStatus } from '../fit-spectrum.ts';
import { clsLimit, deviationsAt, expectedClsLimit, profileLimit } from './asymptotic.ts';
import { LimitFits } from './limit-fits.ts';
import { exactYield, type PoiLikelihood } from './poi-likelihood.ts';
import type { ProfileCurve } from './profile-curve.ts';
import type {
  HypothesisLimits,
  LimitStatus,
  SpectrumLimit,
  SpectrumLimitOptions,
  SpectrumLimitRequest,
} from './types.ts';
import { signalModel, YieldFits } from './yield-nuisances.ts';

/**
 * @param counts [nBins] of the whole spectrum, not necessarily whole numbers
 * Hypotheses without a fit, and limits that do not exist, say so in their status. Error of kind card for nuisances that do
 * not act on the signal.
 */
export function spectrumLimits(
  plan: FitPlan,
  counts: Uint32Array | Float64Array,
  options: SpectrumLimitOptions,
): HypothesisLimits[] {
  const { nuisances = {}, sensitivity } = options;
  const full = withSignalNuisances(plan, nuisances);
  const nShapes = nuisances.shapes?.length ?? 0;
  const fits = [false, true].map((isLog) => new LimitFits(full, counts, isLog, nShapes));
  const { yields = [] } = nuisances;
  const yieldFits = yields.length > 0 ? new YieldFits(signalModel(sensitivity, yields)) : undefined;
  return plan.statuses.map((status, h) => {
    if (status !== 'ok') return withoutFit(status, options);
    const isLog = plan.hypotheses[HYPOTHESIS_STRIDE * h + 4] > 0;
    return new OneHypothesis(fits[isLog ? 1 : 0], h, yieldFits, options).limits();
  });
}

class OneHypothesis {
  private readonly fits: LimitFits;
  private readonly h: number;
  private readonly yieldFits: YieldFits | undefined;
  private readonly options: SpectrumLimitOptions;

  constructor(fits: LimitFits, h: number, yieldFits: YieldFits | undefined, options: SpectrumLimitOptions) {
    this.fits = fits;
    this.h = h;
    this.yieldFits = yieldFits;
    this.options = options;
  }

  limits(): HypothesisLimits {
    const { options } = this;
    const curve = this.fits.observed(this.h);
    if (curve === 'empty') return withoutFit('empty-range', options);
    const atZero = curve?.fitAt(0);
    if (curve === undefined || atZero === undefined) return withoutFit('not-converged', options);
    const { signal: sHat, error: sErr, isBoundary } = curve.best;
    const twice = 2 * Math.max(0, atZero.loss);
    const status: FitStatus =
      isBoundary && sErr === 0 ? 'no-error' : isBoundary || atZero.isBoundary ? 'boundary' : 'ok';
    return {
      status,
      sHat,
      sErr,
      q0: sHat > 0 ? twice : 0,
      z: Math.sign(sHat) * Math.sqrt(twice),
      limits: options.requests.map((request) => this.limit(request, curve, atZero, status)),
    };
  }

  private limit(
    request: SpectrumLimitRequest,
    curve: ProfileCurve,
    atZero: ProfilePoint,
    status: FitStatus,
  ): SpectrumLimit {
    if (!(this.options.sensitivity[this.h] > 0)) return withoutLimit('no-sensitivity');
    const quantiles = EXPECTED_LEVELS[this.options.expected];
    const observed = this.likelihood(curve);
    const asimov = this.fits.expected(this.h, atZero);
    const background = this.likelihood(asimov);
    if (observed === undefined || asimov === undefined || background === undefined)
      return withoutLimit('not-converged');
    if (request.method === 'cls-asymptotic')
      return limitOf(
        clsLimit(observed, background, request.level),
        quantiles.map((quantile) => expectedClsLimit(background, request.level, quantile)),
        status,
      );
    if (request.method === 'profile') {
      const scale = background.scale * this.options.sensitivity[this.h];
      const expected = quantiles.map((quantile) => {
        const fluctuated = this.likelihood(this.fits.expectedAtZ(this.h, atZero, deviationsAt(quantile), scale));
        return fluctuated && profileLimit(fluctuated, request.level);
      });
      return limitOf(profileLimit(observed, request.level), expected, status);
    }
    return withoutLimit('no-limit');
  }

  private likelihood(curve: ProfileCurve | undefined): PoiLikelihood | undefined {
    const exact = curve && exactYield(curve, this.options.sensitivity[this.h]);
    if (curve === undefined || exact === undefined || this.yieldFits === undefined) return exact;
    return this.yieldFits.likelihood(this.h, curve, exact);
  }
}

function limitOf(
  observed: number | undefined,
  expected: readonly (number | undefined)[],
  status: LimitStatus,
): SpectrumLimit {
  const isComplete = observed !== undefined && expected.every((limit) => limit !== undefined);
  return { observed, expected, status: isComplete ? status : 'no-limit' };
}

function withoutLimit(status: LimitStatus): SpectrumLimit {
  return { observed: undefined, expected: Array.from({ length: 5 }, () => undefined), status };
}

function withoutFit(status: FitStatus, { requests }: SpectrumLimitOptions): HypothesisLimits {
  return { status, sHat: 0, sErr: 0, q0: 0, z: 0, limits: requests.map(() => withoutLimit(status)) };
}
