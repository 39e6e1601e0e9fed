/**
 * What the discrete counts of every window allow: the probability of a p0 at or below the best one (for the Sidak and
 * Bonferroni bounds, methods.md section 5) and the expected distribution of local Z.
 *
 * The probabilities of counts are those of the predictive distribution. For `marginal` and `on-off`, whose p0 is itself
 * such a probability, P(p0 <= best) is the largest attainable p0 not above the best. For mid-p and for the asymptotic
 * methods, whose p0 may be smaller than it should, it is the probability of the counts that reach it: the Sidak bound
 * stays exact for independent windows.
 */
import { countMixture, LANE_VALUE_STRIDE } from '../kernels/shared/count-mixture.ts';
import { lnAdd } from '../kernels/shared/count-tail.ts';
import type { CountingModel } from '../model/counting-model.ts';
import { flattenPlan, type FlatPlan } from '../model/plan/flat-plan.ts';
import { RuleCache } from '../model/plan/rule-cache.ts';
import type { ExpectedZ, Significance } from '../model/result.ts';
import { midP, type Tails } from './mid-p.ts';
import { p0InF64 } from './p0-in-f64.ts';
import { quantileItem } from './window-items.ts';
import { zOf } from './recheck.ts';
import type { P0Method } from './statistics.ts';

const CHUNK = 5000;
/** Counts rarer than this do not show in the distribution of Z. */
const RARE = 1e-12;
/** The same where every Z is a fit. */
const RARE_FIT = 1e-8;
const MOST_COUNTS = 4_000_000;
/** p0 = 1/2. */
const NO_EXCESS: Tails = [-Math.LN2, -Math.LN2];
/** p0 values this close (relative) are the same attainable value, computed twice. */
const TIE = 1e-9;
/**
 * Below this best p0 (7 sigma) the sums of this file do not reach: countMixture cuts its terms at 1e-22. Bounds of
 * `marginal` and `on-off` are N times p0 then, which is never smaller than the exact ones; others are summed again.
 */
const LN_FAR = Math.log(1e-12);

export interface ScanBounds {
  readonly sidak: Significance;
  readonly bonferroni: Significance;
  readonly expectedZ: ExpectedZ;
}

/**
 * @param windows indices with a p0
 * @param lnBest ln p0 of the best window
 */
export function scanBounds(
  model: CountingModel,
  method: P0Method,
  windows: readonly number[],
  lnBest: number,
): ScanBounds {
  const cache = new RuleCache();
  const edges = Float64Array.from({ length: 57 }, (_, i) => -6 + i / 4);
  const expected = new Float64Array(edges.length - 1);
  let expectedAtOne = 0;
  let lnNone = 0;
  let lnSum = -Infinity;
  for (let at = 0; at < windows.length; at += CHUNK) {
    const chunk = windows.slice(at, at + CHUNK);
    cache.trim();
    const plan = flattenPlan(model, chunk, 0, cache);
    chunk.forEach((w, i) => {
      const counts = new CountDistribution(model, plan, i, method, w, Math.max(lnBest, LN_FAR));
      counts.visit((probability, z) => {
        if (Number.isNaN(z)) expectedAtOne += probability;
        else expected[Math.max(0, Math.min(expected.length - 1, Math.floor((z - edges[0]) * 4)))] += probability;
      });
      const lnP = Math.min(0, counts.lnReach(lnBest));
      lnSum = lnAdd(lnSum, lnP);
      lnNone += Math.log1p(-Math.exp(lnP));
    });
  }
  const significance = (lnP: number, lnComplement: number): Significance => {
    const z = zOf(Math.min(0, lnP), lnComplement);
    return { lnP: Math.min(0, lnP), z: Number.isFinite(z) ? z : null };
  };
  const small = lnSum < -30; // Sidak and Bonferroni are the same to 1e-13
  return {
    bonferroni: lnSum >= 0 ? { lnP: 0, z: null } : significance(lnSum, Math.log1p(-Math.exp(lnSum))),
    sidak: small ? significance(lnSum, -Math.exp(lnSum)) : significance(Math.log(-Math.expm1(lnNone)), lnNone),
    expectedZ: { edges, expected, expectedAtOne },
  };
}

