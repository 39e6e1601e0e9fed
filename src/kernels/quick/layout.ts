/** How the plan of quick fits lies in flat arrays: made, and described, by src/model/spectrum/quick-plan.ts. */
import type { Binding, KernelArray, Param, ParamValues } from '../kernel.ts';

/** Words per hypothesis and numbers per hypothesis in `scales` (quick-plan.ts). */
export const QUICK_STRIDE = 6;
export const QUICK_SCALES = 2;
/** Largest number of parameters: the room that fits have. */
export const MOST_QUICK_PARAMS = 12;

/** Numbers of a result. */
export const QUICK_RESULT = {
  /** sign(S^) sqrt(2 [ln L(S^, c^) - ln L(0, c^^)]). */
  z: 0,
  sHat: 1,
  sErr: 2,
  /** QUICK_CODE; all others are 0 where it is not 0. */
  code: 3,
} as const;
export const QUICK_RESULT_STRIDE = 4;

/** `undecided`: the f64 kernel spectrum_fit decides. */
export const QUICK_CODE = { ok: 0, undecided: 1 } as const;

export const QUICK_BINDINGS: readonly Binding[] = [
  { name: 'counts', element: 'u32', access: 'read' }, // [nToys][n_bins]
  { name: 'hypotheses', element: 'u32', access: 'read' }, // [n_hypotheses][6]
  { name: 'bins', element: 'u32', access: 'read' },
  { name: 'rows', element: 'f64', access: 'read' },
  { name: 'scales', element: 'f64', access: 'read' }, // [n_hypotheses][2]
  { name: 'result', element: 'f64', access: 'write' }, // [nToys * n_hypotheses][4] QUICK_RESULT
];

export const QUICK_PARAMS: readonly Param[] = [
  { name: 'n_hypotheses', type: 'u32' },
  { name: 'n_bins', type: 'u32' }, // of a toy in counts
  { name: 'max_bins', type: 'u32' }, // of a hypothesis
  { name: 'max_params', type: 'u32' },
];

export interface QuickArrays {
  readonly nHypotheses: number;
  readonly nBins: number;
  readonly maxBins: number;
  readonly maxParams: number;
  readonly counts: Uint32Array;
  readonly hypotheses: Uint32Array;
  readonly bins: Uint32Array;
  readonly rows: Float64Array;
  readonly scales: Float64Array;
  readonly result: Float64Array;
}

export function quickArrays(arrays: readonly KernelArray[], params: ParamValues): QuickArrays {
  return {
    nHypotheses: params.n_hypotheses,
    nBins: params.n_bins,
    maxBins: params.max_bins,
    maxParams: params.max_params,
    counts: arrays[0] as Uint32Array,
    hypotheses: arrays[1] as Uint32Array,
    bins: arrays[2] as Uint32Array,
    rows: arrays[3] as Float64Array,
    scales: arrays[4] as Float64Array,
    result: arrays[5] as Float64Array,
  };
}
