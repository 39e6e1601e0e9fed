/**
 * Predictive distribution of a count: a Poisson mean times a factor with its nodes, E_F[Poisson(j; mean F)], in portable
 * functions. The same distribution throws the totals of toys and gives the p0 of every window, so a toy's count in a
 * window follows exactly the distribution its p0 is made from.
 */
import { lnPoissonPmf } from '../../stats/poisson.ts';
import { exp } from '../../stats/portable.ts';
import type { FactorNodes } from './factor-nodes.ts';

/** P(N = first + i). */
export interface CountDistribution {
  readonly first: number;
  readonly pmf: Float64Array;
}

/** Terms below this part of the largest of their node are not followed. */
const NEGLIGIBLE = 1e-40;

/** @param least the distribution reaches at least up to this count */
export function predictiveCounts(mean: number, nodes: FactorNodes, least = 0): CountDistribution {
  if (mean === 0) return { first: 0, pmf: Float64Array.from({ length: least + 1 }, (_, n) => (n === 0 ? 1 : 0)) };
  let [low, high] = [Infinity, least];
  const reach = (b: number) => 14 * Math.sqrt(b) + 60;
  for (const factor of nodes.factors) {
    const b = mean * factor;
    low = Math.min(low, Math.max(0, Math.floor(b - reach(b))));
    high = Math.max(high, Math.ceil(b + reach(b)));
  }
  const pmf = new Float64Array(high - low + 1);
  nodes.factors.forEach((factor, i) => addPoisson(pmf, low, mean * factor, nodes.weights[i]));
  let last = pmf.length - 1;
  while (last > least - low && pmf[last] === 0) last--;
  return { first: low, pmf: pmf.subarray(0, last + 1) };
}

function addPoisson(pmf: Float64Array, first: number, mean: number, weight: number): void {
  const mode = Math.floor(mean);
  const top = weight * exp(lnPoissonPmf(mode, mean));
  const least = NEGLIGIBLE * top;
  let term = top;
  for (let n = mode; n >= first && term > least; n--) {
    pmf[n - first] += term;
    term *= n / mean;
  }
  term = top;
  for (let n = mode + 1; n - first < pmf.length && term > least; n++) {
    term *= mean / n;
    pmf[n - first] += term;
  }
}

/** Distribution of the sum of independent counts. */
export function convolve(a: CountDistribution, b: CountDistribution): CountDistribution {
  const pmf = new Float64Array(a.pmf.length + b.pmf.length - 1);
  for (let i = 0; i < a.pmf.length; i++) {
    if (a.pmf[i] === 0) continue;
    for (let j = 0; j < b.pmf.length; j++) pmf[i + j] += a.pmf[i] * b.pmf[j];
  }
  return { first: a.first + b.first, pmf };
}

/** P(N >= first + i) for every i, summed from the small end; 1 at and below `first`. */
export function upperTails({ pmf }: CountDistribution): Float64Array {
  const tails = new Float64Array(pmf.length);
  let sum = 0;
  for (let i = pmf.length - 1; i >= 0; i--) tails[i] = sum += pmf[i];
  tails[0] = 1;
  return tails.map((p) => Math.min(1, p));
}
