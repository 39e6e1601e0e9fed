/**
 * Everything a toy needs as flat integer tables (layout: kernels/toys/layout.ts), made once in f64 with portable functions:
 * totals, alias tables, window lists of atoms, ranks of attainable p0.
 */
import { HEADER, SOURCE_STRIDE, tablesIdentity } from '../kernels/toys/layout.ts';
import { makeAliasTable } from '../model/alias-table.ts';
import { log } from '../stats/portable.ts';
import type { Atoms } from '../model/toys/atoms.ts';
import type { FactorNodes } from '../model/toys/factor-nodes.ts';
import { convolve, predictiveCounts, upperTails, type CountDistribution } from '../model/toys/predictive-counts.ts';
import { makeRankTable, type RankTable } from '../model/toys/rank-table.ts';
import { makeThresholds } from '../model/toys/thresholds.ts';
import type { ToySource, ToySources } from '../model/toys/toy-sources.ts';

export interface ToyTables {
  /** The arrays of the kernel in the order of its bindings, without the result. */
  readonly arrays: readonly Uint32Array[];
  readonly ranks: RankTable;
  /** [nWindows] expected background of a window as the toys have it (rule `cells`). */
  readonly b0: Float64Array;
  /** Rank of p0 = 30 / nWindows: dozens of windows of a toy reach it, the best one nearly always. */
  readonly floorRank: number;
  /** Bits a GPU keeps a count in: 8, or 16 where counts above a hundred are to be expected. */
  readonly countBits: 8 | 16;
  /** Expected events of a toy that are in some window, and their expected increments (events times windows each). */
  readonly events: number;
  readonly increments: number;
}

/**
 * @param injected sources of signal events, thrown beside the background but no part of its p0
 * @param observed [nWindows] counts of the data: the ranks reach at least that far
 */
export function makeToyTables(
  { sources, common }: ToySources,
  injected: readonly ToySource[],
  atoms: Atoms,
  nWindows: number,
  observed: Uint32Array,
): ToyTables {
  const means = sources.map((source) => windowMeans(source.atoms, atoms, nWindows));
  const tailsOf = (w: number) => {
    const factors = common.factors;
    if (factors.length === 1) return fromZero(jointCounts(sources, means, w, factors[0], observed[w]));
    return mixture(common, (factor) => jointCounts(sources, means, w, factor, observed[w]));
  };
  const ranks = makeRankTable(nWindows, tailsOf, observed);
  const { header, totals, alias } = throwing([...sources, ...injected], sources.length, common);
  let increments = 0;
  let events = 0;
  for (const source of [...sources, ...injected]) {
    source.atoms.forEach((b, a) => {
      events += b;
      increments += b * (atoms.first[a + 1] - atoms.first[a]);
    });
  }
  const arrays = [header, totals, alias, atoms.first, atoms.windows, ranks.first, ranks.ranks];
  [header[HEADER.identityLow], header[HEADER.identityHigh]] = tablesIdentity(arrays);
  const b0 = new Float64Array(nWindows);
  for (const mean of means) mean.forEach((b, w) => (b0[w] += b));
  return {
    arrays,
    ranks,
    b0,
    floorRank: floorRank(ranks, nWindows),
    countBits: largestTable(ranks) > MOST_IN_8_BITS ? 16 : 8,
    events,
    increments,
  };
}

/** Lowest rank with p0 at or below 30 / nWindows; 0, no floor, for a handful of windows. */
function floorRank({ lnP }: RankTable, nWindows: number): number {
  const lnFloor = log(Math.min(1, 30 / nWindows));
  let rank = 0;
  while (rank + 1 < lnP.length && lnP[rank] > lnFloor) rank++;
  return rank;
}

/** Rank tables reach p0 = 1e-24: a count that fills 8 bits is then far beyond them. */
const MOST_IN_8_BITS = 200;

function largestTable({ first }: RankTable): number {
  let most = 0;
  for (let w = 0; w + 1 < first.length; w++) most = Math.max(most, first[w + 1] - first[w]);
  return most;
}

/** [nWindows] expected events of one source in every window: the sum over its atoms. */
function windowMeans(events: Float64Array, atoms: Atoms, nWindows: number): Float64Array {
  const means = new Float64Array(nWindows);
  for (let a = 0; a < atoms.count; a++) {
    for (let k = atoms.first[a]; k < atoms.first[a + 1]; k++) means[atoms.windows[k]] += events[a];
  }
  return means;
}

function jointCounts(
  sources: readonly ToySource[],
  means: readonly Float64Array[],
  w: number,
  factor: number,
  least: number,
): CountDistribution {
  return sources
    .map(({ nodes }, s) => predictiveCounts(factor * means[s][w], nodes, least + 2))
    .reduce((a, b) => convolve(a, b));
}

/** Upper tails of a distribution from n = 0 on. */
function fromZero(counts: CountDistribution): Float64Array {
  const tails = upperTails(counts);
  const all = new Float64Array(counts.first + tails.length).fill(1);
  all.set(tails, counts.first);
  return all;
}

/** Upper tails of the mixture over the common factor. */
function mixture(common: FactorNodes, countsOf: (factor: number) => CountDistribution): Float64Array {
  const parts = Array.from(common.factors, (factor) => fromZero(countsOf(factor)));
  const tails = new Float64Array(Math.max(...parts.map((p) => p.length)));
  parts.forEach((part, i) => part.forEach((p, n) => (tails[n] += common.weights[i] * p)));
  tails[0] = 1;
  return tails;
}

/** Header, totals and alias tables: how a toy is thrown. Injected sources do not follow the common factor. */
function throwing(sources: readonly ToySource[], nBackground: number, common: FactorNodes) {
  const nSteps = common.factors.length;
  const aliases = sources.map(({ atoms }) => makeAliasTable(atoms));
  const steps = nSteps > 1 ? makeAliasTable(common.weights) : undefined;
  const places: number[] = [];
  let words = 0;
  for (const { bits } of [...aliases, ...(steps ? [steps] : [])]) {
    places.push(words);
    words += 2 ** bits;
  }
  const alias = new Uint32Array(2 * words);
  [...aliases, ...(steps ? [steps] : [])].forEach((table, i) => {
    table.threshold.forEach((threshold, slot) => {
      alias[2 * (places[i] + slot)] = threshold;
      alias[2 * (places[i] + slot) + 1] = table.alias[slot];
    });
  });
  const header = new Uint32Array(HEADER.firstSource + SOURCE_STRIDE * nSteps * sources.length);
  header[HEADER.sources] = sources.length;
  header[HEADER.steps] = nSteps;
  header[HEADER.stepAlias] = steps ? places[sources.length] : 0;
  header[HEADER.stepBits] = steps?.bits ?? 1;
  const totals: number[] = [];
  for (let step = 0; step < nSteps; step++) {
    sources.forEach(({ atoms, nodes }, s) => {
      const mean = atoms.reduce((sum, b) => sum + b, 0);
      const factor = s < nBackground ? common.factors[step] : 1;
      const { first, thresholds } = makeThresholds(predictiveCounts(factor * mean, nodes));
      const at = HEADER.firstSource + SOURCE_STRIDE * (step * sources.length + s);
      header.set([totals.length / 2, first, thresholds.length / 2, places[s], aliases[s].bits], at);
      for (const word of thresholds) totals.push(word);
    });
  }
  return { header, totals: Uint32Array.from(totals), alias };
}
