/**
 * Fits of one range at given signal yields S: points of the profile likelihood, with first and second derivative in S.
 *
 * Parameters as in the plan, S last; the `nShapes` before it are uncertainties of the signal's shape, theta_k ~ N(0, 1),
 * which change its template by theta_k delta_k: nu = background + S (s + sum_k theta_k delta_k). At fixed S their columns
 * are S delta_k, so that -ln L stays convex (linear backgrounds). With v = s + sum_k theta_k delta_k and
 * G_k = sum_i (1 - n_i/nu_i) delta_ki the slope is sum_i (1 - n_i/nu_i) v_i (envelope theorem), the curvature the Schur
 * complement of the Hessian in all parameters. In bins whose mean is bounded at 0 the multiplier y stands for n/nu.
 */
import { log } from '../../stats/portable.ts';
import { FIT_CODE, HYPOTHESIS_STRIDE, START, type SpectrumArrays } from './spectrum-arrays.ts';
import { SpectrumFits } from './spectrum-fits.ts';
import { SpectrumLogFits } from './spectrum-log-fits.ts';
import { addBoundedBins, alongValley, lnDeterminant, poissonRise, type ProfilePoint } from './spectrum-profile.ts';

export type { ProfilePoint } from './spectrum-profile.ts';

export interface FixedSignalFits {
  /** `nShapes` of the parameters before S are shapes. Starts anew, without reference. */
  load(spectrum: number, hypothesis: number): void;
  readonly nParams: number;
  readonly nShapes: number;
  readonly events: number;
  /** Centres of the constraints are these parameters from now on (until the next load). */
  setCentres(theta: Float64Array): void;
  /** S^ of the likelihood without uncertainties of shape, to start from. Undefined without convergence. */
  freeSignal(): number | undefined;
  /** Undefined where the fit does not converge. The first point is the reference, or the last one that was made it. */
  at(signal: number, from?: ProfilePoint, isReference?: boolean): ProfilePoint | undefined;
  /** [nBins] in the order of the range. */
  means(theta: Float64Array): Float64Array;
}

/** @param nShapes of every hypothesis of the plan */
export function fixedSignalFits(arrays: SpectrumArrays, isLog: boolean, nShapes: number): FixedSignalFits {
  return new (withFixedSignal(isLog ? SpectrumLogFits : SpectrumFits, nShapes))(arrays);
}

/** Starts with less than this share of the count in a bin are not used. */
const LEAST_START = 0.05;
/** Then one more Newton step leaves 1e-14 in -ln L, and 1e-7 errors in the parameters. */
const LAST_DECREMENT = 1e-7;
/** Part of the curvature at fixed background that is not rounding. */
const LEAST_CURVATURE = 1e-13;

