/**
 * Pseudo-experiments of a whole window scan: throws toy number `base + i`, counts its events in every window and keeps
 * the most significant window. Twin of shaders/toy_scan.wgsl. Only integers: both give the same words.
 *
 * A toy is a pure function of (seed, toy): Philox4x32-10 with counter (toy low, toy high, stream, draw). Per source of
 * events one total (64-bit thresholds), per event two words for an atom (alias table), and per atom the list of windows
 * it is in. A window's count n is worth rank ranks[rank_first[w] + n] (larger = smaller p0): ranks grow with n, so the
 * running maximum over all increments is the maximum over windows. Where p0 depends on n_off too (toys/layout.ts, AXIS),
 * windows are looked up after the last event. One work item per toy; result [nToys][4]: rank, window (the lowest number
 * among ties), fingerprint of all counts (0 unless params.fingerprint), code: 1 the device has no room for a count, 2
 * n_off of some window is outside its rows.
 *
 * The same loop exists as WebAssembly (toys/wasm.ts), six times as fast; the twin is its reference and stands in for it.
 */
import { philox4x32 } from '../stats/philox.ts';
import type { Kernel, KernelArray, ParamValues } from './kernel.ts';
import { RESULT_CODE } from './plan-bindings.ts';
import { AXIS, countMark, HEADER, SOURCE_STRIDE, STEP_STREAM, TOTAL_DRAW, TOY_STRIDE } from './toys/layout.ts';
import { bestOfRows } from './toys/rows.ts';
import { makeToyLookup, RecentTables, type ToyArrays, type ToyLookup, type Words } from './toys/lookup.ts';
import { thresholdsReached } from './toys/totals.ts';
import { throwWithWasm } from './toys/wasm.ts';

export { AXIS, countMark, HEADER, SOURCE_STRIDE, STEP_STREAM, TOTAL_DRAW, TOY_STRIDE } from './toys/layout.ts';

export const toyScan: Kernel = {
  name: 'toy_scan',
  bindings: [
    { name: 'header', element: 'u32', access: 'read' }, // HEADER, then [nSteps][nSources][SOURCE_STRIDE]
    { name: 'totals', element: 'u32', access: 'read' }, // [.][2] P(N <= n) in units of 2^-64, high and low word
    { name: 'alias_table', element: 'u32', access: 'read' }, // [.][2] threshold, atom
    { name: 'atom_first', element: 'u32', access: 'read' }, // [nAtoms + 1]
    { name: 'atom_windows', element: 'u32', access: 'read' }, // windows, or regions: AXIS
    { name: 'rank_first', element: 'u32', access: 'read' }, // [nWindows + 1], or rows: AXIS in toys/layout.ts
    { name: 'ranks', element: 'u32', access: 'read' },
    { name: 'result', element: 'u32', access: 'write' },
  ],
  params: [
    { name: 'seed_low', type: 'u32' },
    { name: 'seed_high', type: 'u32' },
    { name: 'base_low', type: 'u32' },
    { name: 'base_high', type: 'u32' },
    { name: 'fingerprint', type: 'u32' },
    { name: 'floor_rank', type: 'u32' }, // a rank that some window of nearly every toy reaches: smaller ones are not looked up
    { name: 'count_bits', type: 'u32' }, // 8 or 16, room for one count in the memory of a workgroup; the twin has more
  ],
  mapping: 'workgroup',
  run(arrays: readonly KernelArray[], params: ParamValues, first: number, count: number): void {
    const isDone = throwWithWasm(arrays as ToyArrays, params, first, count);
    if (!isDone) throwWithTwin(arrays, params, first, count);
  },
};

/** The twin itself; `run` takes WebAssembly where it is there. */
export function throwWithTwin(arrays: readonly KernelArray[], params: ParamValues, first: number, count: number): void {
  const tables = arrays as ToyArrays;
  const scan = new ToyScan(tables, params);
  for (let i = first; i < first + count; i++) scan.throwToy(i, tables[7]);
}

const lookups = new RecentTables<ToyLookup>(2);

class ToyScan {
  private readonly arrays: ToyArrays;
  private readonly lookup: ToyLookup;
  private readonly params: ParamValues;
  /** [nRegions] start of the region plus the events of the toy so far. */
  private readonly counts: Words;
  /** Random words of one source's events, two each. */
  private random = new Uint32Array(0);
  /** Atoms of the toy's events. */
  private hits = new Uint32Array(1024);
  private readonly words = new Uint32Array(4);

  constructor(arrays: ToyArrays, params: ParamValues) {
    this.arrays = arrays;
    this.lookup = lookups.get(arrays, params.floor_rank, () => makeToyLookup(arrays, params.floor_rank));
    this.params = params;
    this.counts = this.lookup.plainStarts.slice();
  }

