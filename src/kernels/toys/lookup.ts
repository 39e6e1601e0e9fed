/**
 * What the CPU loops of the toys derive once from the tables of a campaign (src/toys/toy-tables.ts).
 *
 * Counts do not start at 0 but at `top - least` of their window, where `least` is the smallest count whose rank reaches
 * the floor: the top bit of a count then says that its rank must be looked up, which is the case for one increment in
 * thousands. If no window of a toy reaches the floor, the toy is counted again from `plainStarts` (least = 1): exact
 * for every floor, fast for a good one. Where they fit, windows and counts have 16 bits: half the cache.
 * Where p0 depends on a side band, nothing can be told before the last event: counts start at 0.
 */
import { AXIS, HEADER, regionsOf, SOURCE_STRIDE } from './layout.ts';

/** In the order of the kernel's bindings. */
export type ToyArrays = readonly Uint32Array[];
export type Words = Uint16Array | Uint32Array;

export interface ToyLookup {
  /** Regions that are counted: windows, or windows and bands. */
  readonly nRegions: number;
  /** Windows and counts have 16 bits. */
  readonly narrow: boolean;
  /** The bit of a count that tells. */
  readonly top: number;
  /** The binding `alias_table` in which full slots (threshold 2^32) are their own alias. */
  readonly alias: Uint32Array;
  readonly lists: Words;
  /** [nRegions], for rows by step [nSteps][nRegions] */
  readonly starts: Words;
  /** [nRegions] */
  readonly plainStarts: Words;
}

export function makeToyLookup(arrays: ToyArrays, floorRank: number): ToyLookup {
  const [header, , alias, , lists, rankFirst, ranks] = arrays;
  const axis = header[HEADER.axis];
  const nRegions = regionsOf(axis, header[HEADER.windows]);
  const narrow = nRegions <= 0x10000 && mostEvents(header) < 0x8000;
  const top = narrow ? 0x8000 : 0x80000000;
  const make = (length: number): Words => (narrow ? new Uint16Array(length) : new Uint32Array(length));
  const isCounted = axis === AXIS.sideBand || axis === AXIS.complement;
  const starts = make(isCounted ? nRegions : rankFirst.length - 1);
  for (let row = 0; row < starts.length && !isCounted; row++) {
    const size = rankFirst[row + 1] - rankFirst[row];
    let least = 1;
    while (least < size && ranks[rankFirst[row] + least] < floorRank) least++;
    // a window without such a count must not tell, and cannot: a toy has fewer than `top` events
    const reachesFloor = least < size || floorRank === 0;
    starts[row] = reachesFloor ? top - least : 0;
  }
  let ownLists: Words = lists;
  if (narrow) (ownLists = make(lists.length)).set(lists);
  return {
    nRegions,
    narrow,
    top,
    alias: ownFullSlots(alias, header),
    lists: ownLists,
    starts,
    plainStarts: make(nRegions).fill(isCounted ? 0 : top - 1),
  };
}

/** Largest number of events a toy can have. */
function mostEvents(header: Uint32Array): number {
  const nSources = header[HEADER.sources];
  let most = 0;
  for (let step = 0; step < header[HEADER.steps]; step++) {
    let sum = 0;
    for (let s = 0; s < nSources; s++) {
      const at = HEADER.firstSource + SOURCE_STRIDE * (step * nSources + s);
      sum += header[at + 1] + header[at + 2];
    }
    most = Math.max(most, sum);
  }
  return most;
}

function ownFullSlots(alias: Uint32Array, header: Uint32Array): Uint32Array {
  const own = alias.slice();
  const set = (place: number, bits: number) => {
    for (let slot = 0; slot < 2 ** bits; slot++) {
      if (own[2 * (place + slot)] === 0xffffffff) own[2 * (place + slot) + 1] = slot;
    }
  };
  if (header[HEADER.steps] > 1) set(header[HEADER.stepAlias], header[HEADER.stepBits]);
  const done = new Set<number>();
  for (let at = HEADER.firstSource; at < header.length; at += SOURCE_STRIDE) {
    if (done.has(header[at + 3])) continue;
    done.add(header[at + 3]);
    set(header[at + 3], header[at + 4]);
  }
  return own;
}

/** The last few things made from tables, found by the identity in their header (0: none) and the floor; bounds memory. */
export class RecentTables<T> {
  readonly #recent: { readonly key: string; readonly made: T }[] = [];
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  get(arrays: ToyArrays, floorRank: number, make: () => T): T {
    const [header] = arrays;
    if (header[HEADER.identityLow] === 0 && header[HEADER.identityHigh] === 0) return make();
    const sizes = arrays.slice(0, 7).map((array) => array.length);
    const key = [header[HEADER.identityLow], header[HEADER.identityHigh], floorRank, ...sizes].join();
    const at = this.#recent.findIndex((entry) => entry.key === key);
    const entry = at >= 0 ? this.#recent.splice(at, 1)[0] : { key, made: make() };
    this.#recent.unshift(entry);
    this.#recent.length = Math.min(this.#recent.length, this.#most);
    return entry.made;
  }
}
