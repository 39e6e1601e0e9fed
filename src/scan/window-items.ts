/** Work items of the plan kernels: the lanes of a window, its count, and the room the kernel needs. */
import { bayesScratch } from '../kernels/bayes_limit.ts';
import { LANE_VALUE_STRIDE } from '../kernels/shared/count-mixture.ts';
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

/**
 * C of kernels/bayes_limit.ts: how many events of the side band can come from signal. Given T signal events that number
 * is binomial with a mean below leak T, and the posterior ends ten deviations above n - b: the rest is below 1e-16.
 */
function leakedEvents(plan: FlatPlan, i: number, n: number): number {
  const lane = plan.laneFirst[i];
  const leak = plan.laneValues[LANE_VALUE_STRIDE * lane + 2];
  if (!(leak > 0)) return 0;
  const nOff = plan.componentValues[2 * plan.lanes[4 * lane] + 1] - 1;
  const spread = Math.sqrt(n + 1 + plan.backgroundDeviation[i] ** 2);
  const mean = leak * (Math.max(0, n - plan.backgroundMean[i]) + 10 * spread + 40);
  return Math.min(nOff, Math.ceil(mean + 9 * Math.sqrt(mean) + 14));
}

function lanesOf(plan: FlatPlan, i: number): [number, number] {
  return [plan.laneFirst[i], plan.laneFirst[i + 1] - plan.laneFirst[i]];
}
