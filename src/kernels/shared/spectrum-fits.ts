/**
 * The two fits of one hypothesis, without and with signal, and what is read off them.
 *
 * q = 2 [ln L(S^, c^) - ln L(0, c^^)] comes from the parameters' difference d = theta0 - theta1 and nowhere from ln L itself:
 * with x_i = (A d)_i/nu1_i,  q = 2 sum n_i (x_i - ln(1 + x_i)) + sum w_k d_k^2 + 2 g1 d,  a sum of positive terms;
 * g1, the gradient of the fit with signal, is 0 but where that fit lies on the boundary.
 */
import { bd0 } from '../../stats/deviance.ts';
import { FIT_CODE, FIT_RESULT as R, FIT_RESULT_STRIDE, START } from './spectrum-arrays.ts';
import { minusLog1p, SpectrumBounded } from './spectrum-bounded.ts';

/** Last steps start this close to the minimum: for S^ to 1e-9 errors, and to 1e-5. */
const LAST_DECREMENT = { full: 1e-9, quick: 1e-5 } as const;

export class SpectrumFits extends SpectrumBounded {
  /** [nParams] the fit without signal, S = 0. */
  readonly thetaNull = new Float64Array(this.a.maxParams);
  /** [nBins] n/nu without signal, and how that fit ended: of `excess`. */
  protected readonly nullPull = new Float64Array(this.a.maxBins);
  protected nullCode: number = FIT_CODE.nothing;

  /** Fits what was loaded; `theta` is the fit with signal afterwards. Writes FIT_RESULT_STRIDE numbers, all finite. */
  run(start: number, isQuick: boolean, result: Float64Array, at: number): void {
    result.fill(0, at, at + FIT_RESULT_STRIDE);
    const { theta, nParams } = this;
    if (this.nBins === 0 || this.events === 0) {
      result[at + R.codes] = FIT_CODE.nothing * 9;
      return;
    }
    this.lastDecrement = isQuick ? LAST_DECREMENT.quick : LAST_DECREMENT.full;
    this.boundedEnd = 'full';
    const codeNull = this.fitNull(start);
    const code = this.fit(nParams, START.given);
    result[at + R.codes] = code + 8 * codeNull;
    result[at + R.iterations] = this.iterations;
    if (code > FIT_CODE.boundary || codeNull > FIT_CODE.boundary) return;
    if (code === FIT_CODE.boundary || !isQuick) this.evaluate(nParams);
    result[at + R.sHat] = theta[nParams - 1];
    result[at + R.twiceDeltaLnL] = Math.max(0, this.twiceDeltaLnL(code === FIT_CODE.boundary));
    if (isQuick) return;
    result[at + R.deviance] = this.deviance();
    result[at + R.bHat] = this.backgroundInWindow();
    if (!this.decompose(nParams)) {
      result[at + R.codes] += FIT_CODE.noError - code;
      return;
    }
    if (code === FIT_CODE.ok) this.edm = 0.5 * this.solve(nParams);
    result[at + R.edm] = this.edm;
    // S is last: its variance (H^-1)_SS is the inverse square of the last pivot.
    result[at + R.sErr] = 1 / this.factor[(nParams - 1) * (this.a.maxParams + 1)];
  }

  /**
   * sqrt(q0) of what was loaded, to 1e-4, as toys need it: 0 where S^ <= 0, which mostly the slope of ln L at S = 0 tells
   * without a fit with signal. Undefined where a fit did not converge.
   * @param hasNull the hypothesis before had the same counts, bins and backgrounds: its fit without signal is taken
   */
  excess(start: number, hasNull = false): number | undefined {
    const { theta, thetaNull, nParams } = this;
    if (this.nBins === 0 || this.events === 0) return 0;
    this.lastDecrement = LAST_DECREMENT.quick;
    this.boundedEnd = 'rough';
    if (!hasNull) {
      this.nullCode = this.fitNull(start);
      this.evaluate(nParams);
      this.keepPulls();
    } else theta.set(thetaNull);
    if (this.nullCode > FIT_CODE.boundary) return undefined;
    if (this.slopeOfSignal() <= 0) return 0;
    const code = this.fit(nParams, START.given);
    if (code > FIT_CODE.boundary) return undefined;
    if (theta[nParams - 1] <= 0) return 0;
    if (code === FIT_CODE.boundary) this.evaluate(nParams);
    return Math.sqrt(Math.max(0, this.twiceDeltaLnL(code === FIT_CODE.boundary)));
  }

