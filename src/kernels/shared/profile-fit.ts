/**
 * Minimum of -ln L over all parameters at a fixed POI, or with it: Newton steps along which -ln L falls, with active
 * bounds (factors >= 0) and kinks (r+ != r- at 0): a step ends where it meets one, and the next one starts there, away
 * from it if -ln L falls that way, else along it.
 */
import { PARAM_KIND } from './profile-arrays.ts';
import { ProfileLikelihood } from './profile-likelihood.ts';

const MAX_STEPS = 200;
/** A step that lowers -ln L by less than this (1 + -ln L) is the last: the error left is about its square. */
const LAST_GAIN = 1e-9;
/** Rounding of -ln L, relative to 1 + -ln L, and of the mean. */
const NOISE = 1e-14;
const MEAN_NOISE = 2e-15;
/** Largest change of the logarithm of a component in one step. */
const LONGEST = 1.5;
const MAX_HALVINGS = 40;
const { fixed: FIXED, band: BAND, poi: POI } = PARAM_KIND;

export class ProfileFit extends ProfileLikelihood {
  private readonly step = new Float64Array(this.K);
  private readonly before = new Float64Array(this.K);
  private readonly isFixed = new Uint8Array(this.K);
  private readonly toPoi = new Float64Array(this.K);
  private readonly factor = new Float64Array(this.K * this.K);

  /** All parameters at the best fit of their own measurements. */
  reset(): void {
    for (let k = 0; k < this.K; k++) {
      this.x[k] = this.kinds[k] === BAND && this.constant(k, 0) === 0 ? -1 : 0;
      this.side[k] = 0;
    }
  }

  /** -ln L at the minimum next to x, which moves there; NaN where there is no convergence. */
  minimise(isPoiFree: boolean): number {
    const { K, x, step, before, gradient } = this;
    let loss = this.evaluate();
    for (let i = 0; i < MAX_STEPS; i++) {
      this.chooseSides();
      this.solve(isPoiFree);
      let gain = 0;
      for (let k = 0; k < K; k++) gain -= 0.5 * gradient[k] * step[k];
      const [reach, hit] = this.reach();
      before.set(x);
      this.keepMeans();
      const noise = NOISE * (1 + loss) + MEAN_NOISE * Math.abs(this.mean - this.n);
      const isLast = gain <= LAST_GAIN * (1 + loss);
      if (isLast && hit < 0) {
        this.move(1, -1);
        const last = this.evaluate();
        if (last <= loss + noise) return last;
      }
      let length = reach;
      let next = Infinity;
      for (let halving = 0; halving < MAX_HALVINGS; halving++) {
        this.move(length, length === reach ? hit : -1);
        next = this.evaluate();
        if (next <= loss - 1e-4 * length * gain + noise && !this.hasCollapsed()) break;
        length *= 0.5;
      }
      if (!(next <= loss + noise)) {
        x.set(before);
        loss = this.evaluate();
        return isLast ? loss : NaN;
      }
      loss = next;
    }
    return NaN;
  }

  /** Moves the parameters along the valley of -ln L, to first order, while the POI changes by `change`. */
  follow(change: number): void {
    const { K, x, step, isFixed, toPoi } = this;
    for (let k = 0; k < K; k++) step[k] = isFixed[k] === 1 ? 0 : -toPoi[k] * change;
    this.back(step);
    step[0] = change;
    this.before.set(x);
    const [reach] = this.reach();
    for (let k = 1; k < K; k++) x[k] += 0.999 * reach * step[k];
    x[0] += change;
  }

  /** A parameter at its kink leaves it on the side where -ln L falls, at its lowest slope; else it stays. */
  private chooseSides(): void {
    const { K, x, side, gradient } = this;
    const right = this.step;
    let any = false;
    for (let k = 1; k < K; k++) {
      if (!this.hasKink(k) || x[k] !== 0) continue;
      any = true;
      side[k] = 1;
    }
    this.differentiate();
    if (!any) return;
    right.set(gradient);
    for (let k = 1; k < K; k++) if (side[k] === 1) side[k] = -1;
    this.differentiate();
    for (let k = 1; k < K; k++) {
      if (side[k] === 0 || x[k] !== 0) continue;
      const down = -gradient[k];
      side[k] = right[k] < 0 && right[k] <= down ? 1 : down < 0 ? -1 : 0;
    }
    this.differentiate();
  }

