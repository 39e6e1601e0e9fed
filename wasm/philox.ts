/** Philox4x32-10 (src/stats/philox.ts) in AssemblyScript: one block by 64-bit products, and four side by side. */

const MULTIPLIER_0: u32 = 0xd2511f53;
const MULTIPLIER_1: u32 = 0xcd9e8d57;
const WEYL_0: u32 = 0x9e3779b9;
const WEYL_1: u32 = 0xbb67ae85;
const ROUNDS = 10;

/** The first two words of a block, the first one in the lower half. */
export function firstWords(low: u32, high: u32, stream: u32, draw: u32, key0: u32, key1: u32): u64 {
  let c0 = low;
  let c1 = high;
  let c2 = stream;
  let c3 = draw;
  for (let round = 0; round < ROUNDS; round++) {
    const p0 = (c0 as u64) * MULTIPLIER_0;
    const p1 = (c2 as u64) * MULTIPLIER_1;
    c0 = ((p1 >> 32) as u32) ^ c1 ^ key0;
    c1 = p1 as u32;
    c2 = ((p0 >> 32) as u32) ^ c3 ^ key1;
    c3 = p0 as u32;
    key0 += WEYL_0;
    key1 += WEYL_1;
  }
  return (c0 as u64) | ((c1 as u64) << 32);
}

/**
 * Four blocks side by side, whose counters are the lanes of c0 .. c3: their words 0, 1, 2, 3 at `at`, 16 bytes each.
 */
export function fourBlocks(at: usize, c0: v128, c1: v128, c2: v128, c3: v128, key0: u32, key1: u32): void {
  const m0 = i32x4.splat(MULTIPLIER_0);
  const m1 = i32x4.splat(MULTIPLIER_1);
  const weyl0 = i32x4.splat(WEYL_0);
  const weyl1 = i32x4.splat(WEYL_1);
  let k0 = i32x4.splat(key0);
  let k1 = i32x4.splat(key1);
  for (let round = 0; round < ROUNDS; round++) {
    const front0 = v128.extmul_low<u32>(c0, m0);
    const back0 = v128.extmul_high<u32>(c0, m0);
    const front1 = v128.extmul_low<u32>(c2, m1);
    const back1 = v128.extmul_high<u32>(c2, m1);
    c0 = v128.xor(v128.xor(v128.shuffle<u32>(front1, back1, 1, 3, 5, 7), c1), k0);
    c1 = v128.shuffle<u32>(front1, back1, 0, 2, 4, 6);
    c2 = v128.xor(v128.xor(v128.shuffle<u32>(front0, back0, 1, 3, 5, 7), c3), k1);
    c3 = v128.shuffle<u32>(front0, back0, 0, 2, 4, 6);
    k0 = i32x4.add(k0, weyl0);
    k1 = i32x4.add(k1, weyl1);
  }
  v128.store(at, c0);
  v128.store(at, c1, 16);
  v128.store(at, c2, 32);
  v128.store(at, c3, 48);
}

const BLOCKS = memory.data(64, 16);

/**
 * Two words for each of n events from block `draw` on: the first ones, shifted right, as u32 at `at`, the second ones
 * `apart` bytes further. A block has words for two events; their order here is not that of the twin. Writes up to 8.
 */
export function eventWords(
  at: usize,
  apart: usize,
  n: u32,
  shift: u32,
  low: u32,
  high: u32,
  stream: u32,
  draw: u32,
  key0: u32,
  key1: u32,
): void {
  const c0 = i32x4.splat(low);
  const c1 = i32x4.splat(high);
  const c2 = i32x4.splat(stream);
  for (let done: u32 = 0; done < n; done += 8) {
    fourBlocks(BLOCKS, c0, c1, c2, i32x4.add(i32x4.splat(draw + (done >> 1)), i32x4(0, 1, 2, 3)), key0, key1);
    // the first events of four blocks, then the second ones; of the last blocks only those of the toy stay
    v128.store(at, i32x4.shr_u(v128.load(BLOCKS), shift));
    v128.store(at + apart, v128.load(BLOCKS, 16));
    at += ((min(n - done + 1, 8) >> 1) as usize) << 2;
    v128.store(at, i32x4.shr_u(v128.load(BLOCKS, 32), shift));
    v128.store(at + apart, v128.load(BLOCKS, 48));
    at += 16;
  }
}
