/** Toys of a card without files, as hashes: bundled and run in every engine by same-toys.test.ts. */
import { throwWithTwin, TOY_STRIDE } from '../../../src/kernels/toy_scan.ts';
import { throwWithWasm } from '../../../src/kernels/toys/wasm.ts';
import type { Card } from '../../../src/model/card.ts';
import { makeScope } from '../../../src/model/expression.ts';
import { resolveNuisances } from '../../../src/model/nuisances.ts';
import { makeAtoms } from '../../../src/model/toys/atoms.ts';
import { overAtoms, toyDensities, toyLattice } from '../../../src/model/toys/toy-components.ts';
import { toySources } from '../../../src/model/toys/toy-sources.ts';
import { makeWindows } from '../../../src/model/windows.ts';
import { makeToyTables, type ToyTables } from '../../../src/toys/toy-tables.ts';

/** Everything that decides: windows, cells, densities, thresholds, alias tables, ranks. */
export function exampleTables(card: Card): ToyTables {
  const scope = makeScope(card);
  const windows = makeWindows(card, scope);
  const densities = toyDensities(card, scope, { tables: new Map(), samples: new Map() });
  const lattice = toyLattice(card, scope, windows, densities);
  const atoms = makeAtoms(windows, lattice);
  const components = densities.map((density) => overAtoms(density, lattice, atoms));
  const sources = toySources(components, resolveNuisances(card, windows, scope));
  return makeToyTables(sources, [], atoms, windows.count, new Uint32Array(windows.count));
}

export const SEED = 20_261_121;

export function exampleParams(tables: ToyTables): Record<string, number> {
  return {
    seed_low: SEED,
    seed_high: 0,
    base_low: 0,
    base_high: 0,
    fingerprint: 1,
    floor_rank: tables.floorRank,
    count_bits: tables.countBits,
  };
}

/** Rank, window and fingerprint of all counts of toys 0 to n - 1, by the twin or as WebAssembly. */
export function exampleWords(
  tables: ToyTables,
  n: number,
  run: typeof throwWithTwin | typeof throwWithWasm = throwWithTwin,
): Uint32Array {
  const words = new Uint32Array(TOY_STRIDE * n);
  run([...tables.arrays, words], exampleParams(tables), 0, n);
  return words;
}

/** Two 32-bit lanes over words, as 16 hex digits. */
export function hashWords(...arrays: readonly Uint32Array[]): string {
  let [first, second] = [0x811c9dc5, 0x01000193];
  for (const array of arrays) {
    for (const word of array) {
      first = Math.imul(first ^ word, 0x01000193);
      second = Math.imul(second ^ word ^ (first >>> 15), 0x85ebca6b);
    }
  }
  return [first, second].map((lane) => (lane >>> 0).toString(16).padStart(8, '0')).join('');
}

/** For engines that get the card as JSON. */
export function exampleHashes(card: Card, n: number): { tables: string; twin: string; wasm: string } {
  const tables = exampleTables(card);
  const [twin, wasm] = [exampleWords(tables, n), exampleWords(tables, n, throwWithWasm)];
  return { tables: hashWords(...tables.arrays), twin: hashWords(twin), wasm: hashWords(wasm) };
}