/** The counts of one window under background alone, and the p0 each of them has. */
class CountDistribution {
  /** P(N = n) and P(N >= n). */
  private readonly pmf: Float64Array;
  private readonly upper: Float64Array;
  /** P(N < n) */
  private readonly lower: Float64Array;
  private readonly isSum: boolean;
  private readonly method: P0Method;
  private readonly mean: number;
  /** Background at nominal nuisances: up to it asymptotic methods see no excess. */
  private readonly nominal: number;
  /** ln of both tails in f64, however small. */
  private readonly exact: (n: number, method: P0Method) => Tails;

  constructor(model: CountingModel, plan: FlatPlan, i: number, method: P0Method, w: number, lnReach: number) {
    this.method = method;
    this.isSum = method !== 'li-ma' && method !== 'profile';
    this.mean = plan.backgroundMean[i];
    this.nominal = model.components.reduce((sum, { b0 }) => sum + b0[w], 0);
    this.exact = (n, of) => p0InF64(model, plan, i, of, w, n);
    this.pmf = predictiveCounts(plan, i, Math.exp(lnReach));
    const size = this.pmf.length;
    [this.upper, this.lower] = [new Float64Array(size + 1), new Float64Array(size + 1)];
    for (let n = size - 1; n >= 0; n--) this.upper[n] = this.upper[n + 1] + this.pmf[n];
    for (let n = 0; n < size; n++) this.lower[n + 1] = this.lower[n] + this.pmf[n];
  }

  /** Visits (probability, z) of every likely count; z is NaN where p0 is exactly 1. */
  visit(visit: (probability: number, z: number) => void): void {
    const rare = this.method === 'profile' ? RARE_FIT : RARE;
    for (let n = 0; n < this.pmf.length; n++) {
      if (this.pmf[n] <= rare) continue;
      const [lnP, lnComplement] = this.p0(n);
      // a profile fit that does not converge has no Z
      if (!Number.isNaN(lnP)) visit(this.pmf[n], zOf(lnP, lnComplement));
    }
  }

  /** ln P(p0(N) <= exp(lnBest)). */
  lnReach(lnBest: number): number {
    const lnWanted = lnBest + TIE;
    if (this.isSum && lnBest >= LN_FAR) {
      const { upper, method } = this;
      const half = method.endsWith('mid-p') ? 0.5 : 0;
      const wanted = Math.exp(lnWanted);
      const reached = (count: number) =>
        count >= upper.length - 1 || (1 - half) * upper[count] + half * upper[count + 1] <= wanted;
      return Math.log(upper[this.firstCount(reached)]);
    }
    // the largest attainable p0 is at most the best one
    if (this.method === 'marginal' || this.method === 'on-off') return lnBest;
    const n = this.firstCount((count) => this.exact(count, this.method)[0] <= lnWanted);
    return this.exact(n, 'marginal')[0];
  }

  private p0(n: number): Tails {
    if (!this.isSum) return n <= this.nominal ? NO_EXCESS : this.exact(n, this.method);
    return this.method.endsWith('mid-p') ? midP(this.tails(n), this.tails(n + 1)) : this.tails(n);
  }

  private tails(n: number): Tails {
    return n === 0 ? [0, -Infinity] : [Math.log(Math.min(1, this.upper[n])), Math.log(Math.min(1, this.lower[n]))];
  }

  /** Smallest count with a property that all larger ones have. */
  private firstCount(reached: (n: number) => boolean): number {
    let [low, high] = [-1, Math.ceil(this.mean)];
    for (let step = 1; high < MOST_COUNTS && !reached(high); step *= 2) [low, high] = [high, high + step];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (reached(middle)) high = middle;
      else low = middle;
    }
    return high;
  }
}

/** M_n of one window up to where its upper tail no longer matters beside `pBest`. */
function predictiveCounts(plan: FlatPlan, i: number, pBest: number): Float64Array {
  const enough = Math.min(RARE, 1e-4 * pBest);
  for (let size = quantileItem(plan, i).size + 8; ; size *= 2) {
    const scratch = new Float64Array(3 * size);
    for (let lane = plan.laneFirst[i]; lane < plan.laneFirst[i + 1]; lane++) {
      const lnScale = countMixture(plan, lane, scratch, size, size, 2 * size);
      const weight = Math.exp(plan.laneValues[LANE_VALUE_STRIDE * lane] + lnScale);
      for (let n = 0; n < size; n++) scratch[n] += weight * scratch[size + n];
    }
    if (scratch[size - 1] < enough * 1e-3 || size > MOST_COUNTS) return scratch.subarray(0, size);
  }
}
