/**
 * Local Z of every window in single toys: what up-crossings and the Euler characteristic count. Throws the very toys of
 * the kernel (kernels/toy_scan.ts: same tables, same Philox streams), but counts events per atom first and windows
 * after, which is faster for many events and gives all counts.
 */
import { HEADER, SOURCE_STRIDE, STEP_STREAM, TOTAL_DRAW } from '../../kernels/toy_scan.ts';
import { philox4x32 } from '../../stats/philox.ts';
import { zFromLnP } from '../../stats/normal.ts';
import type { RankTable } from '../../model/toys/rank-table.ts';
import type { ToyTables } from '../toy-tables.ts';

/** Random fields of local Z over windows. */
export interface FieldSource {
  readonly nWindows: number;
  readonly count: number;
  /** Field number i in `out` [nWindows]. */
  at(i: number, out: Float64Array): void;
}

/** Z of a window without an excess that can be told from 0 (p0 = 1): below every level. */
export const Z_OF_CERTAINTY = -40;

/**
 * Toys whose p0 depends on the counts of the windows alone.
 * @param first number of the first toy. @param seed integer below 2^53
 */
export function toyFields(tables: ToyTables, seed: number, first: number, count: number): FieldSource {
  const { ranks } = tables;
  const { nWindows } = ranks;
  const zOfRank = ranks.lnP.map((lnP) => (lnP === 0 ? Z_OF_CERTAINTY : Math.max(Z_OF_CERTAINTY, zFromLnP(lnP))));
  const counts = new Uint32Array(nWindows);
  const thrower = makeToyThrower(tables.arrays, seed);
  return {
    nWindows,
    count,
    at(i, out) {
      thrower(first + i, counts);
      for (let w = 0; w < nWindows; w++) out[w] = zOfRank[rankAt(ranks, w, counts[w])];
    },
  };
}

function rankAt({ first, ranks }: RankTable, w: number, n: number): number {
  return ranks[Math.min(first[w] + n, first[w + 1] - 1)];
}

/** A function that fills `counts` [regions] with the counts of one toy and returns its step. */
export function makeToyThrower(
  arrays: readonly Uint32Array[],
  seed: number,
): (toy: number, counts: Uint32Array) => number {
  const [header, totals, alias, atomFirst, atomWindows] = arrays;
  const [keyLow, keyHigh] = [seed >>> 0, Math.floor(seed / 2 ** 32)];
  const words = new Uint32Array(4);
  const inAtoms = new Uint32Array(atomFirst.length - 1);
  const nSources = header[HEADER.sources];

  function drawAlias(place: number, bits: number, word0: number, word1: number): number {
    const slot = word0 >>> (32 - bits);
    const threshold = alias[2 * (place + slot)];
    return word1 < threshold || threshold === 0xffffffff ? slot : alias[2 * (place + slot) + 1];
  }

  /** Number of thresholds at or below the 64-bit word. */
  function drawTotal(place: number, least: number, size: number): number {
    let [from, to] = [0, size];
    while (from < to) {
      const middle = (from + to) >>> 1;
      const at = 2 * (place + middle);
      if (totals[at] < words[0] || (totals[at] === words[0] && totals[at + 1] <= words[1])) from = middle + 1;
      else to = middle;
    }
    return least + from;
  }

  return (toy, counts) => {
    const [low, high] = [toy >>> 0, Math.floor(toy / 2 ** 32)];
    inAtoms.fill(0);
    let step = 0;
    if (header[HEADER.steps] > 1) {
      philox4x32(words, low, high, STEP_STREAM, 0, keyLow, keyHigh);
      step = drawAlias(header[HEADER.stepAlias], header[HEADER.stepBits], words[0], words[1]);
    }
    for (let source = 0; source < nSources; source++) {
      const at = HEADER.firstSource + SOURCE_STRIDE * (step * nSources + source);
      philox4x32(words, low, high, source, TOTAL_DRAW, keyLow, keyHigh);
      const total = drawTotal(header[at], header[at + 1], header[at + 2]);
      const [place, bits] = [header[at + 3], header[at + 4]];
      for (let event = 0; event < total; event += 2) {
        philox4x32(words, low, high, source, event >>> 1, keyLow, keyHigh);
        inAtoms[drawAlias(place, bits, words[0], words[1])]++;
        if (event + 1 < total) inAtoms[drawAlias(place, bits, words[2], words[3])]++;
      }
    }
    counts.fill(0);
    for (let a = 0; a < inAtoms.length; a++) {
      const n = inAtoms[a];
      if (n === 0) continue;
      for (let k = atomFirst[a]; k < atomFirst[a + 1]; k++) counts[atomWindows[k]] += n;
    }
    return step;
  };
}
