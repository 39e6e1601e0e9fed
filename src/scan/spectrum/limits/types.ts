/** What limits of sliding-range fits are asked for, and what they answer. */
import type { SignalNuisances } from '../../../model/spectrum/signal-nuisances.ts';
import type { FitStatus } from '../fit-spectrum.ts';
import type { BayesRequest, EXPECTED_LEVELS, ProfileRequest } from '../../statistics.ts';

/** CLs with the asymptotic distributions of q~_mu (arXiv:1007.1727). */
export interface ClsAsymptoticRequest {
  readonly method: 'cls-asymptotic';
  /** Confidence level, between 0 and 1. */
  readonly level: number;
}

export type SpectrumLimitRequest = ClsAsymptoticRequest | ProfileRequest | BayesRequest;

export interface SpectrumLimitOptions {
  /** [nHypotheses] expected signal events, over all m, per unit of the POI. */
  readonly sensitivity: ArrayLike<number>;
  readonly requests: readonly SpectrumLimitRequest[];
  readonly expected: keyof typeof EXPECTED_LEVELS;
  readonly nuisances?: SignalNuisances;
  /** [nHypotheses] 1: expected limits only, and no number of the fit with signal. */
  readonly blind?: ArrayLike<number>;
}

/**
 * `no-limit`: with these nuisances the likelihood never falls far enough; `no-sensitivity`: no signal is expected;
 * `prior-edge`: a Bayesian limit that moves by more than 1 % with poi_max; `boundary`: bins without events whose best mean is
 * 0 take part, where asymptotic formulae do not hold. Only `ok`, `boundary` and `prior-edge` have all numbers.
 */
export type LimitStatus = FitStatus | 'no-limit' | 'no-sensitivity' | 'prior-edge';

/** In units of the POI; undefined where the status says why. */
export interface SpectrumLimit {
  readonly observed: number | undefined;
  /** [5] at the quantiles of the background-only distribution, ascending: m2, m1, 0, p1, p2. */
  readonly expected: readonly (number | undefined)[];
  readonly status: LimitStatus;
}

/** The hypothesis with all its nuisances. */
export interface HypothesisLimits {
  /** Of the fit; without one there are no limits, and the numbers are 0. */
  readonly status: FitStatus;
  /** Signal yield, its error (0: not determined), q0 and signed Z with the uncertainties of the signal profiled. */
  readonly sHat: number;
  readonly sErr: number;
  readonly q0: number;
  readonly z: number;
  /** One per request. */
  readonly limits: readonly SpectrumLimit[];
}
