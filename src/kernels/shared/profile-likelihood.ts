/**
 * -ln L of one window relative to the saturated likelihood, with gradient and Hessian in all parameters (symbols:
 * profile-arrays.ts). A sum of deviances n ln(n/nu) - (n - nu) and squared pulls, all >= 0: nothing cancels.
 *   d m_c/dx_k = m_c w_ck,  w_ck = e_ck + sum_t q_tk,  q_tk = (d f_t/dx_k)/f_t,
 *   d2 m_c/dx_k dx_l = m_c (w_ck w_cl - sum_t q_tk q_tl).
 */
import { bd0 } from '../../stats/deviance.ts';
import { exp } from '../../stats/portable.ts';
import { CONSTANTS, NO_SLOT, PARAM_KIND, SLOTS, valueOffsets, type ProfileArrays } from './profile-arrays.ts';

/** Stands for a factor 0, so that m/f stays the derivative. */
const TINY = 1e-100;
const { fixed: FIXED, gamma: GAMMA, sum: SUM, band: BAND, poi: POI } = PARAM_KIND;

export class ProfileLikelihood {
  readonly K: number;
  readonly C: number;
  private readonly T: number;
  readonly x: Float64Array;
  /** Direction in which a parameter at its kink is taken to leave it. */
  readonly side: Int8Array;
  readonly kinds: Uint32Array;
  readonly gradient: Float64Array;
  /** [K][K] row-major, both halves. */
  readonly hessian: Float64Array;
  /** Expected events of the components, their sum, and n. */
  readonly means: Float64Array;
  mean = 0;
  n = 0;
  protected readonly values: Float64Array;
  private readonly arrays: ProfileArrays;
  private readonly offsets: ReturnType<typeof valueOffsets>;
  private readonly structure: Uint32Array;
  /** Factors of the slots, their pulls where kind is `sum`, and the log derivatives w and q. */
  private readonly f: Float64Array;
  private readonly pull: Float64Array;
  private readonly w: Float64Array;
  private readonly q: Float64Array;
  /** [K] expected events of a band over its count, 1 - a/mu. */
  private readonly bandMeans: Float64Array;
  private readonly total: Float64Array;

  constructor(arrays: ProfileArrays) {
    const { nParams: K, nComponents: C, nSlots: T } = arrays;
    [this.K, this.C, this.T] = [K, C, T];
    this.arrays = arrays;
    this.structure = arrays.structure;
    this.offsets = valueOffsets(arrays);
    this.x = new Float64Array(K);
    this.side = new Int8Array(K);
    this.kinds = new Uint32Array(K + 1);
    this.gradient = new Float64Array(K);
    this.hessian = new Float64Array(K * K);
    this.means = new Float64Array(C);
    this.values = new Float64Array(this.offsets.perWindow);
    this.f = new Float64Array(T);
    this.pull = new Float64Array(T);
    this.w = new Float64Array(K);
    this.q = new Float64Array(SLOTS * K);
    this.bandMeans = new Float64Array(K);
    this.total = new Float64Array(K);
  }

  /** Makes this the likelihood of one window at a count. */
  load(iWindow: number, n: number): void {
    const { perWindow } = this.offsets;
    this.values.set(this.arrays.values.subarray(iWindow * perWindow, (iWindow + 1) * perWindow));
    this.kinds.set(this.arrays.kinds.subarray(iWindow * (this.K + 1), (iWindow + 1) * (this.K + 1)));
    this.n = n;
  }

  constant(k: number, i: number): number {
    return this.values[this.offsets.constants + CONSTANTS * k + 2 + i];
  }

  lowest(k: number): number {
    return this.values[this.offsets.constants + CONSTANTS * k];
  }

  highest(k: number): number {
    return this.values[this.offsets.constants + CONSTANTS * k + 1];
  }

  /** Expected background with everything nominal. */
  get background(): number {
    return this.values[this.offsets.background];
  }

  get widest(): number {
    return this.values[this.offsets.widest];
  }

  hasFlag(flag: number): boolean {
    return (this.kinds[this.K] & flag) !== 0;
  }

  /** e_ck on the side x_k is on. */
  exponent(c: number, k: number): number {
    return this.values[this.offsets.exponents + 2 * (c * this.K + k) + this.below(k)];
  }

  /** r_tk on the side x_k is on. */
  private slope(t: number, k: number): number {
    return this.values[this.offsets.sums + 2 * (t * this.K + k) + this.below(k)];
  }

  private below(k: number): 0 | 1 {
    return this.x[k] < 0 || (this.x[k] === 0 && this.side[k] < 0) ? 1 : 0;
  }

  /** -ln L at x; sets `mean`, `means`. */
  evaluate(): number {
    const { K, C, T, x, kinds, structure, values, f, means, n } = this;
    let loss = 0;
    for (let t = 0; t < T; t++) {
      const own = structure[t];
      const kind = own === NO_SLOT ? FIXED : kinds[own];
      if (kind === POI || kind === BAND) {
        f[t] = Math.max(TINY, kind === POI ? x[own] : 1 + x[own]);
        continue;
      }
      let sum = 0;
      for (let k = 1; k < K; k++) if (k !== own && x[k] !== 0) sum += this.slope(t, k) * x[k];
      if (kind === SUM) {
        this.pull[t] = (x[own] - sum) / this.constant(own, 0);
        loss += 0.5 * this.pull[t] * this.pull[t];
        sum = x[own];
      }
      f[t] = Math.max(TINY, 1 + sum);
    }
    this.mean = 0;
    for (let c = 0; c < C; c++) {
      let ln = 0;
      for (let k = 1; k < K; k++) if (x[k] !== 0) ln += this.exponent(c, k) * x[k];
      let m = ln === 0 ? values[c] : values[c] * exp(ln);
      for (let s = 0; s < SLOTS; s++) {
        const t = structure[T + SLOTS * c + s];
        if (t !== NO_SLOT) m *= f[t];
      }
      means[c] = m;
      this.mean += m;
    }
    for (let k = 1; k < K; k++) {
      const kind = kinds[k];
      if (kind === BAND) {
        const [a, scale, leak] = [this.constant(k, 0), this.constant(k, 1), this.constant(k, 2)];
        this.bandMeans[k] = Math.max(TINY, scale * (1 + x[k]) + leak * means[0]);
        loss += bd0(a, this.bandMeans[k]);
      } else if (kind === GAMMA) {
        if (x[k] !== 0) loss += bd0(this.constant(k, 0), this.constant(k, 0) * exp(x[k]));
      } else if (kind !== FIXED && kind !== SUM) loss += 0.5 * x[k] * x[k];
    }
    this.mean = Math.max(TINY, this.mean);
    return loss + bd0(n, this.mean);
  }

