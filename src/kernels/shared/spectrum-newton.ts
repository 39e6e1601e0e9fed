/**
 * Minimum of -ln L = sum_i nu_i - n_i ln nu_i + sum_k w_k (theta_k - centre_k)^2/2, nu = A theta, of one range: a convex
 * function, by Newton steps with its exact second derivatives. Bins with events keep their nu positive by themselves
 * (safeguarded steps); bins without enter only through the sums of the columns, and nu may become negative there:
 * the caller looks at lowestMean() and then bounds the fit (spectrum-bounded.ts).
 *
 * Steps are judged by the slope of -ln L at their end, which the next step needs anyway: no logarithm in the loop.
 */
import { FIT_CODE, START, type SpectrumArrays } from './spectrum-arrays.ts';

const MAX_STEPS = 30;
const MAX_CUTS = 20;
/** Squared Newton decrement (twice the distance to the minimum) after which one more full step is the last. */
const LAST_DECREMENT = 1e-9;
/** A step uses at most this share of the way to nu = 0 in a bin with events. */
const INSIDE = 0.9;
/** A step may end where -ln L rises again, by this much of its slope at the start. */
const OVERSHOOT = 0.25;
/** Pivots below this part of the diagonal are rounding: the data do not determine the parameter. */
const LEAST_PIVOT = 1e-13;

export class SpectrumNewton {
  /** Parameters of the hypothesis (S last), bins of its range, events. */
  nParams = 0;
  nBins = 0;
  events = 0;
  edm = 0;
  iterations = 0;
  protected readonly a: SpectrumArrays;
  /** First element of the design, of the settings. */
  protected rows = 0;
  protected settings = 0;
  readonly theta: Float64Array;
  protected readonly n: Float64Array;
  /** [nBins] at the last evaluation; of bins with events only. */
  protected readonly nu: Float64Array;
  protected readonly gradient: Float64Array;
  /** [nParams][nParams] lower triangle, then its Cholesky factor. */
  protected readonly hessian: Float64Array;
  protected readonly factor: Float64Array;
  protected readonly step: Float64Array;
  private readonly from: Float64Array;

  constructor(arrays: SpectrumArrays) {
    const { maxParams: K, maxBins } = arrays;
    this.a = arrays;
    [this.theta, this.gradient, this.step, this.from] = Array.from({ length: 4 }, () => new Float64Array(K));
    [this.hessian, this.factor] = [new Float64Array(K * K), new Float64Array(K * K)];
    [this.n, this.nu] = [new Float64Array(maxBins), new Float64Array(maxBins)];
  }

  load(spectrum: number, hypothesis: number): void {
    const { hypotheses, bins, counts, nBins: stride, maxParams } = this.a;
    const first = hypotheses[4 * hypothesis];
    this.nBins = hypotheses[4 * hypothesis + 1];
    this.rows = hypotheses[4 * hypothesis + 2];
    this.nParams = hypotheses[4 * hypothesis + 3];
    this.settings = hypothesis * 5 * maxParams;
    this.events = 0;
    this.iterations = 0;
    for (let i = 0; i < this.nBins; i++) {
      this.n[i] = counts[spectrum * stride + bins[first + i]];
      this.events += this.n[i];
    }
  }

  protected sumOf = (k: number): number => this.a.settings[this.settings + k];
  inWindow = (k: number): number => this.a.settings[this.settings + this.a.maxParams + k];
  protected centre = (k: number): number => this.a.settings[this.settings + 2 * this.a.maxParams + k];
  protected weight = (k: number): number => this.a.settings[this.settings + 3 * this.a.maxParams + k];

  /** The start of the plan, S = 0; nu > 0 everywhere. */
  reset(): void {
    const { theta, nParams, a } = this;
    for (let k = 0; k < nParams; k++)
      theta[k] = this.weight(k) > 0 ? this.centre(k) : this.events * a.settings[this.settings + 4 * a.maxParams + k];
  }

  /** Minimum over the first `size` parameters, from theta; a FIT_CODE. */
  minimise(size: number, start: number): number {
    const { theta, step, from } = this;
    if (start === START.leastSquares) this.leastSquares(size);
    this.evaluate(size);
    for (let i = 0; i < MAX_STEPS; i++) {
      this.iterations++;
      if (!this.decompose(size)) return FIT_CODE.undetermined;
      const decrement = this.solve(size);
      if (!(decrement >= 0 && decrement < Infinity)) return FIT_CODE.notConverged;
      this.edm = 0.5 * decrement;
      from.set(theta);
      if (decrement <= LAST_DECREMENT) {
        for (let k = 0; k < size; k++) theta[k] += step[k];
        return FIT_CODE.ok;
      }
      let length = this.reach(size);
      for (let cut = 0; ; cut++) {
        for (let k = 0; k < size; k++) theta[k] = from[k] + length * step[k];
        this.evaluate(size);
        let slope = 0;
        for (let k = 0; k < size; k++) slope += this.gradient[k] * step[k];
        if (slope <= OVERSHOOT * decrement) break;
        if (cut === MAX_CUTS) return FIT_CODE.notConverged;
        length *= Math.max(0.1, decrement / (decrement + slope));
      }
    }
    return FIT_CODE.notConverged;
  }

