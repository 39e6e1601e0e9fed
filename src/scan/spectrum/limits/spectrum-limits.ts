/** Upper limits of every hypothesis of a spectrum, with the uncertainties of the signal. In f64, in this thread. */
import { HYPOTHESIS_STRIDE } from '../../../kernels/shared/spectrum-arrays.ts';
import type { ProfilePoint } from '../../../kernels/shared/spectrum-fixed.ts';
import type { FitPlan } from '../../../model/spectrum/fit-plan.ts';
import { withSignalNuisances } from '../../../model/spectrum/signal-nuisances.ts';
import { EXPECTED_LEVELS, type BayesRequest, type ProfileRequest } from '../../statistics.ts';
import type { FitStatus } from '../fit-spectrum.ts';
import { clsLimit, deviationsAt, expectedClsLimit, profileLimit } from './asymptotic.ts';
import { BayesLimits } from './bayes.ts';
import { LimitFits } from './limit-fits.ts';
import { exactYield, type PoiLikelihood } from './poi-likelihood.ts';
import type { ProfileCurve } from './profile-curve.ts';
import type { HypothesisLimits, LimitStatus, SpectrumLimit, SpectrumLimitOptions } from './types.ts';
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
  const { nuisances = {} } = options;
  const full = withSignalNuisances(plan, nuisances);
  const nShapes = nuisances.shapes?.length ?? 0;
  const fits = [false, true].map((isLog) => new LimitFits(full, counts, isLog, nShapes));
  const limiter = new HypothesisLimiter(options);
  return plan.statuses.map((status, h) => {
    if (status !== 'ok') return withoutFit(status, options);
    const isLog = plan.hypotheses[HYPOTHESIS_STRIDE * h + 4] > 0;
    return limiter.limits(fits[isLog ? 1 : 0], h);
  });
}

/** Limits of one hypothesis at a time. */
class HypothesisLimiter {
  private readonly options: SpectrumLimitOptions;
  private readonly yieldFits: YieldFits | undefined;
  private readonly bayes: BayesLimits;

  constructor(options: SpectrumLimitOptions) {
    const { nuisances = {}, sensitivity } = options;
    const { yields = [] } = nuisances;
    this.options = options;
    this.yieldFits = yields.length > 0 ? new YieldFits(signalModel(sensitivity, yields)) : undefined;
    this.bayes = new BayesLimits(sensitivity, yields);
  }

  limits(fits: LimitFits, h: number): HypothesisLimits {
    const { options } = this;
    const curve = fits.observed(h);
    if (curve === 'empty') return withoutFit('empty-range', options);
    const atZero = curve?.fitAt(0);
    if (curve === undefined || atZero === undefined) return withoutFit('not-converged', options);
    const { signal: sHat, error: sErr, isBoundary } = curve.best;
    const twice = 2 * Math.max(0, atZero.loss);
    const found = this.allLimits(fits, h, curve, atZero);
    const withStatus = (status: FitStatus) =>
      found.map((limit) => (limit.status === 'ok' ? { ...limit, status } : limit));
    if (this.isBlind(h)) {
      const limits = withStatus(atZero.isBoundary ? 'boundary' : 'ok');
      return { status: 'blind', sHat: 0, sErr: 0, q0: 0, z: 0, limits };
    }
    const status: FitStatus =
      isBoundary && sErr === 0 ? 'no-error' : isBoundary || atZero.isBoundary ? 'boundary' : 'ok';
    const limits = withStatus(status);
    return { status, sHat, sErr, q0: sHat > 0 ? twice : 0, z: Math.sign(sHat) * Math.sqrt(twice), limits };
  }

  private allLimits(fits: LimitFits, h: number, curve: ProfileCurve, atZero: ProfilePoint): SpectrumLimit[] {
    const { requests, sensitivity } = this.options;
    if (requests.length === 0) return [];
    if (!(sensitivity[h] > 0)) return requests.map(() => withoutLimit('no-sensitivity'));
    const quantiles = EXPECTED_LEVELS[this.options.expected];
    const asimov = this.likelihood(h, fits.asimov(h, atZero));
    const observed = this.isBlind(h) ? 'withheld' : this.likelihood(h, curve);
    if (observed === undefined || asimov === undefined) return requests.map(() => withoutLimit('not-converged'));
    const all = requests.map((request) => {
      const isCls = request.method === 'cls-asymptotic';
      const ofQuantile = (quantile: number) => answerOf(expectedClsLimit(asimov, request.level, quantile));
      const expected = isCls ? quantiles.map(ofQuantile) : [];
      if (observed === 'withheld') return [WITHHELD, ...expected];
      const own = isCls ? answerOf(clsLimit(observed, asimov, request.level)) : this.limitOf(request, fits, h, curve);
      return [own, ...expected];
    });
    if (requests.some(({ method }) => method !== 'cls-asymptotic'))
      for (const quantile of quantiles) {
        const fluctuated = fits.fluctuated(h, atZero, deviationsAt(quantile), asimov.scale * sensitivity[h]);
        requests.forEach((request, i) => {
          if (request.method !== 'cls-asymptotic') all[i].push(this.limitOf(request, fits, h, fluctuated, atZero));
        });
      }
    return all.map(([first, ...expected]) => ({
      observed: first.limit,
      expected: expected.map(({ limit }) => limit),
      status: [first, ...expected].find(({ status }) => status !== 'ok')?.status ?? 'ok',
    }));
  }

  private isBlind(h: number): boolean {
    return this.options.blind?.[h] === 1;
  }

  /** @param centres of the constraints, for the expected spectrum that was made last */
  private limitOf(
    request: ProfileRequest | BayesRequest,
    fits: LimitFits,
    h: number,
    curve: ProfileCurve | undefined,
    centres?: ProfilePoint,
  ): Answer {
    if (curve === undefined) return { limit: undefined, status: 'not-converged' };
    if (request.method === 'bayes') {
      const smooth = fits.withPseudoEvents(h, curve, centres);
      return smooth ? this.bayes.limit(h, smooth, request) : { limit: undefined, status: 'not-converged' };
    }
    const likelihood = this.likelihood(h, curve);
    return answerOf(likelihood && profileLimit(likelihood, request.level));
  }

  private likelihood(h: number, curve: ProfileCurve | undefined): PoiLikelihood | undefined {
    const exact = curve && exactYield(curve, this.options.sensitivity[h]);
    if (curve === undefined || exact === undefined || this.yieldFits === undefined) return exact;
    return this.yieldFits.likelihood(h, curve, exact);
  }
}

interface Answer {
  readonly limit: number | undefined;
  readonly status: LimitStatus;
}

/** The observed limit of a blind hypothesis. */
const WITHHELD: Answer = { limit: undefined, status: 'ok' };

function answerOf(limit: number | undefined): Answer {
  return { limit, status: limit === undefined ? 'no-limit' : 'ok' };
}

function withoutLimit(status: LimitStatus): SpectrumLimit {
  return { observed: undefined, expected: Array.from({ length: 5 }, () => undefined), status };
}

function withoutFit(status: FitStatus, { requests }: SpectrumLimitOptions): HypothesisLimits {
  return { status, sHat: 0, sErr: 0, q0: 0, z: 0, limits: requests.map(() => withoutLimit(status)) };
}
