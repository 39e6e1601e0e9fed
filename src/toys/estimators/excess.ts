/**
 * The excess of a window as a sum over what toys count: n, or n - n_off / tau where a side band or control sample is
 * counted beside it. Its covariance is what a Gaussian process needs (methods.md section 5: on/off and off/off overlaps).
 */
import type { CountingModel } from '../../model/counting-model.ts';
import type { RankTable } from '../../model/toys/rank-table.ts';

export interface Excess {
  readonly nWindows: number;
  /** Regions of `atoms.windows`. */
  readonly nRegions: number;
  /** [nWindows] from sums over regions. */
  ofRegions(sums: Float64Array, out: Float64Array): void;
  /** The same of variances: weights squared. Windows and bands share no event. */
  variances(sums: Float64Array, out: Float64Array): void;
  /** Something is counted beside the windows. */
  readonly isBanded: boolean;
}

export function plainExcess(nWindows: number): Excess {
  const copy = (sums: Float64Array, out: Float64Array) => out.set(sums);
  return { nWindows, nRegions: nWindows, ofRegions: copy, variances: copy, isBanded: false };
}

/** @param model of the scanned windows, needed for tau where bands are counted */
export function makeExcess(
  { axis, nWindows }: Pick<RankTable, 'axis' | 'nWindows'>,
  model: CountingModel | undefined,
): Excess {
  const tau = model?.components.find((c) => c.kind === 'side-band')?.tau;
  if (tau === undefined || axis === 'none' || axis === 'step') return plainExcess(nWindows);
  const combine = (power: number) => (sums: Float64Array, out: Float64Array) => {
    for (let w = 0; w < nWindows; w++) {
      const nOff = axis === 'complement' ? sums[2 * nWindows] - sums[2 * w + 1] : sums[2 * w + 1];
      out[w] = sums[2 * w] + (tau[w] > 0 ? (power * nOff) / (power > 0 ? tau[w] * tau[w] : tau[w]) : 0);
    }
  };
  return {
    nWindows,
    nRegions: axis === 'complement' ? 2 * nWindows + 1 : 2 * nWindows,
    ofRegions: combine(-1),
    variances: combine(1),
    isBanded: true,
  };
}
