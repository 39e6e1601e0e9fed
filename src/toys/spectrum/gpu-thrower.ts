/**
 * Toys on a GPU: thrown, fitted and reduced to one row of words each without leaving it. Toys near the data, and those in
 * which f32 leaves a hypothesis open, are completed on a CPU while the next batch is being thrown.
 */
import type { Backend, RunOptions } from '../../engine/backend.ts';
import { RESULT_CODE } from '../../kernels/plan-bindings.ts';
import { QUICK_RESULT_STRIDE } from '../../kernels/quick/layout.ts';
import { BEST, BEST_STRIDE, NO_HYPOTHESIS, spectrumBest, zOfScore } from '../../kernels/spectrum_best.ts';
import { spectrumThrow } from '../../kernels/spectrum_throw.ts';
import { TOY_STRIDE } from '../../kernels/toys/layout.ts';
import type { ToyThrower } from '../campaign.ts';
import { counterParams } from '../window-thrower.ts';
import { throwSpectrum } from './fit-toys.ts';
import { Room } from './room.ts';
import { MARGIN, rankFast, settleToys } from './settle.ts';
import type { ThrowInput } from './spectrum-thrower.ts';
import { fastFits, loadPass } from './toy-refits.ts';
import { rankOfZ } from './z-ranks.ts';

const FIRST_BATCH = 256;
/** Fits of a batch. */
const MOST_FITS = 2 ** 23;
/** Where this share of a batch is left, all its fits are read back. */
const MANY = 1 / 64;
/** Toys completed at a time. */
const PORTION = 256;

export function gpuThrower(input: ThrowInput, gpu: Backend): ToyThrower {
  const [quick, repeat] = input.passes;
  const { tables, seed, zObserved, nHypotheses, nBins } = input;
  const perToy = nHypotheses * QUICK_RESULT_STRIDE;
  const tableHandles = [tables.tables, tables.thresholds].map((array) => gpu.upload(array));
  const fast = loadPass(quick, gpu);
  const counts = new Room(gpu, (length) => new Uint32Array(length));
  const result = new Room(gpu, (length) => new Float64Array(length));
  const best = new Room(gpu, (length) => new Uint32Array(length));
  const cpu = input.cpu();
  const [again, rest] = [loadPass(quick, cpu), loadPass(repeat, cpu)];

  /** Words of these toys. @param numbers of the batch as the GPU has them, else they are computed anew */
  async function complete(
    at: number,
    places: readonly number[],
    numbers: ArrayLike<number> | undefined,
    words: Uint32Array,
  ) {
    const thrown = new Uint32Array(places.length * nBins);
    const known = new Float64Array(places.length * perToy);
    places.forEach((i, k) => {
      throwSpectrum(tables, seed, at + i, thrown.subarray(k * nBins, (k + 1) * nBins));
      if (numbers === undefined) return;
      for (let j = 0; j < perToy; j++) known[k * perToy + j] = numbers[i * perToy + j];
    });
    const [countHandle, handle] = [cpu.upload(thrown), cpu.upload(known)];
    try {
      if (numbers === undefined) await again.run(countHandle, handle, places.length, {});
      await rest.run(countHandle, handle, places.length, {});
      const found = fastFits(await cpu.read(handle), nHypotheses);
      const own = new Uint32Array(TOY_STRIDE * places.length);
      const unsettled = rankFast(found, places.length, zObserved, own);
      settleToys(input, found, (k) => at + places[k], unsettled, own);
      places.forEach((i, k) => words.set(own.subarray(TOY_STRIDE * k, TOY_STRIDE * (k + 1)), TOY_STRIDE * i));
    } finally {
      cpu.free(countHandle);
      cpu.free(handle);
    }
  }

  return {
    first: FIRST_BATCH,
    most: Math.max(1, Math.floor(MOST_FITS / nHypotheses)),
    async start(at: number, count: number, { signal, onProgress }: RunOptions) {
      const [thrown, numbers, bests] = [
        counts.of(count * nBins),
        result.of(count * perToy),
        best.of(count * BEST_STRIDE),
      ];
      const params = { ...counterParams(seed, at), n_bins: nBins, first_bin: 0 };
      await gpu.run(spectrumThrow, [...tableHandles, thrown], params, 0, count * nBins, { signal });
      await fast.run(thrown, numbers, count, { signal, onProgress });
      await gpu.run(spectrumBest, [numbers, bests], { n_hypotheses: nHypotheses, level: 1 }, 0, count, { signal });
      const rows = (await gpu.read(bests)) as Uint32Array;
      const words = new Uint32Array(TOY_STRIDE * count);
      const left: number[] = [];
      for (let i = 0; i < count; i++) {
        const row = BEST_STRIDE * i;
        const z = zOfScore(rows[row + BEST.score]);
        const place = rows[row + BEST.hypothesis];
        words.set([rankOfZ(z, zObserved), place === NO_HYPOTHESIS ? 0 : place, 0, RESULT_CODE.ok], TOY_STRIDE * i);
        if (rows[row + BEST.nUndecided] > 0 || Math.abs(z - zObserved) <= MARGIN) left.push(i);
      }
      const all = left.length > MANY * count ? await gpu.read(numbers) : undefined;
      return {
        words,
        async settle() {
          for (let k = 0; k < left.length; k += PORTION) await complete(at, left.slice(k, k + PORTION), all, words);
        },
      };
    },
    free() {
      for (const handle of tableHandles) gpu.free(handle);
      for (const part of [counts, result, best, fast, again, rest]) part.free();
      void cpu.close();
    },
  };
}
