/**
 * Pseudo-experiments of binned spectra: Poisson counts of all bins of toy number base + i, independent of each other. One
 * work item per (toy, bin): item = toy * n_bins + bin. The count is the number of 64-bit thresholds at or below a 64-bit
 * word, the first two of the Philox block with counter (toy low, toy high, first_bin + bin, TOTAL_DRAW) and the seed as
 * key. Only integers: the same counts on every backend, whatever the range or order of the calls. Twin of
 * shaders/spectrum_throw.wgsl; tables: src/model/spectrum/throw-tables.ts. The same loop exists as WebAssembly
 * (throw/wasm.ts); the twin is its reference and stands in for it.
 */
import { philox4x32 } from '../stats/philox.ts';
import type { Kernel, KernelArray, ParamValues } from './kernel.ts';
import { throwWithWasm } from './throw/wasm.ts';
import { TOTAL_DRAW } from './toys/layout.ts';
import { thresholdsReached } from './toys/totals.ts';

/** Words per bin in `tables`: place of its first threshold, least count, number of thresholds. */
export const THROW_STRIDE = 3;

export const spectrumThrow: Kernel = {
  name: 'spectrum_throw',
  bindings: [
    { name: 'tables', element: 'u32', access: 'read' }, // [n_bins][3]
    { name: 'totals', element: 'u32', access: 'read' }, // [.][2] P(N <= least + i) in units of 2^-64, high and low word
    { name: 'counts', element: 'u32', access: 'write' }, // [nToys][n_bins]
  ],
  params: [
    { name: 'seed_low', type: 'u32' },
    { name: 'seed_high', type: 'u32' },
    { name: 'base_low', type: 'u32' }, // number of toy 0
    { name: 'base_high', type: 'u32' },
    { name: 'n_bins', type: 'u32' },
    { name: 'first_bin', type: 'u32' }, // stream of bin 0: spectra of one toy take different ones
  ],
  run(arrays: readonly KernelArray[], params: ParamValues, first: number, count: number): void {
    const isDone = throwWithWasm(arrays, params, first, count);
    if (!isDone) throwWithTwin(arrays, params, first, count);
  },
};

/** The twin itself; `run` takes WebAssembly where it is there. */
export function throwWithTwin(arrays: readonly KernelArray[], params: ParamValues, first: number, count: number): void {
  const [tables, totals, counts] = arrays as readonly Uint32Array[];
  const { seed_low: seedLow, seed_high: seedHigh, n_bins: nBins, first_bin: firstBin } = params;
  const words = new Uint32Array(4);
  for (let item = first; item < first + count;) {
    const toy = Math.floor(item / nBins);
    const end = Math.min(first + count, (toy + 1) * nBins);
    const low = params.base_low + toy;
    const toyLow = low | 0;
    const toyHigh = (params.base_high + (low >= 0x100000000 ? 1 : 0)) | 0;
    for (let bin = item - toy * nBins; item < end; item++, bin++) {
      philox4x32(words, toyLow, toyHigh, (firstBin + bin) | 0, TOTAL_DRAW | 0, seedLow | 0, seedHigh | 0);
      const at = THROW_STRIDE * bin;
      counts[item] = tables[at + 1] + thresholdsReached(totals, tables[at], tables[at + 2], words[0], words[1]);
    }
  }
}