  /** n/nu without signal; in bins without events their multipliers, which are 0 where none has nu = 0. */
  protected keepPulls(): void {
    const { nullPull, pull, y, nBins, nHit } = this;
    const isBoundary = this.nullCode === FIT_CODE.boundary;
    for (let i = 0; i < nBins; i++) nullPull[i] = i < nHit ? pull[i] : isBoundary ? y[i] : 0;
  }

  /** d ln L/dS of the best likelihood for every S, at S = 0. */
  private slopeOfSignal(): number {
    const { nullPull, columns, nBins, nParams } = this;
    let slope = -this.sumOf(nParams - 1);
    for (let i = 0; i < nBins; i++) slope += nullPull[i] * columns[(nParams - 1) * nBins + i];
    return slope;
  }

  /** The fit without signal, S = 0, of what was loaded: `theta` and `thetaNull`. Returns its FIT_CODE. */
  fitNull(start: number): number {
    const { theta, thetaNull, nParams } = this;
    if (this.nBins === 0 || this.events === 0) return FIT_CODE.nothing;
    this.iterations = 0;
    this.reset();
    const code = this.fit(nParams - 1, start);
    theta[nParams - 1] = 0;
    thetaNull.set(theta);
    return code;
  }

  /**
   * -2 ln L at theta, constraints included, above that of means equal to the counts and constraints at their centres. The
   * sum over rows without events is what the events expected in all leave: also where rows are no bins (unbinned fits).
   */
  twiceNll(): number {
    const { n, nu, theta, nParams, nHit } = this;
    this.setMeans(nParams);
    let sum = this.expectedEvents();
    for (let i = 0; i < nHit; i++) sum += bd0(n[i], nu[i]) - nu[i];
    for (let k = 0; k < nParams; k++) sum += 0.5 * this.weight(k) * (theta[k] - this.centre(k)) ** 2;
    return 2 * sum;
  }

  /** In the range, at theta. */
  protected expectedEvents(): number {
    let sum = 0;
    for (let k = 0; k < this.nParams; k++) sum += this.sumOf(k) * this.theta[k];
    return sum;
  }

  /** The free fit where it has no negative mean, else the bounded one. */
  protected fit(size: number, start: number): number {
    const code = this.minimise(size, start);
    if (code === FIT_CODE.ok && this.lowestMean(size) >= 0) return code;
    return this.minimiseBounded(size);
  }

  /** Of the fit with signal, in mass +- 2 sigma. */
  protected backgroundInWindow(): number {
    let sum = 0;
    for (let k = 0; k < this.nParams - 1; k++) sum += this.inWindow(k) * this.theta[k];
    return sum;
  }

  private twiceDeltaLnL(isBounded: boolean): number {
    const { theta, thetaNull, n, nu, change, nParams, nHit } = this;
    let sum = this.setDifference(isBounded);
    for (let i = 0; i < nHit; i++) sum += n[i] * minusLog1p(change[i] / nu[i]);
    for (let k = 0; k < nParams; k++) {
      const difference = thetaNull[k] - theta[k];
      sum += 0.5 * this.weight(k) * difference * difference;
    }
    return 2 * sum;
  }

  /** nu of the fit with signal and `change` from it to the fit without; returns g1 d. */
  protected setDifference(isBounded: boolean): number {
    const { theta, thetaNull, step, nParams, nHit, gradient } = this;
    this.setMeans(nParams);
    let linear = 0;
    for (let k = 0; k < nParams; k++) {
      step[k] = thetaNull[k] - theta[k];
      if (isBounded) linear += gradient[k] * step[k];
    }
    this.setChanges(nParams, nHit);
    return linear;
  }

  private deviance(): number {
    let sum = 0;
    for (let i = 0; i < this.nBins; i++) sum += bd0(this.n[i], Math.max(0, this.meanOf(i, this.nParams)));
    return 2 * sum;
  }
}
