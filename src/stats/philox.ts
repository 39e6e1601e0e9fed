/**
 * Philox4x32-10 (Salmon, Moraes, Dror, Shaw, SC'11; Random123): four 32-bit words from a 128-bit counter and a 64-bit
 * key, ten rounds of multiply and xor. A draw is a pure function of (seed, counter): the same bits in every engine and
 * on every GPU, in any order.
 */

const MULTIPLIER_0 = 0xd2511f53;
const MULTIPLIER_1 = 0xcd9e8d57;
const WEYL_0 = 0x9e3779b9;
const WEYL_1 = 0xbb67ae85;
const ROUNDS = 10;

/** Upper 32 bits of the product of two 32-bit words, by 16-bit halves, in int32 arithmetic that engines keep unboxed. */
export function mulHigh(a: number, b: number): number {
  const a1 = a >>> 16;
  const a0 = a & 0xffff;
  const b1 = b >>> 16;
  const b0 = b & 0xffff;
  const middle = Math.imul(a1, b0);
  const other = Math.imul(a0, b1);
  const carry = (middle & 0xffff) + (other & 0xffff) + (Math.imul(a0, b0) >>> 16);
  return (Math.imul(a1, b1) + (middle >>> 16) + (other >>> 16) + (carry >>> 16)) >>> 0;
}

/**
 * One block of four words, written to `out`.
 * @param c0..c3 counter words, k0, k1 key words; all 32-bit
 */
export function philox4x32(
  out: Uint32Array,
  c0: number,
  c1: number,
  c2: number,
  c3: number,
  k0: number,
  k1: number,
): void {
  for (let round = 0; round < ROUNDS; round++) {
    const high0 = mulHigh(MULTIPLIER_0, c0);
    const high1 = mulHigh(MULTIPLIER_1, c2);
    const low0 = Math.imul(MULTIPLIER_0, c0);
    c0 = high1 ^ c1 ^ k0;
    c1 = Math.imul(MULTIPLIER_1, c2);
    c2 = high0 ^ c3 ^ k1;
    c3 = low0;
    k0 = (k0 + WEYL_0) | 0;
    k1 = (k1 + WEYL_1) | 0;
  }
  out[0] = c0;
  out[1] = c1;
  out[2] = c2;
  out[3] = c3;
}

/** A random stream: key = seed, counter = (toy low, toy high, stream, draw). */
export interface Stream {
  /** Four words of draw number `draw`, valid until the next call. */
  words(draw: number): Uint32Array;
}

/** @param seed integer from 0 to 2^53 - 1. @param stream, toy integers, stream below 2^32 */
export function makeStream(seed: number, stream: number, toy = 0): Stream {
  const out = new Uint32Array(4);
  const [k0, k1] = split(seed);
  const [t0, t1] = split(toy);
  return {
    words(draw) {
      philox4x32(out, t0, t1, stream >>> 0, draw >>> 0, k0, k1);
      return out;
    },
  };
}

/** Low and high word of an integer below 2^53. */
function split(value: number): readonly [number, number] {
  return [(value % 0x100000000) >>> 0, Math.floor(value / 0x100000000)];
}
