/** Where the words of toy_scan lie, and the streams its random words come from: shared by twin, WebAssembly and tables. */

/** Words per toy in the result: rank, window, fingerprint, code. */
export const TOY_STRIDE = 4;
/** Stream of the step of the shared nuisance; sources have the streams 0, 1, ... */
export const STEP_STREAM = 0xffff;
/** Draw number of a source's total. */
export const TOTAL_DRAW = 0xffffffff;

/**
 * Words of `header`: sources, steps, place and bits of the alias table of the steps, a hash of all tables (where it is
 * the same, a worker may use again what it has derived from them), what rank tables have rows by, and windows.
 */
export const HEADER = {
  sources: 0,
  steps: 1,
  stepAlias: 2,
  stepBits: 3,
  identityLow: 4,
  identityHigh: 5,
  axis: 6,
  windows: 7,
  firstSource: 8,
} as const;

/**
 * What p0 depends on beside the count of the window.
 * `step`: the toy's step; row step * windows + w of `rank_first`.
 * `sideBand`: the toy's own events in the band of the window. Regions in `atom_windows` are 2 w (window) and 2 w + 1
 * (band); `rank_first` begins with [windows][3] first row, least n_off, rows, then has the start of every row in `ranks`,
 * whose first word is the least count with a rank (rank 0 below), ranks from there on behind it.
 * `complement`: the same for bands without outer edge: region 2 w + 1 is what is not band, and band is the rest of
 * region 2 * windows.
 */
export const AXIS = { none: 0, step: 1, sideBand: 2, complement: 3 } as const;
/** Words per window at the beginning of `rank_first`, where rows are by n_off. */
export const ROW_STRIDE = 3;

/** Regions in which events are counted. */
export function regionsOf(axis: number, nWindows: number): number {
  if (axis === AXIS.sideBand) return 2 * nWindows;
  return axis === AXIS.complement ? 2 * nWindows + 1 : nWindows;
}

/** Words of one source at one step: place, least count and size of its totals, place and bits of its alias table. */
export const SOURCE_STRIDE = 5;

/** Order-free hash of counts: the sum over windows w and n = 1 .. count of this. */
export function countMark(w: number, n: number): number {
  let h = Math.imul(w ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(n, 0xc2b2ae35);
  h = Math.imul(h ^ (h >>> 15), 0x27d4eb2f);
  return h ^ (h >>> 13);
}

/** Two lanes of FNV-1a over the words of all tables, for the header, whose own identity must be 0 meanwhile. */
export function tablesIdentity(arrays: readonly Uint32Array[]): readonly [number, number] {
  let [low, high] = [0x811c9dc5, 0x01000193];
  for (const array of arrays) {
    low = Math.imul(low ^ array.length, 0x01000193);
    for (let i = 0; i < array.length; i++) {
      low = Math.imul(low ^ array[i], 0x01000193);
      high = Math.imul(high ^ array[i] ^ (low >>> 15), 0x85ebca6b);
    }
  }
  return [low >>> 0, high >>> 0];
}
