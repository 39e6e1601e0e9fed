/**
 * One range of a spectrum and the linear algebra of its fit: means nu = A theta, sums over bins of a and a a^T, Cholesky.
 * Bins with events come first in its own copy of A, by columns: loops over bins run through memory in order and skip the
 * bins without events.
 */
import { HYPOTHESIS_STRIDE, SETTINGS, type SpectrumArrays } from './spectrum-arrays.ts';

/** Pivots below this part of the diagonal are rounding: the bins with events do not determine the parameter. */
const LEAST_PIVOT = 1e-13;

export class NormalEquations {
  readonly a: SpectrumArrays;
  /** Parameters of the hypothesis (S last), bins of its range, those with events, events. */
  nParams = 0;
  nBins = 0;
  nHit = 0;
  events = 0;
  readonly theta: Float64Array;
  /** [nBins] place of a bin in the range. */
  protected readonly original: Uint32Array;
  /** [nBins] */
  protected readonly n: Float64Array;
  protected readonly nu: Float64Array;
  /** [nBins] n/nu and n/nu^2, or what stands for them. */
  protected readonly pull: Float64Array;
  protected readonly curvature: Float64Array;
  /** [nBins] of nu along the step. */
  protected readonly change: Float64Array;
  /** [nParams][nBins] A. */
  protected readonly columns: Float64Array;
  protected readonly gradient: Float64Array;
  protected readonly step: Float64Array;
  /** [maxParams][maxParams] lower triangles. */
  protected readonly hessian: Float64Array;
  protected readonly factor: Float64Array;
  private settings = 0;

  constructor(arrays: SpectrumArrays) {
    const { maxParams: K, maxBins } = arrays;
    this.a = arrays;
    [this.theta, this.gradient, this.step] = Array.from({ length: 3 }, () => new Float64Array(K));
    [this.hessian, this.factor] = [new Float64Array(K * K), new Float64Array(K * K)];
    [this.n, this.nu, this.pull, this.curvature, this.change] = Array.from(
      { length: 5 },
      () => new Float64Array(maxBins),
    );
    this.columns = new Float64Array(K * maxBins);
    this.original = new Uint32Array(maxBins);
  }

  load(spectrum: number, hypothesis: number): void {
    const { hypotheses, bins, counts, design, nBins: stride, maxParams } = this.a;
    const { n, columns, original } = this;
    const row = HYPOTHESIS_STRIDE * hypothesis;
    const [first, nBins, offset, nParams] = [
      hypotheses[row],
      hypotheses[row + 1],
      hypotheses[row + 2],
      hypotheses[row + 3],
    ];
    let [hit, empty, events] = [0, nBins, 0];
    for (let i = 0; i < nBins; i++) {
      const count = counts[spectrum * stride + bins[first + i]];
      const place = count > 0 ? hit++ : --empty;
      n[place] = count;
      original[place] = i;
      events += count;
      for (let k = 0; k < nParams; k++) columns[k * nBins + place] = design[offset + k * nBins + i];
    }
    this.nParams = nParams;
    this.nBins = nBins;
    this.nHit = hit;
    this.events = events;
    this.settings = SETTINGS * maxParams * hypothesis;
  }

  private setting(row: number, k: number): number {
    return this.a.settings[this.settings + row * this.a.maxParams + k];
  }
  protected sumOf(k: number): number {
    return this.setting(0, k);
  }
  inWindow(k: number): number {
    return this.setting(1, k);
  }
  protected centre(k: number): number {
    return this.setting(2, k);
  }
  protected weight(k: number): number {
    return this.setting(3, k);
  }
  protected startShare(k: number): number {
    return this.setting(4, k);
  }

  /** nu of one bin. */
  meanOf(i: number, size: number): number {
    let nu = 0;
    for (let k = 0; k < size; k++) nu += this.columns[k * this.nBins + i] * this.theta[k];
    return nu;
  }

  /** [nBins] means at parameters [nParams], in the order of the bins in the range; takes the parameters as its own. */
  means(theta: Float64Array): Float64Array {
    const { nBins, nParams, original } = this;
    this.theta.set(theta);
    this.setMeans(nParams);
    const means = new Float64Array(nBins);
    for (let i = 0; i < nBins; i++) means[original[i]] = this.meanOf(i, nParams);
    return means;
  }

  /** Lowest mean of the bins without events; Infinity where all have events. */
  lowestMean(size: number): number {
    let lowest = Infinity;
    for (let i = this.nHit; i < this.nBins; i++) lowest = Math.min(lowest, this.meanOf(i, size));
    return lowest;
  }

