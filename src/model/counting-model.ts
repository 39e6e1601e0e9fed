/**
 * The statistical model of a window scan: per window a count, backgrounds, a sensitivity and nuisances, with no
 * geometry left. Everything after this file sees windows only through these arrays.
 */

import type { BandFit } from './polynomial/band-fit.ts';

export type ConstraintKind = 'normal' | 'lognormal' | 'gamma';

/** Targets other than component names. */
export const SIGNAL_TARGETS = ['efficiency', 'luminosity', 'branching'] as const;
export const BACKGROUND_TARGET = 'background';

/** Effect of one nuisance on one target: relative sizes per window, r+ for z > 0 and r- for z < 0. */
export interface NuisanceEffect {
  /** 'background' (all components), a component's name, or one of SIGNAL_TARGETS. */
  readonly target: string;
  readonly up: Float64Array;
  readonly down: Float64Array;
}

export interface Nuisance {
  readonly name: string;
  readonly constraint: ConstraintKind;
  readonly effects: readonly NuisanceEffect[];
}

/**
 * One background component, all windows. `known`: mean b0. `mc-stat`: weighted simulated events, b0 = sum w,
 * sumW2 = sum w^2 (Gamma(shape b0^2/sumW2 + 1, rate b0/sumW2)); without events shape 1 and mean `meanWeight`.
 * `side-band`: nOff ~ Poisson(tau b) (Gamma(shape nOff + 1, rate tau)); a control sample is one with tau = 1/transfer.
 * `error-given`: b0 with absolute error, normal cut at 0. `polynomial`: the same with the fit it comes from in `fits`.
 */
export interface BackgroundComponent {
  readonly name: string;
  readonly kind: 'known' | 'mc-stat' | 'side-band' | 'error-given' | 'polynomial';
  readonly b0: Float64Array;
  readonly sumW2?: Float64Array;
  readonly entries?: Uint32Array;
  readonly meanWeight?: number;
  readonly nOff?: Uint32Array;
  readonly tau?: Float64Array;
  /** [nWindows] signal in the band over signal in the window; absent or 0: none. */
  readonly leak?: Float64Array;
  readonly error?: Float64Array;
  /** [nWindows] */
  readonly fits?: readonly BandFit[];
}

export interface CountingModel {
  readonly nWindows: number;
  /** Observed counts. */
  readonly n: Uint32Array;
  readonly components: readonly BackgroundComponent[];
  /** Expected signal events per unit POI at nominal nuisances. */
  readonly sensitivity: Float64Array;
  readonly nuisances: readonly Nuisance[];
}
