/** What one toy costs, counted: random words, alias look-ups, increments, look-ups of ranks, bytes. */
import { HEADER } from '../../src/kernels/toys/layout.ts';
import { makeToyLookup } from '../../src/kernels/toys/lookup.ts';
import { makeToyThrower } from '../../src/toys/estimators/toy-field.ts';
import type { ToyProblem } from './toy-problems.ts';

/** Means per toy, and sizes in bytes. */
export interface ToyWork {
  readonly toys: number;
  /** Blocks of Philox4x32-10: one for two events, one for the total of a source, one for a common factor. */
  readonly philoxBlocks: number;
  readonly aliasLookUps: number;
  readonly increments: number;
  /** Of the increments, those whose count says that its rank must be looked up (kernels/toys/lookup.ts). */
  readonly rankLookUps: number;
  /** Part of the toys that no window told of, counted twice. */
  readonly countedTwice: number;
  readonly bytesPerToy: Readonly<Record<'resetCounts' | 'alias' | 'atoms' | 'lists' | 'counts' | 'ranks', number>>;
  readonly tableBytes: Readonly<Record<'alias' | 'atoms' | 'lists' | 'counts' | 'starts' | 'ranks', number>>;
}

/** Increments of all toys counted: about this many. */
const COUNTED = 1e7;

export function countWork({ tables, windows }: ToyProblem): ToyWork {
  const { arrays, events, floorRank } = tables;
  const [header, , , atomFirst, lists, rankFirst, ranks] = arrays;
  const lookup = makeToyLookup(arrays, floorRank);
  const toys = Math.max(16, Math.ceil(COUNTED / (tables.increments + windows)));
  const throwToy = makeToyThrower(arrays, 1);
  const counts = new Uint32Array(windows);
  let [increments, rankLookUps, countedTwice] = [0, 0, 0];
  for (let toy = 0; toy < toys; toy++) {
    throwToy(toy, counts);
    let told = 0;
    let total = 0;
    for (let w = 0; w < windows; w++) {
      const least = lookup.top - lookup.starts[w];
      told += Math.max(0, counts[w] - least + 1);
      total += counts[w];
    }
    increments += told === 0 ? 2 * total : total;
    rankLookUps += told === 0 ? total : told;
    if (told === 0) countedTwice++;
  }
  const size = lookup.lists.BYTES_PER_ELEMENT;
  const [perToy, lookUps] = [increments / toys, rankLookUps / toys];
  const whole = (bytes: number) => Math.round(bytes);
  return {
    toys,
    philoxBlocks: whole(events / 2 + header[HEADER.sources] + (header[HEADER.steps] > 1 ? 1 : 0)),
    aliasLookUps: whole(events),
    increments: whole(perToy),
    rankLookUps: Number(lookUps.toPrecision(3)),
    countedTwice: countedTwice / toys,
    bytesPerToy: {
      resetCounts: 2 * size * windows, // read and written
      alias: whole(8 * events), // threshold and alias
      atoms: whole(8 * events), // where its list begins and ends
      lists: whole(size * perToy),
      counts: whole(2 * size * perToy), // read and written
      ranks: whole((size + 12) * lookUps), // start, place, rank
    },
    tableBytes: {
      alias: lookup.alias.byteLength,
      atoms: atomFirst.byteLength,
      lists: size * lists.length,
      counts: size * windows,
      starts: size * windows,
      ranks: ranks.byteLength + rankFirst.byteLength,
    },
  };
}
