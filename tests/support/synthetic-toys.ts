/** Tables of toys without a card: windows and atoms in a ring, for parity tests and timings of the toy kernel. */
import { CERTAIN, factorNodes } from '../../src/model/toys/factor-nodes.ts';
import type { Atoms } from '../../src/model/toys/atoms.ts';
import type { ToySource } from '../../src/model/toys/toy-sources.ts';
import { makeToyTables } from '../../src/toys/toy-tables.ts';
import { spread } from './counting.ts';

export const POISON_WORD = 0xdeadbeef;

export interface SyntheticToys {
  readonly arrays: readonly Uint32Array[];
  readonly countBits: number;
  readonly floorRank: number;
  /** Expected increments of a toy. */
  readonly increments: number;
}

/**
 * Atom a is in `overlap` consecutive windows of the ring from (a windows/atoms) on; uneven expected events.
 * @param events per source
 * @param steps nodes of a common factor; 1: none
 */
export function syntheticToys(shape: {
  readonly windows: number;
  readonly atoms: number;
  readonly overlap: number;
  readonly events: readonly number[];
  readonly steps?: number;
  readonly bits?: number;
}): SyntheticToys {
  const { windows, atoms: count, overlap, events, steps = 1 } = shape;
  const next = spread(windows + 7 * count);
  const first = Uint32Array.from({ length: count + 1 }, (_, a) => (a === 0 ? 0 : (a - 1) * overlap));
  const lists = new Uint32Array((count - 1) * overlap);
  for (let a = 1; a < count; a++) {
    const start = Math.floor((a * windows) / count);
    const own = Array.from({ length: overlap }, (_, k) => (start + k) % windows).sort((p, q) => p - q);
    lists.set(own, (a - 1) * overlap);
  }
  const atoms: Atoms = { count, ofCell: new Uint32Array(0), first, windows: lists };
  const sources = events.map((total, s): ToySource => {
    const weights = Float64Array.from({ length: count }, (_, a) => (a === 0 ? 0 : 0.1 + next()));
    const sum = weights.reduce((t, w) => t + w, 0);
    return {
      name: `source ${s}`,
      atoms: weights.map((w) => (total * w) / sum),
      nodes: s === 0 && steps > 1 ? factorNodes([{ constraint: 'normal', up: 0.1, down: 0.1 }], 10) : CERTAIN,
    };
  });
  const common = steps > 1 ? factorNodes([{ constraint: 'lognormal', up: 0.15, down: 0.15 }], steps) : CERTAIN;
  const tables = makeToyTables({ sources, common }, [], atoms, windows, new Uint32Array(windows));
  return {
    arrays: tables.arrays,
    floorRank: tables.floorRank,
    countBits: shape.bits ?? tables.countBits,
    increments: tables.increments,
  };
}
