/**
 * -ln L of one window relative to the saturated likelihood, with gradient and Hessian in all parameters (symbols:
 * profile-arrays.ts). A sum of deviances n ln(n/nu) - (n - nu) and squared pulls, all >= 0: nothing cancels.
 *   d m_c/dx_k = m_c w_ck,  w_ck = e_ck + sum_t q_tk,  q_tk = (d f_t/dx_k)/f_t,
 *   d2 m_c/dx_k dx_l = m_c (w_ck w_cl - sum_t q_tk q_tl).
 */
import { bd0 } from '../../stats/deviance.ts';
import { exp } from '../../stats/portable.ts';
import { PARAM_KIND, SLOTS, type ProfileArrays } from './profile-arrays.ts';
import { ProfileWindow } from './profile-window.ts';

/** Stands for a factor 0, so that m/f stays the derivative. */
const TINY = 1e-100;
/** Smallest part of a mean that one step may leave. */
const COLLAPSE = 0.02;
const { fixed: FIXED, gamma: GAMMA, sum: SUM, band: BAND, poi: POI } = PARAM_KIND;

export class ProfileLikelihood extends ProfileWindow {
  readonly gradient: Float64Array;
  /** [K][K] row-major, lower half. */
  readonly hessian: Float64Array;
  /** Expected events of the components, and their sum. */
  readonly means: Float64Array;
  mean = 0;
  /** Factors of the slots, their pulls where kind is `sum`, and the log derivatives w and q of one component. */
  private readonly f: Float64Array;
  private readonly pull: Float64Array;
  private readonly w: Float64Array;
  private readonly q: Float64Array;
  /** Expected events of a band, and d nu/dx. */
  private readonly bandMeans: Float64Array;
  private readonly total: Float64Array;
  private keptMean = 0;
  private readonly keptBandMeans: Float64Array;

  constructor(arrays: ProfileArrays) {
    super(arrays);
    const { K, C, T } = this;
    this.gradient = new Float64Array(K);
    this.hessian = new Float64Array(K * K);
    this.means = new Float64Array(C);
    this.f = new Float64Array(T);
    this.pull = new Float64Array(T);
    this.w = new Float64Array(K);
    this.q = new Float64Array(SLOTS * K);
    this.bandMeans = new Float64Array(K);
    this.keptBandMeans = new Float64Array(K);
    this.total = new Float64Array(K);
  }

  /** -ln L at x; sets `mean`, `means`. */
  evaluate(): number {
    let loss = this.evaluateSlots();
    this.evaluateMeans();
    const { K, x, kinds } = this;
    for (let k = 1; k < K; k++) {
      const kind = kinds[k];
      if (kind === FIXED || kind === SUM) continue;
      if (kind === BAND) {
        const mu = this.constant(k, 1) * (1 + x[k]) + this.constant(k, 2) * this.means[0];
        this.bandMeans[k] = Math.max(TINY, mu);
        loss += bd0(this.constant(k, 0), this.bandMeans[k]);
      } else if (kind === GAMMA) {
        if (x[k] !== 0) loss += bd0(this.constant(k, 0), this.constant(k, 0) * exp(x[k]));
      } else loss += 0.5 * x[k] * x[k];
    }
    return loss + bd0(this.n, this.mean);
  }

  /** Factors of the slots; returns what the pulls of sums cost. */
  private evaluateSlots(): number {
    const { K, T, x, f, owner, ownerKind, summed, nSummed } = this;
    let loss = 0;
    for (let t = 0; t < T; t++) {
      const own = owner[t];
      const kind = ownerKind[t];
      if (kind === POI || kind === BAND) {
        f[t] = Math.max(TINY, kind === POI ? x[own] : 1 + x[own]);
        continue;
      }
      let sum = 0;
      for (let i = t * K; i < t * K + nSummed[t]; i++) sum += this.slope(t, summed[i]) * x[summed[i]];
      if (kind === SUM) {
        this.pull[t] = (x[own] - sum) / this.constant(own, 0);
        loss += 0.5 * this.pull[t] * this.pull[t];
        sum = x[own];
      }
      f[t] = Math.max(TINY, 1 + sum);
    }
    return loss;
  }

  private evaluateMeans(): void {
    const { K, C, x, f, slots, values, means, acting, nActing } = this;
    let mean = 0;
    for (let c = 0; c < C; c++) {
      let ln = 0;
      for (let i = c * K; i < c * K + nActing[c]; i++) ln += this.exponent(c, acting[i]) * x[acting[i]];
      let m = ln === 0 ? values[c] : values[c] * exp(ln);
      for (let s = SLOTS * c; s < SLOTS * (c + 1); s++) if (slots[s] >= 0) m *= f[slots[s]];
      means[c] = m;
      mean += m;
    }
    this.mean = Math.max(TINY, mean);
  }

