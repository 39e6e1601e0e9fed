/**
 * How the fits of a spectrum lie in flat arrays (made by src/model/spectrum/fit-plan.ts, which describes them; read by
 * spectrum-newton.ts). Work item = spectrum * nHypotheses + hypothesis.
 */
import type { Binding, KernelArray, Param, ParamValues } from '../kernel.ts';

/** Numbers per hypothesis and rows of its settings (fit-plan.ts). */
export const HYPOTHESIS_STRIDE = 6;
export const SETTINGS = 5;
/** Quadrature points per bin of backgrounds with a linear logarithm. */
export const LOG_NODES = 4;

/** How a fit ended. */
export const FIT_CODE = {
  /** A minimum with all means above 0. */
  ok: 0,
  /** The minimum among densities that are nowhere negative has a bin without events whose mean is 0. */
  boundary: 1,
  /** As boundary, and the occupied bins alone do not determine S: no error. */
  noError: 2,
  notConverged: 3,
  /** No bins (the plan says why) or no events. */
  nothing: 4,
} as const;

/** Where the first step starts from. */
export const START = { leastSquares: 0, given: 1 } as const;

/** Numbers of a result. */
export const FIT_RESULT = {
  sHat: 0,
  sErr: 1,
  bHat: 2,
  /** 2 [ln L(S^, c^) - ln L(0, c^^)] >= 0, whatever the sign of S^. */
  twiceDeltaLnL: 3,
  /** Of the fit with S, 2 sum n ln(n/nu) - (n - nu), without constraints. */
  deviance: 4,
  edm: 5,
  /** Of both fits. */
  iterations: 6,
  /** code of the fit with S + 8 * code of the fit without. */
  codes: 7,
} as const;
export const FIT_RESULT_STRIDE = 8;

export const SPECTRUM_BINDINGS: readonly Binding[] = [
  { name: 'counts', element: 'u32', access: 'read' }, // [nSpectra][nBins]
  { name: 'hypotheses', element: 'u32', access: 'read' },
  { name: 'bins', element: 'u32', access: 'read' },
  { name: 'design', element: 'f64', access: 'read' },
  { name: 'settings', element: 'f64', access: 'read' },
  { name: 'nodes', element: 'f64', access: 'read' },
  { name: 'result', element: 'f64', access: 'write' }, // [nItems][8] FIT_RESULT
];

export const SPECTRUM_PARAMS: readonly Param[] = [
  { name: 'n_hypotheses', type: 'u32' },
  { name: 'n_bins', type: 'u32' },
  { name: 'max_bins', type: 'u32' },
  { name: 'max_params', type: 'u32' },
  { name: 'start', type: 'u32' },
  /** 1: S^, q and codes only, without the last evaluation that error, deviance and EDM need. */
  { name: 'is_quick', type: 'u32' },
];

export interface SpectrumArrays {
  readonly nHypotheses: number;
  /** Of a spectrum. */
  readonly nBins: number;
  readonly maxBins: number;
  readonly maxParams: number;
  /** [nSpectra][nBins]; expected (Asimov) spectra are not whole numbers. */
  readonly counts: Uint32Array | Float64Array;
  readonly hypotheses: Uint32Array;
  readonly bins: Uint32Array;
  readonly design: Float64Array;
  readonly settings: Float64Array;
  readonly nodes: Float64Array;
}

export function spectrumArrays(arrays: readonly KernelArray[], params: ParamValues): SpectrumArrays {
  return {
    nHypotheses: params.n_hypotheses,
    nBins: params.n_bins,
    maxBins: params.max_bins,
    maxParams: params.max_params,
    counts: arrays[0] as Uint32Array,
    hypotheses: arrays[1] as Uint32Array,
    bins: arrays[2] as Uint32Array,
    design: arrays[3] as Float64Array,
    settings: arrays[4] as Float64Array,
    nodes: arrays[5] as Float64Array,
  };
}
