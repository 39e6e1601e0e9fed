/**
 * Alias table (Walker 1977, Vose 1991) with integer thresholds: a cell out of many by two 32-bit words, without any
 * floating point when drawing. The number of slots is a power of two, so the first word picks one without bias.
 */
import { DarkscanError } from '../errors.ts';

export interface AliasTable {
  /** Slots are 2^bits >= number of cells; slots past the last cell have weight 0. */
  readonly bits: number;
  /** [2^bits] take the slot itself when the second word is below this, else its alias; 2^32 is stored as 0xffffffff. */
  readonly threshold: Uint32Array;
  /** [2^bits] */
  readonly alias: Uint32Array;
}

/** Largest table: 2^23 slots of 8 bytes are 64 MB. */
const MAX_BITS = 23;

/**
 * @param weights finite, >= 0, not all 0. Probabilities are reproduced to 2^-32 of a slot, relative 2^-32 of the mean.
 * Errors: kind resource for more than 2^23 cells, kind numerical for weights that cannot be drawn from.
 */
export function makeAliasTable(weights: Float64Array): AliasTable {
  let bits = 1;
  while (2 ** bits < weights.length) bits++;
  if (bits > MAX_BITS) {
    const message = `simulation: ${weights.length} cells, at most ${2 ** MAX_BITS} fit in 64 MB; make the support smaller`;
    throw new DarkscanError('resource', message);
  }
  let total = 0;
  for (const w of weights) total += w;
  if (!(total > 0 && total < Infinity)) {
    throw new DarkscanError(
      'numerical',
      `simulation: weights of the cells add up to ${total}, expected a number above 0`,
    );
  }
  const slots = 2 ** bits;
  // Vose: every slot holds 1 of the scaled weight, small cells are filled up from large ones.
  const rest = new Float64Array(slots);
  for (let i = 0; i < weights.length; i++) rest[i] = (weights[i] / total) * slots;
  const alias = new Uint32Array(slots);
  const threshold = new Uint32Array(slots).fill(0xffffffff);
  const queue = new Uint32Array(slots);
  let [smalls, larges] = [0, slots];
  for (let i = 0; i < slots; i++) {
    alias[i] = i;
    if (rest[i] < 1) queue[smalls++] = i;
    else queue[--larges] = i;
  }
  let next = 0;
  // Small cells stand in queue[next..smalls), large ones in queue[larges..slots); the two never meet.
  let large = larges;
  while (next < smalls && large < slots) {
    const small = queue[next++];
    const giver = queue[large];
    threshold[small] = Math.min(0xffffffff, Math.floor(rest[small] * 2 ** 32));
    alias[small] = giver;
    rest[giver] -= 1 - rest[small];
    if (rest[giver] >= 1) continue;
    large++;
    // The giver has become small: it takes the place just freed.
    queue[--next] = giver;
  }
  // What rounding leaves over among the small ones is full; a cell of weight 0 must not be.
  const heaviest = weights.reduce((best, w, i) => (w > weights[best] ? i : best), 0);
  for (; next < smalls; next++) {
    const left = queue[next];
    if (left < weights.length && weights[left] > 0) continue;
    threshold[left] = 0;
    alias[left] = heaviest;
  }
  return { bits, threshold, alias };
}

/** Cell from two uniform 32-bit words. */
export function drawCell(table: AliasTable, word0: number, word1: number): number {
  const slot = word0 >>> (32 - table.bits);
  const threshold = table.threshold[slot];
  return word1 < threshold || threshold === 0xffffffff ? slot : table.alias[slot];
}
