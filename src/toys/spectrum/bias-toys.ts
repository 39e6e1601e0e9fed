/** Toys of one hypothesis with an injected signal, thrown and fitted on a backend: S^, its error and the signed Z of each. */
import type { Backend, RunOptions } from '../../engine/backend.ts';
import { FIT_RESULT_STRIDE } from '../../kernels/shared/spectrum-arrays.ts';
import { spectrumThrow } from '../../kernels/spectrum_throw.ts';
import { makeThrowTables } from '../../model/spectrum/throw-tables.ts';
import { counterParams } from '../window-thrower.ts';
import { batchFits, isQuick, type ToyEstimates } from './bias-fits.ts';
import { withSignal, type OwnRange } from './bias-range.ts';

/** Toys with the same expected counts. */
export interface Ensemble {
  readonly seed: number;
  /** High word of the numbers of its toys, which tells it from other ensembles and from campaigns (0). */
  readonly word: number;
  readonly nToys: number;
  /** Signal events over all of the variable. */
  readonly injected: number;
}

/** Where to compute; the same one where it is of precision f64. */
export interface BiasBackends {
  readonly quick: Backend;
  /** For what quick fits cannot do: backgrounds that are not linear, orders that are chosen, toys that they leave open. */
  readonly f64: Backend;
}

/** Numbers in the arrays of a batch. */
const MOST_NUMBERS = 2 ** 21;

/** Error of kind `interrupted` when the signal aborts. */
export async function throwEnsemble(
  range: OwnRange,
  ensemble: Ensemble,
  { quick, f64 }: BiasBackends,
  options: RunOptions = {},
): Promise<ToyEstimates> {
  const { nBins } = range;
  const { nToys } = ensemble;
  const backend = isQuick(range) ? quick : f64;
  const { tables, thresholds } = makeThrowTables(withSignal(range, ensemble.injected));
  const found: ToyEstimates = {
    sHat: new Float64Array(nToys),
    sErr: new Float64Array(nToys),
    z: new Float64Array(nToys),
    failed: new Uint8Array(nToys),
  };
  const handles = [tables, thresholds].map((array) => backend.upload(array));
  const fits = batchFits(range, backend, f64);
  const most = Math.max(1, Math.floor(MOST_NUMBERS / (nBins + FIT_RESULT_STRIDE)));
  const throwParams = (toy: number) => ({
    ...counterParams(ensemble.seed, toy),
    base_high: ensemble.word,
    n_bins: nBins,
    first_bin: range.firstBin,
  });
  try {
    for (let at = 0; at < nToys; at += most) {
      const count = Math.min(most, nToys - at);
      const counts = backend.upload(new Uint32Array(count * nBins));
      try {
        await backend.run(spectrumThrow, [...handles, counts], throwParams(at), 0, count * nBins, {
          signal: options.signal,
        });
        const toys = Array.from({ length: count }, (_, i) => at + i);
        await fits.run(counts, toys, found, {
          signal: options.signal,
          onProgress: (done) => options.onProgress?.(at + done),
        });
      } finally {
        backend.free(counts);
      }
      options.onProgress?.(at + count);
    }
    return found;
  } finally {
    for (const handle of [...handles, ...fits.handles]) backend.free(handle);
  }
}
