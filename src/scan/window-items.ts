/** Work items of the plan kernels: the lanes of a window, its count, and the room the kernel needs. */
import { bayesScratch } from '../kernels/bayes_limit.ts';
import { LANE_VALUE_STRIDE, NODE_STRIDE } from '../kernels/shared/count-mixture.ts';
import type { FlatPlan } from '../model/plan/flat-plan.ts';
import type { UnplacedItem } from './chunk-plan.ts';

export function p0Item(plan: FlatPlan, i: number, n: number): UnplacedItem {
  const [laneFirst, laneCount] = lanesOf(plan, i);
  if (plan.convolutions[i] === 0) return { local: i, laneFirst, laneCount, n, size: 1, scratch: 0 };
  const spread = plan.countDeviation[i] * Math.max(1, n / Math.max(plan.backgroundMean[i], 1e-3));
  const size = Math.ceil(n + 12 * Math.sqrt(n) + 8 * Math.min(spread, n) + 60);
  return { local: i, laneFirst, laneCount, n, size, scratch: 2 * size };
}

/** P(N >= mean + 6.6 deviations) < 2.25 % for any distribution (Cantelli), so the quantiles lie below `size`. */
export function quantileItem(plan: FlatPlan, i: number): UnplacedItem {
  const [laneFirst, laneCount] = lanesOf(plan, i);
  const size = Math.ceil(plan.backgroundMean[i] + 6.6 * plan.countDeviation[i]) + 2;
  return { local: i, laneFirst, laneCount, n: 0, size, scratch: 3 * size };
}

export function limitItem(plan: FlatPlan, i: number, n: number): UnplacedItem {
  const [laneFirst, laneCount] = lanesOf(plan, i);
  const size = n + leakedEvents(plan, i, n) + 1;
  return { local: i, laneFirst, laneCount, n, size, scratch: bayesScratch(laneCount, size) };
}

/** ln of how far the likelihood of T has fallen where it no longer counts. */
const LN_DROP = 45;

/**
 * C of kernels/bayes_limit.ts: how many events of the side band can come from signal; the kernel reports it if more do.
 *
 * With x = l F/tau the profile of ln L over b falls above T = n at least by (1 - x)[T - n - n ln(T/n)] (of the two
 * equations of the maximum, A = n/(T + b) and B = n_off/(tau b + l T) obey B - 1 <= (1 - A) F/tau, so the slope
 * A - 1 + l (B - 1) is at most -(1 - x)(1 - A)), and above T = (n + n_off)/(1 + l) at least by the same form of
 * (1 + l) T with n + n_off in place of n and x = 0. Below that T the band holds l T B events of signal.
 */
function leakedEvents(plan: FlatPlan, i: number, n: number): number {
  const lane = plan.laneFirst[i];
  const leak = plan.laneValues[LANE_VALUE_STRIDE * lane + 2];
  if (!(leak > 0)) return 0;
  const nOff = plan.componentValues[2 * plan.lanes[4 * lane] + 1] - 1;
  const perOff = highestMean(plan, i);
  const most = fallen(n + nOff, LN_DROP) / (1 + leak);
  const t = leak * perOff < 1 ? Math.min(most, fallen(n, LN_DROP / (1 - leak * perOff))) : most;
  const mean = leak * t * (1 + perOff);
  return Math.min(nOff, Math.ceil(mean + 9 * Math.sqrt(mean) + 14));
}

/** A bound on T with T - n - n ln(T/n) = drop, T > n: u - ln(1 + u) >= u^2/(2(1 + u)) with T = n(1 + u). */
function fallen(n: number, drop: number): number {
  return n + drop + Math.sqrt(drop * drop + 2 * n * drop);
}

/** Largest mean per event of the band, over the nodes of its transfer factor in every lane of window i. */
function highestMean(plan: FlatPlan, i: number): number {
  let highest = 0;
  for (let lane = plan.laneFirst[i]; lane < plan.laneFirst[i + 1]; lane++) {
    const band = plan.lanes[4 * lane];
    const first = plan.components[2 * band];
    let factor = 0;
    for (let f = first; f < first + plan.components[2 * band + 1]; f++) {
      factor = Math.max(factor, plan.nodes[NODE_STRIDE * f]);
    }
    highest = Math.max(highest, factor * plan.componentValues[2 * band]);
  }
  return highest;
}

function lanesOf(plan: FlatPlan, i: number): [number, number] {
  return [plan.laneFirst[i], plan.laneFirst[i + 1] - plan.laneFirst[i]];
}
