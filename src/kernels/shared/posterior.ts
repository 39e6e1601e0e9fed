/** The posterior tail of one window (symbols and formula: ../bayes_limit.ts). Its WGSL form is in shaders/bayes_limit.wgsl. */
import { lnPoissonPmf } from '../../stats/poisson.ts';
import { countMixture, LANE_VALUE_STRIDE, NODE_STRIDE, type PlanArrays } from './count-mixture.ts';
import { leakedWeights } from './leaked-weights.ts';

/** Highest powers of T that hold less than this part of the posterior together are left out where signal leaks. */
const NEGLIGIBLE_POWERS = 1e-17;

/** What an upper limit needs to know of a marginal posterior of the POI. */
export type PosteriorTail = Pick<
  Posterior,
  'sensitivity' | 'norm' | 'complete' | 'tail' | 'density' | 'firstGuess' | 'evaluate'
>;

/** The marginal posterior of the POI in one window: sums over lanes and signal nodes. */
export class Posterior {
  private readonly plan: PlanArrays;
  private readonly scratch: Float64Array;
  private laneFirst = 0;
  private laneCount = 0;
  /** Words of A and of M per lane: n + C + 1. */
  private size = 0;
  /** Highest power of T: n, or up to n + C where signal leaks into the side band. */
  private top = 0;
  private at = 0;
  private laneWeight = new Float64Array(1);
  /** false: C leaked events are too few, or terms that count were left out. */
  complete = true;
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

  /**
   * Builds A (reversed) and M (reversed) of every lane.
   * @param leaks how many events of the side band can come from signal (C)
   */
  prepare(laneFirst: number, laneCount: number, n: number, leaks: number, at: number): void {
    const size = n + leaks + 1;
    Object.assign(this, { laneFirst, laneCount, size, top: n, at, complete: true });
    if (this.laneWeight.length < laneCount) this.laneWeight = new Float64Array(laneCount);
    const { scratch } = this;
    const work = at + 2 * laneCount * size;
    let top = -Infinity;
    for (let l = 0; l < laneCount; l++) {
      const a = at + 2 * l * size;
      const m = a + size;
      const lane = laneFirst + l;
      const lnScale =
        this.plan.laneValues[LANE_VALUE_STRIDE * lane + 2] > 0
          ? this.leaked(lane, n, leaks, a, m, work)
          : this.reversed(lane, n, a, m, work);
      let sum = 0;
      for (let k = size - 1; k >= 0; k--) sum += scratch[m + k];
      for (let k = 0; k < size; k++) scratch[m + k] /= sum;
      // a[k] = A_{n+1-k}, m[k] = M_{n-k} / sum
      let cumulative = 0;
      for (let k = size - 1; k > 0; k--) {
        cumulative += scratch[m + k];
        scratch[a + k] = cumulative;
        if (k > this.top && cumulative > NEGLIGIBLE_POWERS) this.top = k;
      }
      scratch[a] = 1;
      this.laneWeight[l] = this.plan.laneValues[LANE_VALUE_STRIDE * (laneFirst + l)] + lnScale + Math.log(sum);
      top = Math.max(top, this.laneWeight[l]);
    }
    for (let l = 0; l < laneCount; l++) this.laneWeight[l] = Math.exp(this.laneWeight[l] - top);
    this.sumNorm();
  }

  /** m[k] = W_k exp(-ln scale); returns ln scale. `a` is room. */
  private leaked(lane: number, n: number, leaks: number, a: number, m: number, work: number): number {
    const { lnScale, complete } = leakedWeights(this.plan, lane, n, leaks, this.scratch, a, m, work);
    this.complete &&= complete;
    return lnScale;
  }

  /** m[k] = M_{n-k} exp(-ln scale); returns ln scale. `a` is room. */
  private reversed(lane: number, n: number, a: number, m: number, work: number): number {
    const { scratch } = this;
    const lnScale = countMixture(this.plan, lane, scratch, a, n + 1, work);
    for (let j = 0; j <= n; j++) scratch[m + n - j] = scratch[a + j];
    return lnScale;
  }

  private sumNorm(): void {
    const { lanes, laneValues, nodes } = this.plan;
    this.norm = 0;
    let weights = 0;
    let signal = 0;
    for (let l = 0; l < this.laneCount; l++) {
      const lane = this.laneFirst + l;
      const s0 = laneValues[LANE_VALUE_STRIDE * lane + 1] * (1 + laneValues[LANE_VALUE_STRIDE * lane + 2]);
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

  /** POI at which the heaviest lane alone, at the mean sensitivity, has the tail R(t) = fraction: about 1e-3 good. */
  firstGuess(fraction: number): number {
    const weights = this.laneWeight.subarray(0, this.laneCount);
    const at = this.at + 2 * weights.indexOf(Math.max(...weights)) * this.size;
    let t = this.top + 3;
    for (let i = 0; i < 30; i++) {
      this.lane(t, at);
      if (!(this.r > 1e-250 && this.h > 0)) {
        t *= 0.5;
        continue;
      }
      const step = (Math.log(this.r / fraction) * this.r) / this.h;
      t = Math.max(0.1 * t, t + step);
      if (Math.abs(step) < 1e-3 * t) break;
    }
    return t / this.sensitivity;
  }

  /** Sets `tail` = sum g R(s u) and `density` = -d tail/du. */
  evaluate(u: number): void {
    const { lanes, laneValues, nodes } = this.plan;
    const { size } = this;
    const cut = this.top + 13 * Math.sqrt(this.top) + 45;
    let tail = 0;
    let density = 0;
    for (let l = 0; l < this.laneCount; l++) {
      const lane = this.laneFirst + l;
      const s0 = laneValues[LANE_VALUE_STRIDE * lane + 1] * (1 + laneValues[LANE_VALUE_STRIDE * lane + 2]);
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
    const { scratch, size, top: n } = this;
    const m = a + size;
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
