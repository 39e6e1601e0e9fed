/**
 * The fits with a background exp(sum_k c_k f_k(m)), integrated over bins by quadrature: nu_i = S s_i + peaks + sum_q w_q e_q.
 * The same Newton steps; the columns of A are now derivatives, made anew at every theta, and the Hessian has a second
 * term, sum_i (1 - n_i/nu_i) sum_q w_q e_q f_k f_l, which is left out where it would spoil positivity (then the step is
 * Fisher's). The density can only become negative by S < 0.
 */
import { exp, expm1, log } from '../../stats/portable.ts';
import { FIT_CODE, HYPOTHESIS_STRIDE, LOG_NODES as NODES, START } from './spectrum-arrays.ts';
import { SpectrumFits } from './spectrum-fits.ts';

/** Largest change of ln b in one step. */
const LONGEST = 1;
/** Barrier of bins without events, tau ln nu, for the bounded fit: -ln L ends this times those bins above its minimum. */
const TAU = { first: 0.1, last: 1e-9, factor: 0.1 } as const;

export class SpectrumLogFits extends SpectrumFits {
  protected override maxSteps = 100;
  /** Coefficients c. */
  private nLog = 0;
  private nodes = 0;
  private design = 0;
  private readonly b = new Float64Array(this.a.maxBins);
  /** [nBins][NODES] w e. */
  private readonly density = new Float64Array(this.a.maxBins * NODES);
  private readonly columnSums = new Float64Array(this.a.maxParams);

  override load(spectrum: number, hypothesis: number): void {
    super.load(spectrum, hypothesis);
    const { hypotheses } = this.a;
    const row = HYPOTHESIS_STRIDE * hypothesis;
    this.nLog = hypotheses[row + 4];
    this.nodes = hypotheses[row + 5];
    this.design = hypotheses[row + 2];
  }

  override reset(): void {
    super.reset();
    for (let k = 0; k < this.nLog; k++) this.theta[k] = this.startShare(k);
    this.theta[0] += log(this.events);
  }

  protected override sumOf(k: number): number {
    return k < this.nLog ? this.columnSums[k] : super.sumOf(k);
  }

  /** Bins by the part of them in the window, which is what the first column of the plan holds. */
  protected override backgroundInWindow(): number {
    const { b, original, nBins, nLog, nParams, theta } = this;
    let sum = 0;
    for (let i = 0; i < nBins; i++) sum += b[i] * this.a.design[this.design + original[i]];
    for (let k = nLog; k < nParams - 1; k++) sum += this.inWindow(k) * theta[k];
    return sum;
  }

  override lowestMean(size: number): number {
    this.setMeans(size);
    return super.lowestMean(size);
  }

  override meanOf(i: number, size: number): number {
    return this.b[i] + this.linearPart(i, size);
  }

  protected override expectedEvents(): number {
    const { b, nBins, nLog, nParams, theta } = this;
    let sum = 0;
    for (let i = 0; i < nBins; i++) sum += b[i];
    for (let k = nLog; k < nParams; k++) sum += this.sumOf(k) * theta[k];
    return sum;
  }

  private linearPart(i: number, size: number): number {
    let nu = 0;
    for (let k = this.nLog; k < size; k++) nu += this.columns[k * this.nBins + i] * this.theta[k];
    return nu;
  }

  /** Background, derivatives, sums at theta; nu of all bins. */
  protected override setMeans(size: number): void {
    const { nLog, nBins, theta, columns, columnSums, density, b, nu, original, nodes } = this;
    const values = this.a.nodes;
    const stride = nLog + 1;
    columnSums.fill(0);
    for (let i = 0; i < nBins; i++) {
      b[i] = 0;
      for (let k = 0; k < nLog; k++) columns[k * nBins + i] = 0;
      for (let q = 0; q < NODES; q++) {
        const at = nodes + (original[i] * NODES + q) * stride;
        let lnDensity = 0;
        for (let k = 0; k < nLog; k++) lnDensity += theta[k] * values[at + 1 + k];
        const part = values[at] * exp(lnDensity);
        density[i * NODES + q] = part;
        b[i] += part;
        for (let k = 0; k < nLog; k++) columns[k * nBins + i] += part * values[at + 1 + k];
      }
      for (let k = 0; k < nLog; k++) columnSums[k] += columns[k * nBins + i];
      nu[i] = b[i] + this.linearPart(i, size);
    }
  }

