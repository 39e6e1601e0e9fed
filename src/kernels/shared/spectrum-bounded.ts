/**
 * The same minimum where no bin may have nu < 0: bins without events get a multiplier y >= 0 with y nu = tau, and tau
 * falls to 0 with the steps (primal-dual interior point; Nocedal, Wright, Numerical Optimization, chapter 19). At the
 * minimum A^T (1 - n/nu - y) = 0 and y nu = 0. It exists for every spectrum with an event: the sum of nu is the number of
 * events there, so that nothing can run away.
 */
import { log1p } from '../../stats/portable.ts';
import { FIT_CODE } from './spectrum-arrays.ts';
import { SpectrumNewton } from './spectrum-newton.ts';

const MAX_STEPS = 300;
const TAU_START = 0.1;
/** -ln L ends above its minimum by tau times the bins without events; `rough` is for Z to 1e-4. */
const END = { full: { tau: 1e-11, decrement: 1e-10 }, rough: { tau: 1e-6, decrement: 1e-6 } } as const;
/** Where rounding ends the steps before that, the fit still counts. */
const LAST_USEFUL = 1e-6;
/** A step uses at most this share of the way to nu = 0 or y = 0. */
const INSIDE = 0.99;
const ARMIJO = 1e-4;
const SHORTEST = 1e-12;

export class SpectrumBounded extends SpectrumNewton {
  /** [nBins] multipliers of nu >= 0 after minimiseBounded. */
  protected readonly y = new Float64Array(this.a.maxBins);
  protected boundedEnd: keyof typeof END = 'full';

  /** Minimum with nu >= 0 over the first `size` parameters, from the start of the plan; a FIT_CODE. */
  minimiseBounded(size: number): number {
    const { nu, y, nBins, nHit } = this;
    const { tau: lastTau, decrement: lastDecrement } = END[this.boundedEnd];
    this.reset();
    let tau = TAU_START;
    for (let i = 0; i < nBins; i++) {
      nu[i] = this.meanOf(i, size);
      if (!(nu[i] > 0)) return FIT_CODE.notConverged;
      y[i] = i < nHit ? 0 : tau / nu[i];
    }
    for (let i = 0; i < MAX_STEPS; i++) {
      this.iterations++;
      this.evaluateBarrier(size, tau);
      this.decompose(size, true);
      const decrement = this.solve(size);
      if (!(decrement >= 0 && decrement < Infinity)) return FIT_CODE.notConverged;
      this.edm = 0.5 * decrement;
      if (decrement <= lastDecrement && tau <= lastTau && this.isComplementary(tau)) return FIT_CODE.boundary;
      this.setChanges(size, nBins);
      const length = this.searchLength(size, tau, decrement);
      if (length === 0) return tau <= lastTau && decrement <= LAST_USEFUL ? FIT_CODE.boundary : FIT_CODE.notConverged;
      this.takeStep(size, tau, length);
      if (tau > lastTau && decrement <= tau) tau = Math.max(lastTau, Math.min(tau / 10, tau * Math.sqrt(tau)));
    }
    return FIT_CODE.notConverged;
  }

  /** As `evaluate`, with tau/nu and y/nu in the bins without events; nu is as the steps left it. */
  private evaluateBarrier(size: number, tau: number): void {
    const { n, nu, y, pull, curvature, nBins, nHit } = this;
    for (let i = 0; i < nBins; i++) {
      pull[i] = (i < nHit ? n[i] : tau) / nu[i];
      curvature[i] = (i < nHit ? pull[i] : y[i]) / nu[i];
    }
    this.addConstraints(size);
    this.addBins(size, nBins);
  }

  /** Halved until the function falls; 0 where it does not. */
  private searchLength(size: number, tau: number, decrement: number): number {
    const { n, nu, change, step, nBins, nHit } = this;
    let length = 1;
    for (let i = 0; i < nBins; i++) if (change[i] < 0) length = Math.min(length, (-INSIDE * nu[i]) / change[i]);
    // The change of -ln L is its linear part, -length decrement, and what is left: no cancellation.
    for (; length > SHORTEST; length *= 0.5) {
      let rise = -length * decrement;
      for (let k = 0; k < size; k++) rise += 0.5 * this.weight(k) * length * step[k] * (length * step[k]);
      for (let i = 0; i < nBins; i++) rise += (i < nHit ? n[i] : tau) * minusLog1p((length * change[i]) / nu[i]);
      if (rise <= -ARMIJO * length * decrement) return length;
    }
    return 0;
  }

  /** nu moves with the step instead of being computed anew: small ones would drown in the rounding of A theta. */
  private takeStep(size: number, tau: number, length: number): void {
    const { nu, y, change, theta, step, nBins, nHit } = this;
    for (let k = 0; k < size; k++) theta[k] += length * step[k];
    let dualLength = 1;
    const dual = (i: number) => (tau - y[i] * change[i]) / nu[i] - y[i];
    for (let i = nHit; i < nBins; i++) if (dual(i) < 0) dualLength = Math.min(dualLength, (-INSIDE * y[i]) / dual(i));
    for (let i = 0; i < nBins; i++) {
      const next = i < nHit ? 0 : y[i] + dualLength * dual(i);
      nu[i] += length * change[i];
      if (i < nHit) continue;
      const middle = tau / nu[i];
      y[i] = Math.min(1e10 * middle, Math.max(1e-10 * middle, next));
    }
  }

  /** y nu = tau up to a factor of 2. */
  private isComplementary(tau: number): boolean {
    for (let i = this.nHit; i < this.nBins; i++) if (this.y[i] * this.nu[i] > 2 * tau) return false;
    return true;
  }
}

/** x - ln(1 + x) */
export function minusLog1p(x: number): number {
  return x < 1e-4 && x > -1e-4 ? x * x * (0.5 - x * (1 / 3 - x * (0.25 - x * 0.2))) : x - log1p(x);
}
