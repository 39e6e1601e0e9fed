/**
 * q0 and upper limit of one window from fits at fixed POI. With an excess over the nominal background the best fit is the
 * saturated one (the signal describes it, everything else stays nominal): its -ln L is 0 without a fit.
 */
import { MANY_MINIMA, PARAM_KIND, WINDOW_FLAG } from './profile-arrays.ts';
import { ProfileFit } from './profile-fit.ts';

const MAX_STEPS = 80;
const LAST_STEP = 1e-7;
const MAX_FAILURES = 8;
/** Largest step, in distances from the best fit. */
const LONGEST = 10;

export class ProfileScan extends ProfileFit {
  get sensitivity(): number {
    return this.values[0];
  }

  q0(): number {
    if (this.n <= this.background) return 0;
    const best = this.hasFlag(WINDOW_FLAG.leak) ? this.bestLoss() : 0;
    return 2 * Math.max(0, this.nullLoss() - best);
  }

  /** The largest POI whose -ln L is z^2/2 above the lowest. */
  limit(z: number): number {
    const { background } = this;
    this.reset();
    const isSaturated = this.n >= background && !this.hasFlag(WINDOW_FLAG.leak);
    const best = isSaturated ? 0 : this.bestLoss();
    if (Number.isNaN(best)) return NaN;
    const poiHat = isSaturated ? (this.n - background) / this.sensitivity : this.x[0];
    let limit = this.limitFrom(z, best, poiHat);
    for (let k = 1; this.hasFlag(WINDOW_FLAG.twoWay) && k < this.K; k++) {
      if (this.kinds[k] !== PARAM_KIND.twoWay) continue;
      for (const start of [1, -1]) {
        this.reset();
        this.x[k] = start;
        const other = this.limitFrom(z, best, poiHat);
        if (!(other <= limit)) limit = other;
      }
    }
    return limit;
  }

  /**
   * Newton in sqrt(2 (loss - best)), which is nearly linear in the POI; the slope at fixed POI is the partial one. A fit
   * that does not converge is tried again closer to where the last one did.
   */
  private limitFrom(z: number, best: number, poiHat: number): number {
    if (z === 0) return poiHat;
    const { sensitivity: s, n, background } = this;
    let [low, high] = [poiHat, Infinity];
    let u = poiHat + (z * (Math.sqrt(Math.max(n, background)) + 0.5 * z)) / s;
    let failures = 0;
    this.x[0] = u;
    for (let i = 0; i < MAX_STEPS; i++) {
      const loss = this.minimise(false);
      if (Number.isNaN(loss)) {
        if (++failures > MAX_FAILURES) return NaN;
        u = 0.5 * (low + u);
        this.reset();
        this.x[0] = u;
        continue;
      }
      const root = Math.sqrt(2 * Math.max(0, loss - best));
      const slope = (this.signalSlope() * this.means[0]) / u;
      if (root < z) low = u;
      else high = u;
      const farthest = poiHat + LONGEST * (u - poiHat);
      let next = root > 1e-4 * z && slope > 0 ? Math.min(farthest, u - ((root - z) * root) / slope) : farthest;
      if (Math.abs(next - u) <= LAST_STEP * u) return next;
      if (!(next > low && next < high)) next = high < Infinity ? 0.5 * (low + high) : farthest;
      if (high < Infinity && high - low <= 1e-13 * high) return high;
      if (!(next * s < 1e12 * (1 + n + background))) return NaN;
      this.follow(next - u);
      u = next;
    }
    return NaN;
  }

  /** Lowest -ln L at POI = 0 with n above the background. */
  private nullLoss(): number {
    this.reset();
    this.lift();
    let lowest = this.minimise(false);
    if (Number.isNaN(lowest)) return NaN;
    const excess = this.n - this.background;
    const areMany = 2 * lowest * this.widest > MANY_MINIMA;
    for (let c = 1; areMany && c < this.C; c++) {
      this.reset();
      const variance = this.spread(c);
      if (!(variance > 0 && this.values[c] > 0)) continue;
      this.leanOn(c, variance, excess);
      this.lift();
      const loss = this.minimise(false);
      if (!(loss >= lowest)) lowest = loss;
    }
    for (let k = 1; k < this.K; k++) {
      if (this.kinds[k] !== PARAM_KIND.twoWay) continue;
      for (const start of [1, -1]) {
        this.reset();
        this.lift();
        this.x[k] = start;
        const loss = this.minimise(false);
        if (!(loss >= lowest)) lowest = loss;
      }
    }
    return lowest;
  }

  /** Lowest -ln L for POI >= 0; the POI stays there. */
  private bestLoss(): number {
    const isFree = this.hasFlag(WINDOW_FLAG.leak) && this.sensitivity > 0;
    this.reset();
    this.x[0] = isFree ? Math.max(1, this.n - this.background) / this.sensitivity : 0;
    return this.minimise(isFree);
  }

  /** Bands without events start above 0, so that there is something to scale. */
  private lift(): void {
    for (let k = 1; k < this.K; k++) {
      if (this.kinds[k] === PARAM_KIND.band && this.x[k] === -1) this.x[k] = -1 + 0.1 * (this.n - this.background);
    }
  }

  /** Squared relative width of component c. */
  private spread(c: number): number {
    let sum = 0;
    for (let k = 1; k < this.K; k++) sum += this.exponent(c, k) * this.widthTimes(c, k);
    return sum;
  }

  private widthTimes(c: number, k: number): number {
    const kind = this.kinds[k];
    return kind === PARAM_KIND.gamma ? this.exponent(c, k) / this.constant(k, 0) : this.exponent(c, k);
  }

  /** Start at which component c alone describes the excess. */
  private leanOn(c: number, variance: number, excess: number): void {
    const target = Math.log1p(excess / this.values[c]) / variance;
    for (let k = 1; k < this.K; k++) this.x[k] += target * this.widthTimes(c, k);
  }
}