  override evaluate(size: number): void {
    super.evaluate(size);
    this.addSecondTerm(size, 1);
    if (!this.decompose(size)) this.addSecondTerm(size, -1);
  }

  private addSecondTerm(size: number, sign: number): void {
    const { nLog, nBins, nHit, n, nu, density, hessian, original, nodes } = this;
    const K = this.a.maxParams;
    for (let i = 0; i < nBins; i++) {
      const pull = sign * (i < nHit ? 1 - n[i] / nu[i] : 1);
      for (let q = 0; q < NODES; q++) {
        const at = nodes + (original[i] * NODES + q) * (nLog + 1) + 1;
        const part = pull * density[i * NODES + q];
        for (let k = 0; k < Math.min(nLog, size); k++)
          for (let l = 0; l <= k; l++) hessian[k * K + l] += part * this.a.nodes[at + k] * this.a.nodes[at + l];
      }
    }
  }

  /** ln b through ln max(n, 1/2), with these as weights; then all events. */
  protected override leastSquares(size: number): void {
    const { nLog, nBins, nHit, n, b, pull, curvature, gradient, step, theta, events } = this;
    this.setMeans(size);
    for (let i = 0; i < nBins; i++) {
      const count = i < nHit ? n[i] : 0.5;
      pull[i] = (count / b[i]) * log(count / b[i]);
      curvature[i] = count / (b[i] * b[i]);
    }
    this.addConstraints(size);
    gradient.fill(0);
    this.addBins(nLog, nBins);
    this.iterations++;
    if (!this.decompose(nLog)) return;
    this.solve(nLog);
    for (let k = 0; k < nLog; k++) theta[k] += step[k];
    this.setMeans(size);
    let all = 0;
    for (let i = 0; i < nBins; i++) all += b[i];
    theta[0] += log(events / all);
  }

  protected override reach(size: number): number {
    const { nBins, nLog, b, change } = this;
    let length = super.reach(size);
    this.setChanges(nLog, nBins);
    for (let i = 0; i < nBins; i++) length = Math.min(length, (LONGEST * b[i]) / Math.abs(change[i]));
    return length;
  }

  /** Bins without events count as tau of an event, ever less: they keep their nu positive like the others. */
  override minimiseBounded(size: number): number {
    const { n, nBins, nHit } = this;
    this.reset();
    let start: number = START.leastSquares;
    let code: number = FIT_CODE.ok;
    for (let tau: number = TAU.first; tau > 0.5 * TAU.last; tau *= TAU.factor) {
      n.fill(tau, nHit, nBins);
      this.nHit = nBins;
      code = this.minimise(size, start);
      this.nHit = nHit;
      start = START.given;
      if (code !== FIT_CODE.ok) break;
    }
    n.fill(0, nHit, nBins);
    for (let i = nHit; i < nBins; i++) this.y[i] = TAU.last / this.nu[i];
    return code === FIT_CODE.ok ? FIT_CODE.boundary : code;
  }

  /** nu0 - nu1 without cancellation; -ln L is no longer determined by its gradient alone. */
  protected override setDifference(): number {
    const { theta, thetaNull, nLog, nBins, nHit, nParams, n, nu, change, density, columns, original, nodes } = this;
    this.setMeans(nParams);
    let linear = 0;
    for (let i = 0; i < nBins; i++) {
      let difference = 0;
      for (let q = 0; q < NODES; q++) {
        const at = nodes + (original[i] * NODES + q) * (nLog + 1) + 1;
        let ln = 0;
        for (let k = 0; k < nLog; k++) ln += (thetaNull[k] - theta[k]) * this.a.nodes[at + k];
        difference += density[i * NODES + q] * expm1(ln);
      }
      for (let k = nLog; k < nParams; k++) difference += columns[k * nBins + i] * (thetaNull[k] - theta[k]);
      change[i] = difference;
      linear += difference * (i < nHit ? 1 - n[i] / nu[i] : 1);
    }
    for (let k = nLog; k < nParams; k++)
      linear += this.weight(k) * (theta[k] - this.centre(k)) * (thetaNull[k] - theta[k]);
    return linear;
  }
}
