/** Toys of one hypothesis with an injected signal, thrown and fitted on a backend: S^, its error and the signed Z of each. */
import type { Backend, Handle, RunOptions } from '../../engine/backend.ts';
import { CpuBackend } from '../../engine/cpu-backend.ts';
import { FIT_RESULT as R, FIT_RESULT_STRIDE, START } from '../../kernels/shared/spectrum-arrays.ts';
import { spectrumFit } from '../../kernels/spectrum_fit.ts';
import { QUICK_CODE, QUICK_RESULT as Q, QUICK_RESULT_STRIDE, spectrumQuick } from '../../kernels/spectrum_quick.ts';
import { spectrumThrow } from '../../kernels/spectrum_throw.ts';
import { makeQuickPlan } from '../../model/spectrum/quick-plan.ts';
import { makeThrowTables } from '../../model/spectrum/throw-tables.ts';
import { spectrumInputs } from '../../scan/spectrum/fit-spectrum.ts';
import { chooseOrders, runChosen } from '../../scan/spectrum/order-choice.ts';
import { counterParams } from '../window-thrower.ts';
import { withSignal, type OwnRange } from './bias-range.ts';
import { hasFailed, oneToy, signedZ } from './fit-toys.ts';

/** [nToys] each. */
export interface ToyEstimates {
  readonly sHat: Float64Array;
  /** 0: the occupied bins do not determine S, or there are none. */
  readonly sErr: Float64Array;
  readonly z: Float64Array;
  /** 1: no minimum was found; the others are 0. */
  readonly failed: Uint8Array;
}

/** Toys with the same expected counts. */
export interface Ensemble {
  readonly seed: number;
  /** High word of the numbers of its toys, which tells it from other ensembles and from campaigns (0). */
  readonly word: number;
  readonly nToys: number;
  /** Signal events over all of the variable. */
  readonly injected: number;
}

/** Numbers in the arrays of a batch. */
const MOST_NUMBERS = 2 ** 21;

/**
 * @param given fits with linear backgrounds of a fixed order run there; others need f64: there too, or on this thread
 * Error of kind `interrupted` when the signal aborts.
 */
export async function throwEnsemble(
  range: OwnRange,
  ensemble: Ensemble,
  given: Backend,
  options: RunOptions = {},
): Promise<ToyEstimates> {
  const { nBins, plan, choice } = range;
  const { nToys } = ensemble;
  const isQuick = choice === undefined && plan.hypotheses[NUMBER_OF_LOG] === 0;
  const backend = isQuick || given.info.precision === 'f64' ? given : new CpuBackend({ threads: 1 });
  const { tables, thresholds } = makeThrowTables(withSignal(range, ensemble.injected));
  const found: ToyEstimates = {
    sHat: new Float64Array(nToys),
    sErr: new Float64Array(nToys),
    z: new Float64Array(nToys),
    failed: new Uint8Array(nToys),
  };
  const handles = [tables, thresholds].map((array) => backend.upload(array));
  const fits = isQuick
    ? quickFits(range, backend)
    : choice === undefined
      ? f64Fits(range, backend)
      : chosenFits(range, backend);
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
        const open = await fits.run(counts, count, found, at, options);
        const again = open.length > 0 ? oneToy(plan, nBins) : undefined;
        for (const toy of open) {
          spectrumThrow.run([tables, thresholds, again!.counts], throwParams(toy), 0, nBins);
          readFit(again!.fit(0), 0, found, toy);
        }
      } finally {
        backend.free(counts);
      }
      options.onProgress?.(at + count);
    }
    return found;
  } finally {
    for (const handle of [...handles, ...fits.handles]) backend.free(handle);
    if (backend !== given) await backend.close();
  }
}

const NUMBER_OF_LOG = 4;

/** Fits of a batch; returns the toys that are still to be fitted in f64. */
interface BatchFits {
  readonly handles: readonly Handle[];
  run(counts: Handle, nToys: number, to: ToyEstimates, at: number, options: RunOptions): Promise<number[]>;
}

function quickFits({ plan, expected, nBins }: OwnRange, backend: Backend): BatchFits {
  const { hypotheses, bins, rows, scales, maxBins, maxParams } = makeQuickPlan(plan, expected);
  const handles = [hypotheses, bins, rows, scales].map((array) => backend.upload(array));
  const params = { n_hypotheses: 1, n_bins: nBins, max_bins: maxBins, max_params: maxParams };
  return {
    handles,
    async run(counts, nToys, to, at, { signal }) {
      const result = await resultOf(backend, nToys * QUICK_RESULT_STRIDE, (handle) =>
        backend.run(spectrumQuick, [counts, ...handles, handle], params, 0, nToys, { signal }),
      );
      const open: number[] = [];
      for (let i = 0; i < nToys; i++) {
        const row = QUICK_RESULT_STRIDE * i;
        if (result[row + Q.code] !== QUICK_CODE.ok) open.push(at + i);
        to.sHat[at + i] = result[row + Q.sHat];
        to.sErr[at + i] = result[row + Q.sErr];
        to.z[at + i] = result[row + Q.z];
      }
      return open;
    },
  };
}

function f64Fits({ plan, nBins }: OwnRange, backend: Backend): BatchFits {
  const { arrays, params } = spectrumInputs(plan, new Uint32Array(0), nBins, { start: START.leastSquares });
  const handles = arrays.slice(1).map((array) => backend.upload(array));
  return {
    handles,
    async run(counts, nToys, to, at, { signal }) {
      const result = await resultOf(backend, nToys * FIT_RESULT_STRIDE, (handle) =>
        backend.run(spectrumFit, [counts, ...handles, handle], params, 0, nToys, { signal }),
      );
      for (let i = 0; i < nToys; i++) readFit(result, FIT_RESULT_STRIDE * i, to, at + i);
      return [];
    },
  };
}

/** The order chosen anew for every toy. */
function chosenFits({ choice }: OwnRange, backend: Backend): BatchFits {
  return {
    handles: [],
    async run(handle, nToys, to, at) {
      const counts = (await backend.read(handle)) as Uint32Array;
      const result = runChosen(choice!, counts, chooseOrders(choice!, counts));
      for (let i = 0; i < nToys; i++) readFit(result, FIT_RESULT_STRIDE * i, to, at + i);
      return [];
    },
  };
}

async function resultOf(
  backend: Backend,
  length: number,
  run: (handle: Handle) => Promise<void>,
): Promise<ArrayLike<number>> {
  const handle = backend.upload(new Float64Array(length));
  try {
    await run(handle);
    return await backend.read(handle);
  } finally {
    backend.free(handle);
  }
}

/** A row of FIT_RESULT of a full fit. */
function readFit(numbers: ArrayLike<number>, row: number, to: ToyEstimates, toy: number): void {
  if (hasFailed(numbers, row)) {
    to.failed[toy] = 1;
    return;
  }
  to.sHat[toy] = numbers[row + R.sHat];
  to.sErr[toy] = numbers[row + R.sErr];
  to.z[toy] = signedZ(numbers, row);
}
