/**
 * The loop of toy_scan in AssemblyScript: tables, words and result are those of its twin (src/kernels/toy_scan.ts; the
 * counts that tell by their top bit: src/kernels/toys/lookup.ts), in three passes over 256 events at a time: Philox for
 * four blocks side by side, atoms and their lists of windows, counts. C is the type of windows and counts, u16 or u32.
 * `npm run make:wasm` compiles it into src/kernels/toys/loop.generated.js.
 */

import { eventWords, firstWords } from './philox';

/** Events per pass, a multiple of 8. */
const CHUNK: u32 = 256;
/** Lists of windows of this length at most are gathered, longer ones counted where they lie. */
const SHORT: u32 = 8;
const STEP_STREAM: u32 = 0xffff;
const TOTAL_DRAW: u32 = 0xffffffff;
const FIRST_SOURCE: u32 = 8;
const SOURCE_STRIDE: u32 = 5;

/** Byte addresses in linear memory, placed by src/kernels/toys/wasm.ts. */
let header: usize = 0;
let totals: usize = 0;
let alias: usize = 0;
let atomFirst: usize = 0;
let lists: usize = 0;
let rankFirst: usize = 0;
let ranks: usize = 0;
let starts: usize = 0;
let plainStarts: usize = 0;
let counts: usize = 0;
let draws: usize = 0;
let gathered: usize = 0;
let nRegions: u32 = 0;
/** First row of the toy's step in rankFirst. */
let rows: usize = 0;
/** Some window's n_off has no row. */
let outside: bool = false;

let key0: u32 = 0;
let key1: u32 = 0;
let toyLow: u32 = 0;
let toyHigh: u32 = 0;
let best: u32 = 0;
let window: u32 = 0xffffffff;
/** First two words of the last block. */
let word0: u32 = 0;
let word1: u32 = 0;

/** First byte that is free. */
export function heapBase(): usize {
  return __heap_base;
}

/** @param places addresses of the tables, of the counts and of room for the passes, in the order of the lines below */
export function setTables(places: usize, regions: u32): void {
  header = load<u32>(places);
  totals = load<u32>(places, 4);
  alias = load<u32>(places, 8);
  atomFirst = load<u32>(places, 12);
  lists = load<u32>(places, 16);
  rankFirst = load<u32>(places, 20);
  ranks = load<u32>(places, 24);
  starts = load<u32>(places, 28);
  plainStarts = load<u32>(places, 32);
  counts = load<u32>(places, 36);
  draws = load<u32>(places, 40);
  gathered = load<u32>(places, 44);
  nRegions = regions;
}

/** Toys (low, high) + 0 .. count - 1; four words each to `result`. */
export function throwNarrow(low: u32, high: u32, k0: u32, k1: u32, count: u32, fingerprint: u32, result: usize): void {
  throwAll<u16>(low, high, k0, k1, count, fingerprint, result);
}

export function throwWide(low: u32, high: u32, k0: u32, k1: u32, count: u32, fingerprint: u32, result: usize): void {
  throwAll<u32>(low, high, k0, k1, count, fingerprint, result);
}

function throwAll<C>(low: u32, high: u32, k0: u32, k1: u32, count: u32, fingerprint: u32, result: usize): void {
  key0 = k0;
  key1 = k1;
  toyLow = low;
  toyHigh = high;
  for (let i: u32 = 0; i < count; i++) {
    const step = drawStep();
    const base = load<u32>(header, 24) === 1 ? ((step * nRegions) as usize) : 0;
    rows = rankFirst + (base << 2);
    let start = starts + base * sizeof<C>();
    throwToy<C>(start, step);
    outside = false;
    if (load<u32>(header, 24) >= 2) bestOfRows<C>();
    else if (window === 0xffffffff) {
      start = plainStarts;
      throwToy<C>(start, step);
    }
    store<u32>(result, best);
    store<u32>(result, window, 4);
    store<u32>(result, fingerprint !== 0 ? marks<C>(start) : 0, 8);
    store<u32>(result, outside ? 2 : 0, 12);
    result += 16;
    toyLow++;
    if (toyLow === 0) toyHigh++;
  }
}

function drawStep(): u32 {
  if (load<u32>(header, 4) <= 1) return 0;
  drawWords(STEP_STREAM, 0);
  return drawAlias(alias + ((load<u32>(header, 8) as usize) << 3), load<u32>(header, 12), word0, word1);
}

function throwToy<C>(start: usize, step: u32): void {
  memory.copy(counts, start, (nRegions as usize) * sizeof<C>());
  best = 0;
  window = 0xffffffff;
  const nSources = load<u32>(header);
  for (let source: u32 = 0; source < nSources; source++) {
    const at = header + (((FIRST_SOURCE + SOURCE_STRIDE * (step * nSources + source)) as usize) << 2);
    drawWords(source, TOTAL_DRAW);
    const total = drawTotal(totals + ((load<u32>(at) as usize) << 3), load<u32>(at, 4), load<u32>(at, 8));
    const place = alias + ((load<u32>(at, 12) as usize) << 3);
    const shift = 32 - load<u32>(at, 16);
    for (let done: u32 = 0; done < total; done += CHUNK) {
      const n = min(CHUNK, total - done);
      eventWords(draws, 4 * CHUNK, n, shift, toyLow, toyHigh, source, done >> 1, key0, key1);
      countEvents<C>(n, place, start);
    }
  }
}

