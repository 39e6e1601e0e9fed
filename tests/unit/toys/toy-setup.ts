/** Small campaigns for tests: cards with hardly a file, in this thread. */
import { CpuBackend } from '../../../src/engine/cpu-backend.ts';
import { parseCard } from '../../../src/io/card.ts';
import type { FileSource } from '../../../src/io/file-source.ts';
import { prepareScan, type PreparedScan } from '../../../src/scan/prepare.ts';
import { prepareToys, type ToyOptions, type ToySetup } from '../../../src/toys/prepare-toys.ts';

/** One thread, no workers. */
export const cpu = (): CpuBackend => new CpuBackend({ threads: 1 });

/** A data file of one column m for cards that name one. */
const EVENTS = new TextEncoder().encode('m\n1.2\n1.7\n2.4\n');
const FILES: FileSource = {
  read: async (name) => ({ name, bytes: EVENTS, storedBytes: EVENTS.length, sha256: 'of events' }),
};

/** 40 overlapping intervals of about 8 background events each: a falling spectrum, pseudo-data. */
export const LINE_TOYS = `schema: darkscan/card/1
name: line-toys
scan: windows
data: { simulate: true }
x: { column: m, unit: GeV }
windows:
  resolution: { x: 0.05 }
  half_axes: 2
  step: 1
  region: { x: [1, 3] }
background:
  components:
    - { name: fall, density: 'exp(-x)', events: 120, support: { x: [0.8, 3.2] } }
signal:
  poi: { name: S, unit: events }
  efficiency: 0.5
nuisances:
  - { name: norm, constraint: normal, on: { background: 0.1 } }
statistics:
  p0: marginal
  limits: []
`;

export function edit(text: string, ...edits: readonly (readonly [found: string, put: string])[]): string {
  return edits.reduce((all, [found, put]) => {
    if (!all.includes(found)) throw new Error(`the card has no '${found}'`);
    return all.replace(found, put);
  }, text);
}

export async function prepared(text: string, seed = 1): Promise<PreparedScan> {
  const { card } = parseCard(text, 'card.yaml');
  return prepareScan(card, { files: FILES, seed, unblind: false });
}

export async function setupOf(text = LINE_TOYS, options: Partial<ToyOptions> = {}): Promise<ToySetup> {
  const { seed = 1 } = options;
  return prepareToys(await prepared(text, seed), { ...options, seed });
}
