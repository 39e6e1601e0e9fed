/** What a campaign of toys says: the global p-value of the best window, beside every other estimator. */
import type { ResultTable } from '../model/result.ts';
import { zFromLnP } from '../stats/normal.ts';
import { compareEstimators, type Comparison } from './estimators/compare.ts';
import type { ToyEstimator } from './estimators/from-toys.ts';
import type { ToySetup } from './prepare-toys.ts';
import { toysIn, type ToyTally } from './tally.ts';

export interface ToyResult {
  readonly schema: 'darkscan/toys-result/1';
  readonly card: string;
  readonly ensemble: string;
  readonly injected: boolean;
  readonly seed: number;
  readonly identity: string;
  readonly range: readonly [number, number];
  readonly n_toys: number;
  readonly n_exceedances: number;
  /** The best window of the data, by the rule `cells`. */
  readonly best: {
    readonly window: number;
    readonly x: number;
    readonly y?: number;
    readonly n: number;
    readonly bkg: number;
  };
  readonly z_local_max: number | null;
  readonly ln_p_local: number;
  readonly p_local: number;
  readonly p_global: number;
  readonly p_global_low: number;
  readonly p_global_high: number;
  readonly z_global: number | null;
  readonly trials_factor: number | null;
  readonly n_effective: number | null;
  /** What the recount by cells changed. */
  readonly cells: { readonly windows: number; readonly different: number; readonly largest_b0_change: number };
  readonly estimators: Comparison['estimators'];
  readonly warnings: readonly string[];
}

/**
 * @param stop what ended the campaign: the last exceedance wanted, or a number of toys
 * The other estimators are made from the first toys of the same seed and ensemble.
 */
export function toyResult(setup: ToySetup, tally: ToyTally, stop: 'toys' | 'exceedances'): ToyResult {
  const { card, windows, ids, atoms, sources, tables, observed, ensemble, seed, injected } = setup;
  const toys = toysIn(tally);
  const comparison = compareEstimators({
    ensemble,
    windows,
    atoms,
    sources,
    tables,
    lnPLocal: observed.lnPLocal,
    toys: { toys, exceedances: tally.nExceedances, stop },
    seed,
  });
  const own = comparison.estimators.find((e) => e.name === 'toys') as ToyEstimator;
  const w = observed.window;
  const warnings = [
    ...(own.warning === undefined ? [] : [own.warning]),
    ...(injected.length > 0 ? ['toys hold the injected signals: p_global is no test of the background'] : []),
    ...(observed.rank === 0 ? ['no window of the data has an event: p_global is 1'] : []),
  ];
  return {
    schema: 'darkscan/toys-result/1',
    card: card.name,
    ensemble,
    injected: injected.length > 0,
    seed,
    identity: setup.identity,
    range: [tally.from, tally.to],
    n_toys: toys,
    n_exceedances: tally.nExceedances,
    best: {
      window: ids[w],
      x: windows.x[w],
      ...(windows.kind === 'ellipses' ? { y: windows.y[w] } : {}),
      n: observed.counts[w],
      bkg: tables.b0[w],
    },
    z_local_max: comparison.zLocal,
    ln_p_local: comparison.lnPLocal,
    p_local: comparison.pLocal,
    p_global: own.pGlobal!,
    p_global_low: own.interval!.low,
    p_global_high: own.interval!.high,
    z_global: own.zGlobal,
    trials_factor: own.trialsFactor,
    n_effective: own.effectiveWindows,
    cells: { windows: windows.count, different: observed.nDifferent, largest_b0_change: observed.largestB0Change },
    estimators: comparison.estimators,
    warnings,
  };
}

/** One row per extreme met: rank, ln p0, Z, toys with it, toys with it or a larger one. Largest last. */
export function extremesTable(setup: ToySetup, tally: ToyTally): ResultTable {
  const ranks = [...tally.byRank].sort(([a], [b]) => a - b);
  const lnP = Float64Array.from(ranks, ([rank]) => setup.tables.ranks.lnP[rank]);
  const counts = ranks.map(([, n]) => n);
  let rest = counts.reduce((sum, n) => sum + n, 0);
  const cumulative = counts.map((n) => {
    rest -= n;
    return rest + n;
  });
  const real = (name: string, values: Float64Array, description: string) =>
    ({ type: 'f64', name, values, description }) as const;
  return {
    rowCount: ranks.length,
    columns: [
      {
        type: 'i32',
        name: 'rank',
        values: Int32Array.from(ranks, ([rank]) => rank),
        description: 'rank of p0, larger is more significant',
      },
      real('ln_p0', lnP, 'natural logarithm of the smallest local p0 of a toy'),
      real(
        'z',
        lnP.map((p) => (p < 0 ? zFromLnP(p) : NaN)),
        'its one-sided local significance; null where p0 is 1',
      ),
      real('toys', Float64Array.from(counts), 'toys with this extreme'),
      real('toys_or_more', Float64Array.from(cumulative), 'toys with this extreme or a larger one'),
    ],
  };
}

/** One row per window that was the extreme of some toy, in the numbers of the card's scan. */
export function whereTable({ ids, windows }: ToySetup, tally: ToyTally): ResultTable {
  const rows = [...tally.byWindow].sort(([a], [b]) => a - b);
  return {
    rowCount: rows.length,
    columns: [
      { type: 'i32', name: 'id', values: Int32Array.from(rows, ([w]) => ids[w]), description: 'number of the window' },
      { type: 'f64', name: 'x', values: Float64Array.from(rows, ([w]) => windows.x[w]), description: 'centre in x' },
      { type: 'f64', name: 'y', values: Float64Array.from(rows, ([w]) => windows.y[w]), description: 'centre in y' },
      {
        type: 'f64',
        name: 'toys',
        values: Float64Array.from(rows, ([, n]) => n),
        description: 'toys whose extreme it was',
      },
    ],
  };
}