  throwToy(i: number, result: Uint32Array): void {
    const { params, words, lookup } = this;
    const [header] = this.arrays;
    const low = params.base_low + i;
    const toyLow = low >>> 0;
    const toyHigh = (params.base_high + (low >= 0x100000000 ? 1 : 0)) >>> 0;
    const nSources = header[HEADER.sources];
    let step = 0;
    if (header[HEADER.steps] > 1) {
      philox4x32(words, toyLow, toyHigh, STEP_STREAM, 0, params.seed_low, params.seed_high);
      step = this.drawStep(header[HEADER.stepAlias], header[HEADER.stepBits]);
    }
    let nHits = 0;
    for (let source = 0; source < nSources; source++) {
      const at = HEADER.firstSource + SOURCE_STRIDE * (step * nSources + source);
      philox4x32(words, toyLow, toyHigh, source, TOTAL_DRAW, params.seed_low, params.seed_high);
      const total = this.drawTotal(header[at], header[at + 1], header[at + 2]);
      this.drawWords(total, toyLow, toyHigh, source);
      this.drawAtoms(nHits, total, header[at + 3], header[at + 4]);
      nHits += total;
    }
    const at = TOY_STRIDE * i;
    result[at + 3] = RESULT_CODE.ok;
    let starts = lookup.starts;
    if (header[HEADER.axis] >= AXIS.sideBand) this.countRows(nHits, at, result);
    else {
      const base = header[HEADER.axis] === AXIS.step ? step * lookup.nRegions : 0;
      starts = starts.subarray(base, base + lookup.nRegions);
      if (!this.count(nHits, at, result, starts, base)) {
        this.count(nHits, at, result, (starts = lookup.plainStarts), base);
      }
    }
    result[at + 2] = params.fingerprint === 0 ? 0 : this.fingerprint(starts);
  }

  /** Counts all regions, then looks every window up in its row. */
  private countRows(nHits: number, at: number, result: Uint32Array): void {
    const { hits, counts } = this;
    const [header, , , atomFirst, atomWindows, rankFirst, ranks] = this.arrays;
    counts.fill(0);
    for (let h = 0; h < nHits; h++) {
      const end = atomFirst[hits[h] + 1];
      for (let k = atomFirst[hits[h]]; k < end; k++) counts[atomWindows[k]]++;
    }
    const { rank, window, isOutside } = bestOfRows(
      counts,
      header[HEADER.axis],
      header[HEADER.windows],
      rankFirst,
      ranks,
    );
    result[at] = rank;
    result[at + 1] = window;
    if (isOutside) result[at + 3] = RESULT_CODE.notConverged;
  }

  private drawStep(place: number, bits: number): number {
    const { words, lookup } = this;
    const slot = words[0] >>> (32 - bits);
    return words[1] < lookup.alias[2 * (place + slot)] ? slot : lookup.alias[2 * (place + slot) + 1];
  }

  private drawTotal(place: number, least: number, size: number): number {
    const { words } = this;
    return least + thresholdsReached(this.arrays[1], place, size, words[0], words[1]);
  }

  /** Two events from each block of four words; all words first, so that the look-ups can wait for memory together. */
  private drawWords(total: number, low: number, high: number, source: number): void {
    const { seed_low: seedLow, seed_high: seedHigh } = this.params;
    if (2 * total + 2 > this.random.length) this.random = new Uint32Array(4 * total + 1024);
    const { random, words } = this;
    for (let event = 0; event < total; event += 2) {
      philox4x32(words, low, high, source, event >>> 1, seedLow, seedHigh);
      random[2 * event] = words[0];
      random[2 * event + 1] = words[1];
      random[2 * event + 2] = words[2];
      random[2 * event + 3] = words[3];
    }
  }

  private drawAtoms(nHits: number, total: number, place: number, bits: number): void {
    if (nHits + total > this.hits.length) {
      const larger = new Uint32Array(2 * (nHits + total));
      larger.set(this.hits);
      this.hits = larger;
    }
    const { hits, random } = this;
    const { alias } = this.lookup;
    const shift = 32 - bits;
    for (let event = 0; event < total; event++) {
      const slot = random[2 * event] >>> shift;
      const pair = 2 * (place + slot);
      hits[nHits + event] = random[2 * event + 1] < alias[pair] ? slot : alias[pair + 1];
    }
  }

  /**
   * Counts every event in its windows and keeps the best rank on the way; false when no window told.
   * @param base row of window 0
   */
  private count(nHits: number, at: number, result: Uint32Array, starts: Words, base: number): boolean {
    const { hits, counts } = this;
    const { lists, top } = this.lookup;
    const [, , , atomFirst, , rankFirst, ranks] = this.arrays;
    counts.set(starts);
    let best = 0;
    let window = 0xffffffff;
    for (let h = 0; h < nHits; h++) {
      const end = atomFirst[hits[h] + 1];
      for (let k = atomFirst[hits[h]]; k < end; k++) {
        const w = lists[k];
        const count = counts[w] + 1;
        counts[w] = count;
        if (count < top) continue;
        const last = rankFirst[base + w + 1] - 1;
        const place = rankFirst[base + w] + count - starts[w];
        const rank = ranks[place < last ? place : last];
        if (rank >= best && (rank > best || w < window)) {
          best = rank;
          window = w;
        }
      }
    }
    result[at] = best;
    result[at + 1] = window;
    return window !== 0xffffffff;
  }

  private fingerprint(starts: Words): number {
    const { counts } = this;
    let sum = 0;
    for (let w = 0; w < counts.length; w++) {
      for (let n = 1; n <= counts[w] - starts[w]; n++) sum = (sum + countMark(w, n)) | 0;
    }
    return sum >>> 0;
  }
}
