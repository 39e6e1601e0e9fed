/**
 * One answer to "what does the best window mean after looking everywhere": a global p-value with its interval, and
 * whether its assumptions hold. Every estimator gives this type, so that they stand side by side.
 */
import { zFromLnP } from '../../stats/normal.ts';
import { exp, log, log1p } from '../../stats/portable.ts';

export type EstimatorName = 'toys' | 'bonferroni' | 'sidak' | 'upcrossings' | 'euler' | 'gaussian-process';

/** Range of p_global at a confidence level. */
export interface Interval {
  readonly low: number;
  readonly high: number;
}

export interface Estimator {
  readonly name: EstimatorName;
  /** `bound`: p_global is at most this; the interval then reaches down to the p-value of a single window. */
  readonly kind: 'estimate' | 'bound';
  /** `not-valid`: an assumption does not hold, `reason` says which; the numbers, where there are any, are shown all the same. */
  readonly status: 'ok' | 'not-valid';
  readonly reason?: string;
  /** ln p_global: carries p-values far below 1e-308. Null: there is no number. */
  readonly lnPGlobal: number | null;
  readonly pGlobal: number | null;
  /** 68.27 % and 95 % intervals of p_global. */
  readonly interval: Interval | null;
  readonly interval95: Interval | null;
  /** Signed; null where p_global is 1. */
  readonly zGlobal: number | null;
  /** p_global / p_local; null beyond the largest double. */
  readonly trialsFactor: number | null;
  /** ln(1 - p_global) / ln(1 - p_local): independent windows with the same effect; null where p_global is 1. */
  readonly effectiveWindows: number | null;
}

/** Two-sided probability outside one standard deviation, for the 68.27 % interval. */
export const OUTSIDE_68 = 0.31731050786291415;
export const OUTSIDE_95 = 0.05;
/** Half-width of a central 95 % interval in standard deviations. */
const Z_95 = 1.959963984540054;

export interface EstimateParts {
  readonly name: EstimatorName;
  readonly kind?: Estimator['kind'];
  readonly lnPGlobal: number;
  readonly lnPLocal: number;
  readonly interval: Interval;
  readonly interval95: Interval;
  /** Undefined: valid. */
  readonly reason?: string;
}

/** Fills in what follows from p_global: Z, trials factor, effective windows. p_global is clipped at 1. */
export function makeEstimator(parts: EstimateParts): Estimator {
  const { name, kind = 'estimate', lnPLocal, reason } = parts;
  const lnPGlobal = Math.min(0, parts.lnPGlobal);
  return {
    name,
    kind,
    ...validity(reason),
    lnPGlobal,
    pGlobal: exp(lnPGlobal),
    interval: clipped(parts.interval),
    interval95: clipped(parts.interval95),
    zGlobal: lnPGlobal === 0 ? null : zFromLnP(lnPGlobal),
    trialsFactor: finite(exp(lnPGlobal - lnPLocal)),
    effectiveWindows: lnPGlobal === 0 || lnPLocal === 0 ? null : finite(ratioOfLn1m(lnPGlobal, lnPLocal)),
  };
}

/** An estimator that has no number at all: the wrong dimension, a level that is too low. */
export function withoutNumber(name: EstimatorName, reason: string, kind: Estimator['kind'] = 'estimate'): Estimator {
  const none = { lnPGlobal: null, pGlobal: null, interval: null, interval95: null, zGlobal: null };
  return { name, kind, ...validity(reason), ...none, trialsFactor: null, effectiveWindows: null };
}

/** Normal errors: p +- sigma and p +- 1.96 sigma, never below `least`. */
export function normalIntervals(
  p: number,
  sigma: number,
  least: number,
): Pick<Estimator, 'interval' | 'interval95'> & {
  interval: Interval;
  interval95: Interval;
} {
  const around = (half: number) => ({ low: Math.max(least, p - half), high: Math.max(least, p + half) });
  return { interval: around(sigma), interval95: around(Z_95 * sigma) };
}

function finite(value: number): number | null {
  return value < Infinity ? value : null;
}

function validity(reason: string | undefined): Pick<Estimator, 'status' | 'reason'> {
  return reason === undefined ? { status: 'ok' } : { status: 'not-valid', reason };
}

function clipped({ low, high }: Interval): Interval {
  const clip = (p: number) => Math.max(0, Math.min(1, p));
  return { low: clip(low), high: clip(high) };
}

/** ln(1 - p) / ln(1 - q) from ln p and ln q; p/q where both are tiny. */
function ratioOfLn1m(lnP: number, lnQ: number): number {
  return exp(lnLnInverse(lnP) - lnLnInverse(lnQ));
}

/** ln(-ln(1 - p)). */
function lnLnInverse(lnP: number): number {
  return lnP < -36 ? lnP : log(-log1p(-exp(lnP)));
}
