/**
 * Unbinned extended likelihood fits in the form of binned ones (unbinned-rows.ts): the same fits, and orders chosen by
 * the same rules. Bins of 1/16 of the resolution give the same numbers for less, and limits and toys too.
 */
import { DarkscanError } from '../../errors.ts';
import { backgroundOf, checkPeaks, type FitModel } from './fit-model.ts';
import type { Hypothesis } from './hypotheses.ts';
import { packPlans, type UnbinnedPlan } from './plan-layout.ts';
import { fitIntervals, type Interval } from './ranges.ts';
import { unbinnedPlan } from './unbinned-rows.ts';

export interface UnbinnedFits {
  /** Goodness of fit is not defined: fitSpectrum gives no degrees of freedom, deviance 0 and pFit 1. */
  readonly plan: UnbinnedPlan;
  /** [nEvents + 1] a one per event and a zero for the grid: what the fits take as counts. */
  readonly counts: Uint32Array;
  /** Values outside the domain, or not a number. */
  readonly outside: number;
}

/** 0.5 GB. */
const MOST_NUMBERS = 2 ** 26;

/**
 * Ranges end where the rule says, without regard to bins; `few-bins` does not occur: with fewer events than parameters the
 * fits say `boundary` or `no-error`. The plan holds the events: a toy needs its own.
 * @param values events, in any order
 * @param domain where all events are in the sample
 * Errors of kind card: a domain without width; of kind resource: too many events for an unbinned fit.
 */
export function makeUnbinnedPlan(
  values: ArrayLike<number>,
  domain: Interval,
  hypotheses: readonly Hypothesis[],
  model: FitModel,
  mostNumbers = MOST_NUMBERS,
): UnbinnedFits {
  checkPeaks(model.peaks);
  const [low, high] = domain;
  if (!(low < high && high - low < Infinity))
    throw new DarkscanError(
      'card',
      `unbinned fit: domain from ${low} to ${high}, expected finite numbers, the low one first`,
    );
  const events = Float64Array.from(values)
    .filter((x) => x >= low && x <= high)
    .sort();
  let nNumbers = 0;
  const plans = hypotheses.map((hypothesis, i) => {
    const background = backgroundOf(model, hypothesis, i);
    const plan = unbinnedPlan(events, fitIntervals(hypothesis, model.range, domain), hypothesis, background, model);
    nNumbers += plan.design.length + plan.nodes.length;
    if (nNumbers > mostNumbers) {
      const found = `unbinned fit: more than ${mostNumbers} densities of ${events.length} events in ${i + 1} ranges`;
      throw new DarkscanError('resource', `${found}; use bins of a fraction of the resolution`);
    }
    return plan;
  });
  const counts = new Uint32Array(events.length + 1).fill(1, 0, events.length);
  return { plan: { ...packPlans(plans), isUnbinned: true }, counts, outside: values.length - events.length };
}
