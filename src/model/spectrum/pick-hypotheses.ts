/** Some hypotheses of a fit plan, for what is about them alone. */
import { HYPOTHESIS_STRIDE, SETTINGS, type AnyPlan } from './plan-layout.ts';

/** The plan with these hypotheses only, in this order. */
export function pickHypotheses<P extends AnyPlan>(plan: P, ids: ArrayLike<number>): P {
  const rows = Array.from(ids);
  const perHypothesis = SETTINGS * plan.maxParams;
  return {
    ...plan,
    nHypotheses: rows.length,
    hypotheses: Uint32Array.from(
      rows.flatMap((h) => Array.from(plan.hypotheses.subarray(HYPOTHESIS_STRIDE * h, HYPOTHESIS_STRIDE * (h + 1)))),
    ),
    settings: Float64Array.from(
      rows.flatMap((h) => Array.from(plan.settings.subarray(perHypothesis * h, perHypothesis * (h + 1)))),
    ),
    ranges: rows.map((h) => plan.ranges[h]),
    statuses: rows.map((h) => plan.statuses[h]),
  };
}
