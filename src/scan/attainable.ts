/**
 * What the discrete counts of every window allow: the largest attainable p0 at or below the best one (for the Sidak and
 * Bonferroni bounds, methods.md section 5) and the expected distribution of local Z.
 */
import { countMixture } from '../kernels/shared/count-mixture.ts';
import type { CountingModel } from '../model/counting-model.ts';
import { flattenPlan, type FlatPlan } from '../model/plan/flat-plan.ts';
import { RuleCache } from '../model/plan/rule-cache.ts';
import type { ExpectedZ, Significance } from '../model/result.ts';
import { quantileItem } from './window-items.ts';
import { zOf } from './recheck.ts';

const CHUNK = 5000;
/** Counts rarer than this do not show in the distribution of Z. */
const RARE = 1e-12;
const MOST_COUNTS = 4_000_000;
/** p0 values this close (relative) are the same attainable value, computed twice. */
const TIE = 1e-9;
/**
 * Below this best p0 (7 sigma) both bounds are N times p0, which is never smaller than the exact ones: countMixture cuts
 * its terms at 1e-22, so that far tails of the distributions here are not complete to within TIE.
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
export function scanBounds(model: CountingModel, windows: readonly number[], lnBest: number): ScanBounds {
  const cache = new RuleCache();
  const edges = Float64Array.from({ length: 57 }, (_, i) => -6 + i / 4);
  const expected = new Float64Array(edges.length - 1);
  let expectedAtOne = 0;
  let lnNone = 0;
  let sum = 0;
  const lnReach = Math.max(lnBest, LN_FAR);
  for (let at = 0; at < windows.length; at += CHUNK) {
    const chunk = windows.slice(at, at + CHUNK);
    cache.trim();
    const plan = flattenPlan(model, chunk, 0, cache);
    for (let i = 0; i < chunk.length; i++) {
      const counts = predictiveCounts(plan, i, Math.exp(lnReach));
      const p = eachCount(counts, lnReach, (probability, z) => {
        if (Number.isNaN(z)) expectedAtOne += probability;
        else expected[Math.max(0, Math.min(expected.length - 1, Math.floor((z - edges[0]) * 4)))] += probability;
      });
      sum += p;
      lnNone += Math.log1p(-Math.min(p, 1));
    }
  }
  const significance = (lnP: number, lnComplement: number): Significance => {
    const z = zOf(Math.min(0, lnP), lnComplement);
    return { lnP: Math.min(0, lnP), z: Number.isFinite(z) ? z : null };
  };
  const expectedZ = { edges, expected, expectedAtOne };
  if (lnBest < LN_FAR) {
    const lnSum = Math.min(0, Math.log(windows.length) + lnBest);
    const bound = significance(lnSum, Math.log1p(-Math.exp(lnSum)));
    return { bonferroni: bound, sidak: bound, expectedZ };
  }
  return {
    bonferroni: sum >= 1 ? { lnP: 0, z: null } : significance(Math.log(sum), Math.log1p(-sum)),
    sidak: significance(Math.log(-Math.expm1(lnNone)), lnNone),
    expectedZ,
  };
}

/** M_n of one window up to where its upper tail no longer matters beside `pBest`. */
function predictiveCounts(plan: FlatPlan, i: number, pBest: number): Float64Array {
  const enough = Math.min(RARE, 1e-4 * pBest);
  for (let size = quantileItem(plan, i).size + 8; ; size *= 2) {
    const scratch = new Float64Array(3 * size);
    for (let lane = plan.laneFirst[i]; lane < plan.laneFirst[i + 1]; lane++) {
      const lnScale = countMixture(plan, lane, scratch, size, size, 2 * size);
      const weight = Math.exp(plan.laneValues[2 * lane] + lnScale);
      for (let n = 0; n < size; n++) scratch[n] += weight * scratch[size + n];
    }
    if (scratch[size - 1] < enough * 1e-3 || size > MOST_COUNTS) return scratch.subarray(0, size);
  }
}

/** Visits (probability, z) of every likely count; returns the largest attainable p0 <= exp(lnBest). */
function eachCount(counts: Float64Array, lnBest: number, visit: (probability: number, z: number) => void): number {
  const upper = new Float64Array(counts.length);
  let tail = 0;
  for (let n = counts.length - 1; n >= 0; n--) upper[n] = tail += counts[n];
  let below = 0;
  let attainable = 0;
  for (let n = 0; n < counts.length; n++) {
    const p = Math.min(1, upper[n]);
    if (attainable === 0 && p <= Math.exp(lnBest) * (1 + TIE)) attainable = p;
    if (counts[n] > RARE) visit(counts[n], n === 0 ? NaN : zOf(Math.log(p), Math.log(below)));
    below += counts[n];
  }
  return attainable;
}
