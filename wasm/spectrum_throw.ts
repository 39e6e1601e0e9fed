/**
 * The counts of spectrum_throw in AssemblyScript: four bins of a toy side by side, then the place of each word among the
 * thresholds of its bin without branches. The words of the twin (src/kernels/spectrum_throw.ts). Toys run inside bins, so
 * that the thresholds stay in the cache.
 * `npm run make:wasm` compiles it into src/kernels/throw/loop.generated.js.
 */
import { fourBlocks } from './philox';

const TOTAL_DRAW: u32 = 0xffffffff;
const TABLE_BYTES: usize = 12;
const WORDS = memory.data(64, 16);

/** First byte that is free. */
export function heapBase(): usize {
  return __heap_base;
}

/**
 * Bins [from, to) of toys (low, high) + 0 .. nToys - 1.
 * @param tables [bins][3] u32 place, least count, size
 * @param totals u64 thresholds
 * @param out [nToys][to - from] u32
 */
export function throwToys(
  tables: usize,
  totals: usize,
  low: u32,
  high: u32,
  nToys: u32,
  key0: u32,
  key1: u32,
  firstBin: u32,
  from: u32,
  to: u32,
  out: usize,
): void {
  const stride = ((to - from) as usize) << 2;
  for (let bin = from; bin < to; bin += 4) {
    const streams = i32x4.add(i32x4.splat(firstBin + bin), i32x4(0, 1, 2, 3));
    const table = tables + TABLE_BYTES * (bin as usize);
    let own = out + (((bin - from) as usize) << 2);
    for (let i: u32 = 0; i < nToys; i++) {
      const toy = low + i;
      const above = high + ((toy < low) as u32);
      fourBlocks(WORDS, i32x4.splat(toy), i32x4.splat(above), streams, i32x4.splat(TOTAL_DRAW), key0, key1);
      countBins(table, totals, min(to - bin, 4), own);
      own += stride;
    }
  }
}

/** Counts of up to four bins from WORDS: per bin the number of thresholds at or below its word. */
function countBins(table: usize, totals: usize, n: u32, out: usize): void {
  const end = WORDS + ((n as usize) << 2);
  for (let at: usize = WORDS; at < end; at += 4) {
    const word = ((load<u32>(at) as u64) << 32) | (load<u32>(at, 16) as u64);
    const start = totals + ((load<u32>(table) as usize) << 3);
    let place = start;
    let left = load<u32>(table, 8);
    while (left > 1) {
      const half = left >> 1;
      const next = place + ((half as usize) << 3);
      place = load<u64>(next - 8) <= word ? next : place;
      left -= half;
    }
    if (left === 1 && load<u64>(place) <= word) place += 8;
    store<u32>(out, load<u32>(table, 4) + (((place - start) >> 3) as u32));
    table += TABLE_BYTES;
    out += 4;
  }
}
