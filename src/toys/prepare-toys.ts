/**
 * From a prepared scan to everything a campaign of toys needs: atoms, sources, tables, the scan of the data counted by
 * the rule `cells`, and an identity by which shards of the same campaign are told from others.
 */
import type { Backend } from '../engine/backend.ts';
import { DarkscanError } from '../errors.ts';
import { hashCard } from '../io/card.ts';
import { sha256Hex } from '../io/sha256.ts';
import type { Card } from '../model/card.ts';
import type { CountingModel } from '../model/counting-model.ts';
import type { FineLattice } from '../model/fine-lattice.ts';
import { makeResolution } from '../model/resolution.ts';
import type { Atoms } from '../model/toys/atoms.ts';
import { controlComponent } from '../model/toys/control-atoms.ts';
import { CERTAIN } from '../model/toys/factor-nodes.ts';
import { gaussianOverAtoms } from '../model/toys/gaussian-atoms.ts';
import { pickWindows } from '../model/toys/pick-windows.ts';
import { sampleAtoms } from '../model/toys/sample-atoms.ts';
import { overAtoms, toyDensities, toyLattice } from '../model/toys/toy-components.ts';
import { toyNuisances } from '../model/toys/toy-nuisances.ts';
import { makeToyRegions, measuredComponent, type ToyRegions } from '../model/toys/toy-regions.ts';
import {
  toySources,
  type ToyComponent,
  type ToyEnsemble,
  type ToySource,
  type ToySources,
} from '../model/toys/toy-sources.ts';
import type { WindowSet } from '../model/windows.ts';
import type { PreparedScan } from '../scan/prepare.ts';
import { selectWindows } from '../scan/select-windows.ts';
import type { P0Method } from '../scan/statistics.ts';
import { VERSION } from '../version.ts';
import { ensembleWarnings } from './ensemble-warnings.ts';
import { makeRanks } from './make-ranks.ts';
import { countRegions, observedExtreme, type Observed } from './observed.ts';
import { drawnNuisances, ensembleOf, fixedModel, modelByCells, refusePolynomial } from './toy-model.ts';
import { tablesOf, type ToyTables } from './toy-tables.ts';

export interface ToySetup {
  readonly card: Card;
  /** The windows that are scanned: all but blind ones and those without a usable background. */
  readonly windows: WindowSet;
  /** [windows.count] their numbers in the card's scan. */
  readonly ids: Uint32Array;
  /** Windows that are not scanned. */
  readonly nLeftOut: number;
  readonly lattice: FineLattice;
  readonly regions: ToyRegions;
  readonly atoms: Atoms;
  readonly sources: ToySources;
  /** Signals thrown on top of the background; empty for background-only toys. */
  readonly injected: readonly ToySource[];
  readonly tables: ToyTables;
  /** Of the scanned windows, by cells. */
  readonly model: CountingModel;
  readonly method: P0Method;
  /** p0 is the probability of its counts in this very ensemble. */
  readonly isExact: boolean;
  /** Probabilities of the steps p0 has rows by. */
  readonly steps?: Float64Array;
  readonly observed: Observed;
  readonly ensemble: ToyEnsemble;
  readonly seed: number;
  /** What the user should know about this ensemble. */
  readonly warnings: readonly string[];
  /** SHA-256 of all that decides a toy and its rank: card, files, seed, ensemble, tables, version. */
  readonly identity: string;
}

export interface ToyOptions {
  readonly seed: number;
  /** Throw the card's `simulation.inject` on top of the background. */
  readonly inject?: boolean;
  /** Where tables of p0 are computed, if it has f64; default: this thread. */
  readonly backend?: Backend;
  readonly signal?: AbortSignal;
}

/** Errors (kind card): a background, p0 method or nuisance that toys cannot be thrown from, with what to do. */
export async function prepareToys(prepared: PreparedScan, options: ToyOptions): Promise<ToySetup> {
  const { card, scope, blind } = prepared;
  const [method] = [card.statistics.p0].flat();
  const ensemble = ensembleOf(card, method);
  refusePolynomial(prepared.model, method);
  const usable = (_: unknown, w: number) =>
    blind[w] === 0 && prepared.model.components.every((c) => c.b0[w] >= 0 && Number.isFinite(c.b0[w]));
  const ids = Uint32Array.from(prepared.windows.x.keys()).filter(usable);
  if (ids.length === 0) throw new DarkscanError('card', 'toys: every window is blind or has no background; --unblind');
  const windows = pickWindows(prepared.windows, ids);
  const scanned = selectWindows(prepared.model, ids);
  const background = { windows, b0: scanned.components.map((c) => c.b0) };
  const densities = toyDensities(card, scope, prepared.sources, background);
  const lattice = toyLattice(card, scope, windows, densities);
  const measured = measuredComponent(card, scope);
  const regions = makeToyRegions(windows, lattice, measured, scope);
  const { atoms } = regions;
  const components = densities.map((density) => overAtoms(density, lattice, atoms));
  const samples = new Map(
    densities.flatMap(({ name, simulated }, i) =>
      simulated !== undefined && scanned.components[i].kind === 'mc-stat'
        ? [[name, sampleAtoms(simulated, lattice, atoms)] as const]
        : [],
    ),
  );
  const control = measured && prepared.sources.controls.get(measured.name);
  const counts = countRegions(prepared.events, lattice, regions, control);
  const plane = { atoms, nWindows: windows.count, idsPerWindow: regions.idsPerWindow };
  const byCells = modelByCells(scanned, { plane, components, samples, counts });
  const model = ensemble === 'fixed' ? fixedModel(byCells) : byCells;
  const plan = { plane, samples, seed: options.seed, scenarios: card.toys?.scenarios, ensemble };
  const names = components.map(({ name }) => name);
  const drawn = drawnNuisances(toyNuisances(model), names, measured);
  const thrown = toySources(components, drawn, plan);
  const still =
    measured === undefined || regions.controlShift === 0
      ? []
      : [certain(controlComponent(components[measured.index], regions, model.components[measured.index].tau!))];
  const injected = options.inject === true ? injectedSources(prepared, lattice, atoms) : [];
  const { ranks, rows, steps, isExact } = await makeRanks({
    model,
    method,
    ensemble,
    sources: { ...thrown, still: [...still, ...injected] },
    regions,
    plan,
    p0: { ids, backend: options.backend, signal: options.signal },
  });
  const common = steps === undefined ? thrown.common : { factors: steps.map(() => 1), weights: steps };
  const sources = { ...thrown, still, common };
  const tables = tablesOf(sources, injected, atoms, windows.count, ranks);
  const exact = {
    n: scanned.n,
    b0: Float64Array.from(ids, (_, w) => scanned.components.reduce((sum, c) => sum + c.b0[w], 0)),
    nOff: steps === undefined ? scanned.components.find((c) => c.kind === 'side-band')?.nOff : rows,
  };
  const observed = observedExtreme(counts.n, tables, exact, rows);
  const identity = await identityOf(prepared, tables, ensemble, options);
  return {
    card,
    windows,
    ids,
    nLeftOut: prepared.windows.count - ids.length,
    lattice,
    regions,
    atoms,
    sources,
    injected,
    tables,
    model,
    method,
    isExact,
    steps,
    observed,
    ensemble,
    seed: options.seed,
    warnings: ensembleWarnings({ scanned, method, ensemble, sources, measured, nuisances: drawn }),
    identity,
  };
}

function certain(component: ToyComponent): ToySource {
  return { ...component, nodes: CERTAIN };
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
  ensemble: ToyEnsemble,
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