  /** Remembers the means of this point for `hasCollapsed`. */
  keepMeans(): void {
    this.keptMean = this.mean;
    this.keptBandMeans.set(this.bandMeans);
  }

  /** Whether a mean with counts fell to almost nothing since: ln L is finite there only because means are cut at TINY. */
  hasCollapsed(): boolean {
    if (this.n > 0 && this.mean < COLLAPSE * this.keptMean) return true;
    for (let k = 1; k < this.K; k++) {
      if (this.kinds[k] !== BAND || this.constant(k, 0) === 0) continue;
      if (this.bandMeans[k] < COLLAPSE * this.keptBandMeans[k]) return true;
    }
    return false;
  }

  /** d(-ln L)/dm_0 at the last `evaluate`: through the window and through the bands the signal leaks into. */
  signalSlope(): number {
    let slope = 1 - this.n / this.mean;
    for (let k = 1; k < this.K; k++) {
      if (this.kinds[k] === BAND) slope += this.constant(k, 2) * (1 - this.constant(k, 0) / this.bandMeans[k]);
    }
    return slope;
  }

  /** Gradient and Hessian at the last `evaluate`. */
  differentiate(): void {
    const { K, C, kinds, gradient, hessian, means, n, mean, total, w, q, acting, nActing } = this;
    hessian.fill(0);
    total.fill(0);
    this.constraints();
    const rho = 1 - n / mean;
    const signal = this.signalSlope();
    for (let c = 0; c < C; c++) {
      const m = means[c];
      this.logDerivatives(c);
      const factor = m * (c === 0 ? signal : rho);
      const end = c * K + nActing[c];
      for (let i = c * K; i < end; i++) {
        const k = acting[i];
        total[k] += m * w[k];
        gradient[k] += factor * w[k];
        for (let j = c * K; j <= i; j++) {
          const l = acting[j];
          const squares = q[k] * q[l] + q[K + k] * q[K + l] + q[2 * K + k] * q[2 * K + l] + q[3 * K + k] * q[3 * K + l];
          hessian[k * K + l] += factor * (w[k] * w[l] - squares);
        }
      }
      for (let b = 1; c === 0 && b < K; b++) if (kinds[b] === BAND) this.leaked(b);
    }
    const ratio = n / (mean * mean);
    for (let k = 0; k < K; k++) {
      if (total[k] === 0) continue;
      for (let l = 0; l <= k; l++) hessian[k * K + l] += ratio * total[k] * total[l];
    }
  }

  /** w_ck and q_tk of the parameters acting on component c; only these are set. */
  private logDerivatives(c: number): void {
    const { K, owner, ownerKind, slots, w, q, f, acting, nActing } = this;
    for (let i = c * K; i < c * K + nActing[c]; i++) {
      const k = acting[i];
      let sum = k === 0 ? 0 : this.exponent(c, k);
      for (let s = 0; s < SLOTS; s++) {
        const t = slots[SLOTS * c + s];
        let value = 0;
        if (t >= 0 && ownerKind[t] >= SUM) value = owner[t] === k ? 1 / f[t] : 0;
        else if (t >= 0 && k > 0) value = this.slope(t, k) / f[t];
        q[s * K + k] = value;
        sum += value;
      }
      w[k] = sum;
    }
  }

  /** Adds a/mu^2 d mu/dx_k d mu/dx_l of band b with the signal that leaks into it; its own square is in `constraints`. */
  private leaked(b: number): void {
    const { K, w, hessian, acting, nActing } = this;
    const mu = this.bandMeans[b];
    const ratio = this.constant(b, 0) / (mu * mu);
    const leak = this.constant(b, 2) * this.means[0];
    if (leak === 0) return;
    for (let i = 0; i < nActing[0]; i++) {
      const k = acting[i];
      for (let j = 0; j <= i; j++) hessian[k * K + acting[j]] += ratio * leak * leak * w[k] * w[acting[j]];
      hessian[Math.max(k, b) * K + Math.min(k, b)] += ratio * leak * w[k] * this.constant(b, 1);
    }
  }

  private constraints(): void {
    const { K, T, x, kinds, gradient, hessian, owner, ownerKind, summed, nSummed } = this;
    gradient.fill(0);
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
      if (ownerKind[t] !== SUM) continue;
      // the pull is (x_own - sum_k r_k x_k)/r0
      const own = owner[t];
      const r0 = this.constant(own, 0);
      const pull = this.pull[t] / r0;
      gradient[own] += pull;
      hessian[own * K + own] += 1 / (r0 * r0);
      for (let i = t * K; i < t * K + nSummed[t]; i++) {
        const k = summed[i];
        const dk = this.slope(t, k);
        gradient[k] -= pull * dk;
        hessian[Math.max(k, own) * K + Math.min(k, own)] -= dk / (r0 * r0);
        for (let j = t * K; j <= i; j++) hessian[k * K + summed[j]] += (dk * this.slope(t, summed[j])) / (r0 * r0);
      }
    }
  }
}
