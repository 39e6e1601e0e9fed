/** Hashes of output bits over fixed arguments; bundled and run in every engine by portable-bits.test.ts. */
import { lnBetaI } from '../../../src/stats/beta.ts';
import { gammaQ, gammaQInverse, lnGamma, lnGammaP, lnGammaQ } from '../../../src/stats/gamma.ts';
import { erfc, lnNormalTail, zFromLnP } from '../../../src/stats/normal.ts';
import { lnNegativeBinomialPmf, lnPoissonPmf, lnPoissonTail } from '../../../src/stats/poisson.ts';
import * as portable from '../../../src/stats/portable.ts';

const value = new Float64Array(1);
const words = new Uint32Array(value.buffer);

/** Two 32-bit FNV-1a lanes over the words of the doubles, as 16 hex digits. No output may be NaN: its bits are free. */
class BitHash {
  private first = 0x811c9dc5;
  private second = 0x01000193;

  add(x: number): void {
    if (x !== x) throw new Error('NaN in a hashed output');
    value[0] = x;
    for (const word of words) {
      this.first = Math.imul(this.first ^ word, 0x01000193);
      this.second = Math.imul(this.second ^ word ^ (this.first >>> 15), 0x85ebca6b);
    }
  }

  get hex(): string {
    return [this.first, this.second].map((lane) => (lane >>> 0).toString(16).padStart(8, '0')).join('');
  }
}

/** Fixed stream of doubles in [0, 1) (xorshift32, integers only). */
function uniforms(seed: number): () => number {
  let state = seed;
  const next = (): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
  return () => ((next() >>> 5) * 67108864 + (next() >>> 6)) / 9007199254740992;
}

function hashOf(count: number, evaluate: (u: () => number) => number): string {
  const u = uniforms(2463534242);
  const hash = new BitHash();
  for (let i = 0; i < count; i++) hash.add(evaluate(u));
  return hash.hex;
}

/** Positive double with any exponent from 2^-1022 to 2^1023. */
function anyPositive(u: () => number): number {
  value[0] = 1 + u();
  const high = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 1 : 0;
  words[high] = (words[high] & 0xfffff) | ((1 + Math.floor(2046 * u())) << 20);
  return value[0];
}

const { exp, expm1, log, log1p, log10, pow, sin, cos, tan, atan, atan2, hypot } = portable;
const shape = (u: () => number): number => exp(16 * u() - 3);

export function hashes(): Record<string, string> {
  const many = 100_000;
  const few = 10_000;
  return {
    exp: hashOf(many, (u) => exp(1500 * (u() - 0.5))),
    expm1: hashOf(many, (u) => expm1(80 * (u() - 0.5) * u())),
    log: hashOf(many, (u) => log(anyPositive(u))),
    log1p: hashOf(many, (u) => log1p(10 * u() * u() - 0.999)),
    log10: hashOf(many, (u) => log10(anyPositive(u))),
    pow: hashOf(many, (u) => pow(anyPositive(u), 4 * (u() - 0.5))),
    sin: hashOf(many, (u) => sin(2e5 * (u() - 0.5) * u())),
    cos: hashOf(many, (u) => cos(2e5 * (u() - 0.5) * u())),
    tan: hashOf(many, (u) => tan(20 * (u() - 0.5))),
    atan: hashOf(many, (u) => atan(1 / (u() - 0.5))),
    atan2: hashOf(many, (u) => atan2(u() - 0.5, u() - 0.5)),
    hypot: hashOf(many, (u) => hypot(u(), u())),
    erfc: hashOf(few, (u) => erfc(34 * u() - 7)),
    lnNormalTail: hashOf(few, (u) => lnNormalTail(200 * (u() - 0.2))),
    zFromLnP: hashOf(few, (u) => zFromLnP(-exp(40 * u() - 25))),
    lnGamma: hashOf(few, (u) => lnGamma(shape(u))),
    gammaQ: hashOf(few, (u) => gammaQ(shape(u), shape(u))),
    lnGammaP: hashOf(few, (u) => lnGammaP(shape(u), shape(u))),
    lnGammaQ: hashOf(few, (u) => lnGammaQ(shape(u), shape(u))),
    gammaQInverse: hashOf(few, (u) => gammaQInverse(shape(u), u())),
    lnPoissonPmf: hashOf(few, (u) => lnPoissonPmf(Math.floor(1000 * u()), shape(u))),
    lnPoissonTail: hashOf(few, (u) => lnPoissonTail(Math.floor(60 * u()), shape(u))),
    lnNegativeBinomialPmf: hashOf(few, (u) => lnNegativeBinomialPmf(Math.floor(1000 * u()), shape(u), 0.1 + 0.8 * u())),
    lnBetaI: hashOf(few, (u) => lnBetaI(0.01 + 0.98 * u(), 1 + 500 * u(), 1 + 500 * u())),
  };
}
