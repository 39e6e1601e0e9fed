/** The posterior tail of one window (symbols and formula: ../bayes_limit.ts). Its WGSL form is in shaders/bayes_limit.wgsl. */
import { lnPoissonPmf } from '../../stats/poisson.ts';
import { countMixture, NODE_STRIDE, type PlanArrays } from './count-mixture.ts';

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
