/**
 * Ranks of `marginal` p0 for backgrounds whose nuisances move whole components: every window's counts follow the
 * predictive distribution that throws the totals of the toys, in portable functions, so p0 is exact in the ensemble.
 */
import type { Atoms } from '../model/toys/atoms.ts';
import type { FactorNodes } from '../model/toys/factor-nodes.ts';
import { convolve, predictiveCounts, upperTails, type CountDistribution } from '../model/toys/predictive-counts.ts';
import { makeRankTable, type RankTable } from '../model/toys/rank-table.ts';
import type { ToySources } from '../model/toys/toy-sources.ts';
import { regionMeans } from './region-means.ts';

/** @param observed [nWindows] counts of the data: the ranks reach at least that far */
export function predictiveRanks(
  { sources, common }: ToySources,
  atoms: Atoms,
  nWindows: number,
  observed: Uint32Array,
): RankTable {
  const means = sources.map((source) => regionMeans(source.atoms, atoms, nWindows));
  const jointCounts = (w: number, factor: number): CountDistribution =>
    sources
      .map(({ nodes }, s) => predictiveCounts(factor * means[s][w], nodes, observed[w] + 2))
      .reduce((a, b) => convolve(a, b));
  const tailsOf = (w: number) => {
    const { factors } = common;
    if (factors.length === 1) return fromZero(jointCounts(w, factors[0]));
    return mixture(common, (factor) => jointCounts(w, factor));
  };
  return makeRankTable(nWindows, tailsOf, observed);
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
