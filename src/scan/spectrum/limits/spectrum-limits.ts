/** Upper limits of every hypothesis of a spectrum, with the uncertainties of the signal. In f64, one thread. */
import { HYPOTHESIS_STRIDE, type SpectrumArrays } from '../../../kernels/shared/spectrum-arrays.ts';
import { fixedSignalFits, type FixedSignalFits, type ProfilePoint } from '../../../kernels/shared/spectrum-fixed.ts';
import type { FitPlan } from '../../../model/spectrum/fit-plan.ts';
import { EXPECTED_LEVELS } from '../../statistics.ts';
import type { FitStatus } from '../fit-spectrum.ts';
import { clsLimit, expectedClsLimit, profileLimit } from './asymptotic.ts';
import { exactYield } from './poi-likelihood.ts';
import { ProfileCurve } from './profile-curve.ts';
import type { HypothesisLimits, LimitStatus, SpectrumLimit, SpectrumLimitOptions } from './types.ts';

/** Expected counts below this are no events: the mean of a bin at its bound. */
const LEAST_MEAN = 1e-8;

/**
 * @param counts [nBins] of the whole spectrum, not necessarily whole numbers
 * Hypotheses without a fit, and limits that do not exist, say so in their status.
 */
export function spectrumLimits(
  plan: FitPlan,
  counts: Uint32Array | Float64Array,
  options: SpectrumLimitOptions,
): HypothesisLimits[] {
  const machines = [false, true].map((isLog) => new LimitFits(plan, counts, isLog));
  return plan.statuses.map((status, h) => {
    if (status !== 'ok') return withoutFit(status, options);
    const isLog = plan.hypotheses[HYPOTHESIS_STRIDE * h + 4] > 0;
    return limitsOf(machines[isLog ? 1 : 0], h, options);
  });
}

/** -ln L of one hypothesis against the signal yield; undefined where there is no fit. Valid until the next call. */
export class LimitFits {
  private readonly plan: FitPlan;
  private readonly counts: Uint32Array | Float64Array;
  private readonly observedFits: FixedSignalFits;
  private readonly expectedFits: FixedSignalFits;
  private readonly expectedCounts: Float64Array;

  constructor(plan: FitPlan, counts: Uint32Array | Float64Array, isLog: boolean) {
    this.plan = plan;
    this.counts = counts;
    this.expectedCounts = new Float64Array(counts.length);
    const fits = (values: SpectrumArrays['counts']) =>
      fixedSignalFits({ ...plan, nBins: values.length, counts: values }, isLog, 0);
    this.observedFits = fits(counts);
    this.expectedFits = fits(this.expectedCounts);
  }

  observed(h: number): ProfileCurve | undefined {
    const fits = this.observedFits;
    fits.load(0, h);
    if (fits.events === 0) return undefined;
    const start = fits.freeSignal();
    const best = start === undefined ? undefined : fits.at(start);
    return best && new ProfileCurve(fits, best);
  }

  /** Of the Asimov spectrum: the means of a fit without signal, its parameters at the centres of their constraints. */
  asimov(h: number, { theta }: ProfilePoint): ProfileCurve | undefined {
    const { plan, expectedFits: fits, expectedCounts } = this;
    const means = this.observedFits.means(theta);
    const first = plan.hypotheses[HYPOTHESIS_STRIDE * h];
    means.forEach((mean, i) => (expectedCounts[plan.bins[first + i]] = mean > LEAST_MEAN ? mean : 0));
    fits.load(0, h);
    fits.setCentres(theta);
    const best = fits.at(0);
    return best && new ProfileCurve(fits, best);
  }

  isEmpty(h: number): boolean {
    const [first, nBins] = this.plan.hypotheses.subarray(HYPOTHESIS_STRIDE * h);
    return this.plan.bins.subarray(first, first + nBins).every((bin) => this.counts[bin] === 0);
  }
}

function limitsOf(fits: LimitFits, h: number, options: SpectrumLimitOptions): HypothesisLimits {
  if (fits.isEmpty(h)) return withoutFit('empty-range', options);
  const curve = fits.observed(h);
  const atZero = curve?.fitAt(0);
  if (curve === undefined || atZero === undefined) return withoutFit('not-converged', options);
  const asimov = fits.asimov(h, atZero);
  const sHat = curve.best.signal;
  const twice = 2 * Math.max(0, atZero.loss);
  const isBoundary = curve.best.isBoundary || atZero.isBoundary;
  const status: FitStatus = !isBoundary ? 'ok' : curve.best.error > 0 ? 'boundary' : 'no-error';
  const limits = options.requests.map((request): SpectrumLimit => {
    const sensitivity = options.sensitivity[h];
    if (!(sensitivity > 0)) return withoutLimit('no-sensitivity');
    const observed = exactYield(curve, sensitivity);
    const background = asimov && exactYield(asimov, sensitivity);
    if (observed === undefined || background === undefined) return withoutLimit('not-converged');
    if (request.method === 'profile') return limitOf(profileLimit(observed, request.level), [], status);
    if (request.method !== 'cls-asymptotic') return withoutLimit('no-limit');
    return limitOf(
      clsLimit(observed, background, request.level),
      EXPECTED_LEVELS[options.expected].map((quantile) => expectedClsLimit(background, request.level, quantile)),
      status,
    );
  });
  return {
    status,
    sHat,
    sErr: curve.best.error,
    q0: sHat > 0 ? twice : 0,
    z: Math.sign(sHat) * Math.sqrt(twice),
    limits,
  };
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
