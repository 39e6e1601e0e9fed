/** One toy at a time on this thread, in f64: the reference of every fast path, and what decides near the data. */
import { FIT_CODE, FIT_RESULT as R, FIT_RESULT_STRIDE, START } from '../../kernels/shared/spectrum-arrays.ts';
import { spectrumFit } from '../../kernels/spectrum_fit.ts';
import { spectrumThrow } from '../../kernels/spectrum_throw.ts';
import type { FitPlan } from '../../model/spectrum/fit-plan.ts';
import type { ThrowTables } from '../../model/spectrum/throw-tables.ts';
import { spectrumInputs } from '../../scan/spectrum/fit-spectrum.ts';
import { counterParams } from '../window-thrower.ts';

/** sign(S^) sqrt(2 dlnL) of a row of FIT_RESULT; 0 for a range without events. */
export function signedZ(numbers: ArrayLike<number>, at: number): number {
  const size = Math.sqrt(numbers[at + R.twiceDeltaLnL]);
  return numbers[at + R.sHat] < 0 ? -size : size;
}

/** No minimum was found with or without signal: there is no Z. */
export function hasFailed(numbers: ArrayLike<number>, at: number): boolean {
  const codes = numbers[at + R.codes];
  return codes % 8 === FIT_CODE.notConverged || Math.floor(codes / 8) === FIT_CODE.notConverged;
}

/** Fills counts [nBins] with those of a toy: what the kernel throws on any backend. */
export function throwSpectrum(
  { tables, thresholds }: ThrowTables,
  seed: number,
  toy: number,
  counts: Uint32Array,
): void {
  const params = { ...counterParams(seed, toy), n_bins: counts.length, first_bin: 0 };
  spectrumThrow.run([tables, thresholds, counts], params, 0, counts.length);
}

/** Fits of one toy to the last step. */
export interface OneToy {
  /** [nBins], to be written into. */
  readonly counts: Uint32Array;
  /** After counts were written. */
  load(): void;
  /** Numbers of a hypothesis as spectrum_fit writes them, valid until the next call. */
  fit(hypothesis: number): Float64Array;
}

export function oneToy(plan: FitPlan, nBins: number): OneToy {
  const counts = new Uint32Array(nBins);
  const { arrays, params } = spectrumInputs(plan, counts, nBins, { start: START.leastSquares });
  const result = new Float64Array(plan.nHypotheses * FIT_RESULT_STRIDE);
  return {
    counts,
    load: () => undefined,
    fit(h) {
      spectrumFit.run([...arrays, result], params, h, 1);
      return result.subarray(h * FIT_RESULT_STRIDE, (h + 1) * FIT_RESULT_STRIDE);
    },
  };
}
