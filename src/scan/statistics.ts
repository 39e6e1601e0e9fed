/** Which numbers a scan of windows computes; everything stated, nothing by default. */
import type { P0Method } from '../model/card.ts';

export type { P0Method } from '../model/card.ts';

export interface BayesRequest {
  readonly method: 'bayes';
  /** Credibility, between 0 and 1. */
  readonly level: number;
  /** Upper end of the flat prior, in units of the POI; Infinity allowed for lognormal or gamma signal constraints. */
  readonly poiMax: number;
}

/** P(N <= n | s U + b) / P(N <= n | b) = 1 - level, background and sensitivity known exactly. */
export interface ClsRequest {
  readonly method: 'cls-exact';
  /** Confidence level, between 0 and 1. */
  readonly level: number;
}

/** Profile likelihood, one-sided, asymptotic. */
export interface ProfileRequest {
  readonly method: 'profile';
  /** Confidence level, between 0 and 1. */
  readonly level: number;
}

export type LimitRequest = BayesRequest | ClsRequest | ProfileRequest;

export interface WindowStatistics {
  /** The first one is the scan's p0. */
  readonly p0: readonly P0Method[];
  readonly limits: readonly LimitRequest[];
  readonly expected: 'percent' | 'sigma';
}

/**
 * Params of the limit kernel. With background and sensitivity known the exact CLs limit is the Bayesian one of a prior
 * without end: Q(n+1, b + sU)/Q(n+1, b), the posterior tail, is P(N <= n | sU + b)/P(N <= n | b) (methods.md section 2).
 */
export function limitParams(request: BayesRequest | ClsRequest): { tail: number; poi_max: number } {
  const edge = request.method === 'bayes' && Number.isFinite(request.poiMax) ? request.poiMax : 0;
  return { tail: 1 - request.level, poi_max: edge };
}

/** The plan must reach as far as the widest prior; 0 and Infinity are the same to it: no edge. */
export function largestPoiMax({ limits }: WindowStatistics): number {
  return Math.max(...limits.map((limit) => (limit.method === 'bayes' ? limit.poiMax : 0)), 0);
}

/** Quantiles of the expected limits: rounded percentages, or those of -2, -1, 0, 1, 2 standard deviations. */
export const EXPECTED_LEVELS = {
  percent: [0.025, 0.16, 0.5, 0.84, 0.975],
  sigma: [0.022750131948179207, 0.15865525393145705, 0.5, 0.8413447460685429, 0.9772498680518208],
} as const;

/** Status of a window: why its numbers are there, or are not. The first one that applies. */
export type WindowStatus =
  'ok' | 'blind' | 'bad-background' | 'no-sensitivity' | 'zero-background' | 'not-converged' | 'prior-edge' | 'no-mc';