  /** nu of the bins with events. */
  protected setMeans(size: number): void {
    this.multiply(this.theta, this.nu, size, this.nHit);
  }

  protected setChanges(size: number, nBins: number): void {
    this.multiply(this.step, this.change, size, nBins);
  }

  private multiply(vector: Float64Array, product: Float64Array, size: number, nBins: number): void {
    const { columns, nBins: stride } = this;
    const first = vector[0];
    for (let i = 0; i < nBins; i++) product[i] = first * columns[i];
    for (let k = 1; k < size; k++) {
      const value = vector[k];
      const column = k * stride;
      for (let i = 0; i < nBins; i++) product[i] += value * columns[column + i];
    }
  }

  /** The parts of gradient and Hessian without counts. */
  protected addConstraints(size: number): void {
    const { theta, gradient, hessian } = this;
    const K = this.a.maxParams;
    for (let k = 0; k < size; k++) {
      const weight = this.weight(k);
      gradient[k] = this.sumOf(k) + weight * (theta[k] - this.centre(k));
      for (let l = 0; l < k; l++) hessian[k * K + l] = 0;
      hessian[k * K + k] = weight;
    }
  }

  /**
   * gradient -= sum_i pull_i a_i, Hessian += sum_i curvature_i a_i a_i^T over the first bins. Five sums at a time, which
   * is a whole row for a cubic background and a signal; those beyond the diagonal are thrown away.
   */
  protected addBins(size: number, nBins: number): void {
    const { columns, pull, curvature, gradient, hessian, nBins: stride } = this;
    const K = this.a.maxParams;
    for (let k = 0; k < size; k++) {
      const column = k * stride;
      let slope = 0;
      for (let l = 0; l <= k; l += 5) {
        const c0 = l * stride;
        const c1 = Math.min(l + 1, k) * stride;
        const c2 = Math.min(l + 2, k) * stride;
        const c3 = Math.min(l + 3, k) * stride;
        const c4 = Math.min(l + 4, k) * stride;
        let s0 = 0;
        let s1 = 0;
        let s2 = 0;
        let s3 = 0;
        let s4 = 0;
        slope = 0;
        for (let i = 0; i < nBins; i++) {
          const value = columns[column + i];
          slope += pull[i] * value;
          const weighted = curvature[i] * value;
          s0 += weighted * columns[c0 + i];
          s1 += weighted * columns[c1 + i];
          s2 += weighted * columns[c2 + i];
          s3 += weighted * columns[c3 + i];
          s4 += weighted * columns[c4 + i];
        }
        const row = k * K + l;
        hessian[row] += s0;
        if (l + 1 <= k) hessian[row + 1] += s1;
        if (l + 2 <= k) hessian[row + 2] += s2;
        if (l + 3 <= k) hessian[row + 3] += s3;
        if (l + 4 <= k) hessian[row + 4] += s4;
      }
      gradient[k] -= slope;
    }
  }

  /**
   * Cholesky factor of the Hessian; false where a pivot is not above rounding. With `isForced` such a pivot is lifted to
   * it instead: the step still falls, and does not move what nothing holds.
   */
  protected decompose(size: number, isForced = false): boolean {
    const { hessian, factor } = this;
    const K = this.a.maxParams;
    for (let k = 0; k < size; k++) {
      for (let l = 0; l <= k; l++) {
        let value = hessian[k * K + l];
        for (let j = 0; j < l; j++) value -= factor[k * K + j] * factor[l * K + j];
        if (l < k) factor[k * K + l] = value / factor[l * K + l];
        else {
          const least = LEAST_PIVOT * hessian[k * K + k];
          if (!(value > least) && !isForced) return false;
          factor[k * K + k] = Math.sqrt(Math.max(value, least));
        }
      }
    }
    return true;
  }

  /** step = -H^-1 gradient; returns the squared Newton decrement gradient H^-1 gradient, a sum of squares. */
  protected solve(size: number): number {
    const { gradient, factor, step } = this;
    const K = this.a.maxParams;
    let decrement = 0;
    for (let k = 0; k < size; k++) {
      let value = -gradient[k];
      for (let j = 0; j < k; j++) value -= factor[k * K + j] * step[j];
      step[k] = value / factor[k * K + k];
      decrement += step[k] * step[k];
    }
    for (let k = size - 1; k >= 0; k--) {
      let value = step[k];
      for (let j = k + 1; j < size; j++) value -= factor[j * K + k] * step[j];
      step[k] = value / factor[k * K + k];
    }
    return decrement;
  }
}
