/**
 * One toy against one hypothesis in f64, as src/kernels/spectrum_quick.ts describes it: Newton steps until the minimum is
 * certain to 1e-9 of an error, far more than its f32 forms need.
 */
import { minusLog1p } from '../shared/spectrum-bounded.ts';
import { QUICK_CODE, QUICK_RESULT as R, QUICK_RESULT_STRIDE, QUICK_SCALES, QUICK_STRIDE } from './layout.ts';
import type { QuickArrays } from './layout.ts';

const MAX_STEPS = 16;
/** Squared Newton decrement after which one more step is the last. */
const LAST_DECREMENT = 1e-9;
/** A step that leaves the region where bins with events have u > 0 is taken back to this part of it. */
const BACK = 0.3;
/** Pivots of the Hessian, 1 at the start, below which the events do not determine the parameters. */
const LEAST_PIVOT = 1e-4;

export class QuickFits {
  private readonly a: QuickArrays;
  private nBins = 0;
  private nRows = 0;
  /** Parameters, S last. */
  private K = 0;
  private offset = 0;
  private readonly n: Float64Array;
  /** [maxBins] of the fit with S. */
  private readonly u: Float64Array;
  private readonly t: Float64Array;
  private readonly tWith: Float64Array;
  private readonly from: Float64Array;
  private readonly step: Float64Array;
  private readonly gradient: Float64Array;
  /** Lower triangles [K][K]: Hessian, and its Cholesky factor. */
  private readonly hessian: Float64Array;

  constructor(arrays: QuickArrays) {
    this.a = arrays;
    const { maxBins, maxParams: K } = arrays;
    [this.n, this.u] = [new Float64Array(maxBins), new Float64Array(maxBins)];
    [this.t, this.tWith, this.from, this.step, this.gradient] = Array.from({ length: 5 }, () => new Float64Array(K));
    this.hessian = new Float64Array(K * K);
  }

  /** Writes the four numbers of work item `toy * nHypotheses + hypothesis`. */
  run(toy: number, hypothesis: number): void {
    const { a, t, tWith, u } = this;
    const at = QUICK_RESULT_STRIDE * (toy * a.nHypotheses + hypothesis);
    a.result.fill(0, at, at + QUICK_RESULT_STRIDE);
    const code = a.hypotheses[QUICK_STRIDE * hypothesis + 5];
    a.result[at + R.code] = code;
    if (!this.load(toy, hypothesis)) return;
    const { K, hessian } = this;
    t.fill(0);
    this.fisherStep();
    if (!this.minimise(K)) return;
    tWith.set(t);
    for (let i = 0; i < this.nBins; i++) u[i] = this.meanOf(i, K, t);
    const pivot = hessian[K * K - 1];
    this.toNull();
    if (!this.minimise(K - 1)) return;
    const z = Math.sqrt(this.twiceDeltaLnL());
    const scale = a.scales[QUICK_SCALES * hypothesis];
    a.result[at + R.z] = tWith[K - 1] < 0 ? -z : z;
    a.result[at + R.sHat] = scale * tWith[K - 1];
    a.result[at + R.sErr] = scale / pivot;
    a.result[at + R.code] = QUICK_CODE.ok;
  }

  /** False where there is nothing to fit. */
  private load(toy: number, hypothesis: number): boolean {
    const { hypotheses, bins, counts, nBins: stride } = this.a;
    const [first, nBins, offset, K, nConstraints] = hypotheses.subarray(QUICK_STRIDE * hypothesis);
    let events = 0;
    for (let i = 0; i < nBins; i++) events += this.n[i] = counts[toy * stride + bins[first + i]];
    [this.nBins, this.nRows, this.K, this.offset] = [nBins, nBins + nConstraints, K, offset];
    return events > 0;
  }

  private rowAt(i: number): number {
    return this.offset + i * (1 + this.K);
  }

  private dot(i: number, size: number, vector: Float64Array): number {
    const { rows } = this.a;
    const at = this.rowAt(i) + 1;
    let sum = 0;
    for (let k = 0; k < size; k++) sum += rows[at + k] * vector[k];
    return sum;
  }

  /** u of a bin. */
  private meanOf(i: number, size: number, vector: Float64Array): number {
    return 1 + this.dot(i, size, vector);
  }

  /** From the start, where the expected Hessian is the unit matrix. */
  private fisherStep(): void {
    const { t, n, K, nBins, nRows } = this;
    const { rows } = this.a;
    for (let i = 0; i < nRows; i++) {
      const at = this.rowAt(i);
      const pull = i < nBins ? n[i] - rows[at] : -rows[at];
      for (let k = 0; k < K; k++) t[k] += pull * rows[at + 1 + k];
    }
  }

