/**
 * Signal shapes by their integrals over bins: fractions of the whole signal, normalised over ALL m, so that S is the total
 * yield wherever the fit range ends (methods.md section 4). Bin integrals, not values at centres; densities are for events
 * that are not binned.
 */
import { DarkscanError } from '../../errors.ts';
import { erfc } from '../../stats/normal.ts';
import { exp, expm1, log } from '../../stats/portable.ts';

export interface SignalShape {
  /** Share of the signal in [low, high], low <= high; >= 0. */
  integral(low: number, high: number): number;
  /** Its derivative: share of the signal per unit of m. */
  density(m: number): number;
}

const SQRT_HALF = 0.7071067811865476;
const SQRT_HALF_PI = 1.2533141373155003;

/** exp(-t^2/2), t = (m - mass)/sigma. Relative error below 1e-14 (bin width/sigma)^-1, either tail. */
export function gaussian(mass: number, sigma: number): SignalShape {
  checkAbove('sigma', sigma, 0);
  const height = 0.5 / (SQRT_HALF_PI * sigma);
  return {
    integral: (low, high) => normalBetween((low - mass) / sigma, (high - mass) / sigma),
    density: (m) => height * exp(-0.5 * ((m - mass) / sigma) ** 2),
  };
}

/** P(a < X < b) of a standard normal, from the tail both are in. */
export function normalBetween(a: number, b: number): number {
  if (a > 0) return 0.5 * (erfc(a * SQRT_HALF) - erfc(b * SQRT_HALF));
  if (b < 0) return 0.5 * (erfc(-b * SQRT_HALF) - erfc(-a * SQRT_HALF));
  return 1 - 0.5 * (erfc(-a * SQRT_HALF) + erfc(b * SQRT_HALF));
}

export interface Tail {
  /** Where the power law starts, in sigmas from the mass, > 0. */
  readonly alpha: number;
  /** Its power, > 1: else the tail has no integral over all m. */
  readonly n: number;
}

/**
 * Crystal Ball (J. Gaiser, SLAC-R-255, 1982): exp(-t^2/2) between the tails, exp(-alpha^2/2) u^-n with
 * u = 1 + (|t| - alpha) alpha/n in them; value and slope continue. One-sided with one tail, two-sided with both.
 */
export function crystalBall(mass: number, sigma: number, tails: { low?: Tail; high?: Tail }): SignalShape {
  checkAbove('sigma', sigma, 0);
  for (const tail of [tails.low, tails.high]) {
    if (tail === undefined) continue;
    checkAbove('alpha', tail.alpha, 0);
    checkAbove('n', tail.n, 1);
  }
  const lowEnd = tails.low ? -tails.low.alpha : -Infinity;
  const highEnd = tails.high?.alpha ?? Infinity;
  const core = (a: number, b: number) =>
    a < b ? 2 * SQRT_HALF_PI * normalBetween(Math.max(a, -1e3), Math.min(b, 1e3)) : 0;
  const all = core(lowEnd, highEnd) + tailBetween(tails.low, 0, Infinity) + tailBetween(tails.high, 0, Infinity);
  return {
    integral(low, high) {
      const [a, b] = [(low - mass) / sigma, (high - mass) / sigma];
      const inLow = tailBetween(tails.low, lowEnd - b, lowEnd - a);
      const inHigh = tailBetween(tails.high, a - highEnd, b - highEnd);
      return (inLow + core(Math.max(a, lowEnd), Math.min(b, highEnd)) + inHigh) / all;
    },
    density(m) {
      const t = (m - mass) / sigma;
      const [beyond, tail] = t < 0 ? [lowEnd - t, tails.low] : [t - highEnd, tails.high];
      return (tail && beyond > 0 ? tailAt(tail, beyond) : exp(-0.5 * t * t)) / (sigma * all);
    },
  };
}

/** exp(-alpha^2/2) u^-n at x sigmas beyond the start of the tail. */
function tailAt({ alpha, n }: Tail, x: number): number {
  return exp(-0.5 * alpha * alpha - n * log(1 + (x * alpha) / n));
}

/** Integral of exp(-alpha^2/2) u^-n from `from` to `to` sigmas beyond the start of the tail. */
function tailBetween(tail: Tail | undefined, from: number, to: number): number {
  if (tail === undefined || !(to > 0)) return 0;
  const { alpha, n } = tail;
  const first = log(1 + (Math.max(0, from) * alpha) / n);
  const last = to === Infinity ? Infinity : log(1 + (to * alpha) / n);
  const scale = (exp(-0.5 * alpha * alpha) * n) / (alpha * (n - 1));
  return -scale * exp((1 - n) * first) * expm1((1 - n) * (last - first));
}

export interface Histogram {
  /** For messages. */
  readonly name?: string;
  /** [nBins + 1] ascending edges and [nBins] contents >= 0 of any scale. */
  readonly edges: ArrayLike<number>;
  readonly contents: ArrayLike<number>;
}

/**
 * A histogram of simulated signal, flat within its bins, moved so that its 0 lies at `mass` and stretched by `scale`. Its
 * sum is all of the signal: where it ends with a content, a fit range beyond its end is an error of kind data.
 */
export function template(histogram: Histogram, mass = 0, scale = 1): SignalShape {
  checkAbove('scale', scale, 0);
  const { contents, name = 'signal template' } = histogram;
  const refuse = (found: string, allowed: string): never => {
    throw new DarkscanError('data', `${name}: ${found}, expected ${allowed}`);
  };
  const nBins = contents.length;
  const edges = Float64Array.from(histogram.edges, (edge) => mass + scale * edge);
  if (edges.length !== nBins + 1 || nBins === 0)
    refuse(`${edges.length} edges and ${nBins} contents`, 'one edge more than contents');
  const sums = new Float64Array(nBins + 1);
  for (let i = 0; i < nBins; i++) {
    if (!(edges[i] < edges[i + 1])) refuse(`edges ${edges[i]}, ${edges[i + 1]}`, 'ascending numbers');
    if (!(contents[i] >= 0 && contents[i] < Infinity)) refuse(`content ${contents[i]} in bin ${i}`, 'a number >= 0');
    sums[i + 1] = sums[i] + contents[i];
  }
  const all = sums[nBins];
  if (!(all > 0)) refuse('no content', 'a sum above 0');
  /** Share below m. */
  const below = (m: number, i: number) =>
    (sums[i] + contents[i] * Math.min(1, Math.max(0, (m - edges[i]) / (edges[i + 1] - edges[i])))) / all;
  const binAt = (m: number) => {
    let i = 0;
    while (i < nBins - 1 && edges[i + 1] <= m) i++;
    return i;
  };
  return {
    integral(low, high) {
      const isCut = (low < edges[0] && contents[0] > 0) || (high > edges[nBins] && contents[nBins - 1] > 0);
      if (isCut)
        refuse(
          `it ends at ${edges[0]} and ${edges[nBins]} with events at the end`,
          `all of the bin from ${low} to ${high} covered; add empty bins or narrow the range`,
        );
      return below(high, binAt(high)) - below(low, binAt(low));
    },
    density(m) {
      if (!(m >= edges[0] && m < edges[nBins])) return 0;
      const i = binAt(m);
      return contents[i] / (all * (edges[i + 1] - edges[i]));
    },
  };
}

function checkAbove(name: string, value: number, lowest: number): void {
  if (value > lowest && value < Infinity) return;
  throw new DarkscanError('card', `signal: ${name} is ${value}, expected a finite number above ${lowest}`);
}
