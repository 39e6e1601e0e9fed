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
 */
import { lnPoissonPmf } from '../stats/poisson.ts';
import type { Kernel, KernelArray, ParamValues } from './kernel.ts';
import { planArrays, planItem, PLAN_BINDINGS, RESULT_CODE } from './plan-bindings.ts';
import { countMixture, NODE_STRIDE, type PlanArrays } from './shared/count-mixture.ts';

const MAX_ITERATIONS = 100;
const CONVERGED_STEP = 1e-7;

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
      const { laneFirst, laneCount, n, scratchAt } = planItem(items, i);
      posterior.prepare(laneFirst, laneCount, n, scratchAt);
      const [limit, code] = upperLimit(posterior, params.tail, params.poi_max > 0 ? params.poi_max : Infinity);
      result[2 * i] = limit;
      result[2 * i + 1] = code;
    }
  },
};

/** Room in `scratch` for one item: A and M of every lane, the lane weights, and an array to convolve in. */
export function bayesScratch(laneCount: number, n: number): number {
  return (2 * laneCount + 1) * (n + 1) + laneCount;
}

/** The marginal posterior of the POI in one window: sums over lanes and signal nodes. */
export class Posterior {
  private readonly plan: PlanArrays;
  private readonly scratch: Float64Array;
  private laneFirst = 0;
  private laneCount = 0;
  private n = 0;
  private at = 0;
  private laneWeight = new Float64Array(1);
  /** sum g: the tail at U = 0. */
  norm = 0;
  /** Mean number of signal events per unit POI, for the first guess. */
  sensitivity = 0;
  /** Results of the last `evaluate`. */
  tail = 0;
  density = 0;
  private r = 0;
  private h = 0;

  constructor(plan: PlanArrays, scratch: Float64Array) {
    this.plan = plan;
    this.scratch = scratch;
  }

  /** Builds A (reversed) and M (reversed) of every lane. */
  prepare(laneFirst: number, laneCount: number, n: number, at: number): void {
    Object.assign(this, { laneFirst, laneCount, n, at });
    if (this.laneWeight.length < laneCount) this.laneWeight = new Float64Array(laneCount);
    const { scratch } = this;
    const size = n + 1;
    const work = at + 2 * laneCount * size;
    let top = -Infinity;
    for (let l = 0; l < laneCount; l++) {
      const a = at + 2 * l * size;
      const m = a + size;
      const lnScale = countMixture(this.plan, laneFirst + l, scratch, a, size, work);
      let sum = 0;
      for (let j = 0; j <= n; j++) sum += scratch[a + j];
      // a[m] = A_{n+1-m}, m[m] = M_{n-m} / sum
      for (let j = 0; j <= n; j++) scratch[m + n - j] = scratch[a + j] / sum;
      let cumulative = 0;
      for (let j = 0; j < n; j++) {
        cumulative += scratch[m + n - j];
        scratch[a + n - j] = cumulative;
      }
      scratch[a] = 1;
      this.laneWeight[l] = this.plan.laneValues[2 * (laneFirst + l)] + lnScale + Math.log(sum);
      top = Math.max(top, this.laneWeight[l]);
    }
    for (let l = 0; l < laneCount; l++) this.laneWeight[l] = Math.exp(this.laneWeight[l] - top);
    this.sumNorm();
  }

  private sumNorm(): void {
    const { lanes, laneValues, nodes } = this.plan;
    this.norm = 0;
    let weights = 0;
    let signal = 0;
    for (let l = 0; l < this.laneCount; l++) {
      const lane = this.laneFirst + l;
      const s0 = laneValues[2 * lane + 1];
      const first = lanes[4 * lane + 2];
      const last = first + lanes[4 * lane + 3];
      for (let f = first; f < last; f++) {
        const s = s0 * nodes[NODE_STRIDE * f];
        const weight = this.laneWeight[l] * nodes[NODE_STRIDE * f + 2];
        this.norm += weight / s;
        weights += weight;
        signal += weight * s;
      }
    }
    this.sensitivity = signal / weights;
  }

  /** Sets `tail` = sum g R(s u) and `density` = -d tail/du. */
  evaluate(u: number): void {
    const { lanes, laneValues, nodes } = this.plan;
    const size = this.n + 1;
    const cut = this.n + 13 * Math.sqrt(this.n) + 45;
    let tail = 0;
    let density = 0;
    for (let l = 0; l < this.laneCount; l++) {
      const lane = this.laneFirst + l;
      const s0 = laneValues[2 * lane + 1];
      const first = lanes[4 * lane + 2];
      const last = first + lanes[4 * lane + 3];
      for (let f = first; f < last; f++) {
        const s = s0 * nodes[NODE_STRIDE * f];
        const t = s * u;
        if (t > cut) continue;
        this.lane(t, this.at + 2 * l * size);
        const weight = this.laneWeight[l] * nodes[NODE_STRIDE * f + 2];
        tail += (weight / s) * this.r;
        density += weight * this.h;
      }
    }
    this.tail = tail;
    this.density = density;
  }

  /** R(t) and -R'(t) of one lane. */
  private lane(t: number, a: number): void {
    const { scratch, n } = this;
    const m = a + n + 1;
    if (n <= 150) {
      let r = 0;
      let h = 0;
      for (let k = n; k > 0; k--) {
        const x = t / k;
        r = (r + scratch[a + k]) * x;
        h = (h + scratch[m + k]) * x;
      }
      const e = Math.exp(-t);
      this.r = e * (r + 1);
      this.h = e * (h + scratch[m]);
      return;
    }
    const start = Math.min(n, Math.floor(t));
    const top = Math.exp(lnPoissonPmf(start, t));
    let r = 0;
    let h = 0;
    let term = top;
    for (let k = start; k >= 0 && term > 1e-18 * top; k--) {
      r += term * scratch[a + k];
      h += term * scratch[m + k];
      term *= k / t;
    }
    term = (top * t) / (start + 1);
    for (let k = start + 1; k <= n && term > 1e-18 * top; k++) {
      r += term * scratch[a + k];
      h += term * scratch[m + k];
      term *= t / (k + 1);
    }
    this.r = r;
    this.h = h;
  }
}

/** Newton on the logarithm of the tail (nearly linear in u), kept inside a bracket. */
function upperLimit(posterior: Posterior, tail: number, poiMax: number): [number, number] {
  if (!(posterior.sensitivity > 0) || !Number.isFinite(posterior.norm)) return [0, RESULT_CODE.noSensitivity];
  const limitAt = (edge: number): number => {
    let atEdge = 0;
    if (edge < Infinity) {
      posterior.evaluate(edge);
      atEdge = posterior.tail;
    }
    return solve(posterior, tail * posterior.norm + (1 - tail) * atEdge, edge);
  };
  const limit = limitAt(poiMax);
  if (Number.isNaN(limit)) return [0, RESULT_CODE.notConverged];
  if (poiMax === Infinity) return [limit, RESULT_CODE.ok];
  posterior.evaluate(poiMax);
  const moved = (1 - tail) * posterior.tail;
  posterior.evaluate(limit);
  if (moved < 0.002 * posterior.density * limit) return [limit, RESULT_CODE.ok];
  const wider = limitAt(10 * poiMax);
  return [limit, Math.abs(wider - limit) > 0.01 * limit ? RESULT_CODE.priorEdge : RESULT_CODE.ok];
}

function solve(posterior: Posterior, target: number, edge: number): number {
  let low = 0;
  let high = edge;
  let u = Math.min(3 / posterior.sensitivity, 0.5 * edge);
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
