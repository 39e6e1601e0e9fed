/** Toys of a sliding-range scan on a backend: whole spectra thrown by spectrum_throw, every hypothesis fitted anew. */
import type { Backend, RunOptions } from '../../engine/backend.ts';
import { CpuBackend } from '../../engine/cpu-backend.ts';
import { QUICK_RESULT_STRIDE } from '../../kernels/quick/layout.ts';
import { spectrumThrow } from '../../kernels/spectrum_throw.ts';
import { TOY_STRIDE } from '../../kernels/toys/layout.ts';
import type { ToyThrower } from '../campaign.ts';
import { counterParams } from '../window-thrower.ts';
import { gpuThrower } from './gpu-thrower.ts';
import { Room } from './room.ts';
import { rankFast, settleToys, type Decider } from './settle.ts';
import { fastFits, loadPass, type Pass } from './toy-refits.ts';

export interface ThrowInput extends Decider {
  readonly nHypotheses: number;
  readonly nBins: number;
  /** Fits of toys, pass after pass. */
  readonly passes: readonly Pass[];
  /**
   * `fast`: a pass for any backend, and one for f64 of what it leaves open; `f64`: the first one leaves all; `here`: kernels
   * that workers do not know.
   */
  readonly kind: 'fast' | 'f64' | 'here';
  /** Makes a backend with f64 for what a GPU leaves; it is closed at the end. */
  readonly cpu: () => Backend;
}

const FIRST_BATCH = 32;
/** Numbers in the arrays of a batch. */
const MOST_NUMBERS = 2 ** 22;

export function spectrumThrower(input: ThrowInput, backend: Backend): ToyThrower {
  const { kind } = input;
  if (kind === 'here') return f64Thrower(input, new CpuBackend({ threads: 1 }), true);
  if (backend.info.precision === 'f64') return f64Thrower(input, backend, false);
  return kind === 'fast' ? gpuThrower(input, backend) : f64Thrower(input, input.cpu(), true);
}

function f64Thrower(input: ThrowInput, backend: Backend, isOwn: boolean): ToyThrower {
  const { tables, seed, zObserved, nHypotheses, nBins } = input;
  const passes = input.passes.map((pass) => loadPass(pass, backend));
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
      for (const [i, pass] of passes.entries())
        await pass.run(thrown, numbers, count, { signal, ...(i === passes.length - 1 ? { onProgress } : {}) });
      const found = fastFits(await backend.read(numbers), nHypotheses);
      const words = new Uint32Array(TOY_STRIDE * count);
      const unsettled = rankFast(found, count, zObserved, words);
      return { words, settle: () => settleToys(input, found, (i) => at + i, unsettled, words) };
    },
    free() {
      for (const handle of tableHandles) backend.free(handle);
      for (const part of [counts, result, ...passes]) part.free();
      if (isOwn) void backend.close();
    },
  };
}
