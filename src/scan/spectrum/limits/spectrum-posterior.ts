/**
 * Posterior of the POI of one hypothesis, flat prior in the POI >= 0 and in the coefficients of the background. These, the
 * peaks, the spurious signal and the shapes are integrated out by Laplace's approximation,
 *   L(S) ~ L(S, c) det(H)^(-1/2),
 * c the maximum and H the Hessian of -ln L in them, both with pseudo-events in the bins without events, L without
 * (limit-fits.ts): densities are nowhere negative, and this keeps their mean away from 0 where the maximum would be there.
 * Error of a limit below 0.4 % from 8 events in the range on (tests/golden/spectrum_limits.py integrates directly), 2 % for
 * one event; 4 % for a cubic background and 8 events (Markov chain).
 * Efficiency, luminosity and branching are integrated out by quadrature: with s per node of their rule and R(t) the part of
 * the integral of L(S) above t, the tail of the posterior is sum_k w_k/s_k R(s_k POI), as in bayes_limit.ts.
 */
import type { PosteriorTail } from '../../../kernels/shared/posterior.ts';
import { gaussLegendre } from '../../../model/constraints/gauss.ts';
import { exp, log } from '../../../stats/portable.ts';
import type { SmoothCurve } from './limit-fits.ts';
import type { ProfileCurve } from './profile-curve.ts';

export interface YieldNodes {
  /** Signal events per unit of the POI, and their weights. */
  readonly signals: Float64Array;
  readonly weights: Float64Array;
}

/** Farther down the posterior is 0: e^-20. */
const LN_NEGLIGIBLE = 20;
/** Intervals between neighbouring fits. */
const SPLIT = 8;
const { nodes: NODES, weights: WEIGHTS } = gaussLegendre(3);

export class SpectrumPosterior implements PosteriorTail {
  readonly sensitivity: number;
  readonly norm: number;
  readonly complete = true;
  tail = 0;
  density = 0;
  private readonly curve: ProfileCurve;
  private readonly rule: YieldNodes;
  /** Ascending S from 0 to where nothing is left, the integral above them, and its integrand. */
  private readonly edges: Float64Array;
  private readonly above: Float64Array;
  private readonly heights: Float64Array;
  /** ln L(S) of which the others are measured. */
  private readonly lnTop: number;
  /** Per fit of the curve what ln L(S) has besides -loss. */
  private readonly others: Float64Array;

  /** Undefined where a fit does not converge. */
  static of(smooth: SmoothCurve, rule: YieldNodes): SpectrumPosterior | undefined {
    const edges = panels(smooth.curve);
    return edges && new SpectrumPosterior(smooth, rule, edges);
  }

  private constructor({ curve, bins, events }: SmoothCurve, rule: YieldNodes, edges: Float64Array) {
    this.curve = curve;
    this.rule = rule;
    this.edges = edges;
    this.others = Float64Array.from(curve.points, ({ theta, lnDet }) => {
      const means = bins.length > 0 ? curve.fits.means(theta) : [];
      return bins.reduce((sum, bin) => sum - events * log(means[bin]), -0.5 * lnDet);
    });
    this.lnTop = 0;
    this.lnTop = edges.reduce((top, signal) => Math.max(top, this.lnLikelihood(signal)), -Infinity);
    this.heights = edges.map((signal) => exp(this.lnLikelihood(signal) - this.lnTop));
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

  /** Between the edges by the cubic through integrals and integrands: 1e-6 of the posterior. */
  evaluate(poi: number): void {
    const { rule, edges, above, heights } = this;
    const last = edges.length - 1;
    let [tail, density] = [0, 0];
    for (let k = 0; k < rule.signals.length; k++) {
      const signal = rule.signals[k] * poi;
      if (!(signal < edges[last])) continue;
      let [low, high] = [0, last];
      while (high - low > 1) {
        const middle = (low + high) >> 1;
        if (edges[middle] <= signal) low = middle;
        else high = middle;
      }
      const width = edges[high] - edges[low];
      const t = (signal - edges[low]) / width;
      const u = 1 - t;
      const [rise, fall] = [width * heights[low], width * heights[high]];
      const share = u * u * ((1 + 2 * t) * above[low] - t * rise) + t * t * ((1 + 2 * u) * above[high] + u * fall);
      tail += (rule.weights[k] / rule.signals[k]) * share;
      density += rule.weights[k] * (u * heights[low] + t * heights[high]);
    }
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
    return this.othersAt(signal) - this.curve.at(signal)!.value;
  }

  /** By the cubic through the four nearest fits, between which S is. */
  private othersAt(signal: number): number {
    const { others } = this;
    const { points } = this.curve;
    const size = Math.min(4, points.length);
    const first = Math.max(0, Math.min(points.length - size, this.curve.intervalOf(signal) - 1));
    let sum = 0;
    for (let i = first; i < first + size; i++) {
      let share = others[i];
      for (let j = first; j < first + size; j++)
        if (j !== i) share *= (signal - points[j].signal) / (points[i].signal - points[j].signal);
      sum += share;
    }
    return sum;
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
  const signals = curve.points.map(({ signal }) => signal).filter((signal) => signal >= 0);
  const between = signals.slice(1).flatMap((to, i) => {
    const from = signals[i];
    return Array.from({ length: SPLIT }, (_, k) => from + ((to - from) * (k + 1)) / SPLIT);
  });
  return Float64Array.of(signals[0], ...between);
}
