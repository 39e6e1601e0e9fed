/**
 * Posterior of the POI of one hypothesis, flat prior in the POI >= 0 and in the coefficients of the background. These, the
 * peaks, the spurious signal and the shapes are integrated out by Laplace's approximation,
 *   L(S) ~ L(S, c^^) det(H_cc)^(-1/2),
 * H_cc the Hessian of -ln L in them; efficiency, luminosity and branching by quadrature: with s per node of their rule and
 * R(t) the part of the integral of L(S) above t, the tail of the posterior is sum_k w_k/s_k R(s_k POI), as in bayes_limit.ts.
 */
import type { PosteriorTail } from '../../../kernels/shared/posterior.ts';
import { gaussLegendre } from '../../../model/constraints/gauss.ts';
import { exp } from '../../../stats/portable.ts';
import type { ProfileCurve } from './profile-curve.ts';

export interface YieldNodes {
  /** Signal events per unit of the POI, and their weights. */
  readonly signals: Float64Array;
  readonly weights: Float64Array;
}

/** Farther down the posterior is 0: e^-20. */
const LN_NEGLIGIBLE = 20;
const { nodes: NODES, weights: WEIGHTS } = gaussLegendre(10);

export class SpectrumPosterior implements PosteriorTail {
  readonly sensitivity: number;
  readonly norm: number;
  readonly complete = true;
  tail = 0;
  density = 0;
  private readonly curve: ProfileCurve;
  private readonly rule: YieldNodes;
  /** S where the panels of the integral start, and after the last one ends; what is above them. */
  private readonly edges: Float64Array;
  private readonly above: Float64Array;
  /** ln L(S) of which the others are measured. */
  private readonly lnTop: number;

  /** Undefined where a fit does not converge. */
  static of(curve: ProfileCurve, rule: YieldNodes): SpectrumPosterior | undefined {
    const edges = panels(curve);
    return edges && new SpectrumPosterior(curve, rule, edges);
  }

  private constructor(curve: ProfileCurve, rule: YieldNodes, edges: Float64Array) {
    this.curve = curve;
    this.rule = rule;
    this.edges = edges;
    this.lnTop = 0;
    this.lnTop = edges.reduce((top, signal) => Math.max(top, this.lnLikelihood(signal)), -Infinity);
    this.above = new Float64Array(edges.length);
    for (let i = edges.length - 2; i >= 0; i--)
      this.above[i] = this.above[i + 1] + this.integral(edges[i], edges[i + 1]);
    const { signals, weights } = rule;
    let [sum, all] = [0, 0];
    this.norm = weights.reduce((norm, weight, k) => norm + weight / signals[k], 0);
    weights.forEach((weight, k) => {
      sum += weight * signals[k];
      all += weight;
    });
    this.sensitivity = sum / all;
  }

  /** POI at which the mean sensitivity alone has the tail `fraction`, by the nearest panel. */
  firstGuess(fraction: number): number {
    const { above, edges } = this;
    let i = 0;
    while (i < edges.length - 2 && above[i + 1] > fraction * above[0]) i++;
    const part = (above[i] - fraction * above[0]) / (above[i] - above[i + 1]);
    return (edges[i] + part * (edges[i + 1] - edges[i])) / this.sensitivity;
  }

  evaluate(poi: number): void {
    const { rule, edges, above } = this;
    const end = edges[edges.length - 1];
    let [tail, density] = [0, 0];
    rule.signals.forEach((signal, k) => {
      const t = signal * poi;
      if (!(t < end)) return;
      let i = 0;
      while (edges[i + 1] <= t) i++;
      tail += (rule.weights[k] / signal) * (above[i + 1] + this.integral(t, edges[i + 1]));
      density += rule.weights[k] * exp(this.lnLikelihood(t) - this.lnTop);
    });
    this.tail = tail / above[0];
    this.density = density / above[0];
  }

  private integral(from: number, to: number): number {
    const half = 0.5 * (to - from);
    let sum = 0;
    for (let q = 0; q < NODES.length; q++)
      sum += WEIGHTS[q] * exp(this.lnLikelihood(from + half * (1 + NODES[q])) - this.lnTop);
    return half * sum;
  }

  private lnLikelihood(signal: number): number {
    return -this.curve.at(signal)!.value - 0.5 * this.curve.lnDetAt(signal);
  }
}

/** The fits between S = 0 and where nothing is left, once all are close enough; the ends included. */
function panels(curve: ProfileCurve): Float64Array | undefined {
  const start = Math.max(0, curve.best.signal);
  const lowest = curve.at(start);
  if (lowest === undefined || curve.fitAt(0) === undefined) return undefined;
  for (;;) {
    const last = curve.points[curve.points.length - 1];
    if (last.loss > lowest.value + LN_NEGLIGIBLE) break;
    if (!curve.extend()) return undefined;
  }
  for (let i = 0; i < curve.points.length - 1;) {
    const [from, to] = [curve.points[i], curve.points[i + 1]];
    if (to.signal > 0 && curve.at(0.5 * (from.signal + to.signal)) === undefined) return undefined;
    if (curve.points[i + 1] === to) i++;
  }
  return Float64Array.from(
    curve.points.filter(({ signal }) => signal >= 0),
    ({ signal }) => signal,
  );
}
