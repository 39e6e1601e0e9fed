/**
 * What a campaign of toys says, as toys.json holds it: the global p-value of the best window beside every other
 * estimator, or, for toys with injected signals, how often the signal is the best window. A pure function of campaign
 * and toys: how they were split, where and how fast they were thrown does not show.
 */
import { exp } from '../stats/portable.ts';
import { zFromLnP } from '../stats/normal.ts';
import { otherEstimators } from './estimators/compare.ts';
import type { Estimator } from './estimators/estimator.ts';
import { fromToys } from './estimators/from-toys.ts';
import { toyCounts } from './global-p.ts';
import { nearInjections, type NearInjection } from './near-injection.ts';
import type { ToySetup } from './prepare-toys.ts';
import type { ToyRange, ToyTally } from './tally.ts';

/** A global p-value and what follows from it; intervals are at 68.27 %, those ending in _95 at 95 %. */
export interface GlobalGroup {
  readonly p_global: number | null;
  readonly ln_p_global: number | null;
  readonly p_global_low: number | null;
  readonly p_global_high: number | null;
  readonly p_global_low_95: number | null;
  readonly p_global_high_95: number | null;
  readonly z_global: number | null;
  readonly trials_factor: number | null;
  readonly n_effective: number | null;
}

export interface EstimatorGroup extends GlobalGroup {
  readonly name: Estimator['name'];
  readonly kind: Estimator['kind'];
  readonly status: Estimator['status'];
  readonly reason?: string;
}

/** What results of campaigns have in common. */
export interface CampaignResult extends GlobalGroup {
  readonly card: string;
  readonly sample: 'background' | 'signal+background';
  readonly ensemble: string;
  /** The p0 toys are ranked by. */
  readonly p0: string;
  readonly seed: number;
  readonly identity: string;
  readonly range: ToyRange;
  /** Toys of the range that are missing. */
  readonly gaps: readonly ToyRange[];
  /** Toys p_global is made from; the tables hold all of the range. */
  readonly n_toys: number;
  readonly n_exceedances: number;
  readonly n_failures: number;
  /** What decided the number of toys: a number, or a number of exceedances. */
  readonly stop: 'toys' | 'exceedances';
  readonly n_left_out: number;
  readonly z_local_max: number | null;
  readonly ln_p_local: number;
  readonly p_local: number;
  readonly estimators: readonly EstimatorGroup[];
  readonly warnings: readonly string[];
}

/** The headline is the estimate from toys; all null for toys with injected signals, which test no background. */
export interface ToyResult extends CampaignResult {
  readonly schema: 'darkscan/toys-result/1';
  /** Scanned windows; those left out are blind or have no usable background. */
  readonly n_windows: number;
  /** The best window of the data, by the rule `cells`; null where none has an excess. */
  readonly best: {
    readonly window: number;
    readonly x: number;
    readonly y?: number;
    readonly n: number;
    readonly bkg: number;
    /** Events beside the window, where toys count them. */
    readonly n_off?: number;
  } | null;
  /** What the recount by cells changed. */
  readonly cells: { readonly different: number; readonly largest_b0_change: number };
  readonly injected: readonly NearInjection[];
}

/** Every estimator but the toys themselves; they are made from the first toys of the same seed and ensemble. */
export function othersBesideToys(setup: ToySetup): Estimator[] {
  return setup.injected.length > 0 ? [] : otherEstimators({ ...setup, lnPLocal: setup.observed.lnPLocal });
}

/**
 * @param until exceedances at which the campaign was to stop, fixed before it began
 * @param others as othersBesideToys gives them: the same for all toys of a campaign
 */
export function toyResult(
  setup: ToySetup,
  tally: ToyTally,
  until?: number,
  others: readonly Estimator[] = othersBesideToys(setup),
): ToyResult {
  const { card, windows, ids, tables, observed, injected, nLeftOut } = setup;
  const withSignal = injected.length > 0;
  const counts = toyCounts(tally, until);
  const lnPLocal = observed.lnPLocal;
  const own = withSignal ? undefined : fromToys(counts, lnPLocal);
  const estimators = own === undefined ? [] : [own, ...others];
  const w = observed.window;
  return {
    schema: 'darkscan/toys-result/1',
    card: card.name,
    sample: withSignal ? 'signal+background' : 'background',
    ensemble: setup.ensemble,
    p0: setup.method,
    seed: setup.seed,
    identity: setup.identity,
    range: [tally.from, tally.to],
    gaps: tally.gaps,
    n_toys: counts.toys,
    n_exceedances: counts.exceedances,
    n_failures: counts.failures ?? 0,
    stop: counts.stop ?? 'toys',
    n_windows: windows.count,
    n_left_out: nLeftOut,
    best:
      observed.rank === 0
        ? null
        : {
            window: ids[w],
            x: windows.x[w],
            ...(windows.kind === 'ellipses' ? { y: windows.y[w] } : {}),
            n: observed.counts[w],
            bkg: tables.b0[w],
            ...(setup.regions.axis === 'none' ? {} : { n_off: observed.nOff![w] }),
          },
    z_local_max: observed.rank === 0 ? null : zFromLnP(lnPLocal),
    ln_p_local: lnPLocal,
    p_local: exp(lnPLocal),
    ...globalGroup(own),
    cells: { different: observed.nDifferent, largest_b0_change: observed.largestB0Change },
    estimators: estimators.map(estimatorGroup),
    injected: withSignal ? nearInjections(setup, tally) : [],
    warnings: [
      ...setup.warnings,
      ...(own?.warning === undefined ? [] : [own.warning]),
      ...(withSignal ? ['toys hold the injected signals: they test no background, there is no global p-value'] : []),
      ...(observed.rank === 0 ? ['no window of the data has an event: p_global is 1'] : []),
      ...(nLeftOut > 0 ? [`${nLeftOut} windows are blind or have no usable background and were left out`] : []),
      ...(tally.gaps.length > 0 ? [`${tally.gaps.length} ranges of toys are missing`] : []),
    ],
  };
}

export function globalGroup(estimator: Estimator | undefined): GlobalGroup {
  return {
    p_global: estimator?.pGlobal ?? null,
    ln_p_global: estimator?.lnPGlobal ?? null,
    p_global_low: estimator?.interval?.low ?? null,
    p_global_high: estimator?.interval?.high ?? null,
    p_global_low_95: estimator?.interval95?.low ?? null,
    p_global_high_95: estimator?.interval95?.high ?? null,
    z_global: estimator?.zGlobal ?? null,
    trials_factor: estimator?.trialsFactor ?? null,
    n_effective: estimator?.effectiveWindows ?? null,
  };
}

export function estimatorGroup(estimator: Estimator): EstimatorGroup {
  const { name, kind, status, reason } = estimator;
  return { name, kind, status, ...(reason === undefined ? {} : { reason }), ...globalGroup(estimator) };
}
