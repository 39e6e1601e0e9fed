/** Profile curves of one hypothesis: of the observed spectrum, and of expected (Asimov) ones. */
import { HYPOTHESIS_STRIDE, SETTINGS, type SpectrumArrays } from '../../../kernels/shared/spectrum-arrays.ts';
import { fixedSignalFits, type FixedSignalFits, type ProfilePoint } from '../../../kernels/shared/spectrum-fixed.ts';
import type { FitPlan } from '../../../model/spectrum/fit-plan.ts';
import { ProfileCurve } from './profile-curve.ts';
import { bestCurve } from './best-fit.ts';

/** Expected counts below this are no events: the mean of a bin at its bound. */
const LEAST_MEAN = 1e-8;
const MAX_STEPS = 5;
/** Of Z. */
const LAST_STEP = 1e-4;
/** A guess of the signal changes at most by this factor. */
const FARTHEST = 2;

/** Row of the settings of a plan: 1/error^2 of constraints. */
const WEIGHTS = 3;

/** A curve of a spectrum with so many pseudo-events in each of these bins (places in the range). */
export interface SmoothCurve {
  readonly curve: ProfileCurve;
  readonly bins: readonly number[];
  readonly events: number;
}

/** The curves share their fits: of each kind the last one made is valid. Undefined where a fit does not converge. */
export class LimitFits {
  private readonly plan: FitPlan;
  private readonly observedFits: FixedSignalFits;
  private readonly smoothFits: FixedSignalFits;
  private readonly asimovFits: FixedSignalFits;
  private readonly fluctuatedFits: FixedSignalFits;
  private readonly counts: Uint32Array | Float64Array;
  private readonly expectedCounts: Float64Array;
  private readonly smoothCounts: Float64Array;

  /** @param nShapes of the parameters before S are shapes (withSignalNuisances) */
  constructor(plan: FitPlan, counts: Uint32Array | Float64Array, isLog: boolean, nShapes: number) {
    this.plan = plan;
    this.counts = counts;
    this.expectedCounts = new Float64Array(counts.length);
    this.smoothCounts = new Float64Array(counts.length);
    const fits = (values: SpectrumArrays['counts']) =>
      fixedSignalFits({ ...plan, nBins: values.length, counts: values }, isLog, nShapes);
    this.observedFits = fits(counts);
    this.asimovFits = fits(this.expectedCounts);
    this.fluctuatedFits = fits(this.expectedCounts);
    this.smoothFits = fits(this.smoothCounts);
  }

  /** 'empty' without events in the range. */
  observed(h: number): ProfileCurve | 'empty' | undefined {
    const fits = this.observedFits;
    fits.load(0, h);
    return fits.events === 0 ? 'empty' : bestCurve(fits);
  }

  /** Of the Asimov spectrum of the background. */
  asimov(h: number, atZero: ProfilePoint): ProfileCurve | undefined {
    return this.expected(this.asimovFits, h, atZero, 0);
  }

  /**
   * The expected spectrum whose signed Z is N, which the background alone exceeds with P(X > N): Z is N(0, 1) without
   * signal. For N < 0 and few events no spectrum may be that low: then one without events under the signal.
   * @param scale error of S^ without signal
   */
  fluctuated(h: number, atZero: ProfilePoint, N: number, scale: number): ProfileCurve | undefined {
    let signal = Math.abs(N) < LAST_STEP ? 0 : N * scale;
    let [before, zBefore] = [0, 0];
    for (let step = 0; ; step++) {
      const curve = this.expected(this.fluctuatedFits, h, atZero, signal);
      if (signal === 0) return curve;
      const atNull = curve?.fitAt(0);
      if (curve === undefined || atNull === undefined) return undefined;
      const z = Math.sign(N) * Math.sqrt(2 * Math.max(0, atNull.loss));
      if (step === MAX_STEPS || Math.abs(z - N) < LAST_STEP) return curve;
      // the secant, and outwards where Z does not grow with S
      const slope = (z - zBefore) / (signal - before);
      const factor = slope > 0 ? 1 + (N - z) / (slope * signal) : FARTHEST;
      [before, zBefore] = [signal, z];
      signal *= Math.min(FARTHEST, Math.max(1 / FARTHEST, factor));
    }
  }

  /**
   * Of the observed spectrum, or of the last expected one, with pseudo-events in the bins without events: one per
   * coefficient of the background, shared among all bins of the range. Then all means are positive, and the background
   * is about its posterior mean instead of its mode: straight lines through n events have n + 2 on average where they are
   * nowhere negative. Backgrounds with a linear logarithm are positive anyway.
   * @param centres of the constraints, for an expected spectrum
   */
  withPseudoEvents(h: number, curve: ProfileCurve, centres?: ProfilePoint): SmoothCurve | undefined {
    const { plan, smoothFits: fits, smoothCounts } = this;
    const [first, nBins, , nParams, nLog] = plan.hypotheses.subarray(HYPOTHESIS_STRIDE * h);
    const weights = plan.settings.subarray((h * SETTINGS + WEIGHTS) * plan.maxParams);
    const nCoefficients = weights.subarray(0, nParams - 1).filter((weight) => weight === 0).length;
    const counts = centres === undefined ? this.counts : this.expectedCounts;
    const events = nCoefficients / nBins;
    const bins: number[] = [];
    for (let i = 0; i < nBins; i++) {
      const bin = plan.bins[first + i];
      smoothCounts[bin] = counts[bin] || events;
      if (counts[bin] === 0) bins.push(i);
    }
    if (bins.length === 0 || nLog > 0) return { curve, bins: [], events: 0 };
    fits.load(0, h);
    if (centres !== undefined) fits.setCentres(centres.theta);
    const smooth = bestCurve(fits);
    return smooth && { curve: smooth, bins, events };
  }

  /**
   * Of expected counts: the means of a fit to the data without signal, and so many events of signal, or 0 where that is
   * negative. Auxiliary measurements are at the fitted parameters (arXiv:1007.1727, section 3).
   */
  private expected(fits: FixedSignalFits, h: number, atZero: ProfilePoint, signal: number): ProfileCurve | undefined {
    const { plan, expectedCounts } = this;
    const { theta } = atZero;
    const [first, nBins, offset, nParams] = plan.hypotheses.subarray(HYPOTHESIS_STRIDE * h);
    const template = offset + (nParams - 1) * nBins;
    let isWhole = true;
    this.observedFits.means(theta).forEach((background, i) => {
      const mean = background + signal * plan.design[template + i];
      if (mean < -LEAST_MEAN) isWhole = false;
      expectedCounts[plan.bins[first + i]] = mean > LEAST_MEAN ? mean : 0;
    });
    fits.load(0, h);
    fits.setCentres(theta);
    if (fits.events === 0) return undefined;
    if (!isWhole) return bestCurve(fits);
    const best = fits.at(signal, { ...atZero, signal });
    return best && new ProfileCurve(fits, best);
  }
}
