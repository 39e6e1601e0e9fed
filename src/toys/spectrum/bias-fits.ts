/**
 * Fits of a batch of thrown toys of one hypothesis: quick where the background is linear and its order fixed, in f64 where not,
 * and for what quick fits leave open.
 */
import type { Backend, Handle, RunOptions } from '../../engine/backend.ts';
import { throwIfAborted } from '../../engine/call.ts';
import { FIT_RESULT as R, FIT_RESULT_STRIDE, START } from '../../kernels/shared/spectrum-arrays.ts';
import { spectrumFit } from '../../kernels/spectrum_fit.ts';
import { QUICK_CODE, QUICK_RESULT as Q, QUICK_RESULT_STRIDE, spectrumQuick } from '../../kernels/spectrum_quick.ts';
import { makeQuickPlan } from '../../model/spectrum/quick-plan.ts';
import { spectrumInputs } from '../../scan/spectrum/fit-spectrum.ts';
import { chooseOrders, runChosen, type ChoicePlans } from '../../scan/spectrum/order-choice.ts';
import type { OwnRange } from './bias-range.ts';
import { hasFailed, signedZ } from './fit-toys.ts';

/** [nToys] each. */
export interface ToyEstimates {
  readonly sHat: Float64Array;
  /** 0: the occupied bins do not determine S, or there are none. */
  readonly sErr: Float64Array;
  readonly z: Float64Array;
  /** 1: no minimum was found; the others are 0. */
  readonly failed: Uint8Array;
}

/** Fits of a batch, written to the toys of these numbers. */
export interface BatchFits {
  readonly handles: readonly Handle[];
  run(counts: Handle, toys: readonly number[], to: ToyEstimates, options: RunOptions): Promise<void>;
}

const NUMBER_OF_LOG = 4;

export function isQuick({ plan, choice }: OwnRange): boolean {
  return choice === undefined && plan.hypotheses[NUMBER_OF_LOG] === 0;
}

/**
 * @param backend that has the counts; f64 where the fits are not quick
 * @param f64 for toys that quick fits leave open
 */
export function batchFits(range: OwnRange, backend: Backend, f64: Backend): BatchFits {
  if (isQuick(range)) return quickFits(range, backend, f64);
  return range.choice === undefined ? f64Fits(range, backend) : chosenFits(range.choice, backend);
}

function quickFits(range: OwnRange, backend: Backend, f64: Backend): BatchFits {
  const { plan, expected, nBins } = range;
  const { hypotheses, bins, rows, scales, maxBins, maxParams } = makeQuickPlan(plan, expected);
  const handles = [hypotheses, bins, rows, scales].map((array) => backend.upload(array));
  const params = { n_hypotheses: 1, n_bins: nBins, max_bins: maxBins, max_params: maxParams };
  return {
    handles,
    async run(counts, toys, to, { signal }) {
      const result = await resultOf(backend, toys.length * QUICK_RESULT_STRIDE, (handle) =>
        backend.run(spectrumQuick, [counts, ...handles, handle], params, 0, toys.length, { signal }),
      );
      const open: number[] = [];
      toys.forEach((toy, i) => {
        const row = QUICK_RESULT_STRIDE * i;
        if (result[row + Q.code] !== QUICK_CODE.ok) open.push(i);
        to.sHat[toy] = result[row + Q.sHat];
        to.sErr[toy] = result[row + Q.sErr];
        to.z[toy] = result[row + Q.z];
      });
      if (open.length === 0) return;
      const all = (await backend.read(counts)) as Uint32Array;
      const own = new Uint32Array(open.length * nBins);
      open.forEach((i, k) => own.set(all.subarray(i * nBins, (i + 1) * nBins), k * nBins));
      const handle = f64.upload(own);
      const again = f64Fits(range, f64);
      try {
        await again.run(handle, open.map((i) => toys[i]), to, { signal }); // prettier-ignore
      } finally {
        for (const one of [handle, ...again.handles]) f64.free(one);
      }
    },
  };
}

function f64Fits({ plan, nBins }: OwnRange, backend: Backend): BatchFits {
  const { arrays, params } = spectrumInputs(plan, new Uint32Array(0), nBins, { start: START.leastSquares });
  const handles = arrays.slice(1).map((array) => backend.upload(array));
  return {
    handles,
    async run(counts, toys, to, options) {
      const result = await resultOf(backend, toys.length * FIT_RESULT_STRIDE, (handle) =>
        backend.run(spectrumFit, [counts, ...handles, handle], params, 0, toys.length, options),
      );
      toys.forEach((toy, i) => readFit(result, FIT_RESULT_STRIDE * i, to, toy));
    },
  };
}

/** The order chosen anew for every toy, on this thread. */
function chosenFits(choice: ChoicePlans, backend: Backend): BatchFits {
  return {
    handles: [],
    async run(handle, toys, to, { signal, onProgress }) {
      const all = (await backend.read(handle)) as Uint32Array;
      const { nBins } = choice;
      for (let first = 0; first < toys.length; first += PIECE) {
        throwIfAborted(signal, first, toys.length);
        const end = Math.min(toys.length, first + PIECE);
        const counts = all.slice(first * nBins, end * nBins);
        const result = runChosen(choice, counts, chooseOrders(choice, counts));
        toys.slice(first, end).forEach((toy, i) => readFit(result, FIT_RESULT_STRIDE * i, to, toy));
        onProgress?.(end);
        await new Promise((resolve) => setTimeout(resolve)); // Ctrl-C is heard
      }
    },
  };
}

/** Toys between two looks at the signal. */
const PIECE = 100;

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