  /** Newton step with what is at a bound held; what the step would push over one is held too. */
  private solve(isPoiFree: boolean): void {
    const { K, x, kinds, side, gradient, hessian, step, isFixed, toPoi } = this;
    for (let k = 0; k < K; k++) {
      const kind = kinds[k];
      isFixed[k] =
        kind === FIXED || (kind === POI && !isPoiFree) || (this.hasKink(k) && x[k] === 0 && side[k] === 0) ? 1 : 0;
      if (x[k] <= this.lowest(k) && gradient[k] >= 0) isFixed[k] = 1;
      if (x[k] >= this.highest(k) && gradient[k] <= 0) isFixed[k] = 1;
      toPoi[k] = hessian[k * K];
    }
    for (let round = 0; round < K; round++) {
      this.decompose();
      for (let k = 0; k < K; k++) step[k] = isFixed[k] === 1 ? 0 : -gradient[k];
      this.back(step);
      let isInside = true;
      for (let k = 0; k < K; k++) {
        const isKink = x[k] === 0 && this.hasKink(k);
        const outwards =
          (x[k] <= this.lowest(k) && step[k] < 0) ||
          (x[k] >= this.highest(k) && step[k] > 0) ||
          (isKink && step[k] * side[k] < 0);
        if (!outwards) continue;
        isFixed[k] = 1;
        isInside = false;
      }
      if (isInside) break;
    }
    for (let k = 0; k < K; k++) if (isFixed[k] === 1) gradient[k] = 0;
  }

  /** How much of the step stays inside the bounds and on one side of the kinks, and which parameter ends it. */
  private reach(): [number, number] {
    const { K, C, x, step, acting, nActing } = this;
    let longest = 0;
    for (let c = 0; c < C; c++) {
      let ln = 0;
      for (let i = c * K; i < c * K + nActing[c]; i++) ln += this.exponent(c, acting[i]) * step[acting[i]];
      longest = Math.max(longest, Math.abs(ln));
    }
    let reach = longest > LONGEST ? LONGEST / longest : 1;
    let hit = -1;
    for (let k = 0; k < K; k++) {
      const p = step[k];
      if (p === 0) continue;
      const end = this.hasKink(k) && x[k] * p < 0 ? 0 : p < 0 ? this.lowest(k) : this.highest(k);
      const room = (end - x[k]) / p;
      if (room < reach || (room === reach && hit < 0)) [reach, hit] = [Math.max(0, room), k];
    }
    return [reach, hit];
  }

  private move(length: number, hit: number): void {
    const { K, x, step, before } = this;
    for (let k = 0; k < K; k++) x[k] = before[k] + length * step[k];
    if (hit < 0) return;
    x[hit] =
      this.hasKink(hit) && before[hit] * step[hit] < 0 ? 0 : step[hit] < 0 ? this.lowest(hit) : this.highest(hit);
  }

  /** Cholesky factor of the Hessian without the rows held; pivots that are not positive are made so (steps still fall). */
  private decompose(): void {
    const { K, hessian, factor, isFixed } = this;
    for (let k = 0; k < K; k++) {
      for (let l = 0; l <= k; l++) {
        const held = isFixed[k] === 1 || isFixed[l] === 1;
        let value = held ? (k === l ? 1 : 0) : hessian[k * K + l];
        for (let j = 0; j < l; j++) value -= factor[k * K + j] * factor[l * K + j];
        if (l < k) factor[k * K + l] = value / factor[l * K + l];
        else
          factor[k * K + k] = Math.sqrt(
            Math.max(value < 0 ? -value : value, 1e-12 * Math.abs(hessian[k * K + k]), 1e-200),
          );
      }
    }
  }

  /** Solves factor factor^T v = v in place. */
  private back(v: Float64Array): void {
    const { K, factor } = this;
    for (let k = 0; k < K; k++) {
      let value = v[k];
      for (let j = 0; j < k; j++) value -= factor[k * K + j] * v[j];
      v[k] = value / factor[k * K + k];
    }
    for (let k = K - 1; k >= 0; k--) {
      let value = v[k];
      for (let j = k + 1; j < K; j++) value -= factor[j * K + k] * v[j];
      v[k] = value / factor[k * K + k];
    }
  }
}
