/**
 * The posterior density of the POI in one window, flat prior, nuisances marginalised: the function whose integral the
 * Bayesian limits are. Up to its scale it is the marginal likelihood, which windows with other limits have too.
 */
import { upperLimit } from '../kernels/bayes_limit.ts';
import { RESULT_CODE } from '../kernels/plan-bindings.ts';
import { Posterior } from '../kernels/shared/posterior.ts';
import type { CountingModel } from '../model/counting-model.ts';
import { flattenPlan } from '../model/plan/flat-plan.ts';
import { RuleCache } from '../model/plan/rule-cache.ts';
import { limitItem } from './window-items.ts';

/** Points of the density, ascending, the first one at 0; its integral over [0, POI_max] is 1. */
export interface PosteriorCurve {
  readonly poi: readonly number[];
  readonly density: readonly number[];
}

/** What lies above the last point. */
const TAIL_LEFT_OUT = 0.002;
const POINTS = 121;

/**
 * The density over the prior.
 * @param model of the one window
 * @param poiMax end of the prior; 0 or Infinity: none
 * Undefined where no signal is expected or the limit would not converge.
 */
export function posteriorCurve(model: CountingModel, poiMax: number): PosteriorCurve | undefined {
  const posterior = windowPosterior(model, poiMax);
  if (posterior === undefined) return undefined;
  const edge = edgeOf(poiMax);
  const [last, code] = upperLimit(posterior, TAIL_LEFT_OUT, edge);
  if (!hasNumber(code)) return undefined;
  if (edge < Infinity) posterior.evaluate(edge);
  const all = posterior.norm - (edge < Infinity ? posterior.tail : 0);
  const poi = Array.from({ length: POINTS }, (_, i) => (last * i) / (POINTS - 1));
  const density = poi.map((u) => {
    posterior.evaluate(u);
    return posterior.density / all;
  });
  return { poi, density };
}

/**
 * POI below which the posterior holds each probability: the Bayesian limits of these levels; null where there is none.
 * @param planPoiMax of the widest prior of the card (statistics.ts largestPoiMax), for which the scan plans
 */
export function posteriorQuantiles(
  model: CountingModel,
  probabilities: readonly number[],
  poiMax: number,
  planPoiMax: number,
): (number | null)[] {
  const posterior = windowPosterior(model, planPoiMax);
  return probabilities.map((probability) => {
    if (posterior === undefined) return null;
    const [limit, code] = upperLimit(posterior, 1 - probability, edgeOf(poiMax));
    return hasNumber(code) ? limit : null;
  });
}

/** Undefined where no signal is expected or the window has no quadrature. */
function windowPosterior(model: CountingModel, planPoiMax: number): Posterior | undefined {
  const plan = flattenPlan(model, [0], planPoiMax, new RuleCache());
  if (plan.laneFirst[1] === 0 || !Number.isFinite(plan.countDeviation[0])) return undefined;
  if (!(model.sensitivity[0] > 0)) return undefined;
  const { laneFirst, laneCount, n, size, scratch } = limitItem(plan, 0, model.n[0]);
  const posterior = new Posterior(plan, new Float64Array(Math.max(1, scratch)));
  posterior.prepare(laneFirst, laneCount, n, size - 1 - n, 0);
  return posterior;
}

function edgeOf(poiMax: number): number {
  return poiMax > 0 ? poiMax : Infinity;
}

function hasNumber(code: number): boolean {
  return code !== RESULT_CODE.notConverged && code !== RESULT_CODE.noSensitivity;
}
