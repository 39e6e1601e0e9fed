/** Which numbers a scan of windows computes; everything stated, nothing by default. */

export interface BayesRequest {
  readonly credibility: number;
  /** Upper end of the flat prior, in units of the POI; Infinity allowed for lognormal or gamma signal constraints. */
  readonly poiMax: number;
}

/** Params of the limit kernel. */
export function limitParams({ credibility, poiMax }: BayesRequest): { tail: number; poi_max: number } {
  return { tail: 1 - credibility, poi_max: Number.isFinite(poiMax) ? poiMax : 0 };
}

/** The plan must reach as far as the widest prior. */
export function largestPoiMax({ limits }: WindowStatistics): number {
  return Math.max(...limits.map((limit) => limit.poiMax), 0);
}

export interface WindowStatistics {
  /** The first one is the scan's p0. */
  readonly p0: readonly ('marginal' | 'on-off')[];
  readonly limits: readonly BayesRequest[];
  readonly expected: 'percent' | 'sigma';
}

/** Quantiles of the expected limits: rounded percentages, or those of -2, -1, 0, 1, 2 standard deviations. */
export const EXPECTED_LEVELS = {
  percent: [0.025, 0.16, 0.5, 0.84, 0.975],
  sigma: [0.022750131948179207, 0.15865525393145705, 0.5, 0.8413447460685429, 0.9772498680518208],
} as const;

/** Status of a window: why its numbers are there, or are not. The first one that applies. */
export type WindowStatus =
  'ok' | 'blind' | 'bad-background' | 'no-sensitivity' | 'zero-background' | 'not-converged' | 'prior-edge' | 'no-mc';
