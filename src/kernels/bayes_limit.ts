/**
 * Bayesian upper limit U of a counting experiment, flat prior in [0, POI_max], nuisances marginalised over joint nodes
 * (methods.md section 2). Twin of shaders/bayes_limit.wgsl. One work item per (window, n); result [nItems][2]: U, code.
 *
 * Given a lane, the background enters only through M_j = E_b[Poisson(j; b)], because
 *   E_b[Q(n+1, b + T)] = exp(-T) sum_{m=0..n} T^m/m! sum_{j <= n-m} M_j,
 * so the posterior tail above T = s U expected signal events, relative to T = 0, is
 *   R(T) = exp(-T) [1 + sum_{m=1..n} T^m/m! A_{n+1-m}],  A_i = sum_{j<i} M_j / sum_{j<=n} M_j,
 * and -R'(T) = exp(-T) sum_m T^m/m! M_{n-m} / sum M. All terms are positive: nothing cancels in f32 either. With
 * g = w / s per node of s, U solves  sum g R(s U) = (1 - credibility) sum g + credibility sum g R(s POI_max).
 *
 * Signal that leaks into the side band, n_off ~ Poisson(tau b + l T): with c of the events in the band from signal the
 * band is one of n_off - c events, so the density of T is
 *   exp(-(1 + l) T) sum_c (l T)^c/c! sum_a T^a/a! M^(c)_{n-a},   M^(c): the mixture with shape n_off - c + 1
 * (the flat prior in b gives every c the same normalisation). With T' = (1 + l) T and k = a + c this is
 *   exp(-T') sum_{k=0..n+C} T'^k/k! W_k,   W_k = sum_c binomial(k, c) l^c/(1 + l)^k M^(c)_{n-k+c},
 * the form above with W_k in place of M_{n-k}; C is the last c that matters (scan/window-items.ts).
 */
import type { Kernel, KernelArray, ParamValues } from './kernel.ts';
import { planArrays, planItem, PLAN_BINDINGS, RESULT_CODE } from './plan-bindings.ts';
import { Posterior, type PosteriorTail } from './shared/posterior.ts';

const MAX_ITERATIONS = 100;
const CONVERGED_STEP = 1e-7;
/** Least part of the posterior that must lie below POI_max. */
const CUT_OFF = 1e-7;

export const bayesLimit: Kernel = {
  name: 'bayes_limit',
  bindings: PLAN_BINDINGS,
  params: [
    { name: 'tail', type: 'f32' }, // 1 - credibility
    { name: 'poi_max', type: 'f32' }, // 0: infinite
  ],
  run(arrays: readonly KernelArray[], params: ParamValues, first: number, count: number): void {
    const posterior = new Posterior(planArrays(arrays), arrays[6] as Float64Array);
    const items = arrays[0] as Uint32Array;
    const result = arrays[7] as Float64Array;
    for (let i = first; i < first + count; i++) {
      const { laneFirst, laneCount, n, scratchAt, size } = planItem(items, i);
      posterior.prepare(laneFirst, laneCount, n, size - 1 - n, scratchAt);
      const [limit, code] = upperLimit(posterior, params.tail, params.poi_max > 0 ? params.poi_max : Infinity);
      result[2 * i] = limit;
      result[2 * i + 1] = code;
    }
  },
};

/** Room in `scratch` for one item of size n + C + 1: A and M of every lane, the lane weights, an array to convolve in. */
export function bayesScratch(laneCount: number, size: number): number {
  return (2 * laneCount + 1) * size + laneCount;
}

/** Newton on the logarithm of the tail (nearly linear in u), kept inside a bracket. */
export function upperLimit(posterior: PosteriorTail, tail: number, poiMax: number): [number, number] {
  if (!(posterior.sensitivity > 0) || !Number.isFinite(posterior.norm)) return [0, RESULT_CODE.noSensitivity];
  if (!posterior.complete) return [0, RESULT_CODE.notConverged];
  const tailAt = (edge: number): number => {
    if (edge === Infinity) return 0;
    posterior.evaluate(edge);
    return posterior.tail;
  };
  const limitAt = (edge: number, atEdge: number): number =>
    solve(posterior, tail * posterior.norm + (1 - tail) * atEdge, edge);
  const atEdge = tailAt(poiMax);
  // the prior ends so far below what the data want that 1 - R has no digits left
  if (atEdge > (1 - CUT_OFF) * posterior.norm) return [0, RESULT_CODE.notConverged];
  const limit = limitAt(poiMax, atEdge);
  if (Number.isNaN(limit)) return [0, RESULT_CODE.notConverged];
  // how far the limit would move with the edge, to first order; the density is that of the last step of `solve`
  if (atEdge === 0 || (1 - tail) * atEdge < 0.002 * posterior.density * limit) return [limit, RESULT_CODE.ok];
  const wider = limitAt(10 * poiMax, tailAt(10 * poiMax));
  return [limit, Math.abs(wider - limit) > 0.01 * limit ? RESULT_CODE.priorEdge : RESULT_CODE.ok];
}

function solve(posterior: PosteriorTail, target: number, edge: number): number {
  let low = 0;
  let high = edge;
  let u = Math.min(posterior.firstGuess(target / posterior.norm), 0.5 * edge);
  for (let i = 0; i < MAX_ITERATIONS; i++) {
    posterior.evaluate(u);
    const excess = Math.log(posterior.tail / target);
    if (excess > 0) low = u;
    else high = u;
    let next = u + (excess * posterior.tail) / posterior.density;
    if (Math.abs(next - u) <= CONVERGED_STEP * u) return next; // quadratic: the error left is about its square
    if (!(next > low && next < high)) next = high < Infinity ? bisect(low, high, u) : 2 * u;
    u = next;
    if (high < Infinity && high - low <= 1e-14 * high) return u;
  }
  return NaN;
}

/** Middle of a bracket that may span decades. */
function bisect(low: number, high: number, u: number): number {
  if (low === 0) return Math.min(0.5 * high, 0.1 * u);
  return high > 4 * low ? Math.sqrt(low * high) : 0.5 * (low + high);
}