  /** Lowest mean of the bins without events; Infinity where all have events. */
  lowestMean(size: number): number {
    let lowest = Infinity;
    for (let i = 0; i < this.nBins; i++) if (this.n[i] === 0) lowest = Math.min(lowest, this.meanOf(i, size));
    return lowest;
  }

  meanOf(i: number, size: number): number {
    const { design } = this.a;
    const row = this.rows + i * this.nParams;
    let nu = 0;
    for (let k = 0; k < size; k++) nu += design[row + k] * this.theta[k];
    return nu;
  }

  /** Gradient and Hessian at theta: every bin adds a (1 - n/nu) and a a^T n/nu^2. */
  evaluate(size: number): void {
    const { theta, n, nu, gradient, hessian, nParams, nBins, rows } = this;
    const { design } = this.a;
    this.addConstraints(size);
    for (let i = 0; i < nBins; i++) {
      if (n[i] === 0) continue;
      const row = rows + i * nParams;
      let mean = 0;
      for (let k = 0; k < size; k++) mean += design[row + k] * theta[k];
      nu[i] = mean;
      const ratio = n[i] / mean;
      const curvature = ratio / mean;
      for (let k = 0; k < size; k++) {
        const value = design[row + k];
        gradient[k] -= ratio * value;
        const weighted = curvature * value;
        for (let l = 0; l <= k; l++) hessian[k * nParams + l] += weighted * design[row + l];
      }
    }
  }

  /** The parts of gradient and Hessian without counts. */
  protected addConstraints(size: number): void {
    const { theta, gradient, hessian, nParams } = this;
    for (let k = 0; k < size; k++) {
      const weight = this.weight(k);
      gradient[k] = this.sumOf(k) + weight * (theta[k] - this.centre(k));
      for (let l = 0; l < k; l++) hessian[k * nParams + l] = 0;
      hessian[k * nParams + k] = weight;
    }
  }

  /** Towards the least squares fit with weights 1/max(n, 1), as far as bins with events keep a tenth of their nu. */
  private leastSquares(size: number): void {
    const { theta, n, nu, gradient, hessian, step, nParams, nBins, rows } = this;
    const { design } = this.a;
    this.addConstraints(size);
    for (let k = 0; k < size; k++) gradient[k] -= this.sumOf(k);
    for (let i = 0; i < nBins; i++) {
      const row = rows + i * nParams;
      const curvature = 1 / Math.max(1, n[i]);
      nu[i] = this.meanOf(i, size);
      const pull = curvature * (nu[i] - n[i]);
      for (let k = 0; k < size; k++) {
        gradient[k] += pull * design[row + k];
        for (let l = 0; l <= k; l++) hessian[k * nParams + l] += curvature * design[row + k] * design[row + l];
      }
    }
    this.iterations++;
    if (!this.decompose(size)) return;
    this.solve(size);
    const length = this.reach(size);
    for (let k = 0; k < size; k++) theta[k] += length * step[k];
  }

  /** How much of the step keeps nu > 0 in bins with events, at most 1. */
  private reach(size: number): number {
    const { n, nu, step, nParams, nBins, rows } = this;
    const { design } = this.a;
    let steepest = 0;
    for (let i = 0; i < nBins; i++) {
      if (n[i] === 0) continue;
      const row = rows + i * nParams;
      let change = 0;
      for (let k = 0; k < size; k++) change += design[row + k] * step[k];
      if (change < steepest * nu[i]) steepest = change / nu[i];
    }
    return steepest < -INSIDE ? -INSIDE / steepest : 1;
  }

  /** Cholesky factor of the Hessian; false where a pivot is not above rounding. */
  decompose(size: number): boolean {
    const { hessian, factor, nParams } = this;
    for (let k = 0; k < size; k++) {
      for (let l = 0; l <= k; l++) {
        let value = hessian[k * nParams + l];
        for (let j = 0; j < l; j++) value -= factor[k * nParams + j] * factor[l * nParams + j];
        if (l < k) factor[k * nParams + l] = value / factor[l * nParams + l];
        else if (value > LEAST_PIVOT * hessian[k * nParams + k]) factor[k * nParams + k] = Math.sqrt(value);
        else return false;
      }
    }
    return true;
  }

  /** step = -H^-1 gradient; returns the squared Newton decrement gradient H^-1 gradient, a sum of squares. */
  solve(size: number): number {
    const { gradient, factor, step, nParams } = this;
    let decrement = 0;
    for (let k = 0; k < size; k++) {
      let value = -gradient[k];
      for (let j = 0; j < k; j++) value -= factor[k * nParams + j] * step[j];
      step[k] = value / factor[k * nParams + k];
      decrement += step[k] * step[k];
    }
    for (let k = size - 1; k >= 0; k--) {
      let value = step[k];
      for (let j = k + 1; j < size; j++) value -= factor[j * nParams + k] * step[j];
      step[k] = value / factor[k * nParams + k];
    }
    return decrement;
  }
}
