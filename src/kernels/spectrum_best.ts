/**
 * What is kept of a toy of a sliding-range scan: its most significant hypothesis and how often q0 rises through a level
 * (Gross and Vitells, arXiv:1005.1891). One work item per toy; twin of shaders/spectrum_best.wgsl.
 *
 * quick [nToys][n_hypotheses][4]: signed z, S^, its error, code (0, or 1: not decided, z is not used). result [nToys][4]
 * (BEST): words that order as z, to 2^-16; the same on every backend for the same z in f32 (but for a z^2 that rounds
 * onto the level).
 */
import type { Kernel, KernelArray, ParamValues } from './kernel.ts';

/** Numbers per fit in `quick`. */
export const QUICK_STRIDE = 4;
/** Words per toy in the result. */
export const BEST_STRIDE = 4;
export const BEST = {
  /** 0 where no z is above 0, else 1 + floor(z 2^16). */
  score: 0,
  /** The first hypothesis with the largest z; NO_HYPOTHESIS where no z is above 0. */
  hypothesis: 1,
  /** Hypotheses with a code other than 0. */
  nUndecided: 2,
  /** Neighbouring decided hypotheses, q0 below `level` in the first and at or above it in the second; q0 = 0 for z < 0. */
  upCrossings: 3,
} as const;
export const NO_HYPOTHESIS = 0xffffffff;

const SCORES_PER_Z = 65536;
const LARGEST_Z = 65535;

export const spectrumBest: Kernel = {
  name: 'spectrum_best',
  bindings: [
    { name: 'quick', element: 'f64', access: 'read' },
    { name: 'result', element: 'u32', access: 'write' },
  ],
  params: [
    { name: 'n_hypotheses', type: 'u32' },
    { name: 'level', type: 'f32' }, // of q0, above 0
  ],
  run(arrays: readonly KernelArray[], params: ParamValues, first: number, count: number): void {
    const quick = arrays[0] as Float64Array;
    const result = arrays[1] as Uint32Array;
    const { n_hypotheses: nHypotheses } = params;
    const level = Math.fround(params.level);
    for (let toy = first; toy < first + count; toy++) {
      let [best, hypothesis, nUndecided, upCrossings, wasBelow] = [0, NO_HYPOTHESIS, 0, 0, false];
      for (let h = 0, at = QUICK_STRIDE * nHypotheses * toy; h < nHypotheses; h++, at += QUICK_STRIDE) {
        if (quick[at + 3] !== 0) {
          nUndecided++;
          continue;
        }
        const z = Math.max(0, quick[at]);
        if (z > best) [best, hypothesis] = [z, h];
        const isBelow = z * z < level;
        if (wasBelow && !isBelow) upCrossings++;
        wasBelow = isBelow;
      }
      result.set([scoreOf(best), hypothesis, nUndecided, upCrossings], BEST_STRIDE * toy);
    }
  },
};

/** The word by which toys are compared. */
export function scoreOf(z: number): number {
  return z > 0 ? 1 + Math.floor(Math.min(z, LARGEST_Z) * SCORES_PER_Z) : 0;
}

/** The lower end of z of a score; 0 where no z is above 0. */
export function zOfScore(score: number): number {
  return score > 0 ? (score - 1) / SCORES_PER_Z : 0;
}
