/** Toys of a sliding-range scan on a backend: whole spectra thrown by spectrum_throw, every hypothesis fitted anew. */
import type { Backend, Handle, RunOptions } from '../../engine/backend.ts';
import type { KernelArray } from '../../kernels/kernel.ts';
import { QUICK_RESULT_STRIDE } from '../../kernels/quick/layout.ts';
import { spectrumThrow } from '../../kernels/spectrum_throw.ts';
import { TOY_STRIDE } from '../../kernels/toys/layout.ts';
import type { ToyThrower } from '../campaign.ts';
import { counterParams } from '../window-thrower.ts';
import { rankFast, settleToys, type Decider } from './settle.ts';
import { fastFits, openRefitter, type Pass } from './toy-refits.ts';

export interface ThrowInput extends Decider {
  readonly passes: readonly Pass[];
  /** Their kernels run on this thread only. */
  readonly isHere: boolean;
  readonly nHypotheses: number;
}

const FIRST_BATCH = 32;
/** Numbers in the arrays of a batch. */
const MOST_NUMBERS = 2 ** 22;

export function spectrumThrower(input: ThrowInput, given: Backend): ToyThrower {
  const { tables, seed, zObserved, nHypotheses, passes, isHere, toy } = input;
  const nBins = toy.counts.length;
  const refitter = openRefitter(passes, given, isHere);
  const { backend } = refitter;
  const tableHandles = [tables.tables, tables.thresholds].map((array) => backend.upload(array));
  const counts = new Room(backend, (length) => new Uint32Array(length));
  const result = new Room(backend, (length) => new Float64Array(length));
  return {
    first: FIRST_BATCH,
    most: Math.max(1, Math.floor(MOST_NUMBERS / (nBins + QUICK_RESULT_STRIDE * nHypotheses))),
    async start(at: number, count: number, { signal, onProgress }: RunOptions) {
      const [thrown, numbers] = [counts.of(count * nBins), result.of(count * nHypotheses * QUICK_RESULT_STRIDE)];
      const params = { ...counterParams(seed, at), n_bins: nBins, first_bin: 0 };
      await backend.run(spectrumThrow, [...tableHandles, thrown], params, 0, count * nBins, { signal });
      await refitter.run(thrown, numbers, count, { signal, onProgress });
      const fits = fastFits(await backend.read(numbers), nHypotheses);
      const words = new Uint32Array(TOY_STRIDE * count);
      const unsettled = rankFast(fits, count, zObserved, words);
      return { words, settle: () => settleToys(input, fits, at, unsettled, words) };
    },
    free() {
      for (const handle of tableHandles) backend.free(handle);
      counts.free();
      result.free();
      refitter.free();
    },
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
