/**
 * Everything a toy needs as flat integer tables (layout: kernels/toys/layout.ts), made once in f64 with portable functions:
 * totals, alias tables, window lists of atoms, ranks of attainable p0.
 */
import { AXIS, HEADER, regionsOf, SOURCE_STRIDE, tablesIdentity } from '../kernels/toys/layout.ts';
import { makeAliasTable, type AliasTable } from '../model/alias-table.ts';
import { log } from '../stats/portable.ts';
import type { Atoms } from '../model/toys/atoms.ts';
import { predictiveCounts } from '../model/toys/predictive-counts.ts';
import type { RankTable } from '../model/toys/rank-table.ts';
import { makeThresholds } from '../model/toys/thresholds.ts';
import type { ToySource, ToySources } from '../model/toys/toy-sources.ts';
import { predictiveRanks } from './predictive-ranks.ts';
import { regionMeans } from './region-means.ts';

export interface ToyTables {
  /** The arrays of the kernel in the order of its bindings, without the result. */
  readonly arrays: readonly Uint32Array[];
  readonly ranks: RankTable;
  /** [nWindows] expected background of a window as the toys have it (rule `cells`). */
  readonly b0: Float64Array;
  /** [nWindows] expected n_off, where p0 has rows by it. */
  readonly nOff?: Float64Array;
  /** Rank of p0 = 30 / nWindows: dozens of windows of a toy reach it, the best one nearly always. */
  readonly floorRank: number;
  /** Bits a GPU keeps a count in: 8, or 16 where counts above a hundred are to be expected. */
  readonly countBits: 8 | 16;
  /** Expected events of a toy that are in some window, and their expected increments (events times windows each). */
  readonly events: number;
  readonly increments: number;
}

/** Tables of the ensembles whose p0 follow from the sources themselves (predictive-ranks.ts). */
export function makeToyTables(
  sources: ToySources,
  injected: readonly ToySource[],
  atoms: Atoms,
  nWindows: number,
  observed: Uint32Array,
): ToyTables {
  return tablesOf(sources, injected, atoms, nWindows, predictiveRanks(sources, atoms, nWindows, observed));
}

/**
 * @param injected sources of signal events, thrown beside the background but no part of its p0
 * @param ranks of every attainable p0 of every window
 */
export function tablesOf(
  toySources: ToySources,
  injected: readonly ToySource[],
  atoms: Atoms,
  nWindows: number,
  ranks: RankTable,
): ToyTables {
  const { sources, still = [] } = toySources;
  const { header, totals, alias } = throwing(toySources, [...still, ...injected]);
  header[HEADER.axis] = AXIS[ranks.axis];
  header[HEADER.windows] = nWindows;
  let increments = 0;
  let events = 0;
  for (const source of [...sources, ...still, ...injected]) {
    source.atoms.forEach((b, a) => {
      events += b;
      increments += b * (atoms.first[a + 1] - atoms.first[a]);
    });
  }
  const arrays = [header, totals, alias, atoms.first, atoms.windows, ranks.first, ranks.ranks];
  [header[HEADER.identityLow], header[HEADER.identityHigh]] = tablesIdentity(arrays);
  const means = new Float64Array(regionsOf(AXIS[ranks.axis], nWindows));
  for (const source of [...sources, ...still])
    regionMeans(source.atoms, atoms, means.length).forEach((b, r) => (means[r] += b));
  return {
    arrays,
    ranks,
    ...meansOfWindows(means, ranks),
    floorRank: floorRank(ranks, nWindows),
    countBits: largestCount(ranks, means) > MOST_IN_8_BITS ? 16 : 8,
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

/** A count that hardly any region exceeds. @param means [regions] expected events */
function largestCount({ axis, first }: RankTable, means: Float64Array): number {
  let most = 0;
  if (axis === 'none' || axis === 'step') {
    for (let row = 0; row + 1 < first.length; row++) most = Math.max(most, first[row + 1] - first[row]);
  } else means.forEach((mean) => (most = Math.max(most, mean + 10 * Math.sqrt(mean) + 20)));
  return most;
}

function meansOfWindows(means: Float64Array, { axis, nWindows }: RankTable): Pick<ToyTables, 'b0' | 'nOff'> {
  if (axis === 'none' || axis === 'step') return { b0: means };
  const nOff = Float64Array.from({ length: nWindows }, (_, w) =>
    axis === 'complement' ? means[2 * nWindows] - means[2 * w + 1] : means[2 * w + 1],
  );
  return { b0: nOff.map((_, w) => means[2 * w]), nOff };
}

/**
 * Header, totals and alias tables: how a toy is thrown. Step = scenario x steps of the common factor + step of the
 * factor. Other sources (a control sample, injected signals) follow neither.
 */
function throwing({ sources, common, scenarios }: ToySources, others: readonly ToySource[]) {
  const all = [...sources, ...others];
  const nCommon = common.factors.length;
  const nScenarios = scenarios?.weights.length ?? 1;
  const nSteps = nScenarios * nCommon;
  const alias = new AliasTables();
  const moved = (s: number) => scenarios !== undefined && s < sources.length;
  const atomsOf = (s: number, scenario: number) => (moved(s) ? scenarios!.atoms[s][scenario] : all[s].atoms);
  const places = all.map((_, s) =>
    Array.from({ length: moved(s) ? nScenarios : 1 }, (__, scenario) => alias.add(atomsOf(s, scenario))),
  );
  const header = new Uint32Array(HEADER.firstSource + SOURCE_STRIDE * nSteps * all.length);
  header[HEADER.sources] = all.length;
  header[HEADER.steps] = nSteps;
  header[HEADER.stepBits] = 1;
  if (nSteps > 1) {
    const weights = Float64Array.from(
      { length: nSteps },
      (_, step) => (scenarios?.weights[Math.floor(step / nCommon)] ?? 1) * common.weights[step % nCommon],
    );
    [header[HEADER.stepAlias], header[HEADER.stepBits]] = alias.add(weights);
  }
  const totals: number[] = [];
  for (let step = 0; step < nSteps; step++) {
    const scenario = Math.floor(step / nCommon);
    all.forEach(({ nodes }, s) => {
      const mean = atomsOf(s, scenario).reduce((sum, b) => sum + b, 0);
      const factor = s < sources.length ? common.factors[step % nCommon] : 1;
      const { first, thresholds } = makeThresholds(predictiveCounts(factor * mean, nodes));
      const at = HEADER.firstSource + SOURCE_STRIDE * (step * all.length + s);
      const [place, bits] = places[s][moved(s) ? scenario : 0];
      header.set([totals.length / 2, first, thresholds.length / 2, place, bits], at);
      for (const word of thresholds) totals.push(word);
    });
  }
  return { header, totals: Uint32Array.from(totals), alias: alias.words() };
}

/** Alias tables one behind the other: pairs of threshold and alias. */
class AliasTables {
  private readonly tables: AliasTable[] = [];
  private slots = 0;

  /** Place, in slots, and bits of the table. */
  add(weights: Float64Array): readonly [place: number, bits: number] {
    const table = makeAliasTable(weights);
    const place = this.slots;
    this.tables.push(table);
    this.slots += 2 ** table.bits;
    return [place, table.bits];
  }

  words(): Uint32Array {
    const words = new Uint32Array(2 * this.slots);
    let at = 0;
    for (const { threshold, alias, bits } of this.tables) {
      for (let slot = 0; slot < 2 ** bits; slot++) {
        words[at++] = threshold[slot];
        words[at++] = alias[slot];
      }
    }
    return words;
  }
}