  /** d(-ln L)/dPOI and what else the means of the signal are multiplied with, at the last `evaluate`. */
  signalSlope(): number {
    let slope = 1 - this.n / this.mean;
    for (let k = 1; k < this.K; k++) {
      if (this.kinds[k] === BAND) slope += this.constant(k, 2) * (1 - this.constant(k, 0) / this.bandMeans[k]);
    }
    return slope;
  }

  /** Gradient and Hessian at the last `evaluate`. */
  differentiate(): void {
    const { K, C, kinds, gradient, hessian, means, n, mean, total, w } = this;
    gradient.fill(0);
    hessian.fill(0);
    total.fill(0);
    this.constraints();
    const rho = 1 - n / mean;
    const signal = this.signalSlope();
    for (let c = 0; c < C; c++) {
      const m = means[c];
      if (m === 0) continue;
      this.logDerivatives(c);
      const factor = m * (c === 0 ? signal : rho);
      for (let k = 0; k < K; k++) {
        if (w[k] === 0) continue;
        total[k] += m * w[k];
        gradient[k] += factor * w[k];
        for (let l = 0; l <= k; l++) if (w[l] !== 0) hessian[k * K + l] += factor * this.curvature(k, l);
      }
      if (c > 0) continue;
      for (let b = 1; b < K; b++) if (kinds[b] === BAND && this.constant(b, 2) > 0) this.leaked(b);
    }
    const ratio = n / (mean * mean);
    for (let k = 0; k < K; k++) {
      if (total[k] === 0) continue;
      for (let l = 0; l <= k; l++) hessian[k * K + l] += ratio * total[k] * total[l];
    }
  }

  /** w_ck and q_tk of component c. */
  private logDerivatives(c: number): void {
    const { K, T, structure, kinds, w, q, f } = this;
    for (let k = 0; k < K; k++) w[k] = k === 0 ? 0 : this.exponent(c, k);
    q.fill(0);
    for (let s = 0; s < SLOTS; s++) {
      const t = structure[T + SLOTS * c + s];
      if (t === NO_SLOT) continue;
      const own = structure[t];
      const kind = own === NO_SLOT ? FIXED : kinds[own];
      if (kind === SUM || kind === BAND || kind === POI) q[s * K + own] = 1 / f[t];
      else for (let k = 1; k < K; k++) q[s * K + k] = this.slope(t, k) / f[t];
      for (let k = 0; k < K; k++) w[k] += q[s * K + k];
    }
  }

  private curvature(k: number, l: number): number {
    const { K, w, q } = this;
    let value = w[k] * w[l];
    for (let s = 0; s < SLOTS; s++) value -= q[s * K + k] * q[s * K + l];
    return value;
  }

  /** a/mu^2 of the signal leaked into band b; its own diagonal is in `constraints`. */
  private leaked(b: number): void {
    const { K, w, hessian } = this;
    const mu = this.bandMeans[b];
    const ratio = this.constant(b, 0) / (mu * mu);
    const leak = this.constant(b, 2) * this.means[0];
    for (let k = 0; k < K; k++) {
      if (w[k] === 0) continue;
      for (let l = 0; l <= k; l++) hessian[k * K + l] += ratio * leak * leak * w[k] * w[l];
      hessian[Math.max(k, b) * K + Math.min(k, b)] += ratio * leak * w[k] * this.constant(b, 1);
    }
  }

  private constraints(): void {
    const { K, T, x, kinds, structure, gradient, hessian } = this;
    for (let k = 1; k < K; k++) {
      const kind = kinds[k];
      if (kind === FIXED || kind === SUM) continue;
      if (kind === BAND) {
        const [a, scale, mu] = [this.constant(k, 0), this.constant(k, 1), this.bandMeans[k]];
        gradient[k] = scale * (1 - a / mu);
        hessian[k * K + k] = (a * scale * scale) / (mu * mu);
      } else if (kind === GAMMA) {
        const grown = this.constant(k, 0) * exp(x[k]);
        gradient[k] = grown - this.constant(k, 0);
        hessian[k * K + k] = grown;
      } else {
        gradient[k] = x[k];
        hessian[k * K + k] = 1;
      }
    }
    for (let t = 0; t < T; t++) {
      const own = structure[t];
      if (own === NO_SLOT || kinds[own] !== SUM) continue;
      const r0 = this.constant(own, 0);
      for (let k = 1; k < K; k++) {
        const dk = (k === own ? 1 : -this.slope(t, k)) / r0;
        if (dk === 0) continue;
        gradient[k] += this.pull[t] * dk;
        for (let l = 1; l <= k; l++) hessian[k * K + l] += (dk * (l === own ? 1 : -this.slope(t, l))) / r0;
      }
    }
  }
}
