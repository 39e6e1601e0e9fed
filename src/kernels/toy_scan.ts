/**
 * Pseudo-experiments of a whole window scan: throws toy number `base + i`, counts its events in every window and keeps
 * the most significant window. Twin of shaders/toy_scan.wgsl. Only integers: both give the same words.
 *
 * A toy is a pure function of (seed, toy): Philox4x32-10 with counter (toy low, toy high, stream, draw). Per source of
 * events one total (64-bit thresholds), per event two words for an atom (alias table), and per atom the list of windows
 * it is in. A window's count n is worth rank ranks[rank_first[w] + n] (larger = smaller p0): ranks grow with n, so the
 * running maximum over all increments is the maximum over windows. One work item per toy; result [nToys][4]: rank,
 * window (the lowest number among ties), fingerprint of all counts (0 unless params.fingerprint), code.
 */
import { philox4x32 } from '../stats/philox.ts';
import type { Kernel, KernelArray, ParamValues } from './kernel.ts';
import { RESULT_CODE } from './plan-bindings.ts';

/** Words per toy in the result. */
export const TOY_STRIDE = 4;
/** Stream of the step of the shared nuisance; sources have the streams 0, 1, ... */
export const STEP_STREAM = 0xffff;
/** Draw number of a source's total. */
export const TOTAL_DRAW = 0xffffffff;

/** Words of `header`: sources, steps, place and bits of the alias table of the steps. */
export const HEADER = { sources: 0, steps: 1, stepAlias: 2, stepBits: 3, firstSource: 4 } as const;
/** Words of one source at one step: place, least count and size of its totals, place and bits of its alias table. */
export const SOURCE_STRIDE = 5;

export const toyScan: Kernel = {
  name: 'toy_scan',
  bindings: [
    { name: 'header', element: 'u32', access: 'read' }, // HEADER, then [nSteps][nSources][SOURCE_STRIDE]
    { name: 'totals', element: 'u32', access: 'read' }, // [.][2] P(N <= n) in units of 2^-64, high and low word
    { name: 'alias_table', element: 'u32', access: 'read' }, // [.][2] threshold, atom
    { name: 'atom_first', element: 'u32', access: 'read' }, // [nAtoms + 1]
    { name: 'atom_windows', element: 'u32', access: 'read' },
    { name: 'rank_first', element: 'u32', access: 'read' }, // [nWindows + 1]
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
    const scan = new ToyScan(arrays as readonly Uint32Array[], params);
    const result = arrays[7] as Uint32Array;
    for (let i = first; i < first + count; i++) scan.throwToy(i, result);
  },
};

