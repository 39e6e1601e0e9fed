/**
 * From the spectra of a card, ready to be fitted, to everything a campaign of toys needs: the expected spectrum they are
 * thrown from, the fits, what the data have, and an identity by which shards of the same campaign are told from others.
 */
import type { Backend } from '../../engine/backend.ts';
import { CpuBackend } from '../../engine/cpu-backend.ts';
import { DarkscanError } from '../../errors.ts';
import { canonicalJson } from '../../io/card.ts';
import { sha256Hex } from '../../io/sha256.ts';
import type { FitPlan } from '../../model/spectrum/fit-plan.ts';
import { pickHypotheses } from '../../model/spectrum/pick-hypotheses.ts';
import { makeThrowTables, type ThrowTables } from '../../model/spectrum/throw-tables.ts';
import { fitSpectrum, type SpectrumResult } from '../../scan/spectrum/fit-spectrum.ts';
import type { SpectrumPart } from '../../scan/spectrum/part.ts';
import { hasNumbers } from '../../scan/spectrum/spectrum-table.ts';
import { withStartsFrom } from '../../scan/spectrum/toy-starts.ts';
import { VERSION } from '../../version.ts';
import type { ToyCampaign } from '../campaign.ts';
import type { FieldSource } from '../estimators/toy-field.ts';
import { chosenPass, oneChosenToy } from './chosen-fits.ts';
import { expectedBackground } from './expected-background.ts';
import { oneToy } from './fit-toys.ts';
import { joinPlans } from './joint-plan.ts';
import { spectrumThrower, type ThrowInput } from './spectrum-thrower.ts';
import { spectrumFields } from './toy-fields.ts';
import { refitPasses } from './toy-refits.ts';
import { observedRank } from './z-ranks.ts';

export interface SpectrumToyOptions {
  /** Name and hash (io/card.ts) of the card. */
  readonly card: { readonly name: string; readonly hash: string };
  readonly seed: number;
  /** Per part [nBins] expected events; default: stitched from the fits to the data (expected-background.ts). */
  readonly expected?: readonly ArrayLike<number>[];
  /** Makes a backend with f64 for what a GPU leaves; default: this thread. */
  readonly cpu?: () => Backend;
  /** [nHypotheses] masses of the particle; default: the positions of the signal. */
  readonly masses?: ArrayLike<number>;
  /** [nHypotheses] 1: not tested, in toys as in the data. */
  readonly blind?: ArrayLike<number>;
  /** For the result, beside its own. */
  readonly warnings?: readonly string[];
}

/** A hypothesis that has a Z in the data, and so in toys. */
export interface TestedHypothesis {
  /** Number in the scan. */
  readonly id: number;
  /** Number and name of its part. */
  readonly part: number;
  readonly spectrum: string;
  readonly mass: number;
  /** Position of the signal in the variable of its spectrum, and resolution. */
  readonly x: number;
  readonly sigma: number;
}

export interface ObservedSpectrum {
  readonly rank: number;
  /** Of the tested hypotheses: the place of the largest Z, all results. */
  readonly best: number;
  readonly results: readonly SpectrumResult[];
  readonly z: number;
  /** ln p0 of the best, ln(1/2) where no hypothesis has an excess. */
  readonly lnPLocal: number;
}

export interface SpectrumToySetup extends ToyCampaign {
  readonly card: { readonly name: string };
  readonly parts: readonly SpectrumPart[];
  readonly tested: readonly TestedHypothesis[];
  /** Hypotheses without a Z in the data; blind ones are among them. */
  readonly nLeftOut: number;
  /** [nBins] of all parts, one after the other. */
  readonly counts: Uint32Array;
  readonly expected: Float64Array;
  readonly expectedFrom: 'stitched' | 'given';
  /** Of the tested hypotheses over all bins. */
  readonly plan: FitPlan;
  readonly tables: ThrowTables;
  readonly observed: ObservedSpectrum;
  readonly ensemble: 'auxiliary' | 'fixed';
  readonly injected: readonly never[];
  readonly seed: number;
  /** Orders of backgrounds are chosen in every toy. */
  readonly hasChoice: boolean;
  /** Z of the tested hypotheses in the first toys. */
  fields(count: number): FieldSource;
  readonly warnings: readonly string[];
  readonly identity: string;
}

