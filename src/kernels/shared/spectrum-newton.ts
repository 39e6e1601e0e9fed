/**
 * Minimum of -ln L = sum_i nu_i - n_i ln nu_i + sum_k w_k (theta_k - centre_k)^2/2, nu = A theta, of one range: a convex
 * function, by Newton steps with its exact second derivatives. Bins with events keep their nu positive by themselves
 * (safeguarded steps); bins without enter only through the sums of the columns, and nu may become negative there:
 * the caller looks at lowestMean() and then bounds the fit (spectrum-bounded.ts).
 *
 * Steps are judged by the slope of -ln L at their end, which the next step needs anyway: no logarithm in the loop, one
 * division per bin with events.
 */
import { NormalEquations } from './spectrum-equations.ts';
import { FIT_CODE, START } from './spectrum-arrays.ts';

const MAX_CUTS = 20;
/** A step uses at most this share of the way to nu = 0 in a bin with events. */
const INSIDE = 0.9;
/** A step may end where -ln L rises again, by this much of its slope at the start. */
const OVERSHOOT = 0.25;

export class SpectrumNewton extends NormalEquations {
  edm = 0;
  iterations = 0;
  /**
   * Squared Newton decrement (twice the distance to the minimum) after which one more full step is the last: it ends
   * about this squared from the minimum.
   */
  lastDecrement = 1e-9;
  protected maxSteps = 30;
  private readonly from = new Float64Array(this.a.maxParams);

  /** The start of the plan, S = 0; nu > 0 everywhere. */
  reset(): void {
    const { theta, nParams, events } = this;
    for (let k = 0; k < nParams; k++) theta[k] = this.weight(k) > 0 ? this.centre(k) : events * this.startShare(k);
  }

  /** Minimum over the first `size` parameters, from theta; a FIT_CODE. */
  minimise(size: number, start: number): number {
    const { theta, step, from, gradient } = this;
    if (start === START.leastSquares) this.leastSquares(size);
    this.evaluate(size);
    for (let i = 0; i < this.maxSteps; i++) {
      this.iterations++;
      if (!this.decompose(size)) return FIT_CODE.notConverged;
      const decrement = this.solve(size);
      if (!(decrement >= 0 && decrement < Infinity)) return FIT_CODE.notConverged;
      this.edm = 0.5 * decrement;
      if (decrement <= this.lastDecrement) {
        for (let k = 0; k < size; k++) theta[k] += step[k];
        return FIT_CODE.ok;
      }
      from.set(theta);
      let length = this.reach(size);
      for (let cut = 0; ; cut++) {
        for (let k = 0; k < size; k++) theta[k] = from[k] + length * step[k];
        this.evaluate(size);
        let slope = 0;
        for (let k = 0; k < size; k++) slope += gradient[k] * step[k];
        if (slope <= OVERSHOOT * decrement) break;
        if (cut === MAX_CUTS) return FIT_CODE.notConverged;
        length *= Math.max(0.1, decrement / (decrement + slope));
      }
    }
    return FIT_CODE.notConverged;
  }

  /** Gradient and Hessian at theta: every bin adds a (1 - n/nu) and a a^T n/nu^2. */
  evaluate(size: number): void {
    const { n, nu, pull, curvature, nHit } = this;
    this.setMeans(size);
    for (let i = 0; i < nHit; i++) {
      const ratio = n[i] / nu[i];
      pull[i] = ratio;
      curvature[i] = ratio / nu[i];
    }
    this.addConstraints(size);
    this.addBins(size, nHit);
  }

  /** To the least squares fit with weights 1/max(n, 1), as far as bins with events keep a tenth of their nu. */
  protected leastSquares(size: number): void {
    const { theta, n, nu, pull, curvature, gradient, step, nBins, nHit } = this;
    for (let i = 0; i < nBins; i++) {
      nu[i] = this.meanOf(i, size);
      curvature[i] = i < nHit ? 1 / n[i] : 1;
      pull[i] = curvature[i] * (n[i] - nu[i]);
    }
    this.addConstraints(size);
    for (let k = 0; k < size; k++) gradient[k] -= this.sumOf(k);
    this.addBins(size, nBins);
    this.iterations++;
    if (!this.decompose(size)) return;
    this.solve(size);
    const length = this.reach(size);
    for (let k = 0; k < size; k++) theta[k] += length * step[k];
  }

  /** How much of the step keeps nu > 0 in bins with events, at most 1. */
  protected reach(size: number): number {
    const { nu, change, nHit } = this;
    this.setChanges(size, nHit);
    let steepest = 0;
    for (let i = 0; i < nHit; i++) if (change[i] < steepest * nu[i]) steepest = change[i] / nu[i];
    return steepest < -INSIDE ? -INSIDE / steepest : 1;
  }
}