/** Order-free hash of counts: the sum over windows w and n = 1 .. count of this. */
export function countMark(w: number, n: number): number {
  let h = Math.imul(w ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(n, 0xc2b2ae35);
  h = Math.imul(h ^ (h >>> 15), 0x27d4eb2f);
  return h ^ (h >>> 13);
}

class ToyScan {
  private readonly tables: ToyLookup;
  private readonly params: ParamValues;
  /** [nWindows] events of the toy so far. */
  private readonly counts: Uint32Array;
  /** Atoms of the toy's events: what must be set back to 0. */
  private hits = new Uint32Array(1024);
  /** Random words of one source's events, two each. */
  private random = new Uint32Array(2050);
  private readonly words = new Uint32Array(4);

  constructor(arrays: readonly Uint32Array[], params: ParamValues) {
    this.tables = new ToyLookup(arrays, params.floor_rank);
    this.params = params;
    this.counts = new Uint32Array(this.tables.nWindows);
  }

  throwToy(i: number, result: Uint32Array): void {
    const { params, tables, words } = this;
    const { header } = tables;
    const low = params.base_low + i;
    const toyLow = low >>> 0;
    const toyHigh = (params.base_high + (low >= 0x100000000 ? 1 : 0)) >>> 0;
    const nSources = header[HEADER.sources];
    let step = 0;
    if (header[HEADER.steps] > 1) {
      philox4x32(words, toyLow, toyHigh, STEP_STREAM, 0, params.seed_low, params.seed_high);
      step = tables.drawAlias(header[HEADER.stepAlias], header[HEADER.stepBits], words[0], words[1]);
    }
    let nHits = 0;
    for (let source = 0; source < nSources; source++) {
      const at = HEADER.firstSource + SOURCE_STRIDE * (step * nSources + source);
      philox4x32(words, toyLow, toyHigh, source, TOTAL_DRAW, params.seed_low, params.seed_high);
      const total = tables.drawTotal(header[at], header[at + 1], header[at + 2], words[0], words[1]);
      if (nHits + total > this.hits.length) this.grow(nHits + total);
      this.drawAtoms(nHits, total, toyLow, toyHigh, source, header[at + 3], header[at + 4]);
      nHits += total;
    }
    const at = TOY_STRIDE * i;
    if (!this.count(nHits, at, result, tables.leastCounts)) this.count(nHits, at, result, undefined);
    result[at + 2] = params.fingerprint === 0 ? 0 : this.fingerprint(nHits);
    result[at + 3] = RESULT_CODE.ok;
  }

  /** Two events from each block of four words; all words first, so that the look-ups can wait for memory together. */
  private drawAtoms(
    at: number,
    total: number,
    low: number,
    high: number,
    source: number,
    place: number,
    bits: number,
  ): void {
    const { hits, words, random, params } = this;
    const { alias } = this.tables;
    for (let event = 0; event < total; event += 2) {
      philox4x32(words, low, high, source, event >>> 1, params.seed_low, params.seed_high);
      random[2 * event] = words[0];
      random[2 * event + 1] = words[1];
      random[2 * event + 2] = words[2];
      random[2 * event + 3] = words[3];
    }
    const shift = 32 - bits;
    for (let event = 0; event < total; event++) {
      const slot = random[2 * event] >>> shift;
      const pair = 2 * (place + slot);
      const threshold = alias[pair];
      hits[at + event] = random[2 * event + 1] < threshold || threshold === 0xffffffff ? slot : alias[pair + 1];
    }
  }

  /**
   * Counts every event in its windows, keeps the best rank on the way, and sets the counts back to 0.
   * @param least [nWindows] counts below which no rank is looked up; false when no window reached its own
   */
  private count(nHits: number, at: number, result: Uint32Array, least: Uint32Array | undefined): boolean {
    const { hits, counts } = this;
    const { atomFirst, atomWindows, rankFirst, ranks } = this.tables;
    let best = 0;
    let window = 0xffffffff;
    for (let h = 0; h < nHits; h++) {
      const end = atomFirst[hits[h] + 1];
      for (let k = atomFirst[hits[h]]; k < end; k++) {
        const w = atomWindows[k];
        const n = counts[w] + 1;
        counts[w] = n;
        if (least !== undefined && n < least[w]) continue;
        const last = rankFirst[w + 1] - 1;
        const place = rankFirst[w] + n;
        const rank = ranks[place < last ? place : last];
        if (rank >= best && (rank > best || w < window)) {
          best = rank;
          window = w;
        }
      }
    }
    this.clear(nHits);
    result[at] = best;
    result[at + 1] = window;
    return window !== 0xffffffff;
  }

  private fingerprint(nHits: number): number {
    const { hits, counts } = this;
    const { atomFirst, atomWindows } = this.tables;
    let sum = 0;
    for (let h = 0; h < nHits; h++) {
      for (let k = atomFirst[hits[h]]; k < atomFirst[hits[h] + 1]; k++) {
        sum = (sum + countMark(atomWindows[k], ++counts[atomWindows[k]])) | 0;
      }
    }
    this.clear(nHits);
    return sum >>> 0;
  }

  private clear(nHits: number): void {
    const { hits, counts } = this;
    const { atomFirst, atomWindows } = this.tables;
    for (let h = 0; h < nHits; h++) {
      const end = atomFirst[hits[h] + 1];
      for (let k = atomFirst[hits[h]]; k < end; k++) counts[atomWindows[k]] = 0;
    }
  }

  private grow(size: number): void {
    const larger = new Uint32Array(2 * size);
    larger.set(this.hits);
    this.hits = larger;
    this.random = new Uint32Array(2 * larger.length + 2);
  }
}

/** The tables of one campaign in the form the loops like. */
class ToyLookup {
  readonly header: Uint32Array;
  readonly totals: Uint32Array;
  readonly alias: Uint32Array;
  readonly atomFirst: Uint32Array;
  /** 16 bits where the number of windows allows: half the cache. */
  readonly atomWindows: Uint32Array | Uint16Array;
  readonly rankFirst: Uint32Array;
  readonly ranks: Uint32Array;
  readonly nWindows: number;
  /** [nWindows] smallest count whose rank reaches the floor. */
  readonly leastCounts: Uint32Array;

  constructor(arrays: readonly Uint32Array[], floorRank: number) {
    [this.header, this.totals, this.alias, this.atomFirst, this.atomWindows, this.rankFirst, this.ranks] = arrays;
    this.nWindows = this.rankFirst.length - 1;
    if (this.nWindows <= 0x10000) this.atomWindows = Uint16Array.from(this.atomWindows);
    const { rankFirst, ranks } = this;
    this.leastCounts = Uint32Array.from({ length: this.nWindows }, (_, w) => {
      let at = rankFirst[w];
      while (at + 1 < rankFirst[w + 1] && ranks[at] < floorRank) at++;
      return Math.max(1, at - rankFirst[w]);
    });
  }

  drawAlias(place: number, bits: number, word0: number, word1: number): number {
    const slot = word0 >>> (32 - bits);
    const threshold = this.alias[2 * (place + slot)];
    return word1 < threshold || threshold === 0xffffffff ? slot : this.alias[2 * (place + slot) + 1];
  }

  /** Number of thresholds at or below the 64-bit word. */
  drawTotal(place: number, least: number, size: number, high: number, low: number): number {
    const { totals } = this;
    let [from, to] = [0, size];
    while (from < to) {
      const middle = (from + to) >>> 1;
      const at = 2 * (place + middle);
      if (totals[at] < high || (totals[at] === high && totals[at + 1] <= low)) from = middle + 1;
      else to = middle;
    }
    return least + from;
  }
}
