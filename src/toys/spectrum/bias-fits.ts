/**
 * Fits of a batch of thrown toys of one hypothesis: quick where the background is linear and its order fixed, in f64 where not,
 * and for what quick fits leave open.
 */
import type { Backend, Handle, RunOptions } from '../../engine/backend.ts';
import { throwIfAborted } from '../../engine/call.ts';
import { CpuBackend } from '../../engine/cpu-backend.ts';
import { FIT_RESULT as R, FIT_RESULT_STRIDE, START } from '../../kernels/shared/spectrum-arrays.ts';
import { spectrumFit } from '../../kernels/spectrum_fit.ts';
import { QUICK_CODE, QUICK_RESULT as Q, QUICK_RESULT_STRIDE, spectrumQuick } from '../../kernels/spectrum_quick.ts';
import { makeQuickPlan } from '../../model/spectrum/quick-plan.ts';
import { spectrumInputs } from '../../scan/spectrum/fit-spectrum.ts';
import { chooseOrders, runChosen } from '../../scan/spectrum/order-choice.ts';
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

/** Fits of a batch, written to toys [at, at + nToys). */
export interface BatchFits {
  readonly handles: readonly Handle[];
  run(counts: Handle, nToys: number, to: ToyEstimates, at: number, options: RunOptions): Promise<void>;
}

const NUMBER_OF_LOG = 4;

export function isQuick({ plan, choice }: OwnRange): boolean {
  return choice === undefined && plan.hypotheses[NUMBER_OF_LOG] === 0;
}

/** @param backend of precision f64 where the fits are not quick */
export function batchFits(range: OwnRange, backend: Backend): BatchFits {
  if (isQuick(range)) return quickFits(range, backend);
  return range.choice === undefined ? f64Fits(range, backend) : chosenFits(range, backend);
}

/** In f64 those toys that the quick fits leave open: on the backend, on this thread where it has no f64. */
function quickFits(range: OwnRange, backend: Backend): BatchFits {
  const { plan, expected, nBins } = range;
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
        if (result[row + Q.code] !== QUICK_CODE.ok) open.push(i);
        to.sHat[at + i] = result[row + Q.sHat];
        to.sErr[at + i] = result[row + Q.sErr];
        to.z[at + i] = result[row + Q.z];
      }
      if (open.length > 0) await fitOpen(range, backend, counts, open, to, at, signal);
    },
  };
}

async function fitOpen(
  range: OwnRange,
  backend: Backend,
  counts: Handle,
  open: readonly number[],
  to: ToyEstimates,
  at: number,
  signal: AbortSignal | undefined,
): Promise<void> {
  const { nBins } = range;
  const all = (await backend.read(counts)) as Uint32Array;
  const own = new Uint32Array(open.length * nBins);
  open.forEach((toy, i) => own.set(all.subarray(toy * nBins, (toy + 1) * nBins), i * nBins));
  const f64 = backend.info.precision === 'f64' ? backend : new CpuBackend({ threads: 1 });
  const { arrays, params } = spectrumInputs(range.plan, own, nBins, { start: START.leastSquares });
  const handles = arrays.map((array) => f64.upload(array));
  try {
    const result = await resultOf(f64, open.length * FIT_RESULT_STRIDE, (handle) =>
      f64.run(spectrumFit, [...handles, handle], params, 0, open.length, { signal }),
    );
    open.forEach((toy, i) => readFit(result, FIT_RESULT_STRIDE * i, to, at + toy));
  } finally {
    for (const handle of handles) f64.free(handle);
    if (f64 !== backend) await f64.close();
  }
}

function f64Fits({ plan, nBins }: OwnRange, backend: Backend): BatchFits {
  const { arrays, params } = spectrumInputs(plan, new Uint32Array(0), nBins, { start: START.leastSquares });
  const handles = arrays.slice(1).map((array) => backend.upload(array));
  return {
    handles,
    async run(counts, nToys, to, at, options) {
      const result = await resultOf(backend, nToys * FIT_RESULT_STRIDE, (handle) =>
        backend.run(spectrumFit, [counts, ...handles, handle], params, 0, nToys, options),
      );
      for (let i = 0; i < nToys; i++) readFit(result, FIT_RESULT_STRIDE * i, to, at + i);
    },
  };
}

/** The order chosen anew for every toy. */
function chosenFits({ choice }: OwnRange, backend: Backend): BatchFits {
  return {
    handles: [],
    async run(handle, nToys, to, at, { signal, onProgress }) {
      const all = (await backend.read(handle)) as Uint32Array;
      const { nBins } = choice!;
      for (let first = 0; first < nToys; first += PIECE) {
        throwIfAborted(signal, first, nToys);
        const end = Math.min(nToys, first + PIECE);
        const counts = all.slice(first * nBins, end * nBins);
        const result = runChosen(choice!, counts, chooseOrders(choice!, counts));
        for (let i = first; i < end; i++) readFit(result, FIT_RESULT_STRIDE * (i - first), to, at + i);
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