function drawWords(stream: u32, draw: u32): void {
  const words = firstWords(toyLow, toyHigh, stream, draw, key0, key1);
  word0 = words as u32;
  word1 = (words >> 32) as u32;
}

function drawAlias(place: usize, bits: u32, first: u32, second: u32): u32 {
  const slot = first >> (32 - bits);
  const pair = place + ((slot as usize) << 3);
  const threshold = load<u32>(pair);
  return second < threshold || threshold === 0xffffffff ? slot : load<u32>(pair, 4);
}

/** Number of thresholds at or below the 64-bit word. */
function drawTotal(place: usize, least: u32, size: u32): u32 {
  let from: u32 = 0;
  let to = size;
  while (from < to) {
    const middle = (from + to) >> 1;
    const at = place + ((middle as usize) << 3);
    const high = load<u32>(at);
    if (high < word0 || (high === word0 && load<u32>(at, 4) <= word1)) from = middle + 1;
    else to = middle;
  }
  return least + from;
}

function countEvents<C>(n: u32, place: usize, start: usize): void {
  // locals: the compiler loads globals again for every event
  const ownFirst = atomFirst;
  const ownLists = lists;
  let out = gathered;
  for (let at = draws, end = draws + ((n as usize) << 2); at < end; at += 4) {
    const slot = load<u32>(at);
    const pair = load<u64>(place + ((slot as usize) << 3));
    const atom = load<u32>(at, 4 * CHUNK) < (pair as u32) ? slot : ((pair >> 32) as u32);
    const reach = load<u64>(ownFirst + ((atom as usize) << 2));
    const list = ownLists + ((reach & 0xffffffff) as usize) * sizeof<C>();
    const length = ((reach >> 32) as u32) - (reach as u32);
    if (length > SHORT) {
      countList<C>(list, list + (length as usize) * sizeof<C>(), start);
      continue;
    }
    v128.store(out, v128.load(list));
    if (sizeof<C>() === 4) v128.store(out, v128.load(list, 16), 16);
    out += (length as usize) * sizeof<C>();
  }
  countList<C>(gathered, out, start);
}

/** Counts one event in each window of a list; four at a time, which is a tenth faster. */
function countList<C>(list: usize, end: usize, start: usize): void {
  const own = counts;
  for (const most = end - 4 * sizeof<C>(); list <= most; list += 4 * sizeof<C>()) {
    countOne<C>(load<C>(list) as u32, own, start);
    countOne<C>(load<C>(list, sizeof<C>()) as u32, own, start);
    countOne<C>(load<C>(list, 2 * sizeof<C>()) as u32, own, start);
    countOne<C>(load<C>(list, 3 * sizeof<C>()) as u32, own, start);
  }
  for (; list < end; list += sizeof<C>()) countOne<C>(load<C>(list) as u32, own, start);
}

function countOne<C>(w: u32, own: usize, start: usize): void {
  const top: u32 = sizeof<C>() === 2 ? 0x8000 : 0x80000000;
  const at = own + (w as usize) * sizeof<C>();
  const c = (load<C>(at) as u32) + 1;
  store<C>(at, c as C);
  if ((c & top) !== 0) lookUp(w, c - (load<C>(start + (w as usize) * sizeof<C>()) as u32));
}

function lookUp(w: u32, n: u32): void {
  const at = rows + ((w as usize) << 2);
  const rank = load<u32>(ranks + ((min(load<u32>(at) + n, load<u32>(at, 4) - 1) as usize) << 2));
  if (rank > best || (rank === best && w < window)) {
    best = rank;
    window = w;
  }
}

/** Every window with events in the row of its n_off (src/kernels/toys/rows.ts). */
function bestOfRows<C>(): void {
  const complement = load<u32>(header, 24) === 3;
  const nWindows = load<u32>(header, 28);
  const all = complement ? (load<C>(counts + ((2 * nWindows) as usize) * sizeof<C>()) as u32) : 0;
  const places = rankFirst + (((3 * nWindows) as usize) << 2);
  best = 0;
  window = 0xffffffff;
  for (let w: u32 = 0, at = counts, head = rankFirst; w < nWindows; w++, at += 2 * sizeof<C>(), head += 12) {
    const n = load<C>(at) as u32;
    if (n === 0) continue;
    const counted = load<C>(at, sizeof<C>()) as u32;
    const row = (complement ? all - counted : counted) - load<u32>(head, 4);
    if (row >= load<u32>(head, 8)) {
      outside = true;
      continue;
    }
    const place = places + (((load<u32>(head) + row) as usize) << 2);
    const from = load<u32>(place);
    const least = load<u32>(ranks + ((from as usize) << 2));
    if (n < least) continue;
    const rank = load<u32>(ranks + ((min(from + 1 + n - least, load<u32>(place, 4) - 1) as usize) << 2));
    if (rank > best) {
      best = rank;
      window = w;
    }
  }
}

function marks<C>(start: usize): u32 {
  let sum: u32 = 0;
  for (let w: u32 = 0; w < nRegions; w++) {
    const n =
      (load<C>(counts + (w as usize) * sizeof<C>()) as u32) - (load<C>(start + (w as usize) * sizeof<C>()) as u32);
    for (let k: u32 = 1; k <= n; k++) {
      let h = ((w ^ 0x9e3779b9) * 0x85ebca6b) ^ (k * 0xc2b2ae35);
      h = (h ^ (h >> 15)) * 0x27d4eb2f;
      sum += h ^ (h >> 13);
    }
  }
  return sum;
}
