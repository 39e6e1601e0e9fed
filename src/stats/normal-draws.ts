/**
 * Standard normal numbers by G. E. P. Box and M. E. Muller (1958) from Philox words, with portable functions: the same
 * bits in every engine. Uniforms are (word + 1/2) / 2^32, so no draw is beyond 6.8 standard deviations: enough for sums
 * of many, not for the tail of a single one below 1e-11.
 *
 * Cosine and sine of the angle: a table by its first ten bits, turned by the rest (below 0.0062 rad, where the first
 * terms left out are 1e-16 of the radius).
 */
import { philox4x32 } from './philox.ts';
import { cos, log, sin } from './portable.ts';

const SCALE = 2 ** -32;
const TABLE_BITS = 10;
const REST_BITS = 32 - TABLE_BITS;
const ANGLE = 6.283185307179586 * SCALE;
const COS = Float64Array.from({ length: 2 ** TABLE_BITS }, (_, i) => cos(ANGLE * 2 ** REST_BITS * i));
const SIN = Float64Array.from({ length: 2 ** TABLE_BITS }, (_, i) => sin(ANGLE * 2 ** REST_BITS * i));
const words = new Uint32Array(4);

/**
 * Fills out[0 .. count) with draw number `draw` of a stream: a pure function of (seed, stream, draw).
 * @param seed, draw integers below 2^53. @param stream integer below 2^32
 */
export function fillNormals(out: Float64Array, count: number, seed: number, stream: number, draw: number): void {
  const keyLow = seed >>> 0;
  const keyHigh = Math.floor(seed / 2 ** 32);
  const low = draw >>> 0;
  const high = Math.floor(draw / 2 ** 32);
  for (let i = 0; i < count; i += 4) {
    philox4x32(words, low, high, stream, i >>> 2, keyLow, keyHigh);
    putPair(out, i, count, words[0], words[1]);
    putPair(out, i + 2, count, words[2], words[3]);
  }
}

/** Two normal numbers from two words. */
function putPair(out: Float64Array, at: number, count: number, word0: number, word1: number): void {
  const radius = Math.sqrt(-2 * log((word0 + 0.5) * SCALE));
  const slot = word1 >>> REST_BITS;
  const d = ((word1 & (2 ** REST_BITS - 1)) + 0.5) * ANGLE;
  const square = d * d;
  const c = 1 - square * (0.5 - square * (1 / 24));
  const s = d * (1 - square * (1 / 6 - square * (1 / 120)));
  if (at < count) out[at] = radius * (COS[slot] * c - SIN[slot] * s);
  if (at + 1 < count) out[at + 1] = radius * (SIN[slot] * c + COS[slot] * s);
}
