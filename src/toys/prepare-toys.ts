/**
 * From a prepared scan to everything a campaign of toys needs: atoms, sources, tables, the scan of the data counted by
 * the rule `cells`, and an identity by which shards of the same campaign are told from others.
 */
import { DarkscanError } from '../errors.ts';
import { hashCard } from '../io/card.ts';
import { sha256Hex } from '../io/sha256.ts';
import type { Card } from '../model/card.ts';
import { makeResolution } from '../model/resolution.ts';
import { makeAtoms, type Atoms } from '../model/toys/atoms.ts';
import { CERTAIN } from '../model/toys/factor-nodes.ts';
import { gaussianOverAtoms } from '../model/toys/gaussian-atoms.ts';
import { pickWindows } from '../model/toys/pick-windows.ts';
import { overAtoms, toyDensities, toyLattice } from '../model/toys/toy-components.ts';
import { toySources, type ToySource, type ToySources } from '../model/toys/toy-sources.ts';
import type { FineLattice } from '../model/fine-lattice.ts';
import type { WindowSet } from '../model/windows.ts';
import type { PreparedScan } from '../scan/prepare.ts';
import { VERSION } from '../version.ts';
import { countByCells, observedExtreme, type Observed } from './observed.ts';
import { makeToyTables, type ToyTables } from './toy-tables.ts';

export type Ensemble = 'predictive' | 'fixed';

export interface ToySetup {
  readonly card: Card;
  /** The windows that are scanned: all but blind ones and those without a usable background. */
  readonly windows: WindowSet;
  /** [windows.count] their numbers in the card's scan. */
  readonly ids: Uint32Array;
  /** Windows that are not scanned. */
  readonly nLeftOut: number;
  readonly lattice: FineLattice;
  readonly atoms: Atoms;
  readonly sources: ToySources;
  /** Signals thrown on top of the background; empty for background-only toys. */
  readonly injected: readonly ToySource[];
  readonly tables: ToyTables;
  readonly observed: Observed;
  readonly ensemble: Ensemble;
  readonly seed: number;
  /** SHA-256 of all that decides a toy and its rank: card, files, seed, ensemble, tables, version. */
  readonly identity: string;
}

export interface ToyOptions {
  readonly seed: number;
  /** Throw the card's `simulation.inject` on top of the background. */
  readonly inject?: boolean;
}

/** Errors (kind card): a background, p0 method or nuisance that toys cannot be thrown from, with what to do. */
export async function prepareToys(prepared: PreparedScan, options: ToyOptions): Promise<ToySetup> {
  const { card, scope, blind, model } = prepared;
  refuseMethod(card);
  const ensemble = card.toys?.ensemble ?? 'predictive';
  const usable = (_: unknown, w: number) =>
    blind[w] === 0 && model.components.every((c) => c.b0[w] >= 0 && Number.isFinite(c.b0[w]));
  const ids = Uint32Array.from(prepared.windows.x.keys()).filter(usable);
  if (ids.length === 0) throw new DarkscanError('card', 'toys: every window is blind or has no background; --unblind');
  const windows = pickWindows(prepared.windows, ids);
  const densities = toyDensities(card, scope, prepared.sources);
  const lattice = toyLattice(card, scope, windows, densities);
  const atoms = makeAtoms(windows, lattice);
  const components = densities.map((density) => overAtoms(density, lattice, atoms));
  const sources = toySources(components, ensemble === 'fixed' ? [] : model.nuisances);
  const injected = options.inject === true ? injectedSources(prepared, lattice, atoms) : [];
  const counts = countByCells(prepared.events, lattice, atoms, windows.count);
  const tables = makeToyTables(sources, injected, atoms, windows.count, counts);
  const exact = {
    n: Uint32Array.from(ids, (w) => model.n[w]),
    b0: Float64Array.from(ids, (w) => totalB0(prepared, w)),
  };
  const observed = observedExtreme(counts, tables, exact);
  const identity = await identityOf(prepared, tables, ensemble, options);
  return {
    card,
    windows,
    ids,
    nLeftOut: prepared.windows.count - ids.length,
    lattice,
    atoms,
    sources,
    injected,
    tables,
    observed,
    ensemble,
    seed: options.seed,
    identity,
  };
}

function refuseMethod(card: Card): void {
  const [method] = [card.statistics.p0].flat();
  if (method === 'marginal') return;
  const message = `card: statistics.p0 is ranked by '${method}', toys are thrown for 'marginal' only so far`;
  throw new DarkscanError('card', `${message}; put marginal first`, { where: 'statistics.p0' });
}

function totalB0({ model }: PreparedScan, w: number): number {
  return model.components.reduce((sum, c) => sum + c.b0[w], 0);
}

function injectedSources({ card, scope }: PreparedScan, lattice: FineLattice, atoms: Atoms): ToySource[] {
  const injections = card.simulation?.inject ?? [];
  if (injections.length === 0 || 'table' in card.windows) {
    const found = injections.length === 0 ? 'no simulation.inject' : 'windows without a resolution';
    throw new DarkscanError('card', `card: ${found}, expected signals to inject and a resolution; add them`);
  }
  const resolution = makeResolution(card.windows, card.y !== undefined, scope);
  return injections.map((injection, i) => ({
    name: `signal ${i + 1}`,
    nodes: CERTAIN,
    atoms: gaussianOverAtoms(injection, resolution, lattice, atoms),
  }));
}

async function identityOf(
  { card, files }: PreparedScan,
  tables: ToyTables,
  ensemble: Ensemble,
  { seed, inject = false }: ToyOptions,
): Promise<string> {
  const words = await Promise.all(tables.arrays.map((array) => sha256Hex(new Uint8Array(array.slice().buffer))));
  const data = files.map(({ name, sha256 }) => `${name} ${sha256}`);
  const parts = [
    VERSION,
    await hashCard(card),
    ...data,
    String(seed),
    ensemble,
    inject ? 'inject' : 'background',
    ...words,
  ];
  return sha256Hex(new TextEncoder().encode(parts.join('\n')));
}