  /** Newton steps over the first `size` coordinates from t; false where they do not end at a minimum with all u >= 0. */
  private minimise(size: number): boolean {
    const { t, from, step, n, nBins } = this;
    from.fill(0);
    for (let i = 0; i < MAX_STEPS; i++) {
      if (!this.evaluate(size)) {
        for (let k = 0; k < size; k++) t[k] = from[k] + BACK * (t[k] - from[k]);
        continue;
      }
      if (!this.decompose(size)) return false;
      const decrement = this.solve(size);
      from.set(t);
      for (let k = 0; k < size; k++) t[k] += step[k];
      if (!(decrement <= LAST_DECREMENT)) continue;
      for (let b = 0; b < nBins; b++) if (n[b] === 0 && !(this.meanOf(b, size, t) >= 0)) return false;
      return true;
    }
    return false;
  }

  /** Gradient and Hessian at t; false where a bin with events has u <= 0. */
  private evaluate(size: number): boolean {
    const { n, t, gradient, hessian, K, nBins, nRows } = this;
    const { rows } = this.a;
    gradient.fill(0);
    hessian.fill(0);
    for (let i = 0; i < nRows; i++) {
      const at = this.rowAt(i);
      let pull = 0;
      let curvature = 1;
      if (i < nBins) {
        const u = this.meanOf(i, size, t);
        if (n[i] > 0 && !(u > 0)) return false;
        pull = n[i] > 0 ? rows[at] - n[i] / u : rows[at];
        curvature = n[i] > 0 ? n[i] / (u * u) : 0;
      } else pull = rows[at] + this.dot(i, size, t);
      for (let k = 0; k < size; k++) {
        const value = rows[at + 1 + k];
        gradient[k] += pull * value;
        for (let l = 0; l <= k; l++) hessian[k * K + l] += curvature * value * rows[at + 1 + l];
      }
    }
    return true;
  }

  /** Cholesky factor in the place of the Hessian. */
  private decompose(size: number): boolean {
    const { hessian, K } = this;
    for (let k = 0; k < size; k++) {
      for (let l = 0; l <= k; l++) {
        let value = hessian[k * K + l];
        for (let j = 0; j < l; j++) value -= hessian[k * K + j] * hessian[l * K + j];
        if (l < k) hessian[k * K + l] = value / hessian[l * K + l];
        else if (!(value > LEAST_PIVOT)) return false;
        else hessian[k * K + k] = Math.sqrt(value);
      }
    }
    return true;
  }

  /** step = -H^-1 gradient; returns gradient H^-1 gradient. */
  private solve(size: number): number {
    const { gradient, step, hessian, K } = this;
    let decrement = 0;
    for (let k = 0; k < size; k++) {
      let value = -gradient[k];
      for (let j = 0; j < k; j++) value -= hessian[k * K + j] * step[j];
      step[k] = value / hessian[k * K + k];
      decrement += step[k] * step[k];
    }
    this.substituteBack(size);
    return decrement;
  }

  private substituteBack(size: number): void {
    const { step, hessian, K } = this;
    for (let k = size - 1; k >= 0; k--) {
      let value = step[k];
      for (let j = k + 1; j < size; j++) value -= hessian[j * K + k] * step[j];
      step[k] = value / hessian[k * K + k];
    }
  }

  /** t of the minimum with S = 0 in the quadratic approximation: against H^-1 e_S, until S is 0. */
  private toNull(): void {
    const { t, step, hessian, K } = this;
    step.fill(0);
    step[K - 1] = 1 / hessian[K * K - 1];
    this.substituteBack(K);
    const length = t[K - 1] / step[K - 1];
    for (let k = 0; k < K - 1; k++) t[k] -= length * step[k];
    t[K - 1] = 0;
  }

  private twiceDeltaLnL(): number {
    const { t, tWith, step, u, n, K, nBins, nRows } = this;
    for (let k = 0; k < K; k++) step[k] = t[k] - tWith[k];
    let sum = 0;
    for (let i = 0; i < nRows; i++) {
      const change = this.dot(i, K, step);
      if (i >= nBins) sum += 0.5 * change * change;
      else if (n[i] > 0) sum += n[i] * minusLog1p(change / u[i]);
    }
    return Math.max(0, 2 * sum);
  }
}
