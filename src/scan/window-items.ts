/** Work items of the plan kernels: the lanes of a window, its count, and the room the kernel needs. */
import { bayesScratch } from '../kernels/bayes_limit.ts';
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
  return { local: i, laneFirst, laneCount, n, size: n + 1, scratch: bayesScratch(laneCount, n) };
}

function lanesOf(plan: FlatPlan, i: number): [number, number] {
  return [plan.laneFirst[i], plan.laneFirst[i + 1] - plan.laneFirst[i]];
}
