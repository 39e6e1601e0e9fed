/** Ranks of the p0 of a campaign: which table goes with its ensemble and what it counts. */
import type { CountingModel } from '../model/counting-model.ts';
import { auxiliarySteps, type AuxiliarySteps } from '../model/toys/auxiliary-steps.ts';
import type { RankTable } from '../model/toys/rank-table.ts';
import type { ScenarioPlan } from '../model/toys/scenarios.ts';
import { toyNuisances } from '../model/toys/toy-nuisances.ts';
import type { ToyRegions } from '../model/toys/toy-regions.ts';
import type { ToyEnsemble, ToySources } from '../model/toys/toy-sources.ts';
import type { P0Method } from '../scan/statistics.ts';
import { log } from '../stats/portable.ts';
import {
  attainableByOff,
  attainableCounts,
  p0OfData,
  quickMethod,
  type AttainableOptions,
  type OffRange,
} from './attainable-p0.ts';
import { predictiveRanks } from './predictive-ranks.ts';
import { rankTableOf, sideBandRanks, stepRanks } from './rank-rows.ts';
import { regionMeans } from './region-means.ts';
import { shiftedModel } from './shifted-model.ts';

/** Windows that would reach the floor if p0 were continuous: discrete ones do so some ten times less often. */
const MANY = 300;

export interface RankInputs {
  /** By cells; fixed already where the ensemble is. */
  readonly model: CountingModel;
  readonly method: P0Method;
  readonly ensemble: ToyEnsemble;
  /** `still`: with injected signals, which may fill bands. */
  readonly sources: ToySources;
  readonly regions: ToyRegions;
  readonly plan: ScenarioPlan;
  readonly p0?: AttainableOptions;
}

export interface MadeRanks {
  readonly ranks: RankTable;
  /** [nWindows] row of the data in each window's table. */
  readonly rows?: Uint32Array;
  /** Probabilities of the steps, where rows are by step; the last one, of weight 0, is that of the data. */
  readonly steps?: Float64Array;
  /** p0 is the probability of its counts in this very ensemble. */
  readonly isExact: boolean;
}

export async function makeRanks(inputs: RankInputs): Promise<MadeRanks> {
  const { model, method, sources, regions, p0 } = inputs;
  if (regions.axis !== 'none') return byOff(inputs, regions.axis);
  if (inputs.ensemble === 'auxiliary') return bySteps(inputs);
  const isKnown = model.components.every((c) => c.kind === 'known') && sources.scenarios === undefined;
  if (method === 'marginal' && isKnown) {
    return { ranks: predictiveRanks(sources, regions.atoms, model.nWindows, model.n), isExact: true };
  }
  return { ranks: rankTableOf(await attainableCounts(model, method, p0)), isExact: method === 'marginal' };
}

async function byOff(
  { model, method, sources, regions, p0 }: RankInputs,
  axis: 'sideBand' | 'complement',
): Promise<MadeRanks> {
  const own = quickMethod(model, method);
  const { nOff } = model.components.find((c) => c.kind === 'side-band')!;
  const best = (await p0OfData(model, own, p0)).reduce((least, lnP) => Math.min(least, lnP), 0);
  const lnFloor = Math.max(log(Math.min(1, MANY / model.nWindows)), Math.min(0, best + 1e-9));
  const rows = await attainableByOff(model, own, offRange(sources, regions), lnFloor, p0);
  return { ranks: sideBandRanks(axis, model.nWindows, (w) => rows[w], lnFloor), rows: nOff, isExact: false };
}

/** Smallest and largest expected n_off of every window over the nodes and scenarios of the sources that can matter. */
function offRange({ sources, still = [], common, scenarios }: ToySources, regions: ToyRegions): OffRange {
  const RARE = 1e-12;
  const span = (factors: Float64Array, weights: Float64Array) => {
    const all = Array.from(factors).filter((_, i) => weights[i] > RARE);
    return [Math.min(...all), Math.max(...all)] as const;
  };
  const [commonLow, commonHigh] = span(common.factors, common.weights);
  const low = new Float64Array(regions.nWindows);
  const high = new Float64Array(regions.nWindows);
  const add = (atoms: Float64Array, to: Float64Array, factor: number) =>
    offMeans(atoms, regions).forEach((mean, w) => (to[w] += factor * mean));
  sources.forEach(({ atoms, nodes }, s) => {
    const [least, most] = span(nodes.factors, nodes.weights);
    const maps = new Set(scenarios?.atoms[s] ?? [atoms]);
    const means = Array.from(maps, (map) => offMeans(map, regions));
    for (let w = 0; w < low.length; w++) {
      low[w] += commonLow * least * means.reduce((m, own) => Math.min(m, own[w]), Infinity);
      high[w] += commonHigh * most * means.reduce((m, own) => Math.max(m, own[w]), 0);
    }
  });
  for (const { atoms } of still) {
    add(atoms, low, 1);
    add(atoms, high, 1);
  }
  return { low, high };
}

function offMeans(atoms: Float64Array, { axis, atoms: lists, nRegions, nWindows }: ToyRegions): Float64Array {
  const means = regionMeans(atoms, lists, nRegions);
  return Float64Array.from({ length: nWindows }, (_, w) =>
    axis === 'complement' ? means[2 * nWindows] - means[2 * w + 1] : means[2 * w + 1],
  );
}

/** Tables per step of the auxiliary measurements, and one more for those of the data, which are nominal. */
async function bySteps({ model, method, plan, p0 }: RankInputs): Promise<MadeRanks> {
  const nuisances = toyNuisances(model);
  const steps: AuxiliarySteps = auxiliarySteps({ ...model, nuisances }, plan);
  if (steps.weights.length === 1) {
    return { ranks: rankTableOf(await attainableCounts(model, method, p0)), isExact: method === 'marginal' };
  }
  const tables: Float64Array[][] = [];
  for (const k of steps.z.keys()) tables.push(await attainableCounts(shiftedModel(model, steps, k), method, p0));
  tables.push(await attainableCounts(model, method, p0));
  return {
    ranks: stepRanks(model.nWindows, tables.length, (w) => tables.map((rows) => rows[w])),
    rows: new Uint32Array(model.nWindows).fill(tables.length - 1),
    steps: Float64Array.of(...steps.weights, 0),
    isExact: false,
  };
}
