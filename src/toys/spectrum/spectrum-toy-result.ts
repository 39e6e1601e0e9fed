/** What a campaign of toys of sliding-range fits says, as toys.json holds it: the fields of that of windows. */
import { P0_METHOD } from '../../scan/spectrum/spectrum-scan.ts';
import { exp } from '../../stats/portable.ts';
import type { Estimator } from '../estimators/estimator.ts';
import { fromToys } from '../estimators/from-toys.ts';
import { toyCounts } from '../global-p.ts';
import type { ToyTally } from '../tally.ts';
import { estimatorGroup, globalGroup, type CampaignResult } from '../toy-result.ts';
import { otherSpectrumEstimators } from './compare-spectrum.ts';
import type { SpectrumToySetup } from './prepare-spectrum-toys.ts';

export interface SpectrumToyResult extends CampaignResult {
  readonly schema: 'darkscan/spectrum-toys-result/1';
  /** Hypotheses with a fit to the data; those left out have none. */
  readonly n_hypotheses: number;
  /** What toys are thrown from: background-only fits to the data, stitched; or given numbers. */
  readonly expected: 'stitched' | 'given';
  /** The hypothesis of the data with the largest Z; null where none has an excess. */
  readonly best: {
    readonly hypothesis: number;
    /** Where the card has several. */
    readonly spectrum?: string;
    readonly mass: number;
    readonly sigma: number;
    readonly s_hat: number;
    readonly s_err: number;
    /** Background in the position +- 2 resolutions. */
    readonly b_hat: number;
  } | null;
  readonly injected: readonly never[];
}

/**
 * @param until exceedances at which the campaign was to stop, fixed before it began
 * @param others as otherSpectrumEstimators gives them: the same for all toys of a campaign
 */
export function spectrumToyResult(
  setup: SpectrumToySetup,
  tally: ToyTally,
  until?: number,
  others: readonly Estimator[] = otherSpectrumEstimators(setup),
): SpectrumToyResult {
  const { observed, tested, nLeftOut } = setup;
  const counts = toyCounts(tally, until);
  const own = fromToys(counts, observed.lnPLocal);
  const estimators = [own, ...others];
  return {
    schema: 'darkscan/spectrum-toys-result/1',
    card: setup.card.name,
    sample: 'background',
    ensemble: setup.ensemble,
    p0: P0_METHOD,
    seed: setup.seed,
    identity: setup.identity,
    range: [tally.from, tally.to],
    gaps: tally.gaps,
    n_toys: counts.toys,
    n_exceedances: counts.exceedances,
    n_failures: counts.failures ?? 0,
    stop: counts.stop ?? 'toys',
    n_hypotheses: tested.length,
    n_left_out: nLeftOut,
    expected: setup.expectedFrom,
    best: observed.z > 0 ? bestOf(setup) : null,
    z_local_max: observed.z > 0 ? observed.z : null,
    ln_p_local: observed.lnPLocal,
    p_local: exp(observed.lnPLocal),
    ...globalGroup(own),
    estimators: estimators.map(estimatorGroup),
    injected: [],
    warnings: [
      ...setup.warnings,
      ...(own.warning === undefined ? [] : [own.warning]),
      ...(observed.z > 0 ? [] : ['no hypothesis of the data has an excess: p_global is 1']),
      ...(nLeftOut > 0 ? [`${nLeftOut} hypotheses are blind or have no fit to the data and were left out`] : []),
      ...(tally.gaps.length > 0 ? [`${tally.gaps.length} ranges of toys are missing`] : []),
    ],
  };
}

function bestOf({ observed, tested, parts }: SpectrumToySetup): NonNullable<SpectrumToyResult['best']> {
  const { id, spectrum, mass, sigma } = tested[observed.best];
  const { sHat, sErr, bHat } = observed.results[observed.best];
  const named = parts.length > 1 ? { spectrum } : {};
  return { hypothesis: id, ...named, mass, sigma, s_hat: sHat, s_err: sErr, b_hat: bHat };
}