function withFixedSignal(Base: typeof SpectrumFits, nShapes: number) {
  return class extends Base implements FixedSignalFits {
    private readonly centres = new Float64Array(this.a.maxParams);
    /** [nShapes][nBins] delta, their sums, and G. */
    private readonly shapes = new Float64Array(nShapes * this.a.maxBins);
    private readonly shapeSums = new Float64Array(nShapes);
    private readonly shapeSlopes = new Float64Array(nShapes);
    private readonly reference = { nu: new Float64Array(this.a.maxBins), theta: new Float64Array(this.a.maxParams) };
    readonly nShapes = nShapes;
    private hasReference = false;
    private isLog = false;
    /** Parameters of the means that are set, to set them once only. */
    private readonly set = new Float64Array(this.a.maxParams);
    private isSet = false;
    /** S is fitted, not given. */
    private isFree = false;
    /** S in the columns of the shapes. */
    private scale = 0;
    private get last(): number {
      return this.nParams - 1;
    }

    override load(spectrum: number, hypothesis: number): void {
      super.load(spectrum, hypothesis);
      const { nBins, nParams, columns, shapes } = this;
      this.hasReference = this.isSet = false;
      this.lastDecrement = LAST_DECREMENT;
      this.isLog = this.a.hypotheses[HYPOTHESIS_STRIDE * hypothesis + 4] > 0;
      for (let k = 0; k < nParams; k++) this.centres[k] = super.centre(k);
      const first = (this.last - nShapes) * nBins;
      shapes.set(columns.subarray(first, first + nShapes * nBins));
      for (let k = 0; k < nShapes; k++) this.shapeSums[k] = super.sumOf(this.last - nShapes + k);
    }

    setCentres(theta: Float64Array): void {
      for (let k = 0; k < this.last - nShapes; k++) if (this.weight(k) > 0) this.centres[k] = theta[k];
    }

    protected override centre(k: number): number {
      return this.centres[k];
    }
    protected override sumOf(k: number): number {
      const shape = k - this.last + nShapes;
      return shape < 0 || k === this.last ? super.sumOf(k) : this.scale * this.shapeSums[shape];
    }

    /** Fixed parameters count too, whatever the size of the fit. */
    protected override setMeans(): void {
      const { theta, set, nParams } = this;
      let isSet = this.isSet;
      for (let k = 0; isSet && k < nParams; k++) isSet = theta[k] === set[k];
      if (isSet) return;
      super.setMeans(nParams);
      set.set(theta);
      this.isSet = true;
    }
    override meanOf(i: number): number {
      return super.meanOf(i, this.nParams);
    }

    /** The flat background is raised until the means are positive with a negative signal; a negative peak starts at 0. */
    override reset(): void {
      const { theta, last, nBins, columns } = this;
      const signal = this.isFree ? 0 : theta[last];
      super.reset();
      theta[last] = 0;
      for (let k = 0; k < last; k++) if (this.weight(k) > 0) theta[k] = 0;
      this.setMeans();
      let missing = 0;
      for (let i = 0; i < nBins; i++)
        missing = Math.max(missing, (-signal * columns[last * nBins + i]) / this.meanOf(i));
      for (let k = 0; k < last - nShapes; k++) if (this.weight(k) > 0) theta[k] = Math.max(0, this.centres[k]);
      theta[last] = signal;
      if (missing < 0.5) return;
      if (this.isLog) theta[0] += log(1 + 2 * missing);
      else for (let k = 0; k < last; k++) if (this.weight(k) === 0) theta[k] *= 1 + 2 * missing;
    }

    /** A start that the signal makes impossible is given up. */
    protected override leastSquares(size: number): void {
      super.leastSquares(size);
      if (!this.isInside()) this.reset();
    }

    freeSignal(): number | undefined {
      this.setSignal(0);
      this.reset();
      if (this.fit(this.last, START.leastSquares) > FIT_CODE.boundary) return undefined;
      this.isFree = true;
      const code = this.fit(this.nParams, START.given);
      this.isFree = false;
      return code <= FIT_CODE.boundary ? this.theta[this.last] : undefined;
    }

    at(signal: number, from?: ProfilePoint, isReference = false): ProfilePoint | undefined {
      if (isReference) this.hasReference = false;
      const { theta, last } = this;
      this.setSignal(signal);
      let start: number = START.given;
      if (from !== undefined) {
        for (let k = 0; k < last; k++) theta[k] = from.theta[k] + (signal - from.signal) * from.change[k];
        if (!this.isInside()) theta.set(from.theta.subarray(0, last));
      }
      if (from === undefined || !this.isInside()) {
        this.reset();
        start = START.leastSquares;
      }
      const code = this.fit(last, start);
      return code <= FIT_CODE.boundary ? this.pointHere(code === FIT_CODE.boundary) : undefined;
    }

    private setSignal(signal: number): void {
      const { theta, columns, shapes, last, nBins } = this;
      theta[last] = signal;
      this.scale = signal;
      this.isSet = false;
      const first = (last - nShapes) * nBins;
      for (let j = 0; j < nShapes * nBins; j++) columns[first + j] = signal * shapes[j];
    }

    private isInside(): boolean {
      this.setMeans();
      for (let i = 0; i < this.nHit; i++) if (!(this.nu[i] > LEAST_START * this.n[i])) return false;
      return true;
    }

    private pointHere(isBoundary: boolean): ProfilePoint {
      const { theta, factor, hessian, gradient, columns, y, nu, nParams, last } = this;
      const K = this.a.maxParams;
      this.evaluate(nParams);
      let error = isBoundary && this.decompose(nParams) ? 1 / factor[last * K + last] : 0;
      if (isBoundary) addBoundedBins(y, nu, columns, gradient, hessian, this);
      this.addShapeTerms(isBoundary);
      this.decompose(nParams, true);
      const lnDet = lnDeterminant(factor, K, last);
      const { curvature, change } = alongValley(hessian, factor, K, last);
      if (!isBoundary && curvature > LEAST_CURVATURE * hessian[last * K + last]) error = 1 / Math.sqrt(curvature);
      const [signal, slope, loss] = [theta[last], gradient[last], this.lossHere()];
      return { signal, loss, slope, curvature, lnDet, theta: theta.slice(), change, error, isBoundary };
    }

    /** Moves the last row from s to v, which the shapes have changed, and adds that S multiplies theta_k. */
    private addShapeTerms(isBoundary: boolean): void {
      if (nShapes === 0) return;
      const { theta, gradient, hessian, last, shapes, shapeSums, shapeSlopes, pull, y, nHit, nBins } = this;
      const K = this.a.maxParams;
      const first = last - nShapes;
      for (let k = 0; k < nShapes; k++) {
        let slope = shapeSums[k];
        for (let i = 0; i < nHit; i++) slope -= pull[i] * shapes[k * nBins + i];
        for (let i = nHit; isBoundary && i < nBins; i++) slope -= y[i] * shapes[k * nBins + i];
        shapeSlopes[k] = slope;
      }
      const signal = theta[last];
      const row = last * K;
      for (let k = 0; signal !== 0 && k < nShapes; k++) {
        // the column of the shape is signal delta
        const ratio = theta[first + k] / signal;
        const shape = first + k;
        gradient[last] += theta[shape] * shapeSlopes[k];
        hessian[row + last] += ratio * (2 * hessian[row + shape] + ratio * (hessian[shape * K + shape] - 1));
        for (let l = 0; l < last; l++) {
          const entry = hessian[Math.max(shape, l) * K + Math.min(shape, l)] - (l === shape ? 1 : 0);
          hessian[row + l] += ratio * entry;
        }
      }
      for (let k = 0; k < nShapes; k++) hessian[row + first + k] += shapeSlopes[k];
    }

    /** -ln L less that of the reference, from differences of means and parameters: no cancellation. */
    private lossHere(): number {
      const { n, nu, theta, reference, nHit, nBins, last } = this;
      for (let i = nHit; i < nBins; i++) nu[i] = this.meanOf(i);
      if (!this.hasReference) {
        reference.nu.set(nu);
        reference.theta.set(theta);
        this.hasReference = true;
      }
      let loss = poissonRise(n, nu, reference.nu, nHit, nBins);
      for (let k = 0; k < last; k++) {
        const [value, before] = [theta[k], reference.theta[k]];
        loss += this.weight(k) * (value - before) * (0.5 * (value + before) - this.centre(k));
      }
      return loss;
    }
  };
}