/** Errors (kind card): no hypothesis of the data has a fit. */
export async function prepareSpectrumToys(
  parts: readonly SpectrumPart[],
  options: SpectrumToyOptions,
): Promise<SpectrumToySetup> {
  const { card, seed } = options;
  const expected = expectedBackground(parts, options.expected);
  const all = joinPlans(parts);
  const counts = Uint32Array.from(parts.flatMap(({ spectrum }) => Array.from(spectrum.counts)));
  const results = fitSpectrum(all, counts);
  const tested = listHypotheses(parts, options.masses).filter(
    ({ id }) => options.blind?.[id] !== 1 && hasNumbers(results[id]),
  );
  if (tested.length === 0)
    throw new DarkscanError(
      'card',
      `toys: ${results.length} hypotheses, all of them blind or without a fit to the data; --unblind, or look at the scan`,
    );
  const ids = tested.map(({ id }) => id);
  const plan = withStartsFrom(pickHypotheses(all, ids), counts);
  const tables = makeThrowTables(expected);
  const observed = observedSpectrum(ids.map((id) => results[id]));
  const hasPeaks = parts.some(({ model }) => (model.peaks ?? []).length > 0);
  const hasChoice = parts.some(({ choice }) => choice !== undefined);
  const input: ThrowInput = {
    tables,
    seed,
    zObserved: observed.z,
    nHypotheses: tested.length,
    nBins: counts.length,
    ...(hasChoice ? { passes: [chosenPass(parts, ids)], kind: 'here' } : fixedOrders(plan, expected)),
    cpu: options.cpu ?? (() => new CpuBackend({ threads: 1 })),
    toy: hasChoice ? oneChosenToy(parts, ids) : oneToy(plan, counts.length),
  };
  return {
    card,
    parts,
    tested,
    nLeftOut: results.length - tested.length,
    counts,
    expected,
    expectedFrom: options.expected === undefined ? 'stitched' : 'given',
    plan,
    tables,
    observed,
    ensemble: hasPeaks ? 'fixed' : 'auxiliary',
    injected: [],
    seed,
    hasChoice,
    fields: (count) => spectrumFields(input, count),
    warnings: [
      ...(options.warnings ?? []),
      ...(hasPeaks ? ['yields of peaking backgrounds are not measured again in toys: they keep their values'] : []),
    ],
    identity: await identityOf(
      [card.hash, String(seed), canonicalJson(parts.map(({ choice }) => choice?.choice ?? null))],
      [counts, tables.tables, tables.thresholds, ...decisive(plan)],
    ),
    open: (backend: Backend) => spectrumThrower(input, backend),
  };
}

function listHypotheses(parts: readonly SpectrumPart[], masses?: ArrayLike<number>): TestedHypothesis[] {
  return parts
    .flatMap(({ name, hypotheses }, part) =>
      hypotheses.map(({ mass: x, sigma }) => ({ part, spectrum: name, x, sigma })),
    )
    .map((hypothesis, id) => ({ ...hypothesis, id, mass: masses?.[id] ?? hypothesis.x }));
}

function fixedOrders(plan: FitPlan, expected: Float64Array): Pick<ThrowInput, 'passes' | 'kind'> {
  const { passes, hasFast } = refitPasses(plan, expected);
  return { passes, kind: hasFast ? 'fast' : 'f64' };
}

function observedSpectrum(results: readonly SpectrumResult[]): ObservedSpectrum {
  const best = results.reduce((most, { z }, h) => (z > results[most].z ? h : most), 0);
  const { z, lnP0 } = results[best];
  return { rank: observedRank(z), best, results, z, lnPLocal: lnP0 };
}

/** What a fit depends on; starts do not change where it ends. */
function decisive({ hypotheses, bins, design, settings, nodes, maxParams }: FitPlan): (Uint32Array | Float64Array)[] {
  const withoutStarts = settings.filter((_, i) => Math.floor(i / maxParams) % 5 !== 4);
  return [hypotheses, bins, design, withoutStarts, nodes];
}

async function identityOf(words: readonly string[], arrays: readonly (Uint32Array | Float64Array)[]): Promise<string> {
  const hashes = await Promise.all(arrays.map((array) => sha256Hex(new Uint8Array(array.slice().buffer))));
  return sha256Hex(new TextEncoder().encode(['spectrum', VERSION, ...words, ...hashes].join('\n')));
}
