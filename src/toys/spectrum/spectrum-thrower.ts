/** Toys of a sliding-range scan on a backend: whole spectra thrown by spectrum_throw, every hypothesis fitted anew. */
import type { Backend, Handle, RunOptions } from '../../engine/backend.ts';
import { CpuBackend } from '../../engine/cpu-backend.ts';
import type { KernelArray } from '../../kernels/kernel.ts';
import { FIT_RESULT_STRIDE, START } from '../../kernels/shared/spectrum-arrays.ts';
import { spectrumFit } from '../../kernels/spectrum_fit.ts';
import { spectrumThrow } from '../../kernels/spectrum_throw.ts';
import { TOY_STRIDE } from '../../kernels/toys/layout.ts';
import type { FitPlan } from '../../model/spectrum/fit-plan.ts';
import type { ThrowTables } from '../../model/spectrum/throw-tables.ts';
import { spectrumInputs } from '../../scan/spectrum/fit-spectrum.ts';
import type { ToyThrower } from '../campaign.ts';
import { counterParams } from '../window-thrower.ts';
import { hasFailed, oneToy, signedZ } from './fit-toys.ts';
import { rankFast, settleToys, type FastFits } from './settle.ts';

export interface ThrowInput {
  /** Of the tested hypotheses, with starts (scan/spectrum/toy-starts.ts). */
  readonly plan: FitPlan;
  readonly tables: ThrowTables;
  readonly nBins: number;
  readonly seed: number;
  readonly zObserved: number;
}

const FIRST_BATCH = 32;
/** Numbers in the arrays of a batch. */
const MOST_NUMBERS = 2 ** 22;

/** A GPU has no f64: the fits then run on this thread. */
export function spectrumThrower(input: ThrowInput, given: Backend): ToyThrower {
  const { plan, tables, nBins, seed, zObserved } = input;
  const backend = given.info.precision === 'f64' ? given : new CpuBackend({ threads: 1 });
  const { nHypotheses } = plan;
  const decider = { tables, seed, zObserved, toy: oneToy(plan, nBins, false) };
  const { arrays, params } = spectrumInputs(plan, new Uint32Array(0), nBins, { start: START.given, isQuick: true });
  const planHandles = arrays.slice(1).map((array) => backend.upload(array));
  const tableHandles = [tables.tables, tables.thresholds].map((array) => backend.upload(array));
  const counts = new Room(backend, (length) => new Uint32Array(length));
  const result = new Room(backend, (length) => new Float64Array(length));
  return {
    first: FIRST_BATCH,
    most: Math.max(1, Math.floor(MOST_NUMBERS / (nBins + FIT_RESULT_STRIDE * nHypotheses))),
    async start(at: number, count: number, { signal, onProgress }: RunOptions) {
      const [thrown, numbers] = [counts.of(count * nBins), result.of(count * nHypotheses * FIT_RESULT_STRIDE)];
      const throwParams = { ...counterParams(seed, at), n_bins: nBins, first_bin: 0 };
      await backend.run(spectrumThrow, [...tableHandles, thrown], throwParams, 0, count * nBins, { signal });
      await backend.run(spectrumFit, [thrown, ...planHandles, numbers], params, 0, count * nHypotheses, {
        signal,
        onProgress: (done) => onProgress?.(Math.floor(done / nHypotheses)),
      });
      const fits = fastFits(await backend.read(numbers), nHypotheses);
      const words = new Uint32Array(TOY_STRIDE * count);
      const unsettled = rankFast(fits, count, zObserved, words);
      return { words, settle: () => settleToys(decider, fits, at, unsettled, words) };
    },
    free() {
      for (const handle of [...planHandles, ...tableHandles]) backend.free(handle);
      counts.free();
      result.free();
      if (backend !== given) void backend.close();
    },
  };
}

function fastFits(numbers: ArrayLike<number>, nHypotheses: number): FastFits {
  return {
    nHypotheses,
    z: (item) => signedZ(numbers, item * FIT_RESULT_STRIDE),
    isOpen: (item) => hasFailed(numbers, item * FIT_RESULT_STRIDE),
  };
}

/** Room for a result on a backend, made anew where the size of a batch changes. */
class Room {
  private readonly backend: Backend;
  private readonly make: (length: number) => KernelArray;
  private handle: Handle | undefined;

  constructor(backend: Backend, make: (length: number) => KernelArray) {
    this.backend = backend;
    this.make = make;
  }

  of(length: number): Handle {
    if (this.handle?.length === length) return this.handle;
    this.free();
    return (this.handle = this.backend.upload(this.make(length)));
  }

  free(): void {
    if (this.handle !== undefined) this.backend.free(this.handle);
    this.handle = undefined;
  }
}
