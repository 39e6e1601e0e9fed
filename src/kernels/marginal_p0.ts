/**
 * Local p0 = P(N >= n), N ~ E_b[Poisson(b)] over the background's constraint (`marginal`, Cousins-Highland; methods.md
 * section 2). Twin of shaders/marginal_p0.wgsl. One work item per window; result [nItems][3]: ln P(N >= n), ln P(N < n),
 * code. Both tails are given because Z needs the smaller one.
 */
import type { Kernel, KernelArray } from './kernel.ts';
import { planArrays, planItem, PLAN_BINDINGS, RESULT_CODE } from './plan-bindings.ts';
import { countMixture, LANE_VALUE_STRIDE, NODE_STRIDE, tilted, type PlanArrays } from './shared/count-mixture.ts';
import { lnAdd, TailSum } from './shared/count-tail.ts';

export const P0_STRIDE = 3;
/** ln of "never": what a GPU can hold where f64 has -Infinity. */
export const LN_ZERO = -1e30;

export const marginalP0: Kernel = {
  name: 'marginal_p0',
  bindings: PLAN_BINDINGS,
  params: [],
  run(arrays: readonly KernelArray[], _params, first: number, count: number): void {
    const plan = planArrays(arrays);
    const items = arrays[0] as Uint32Array;
    const scratch = arrays[6] as Float64Array;
    const result = arrays[7] as Float64Array;
    for (let i = first; i < first + count; i++) {
      const { laneFirst, laneCount, n, scratchAt, size } = planItem(items, i);
      const sum = new TailSum();
      let enough = true;
      for (let lane = laneFirst; n > 0 && lane < laneFirst + laneCount; lane++) {
        const lnWeight = plan.laneValues[LANE_VALUE_STRIDE * lane];
        if (plan.lanes[4 * lane + 1] === 1) addLane(plan, lane, n, lnWeight, sum);
        else enough = addConvolvedLane(plan, lane, n, lnWeight, sum, scratch, scratchAt, size) && enough;
      }
      const lnUpper = n === 0 ? 0 : sum.lnUpper;
      result[P0_STRIDE * i] = Math.min(0, Math.max(LN_ZERO, lnUpper));
      result[P0_STRIDE * i + 1] = n === 0 ? LN_ZERO : Math.min(0, Math.max(LN_ZERO, sum.lnLower));
      result[P0_STRIDE * i + 2] = enough ? RESULT_CODE.ok : RESULT_CODE.notConverged;
    }
  },
};

function addLane(plan: PlanArrays, lane: number, n: number, lnWeight: number, sum: TailSum): void {
  const component = plan.lanes[4 * lane];
  const first = plan.components[2 * component];
  const last = first + plan.components[2 * component + 1];
  const scale = plan.componentValues[2 * component];
  const shape = plan.componentValues[2 * component + 1];
  for (let f = first; f < last; f++) {
    sum.addNode(n, scale * plan.nodes[NODE_STRIDE * f], shape, lnWeight + plan.nodes[NODE_STRIDE * f + 1]);
  }
}

/** Several components: the distribution tilted so that n is typical, convolved, summed on the side of n that is smaller. */
function addConvolvedLane(
  plan: PlanArrays,
  lane: number,
  n: number,
  lnWeight: number,
  sum: TailSum,
  scratch: Float64Array,
  at: number,
  size: number,
): boolean {
  const tilt = saddleTilt(plan, lane, n);
  const lnScale = countMixture(plan, lane, scratch, at, size, at + size, tilt) + lnWeight;
  const lnTilt = Math.log(tilt);
  let lnSide = -Infinity;
  const from = tilt > 1 ? n : 0;
  const to = tilt > 1 ? size : n;
  for (let j = from; j < to; j++) {
    if (scratch[at + j] > 0) lnSide = lnAdd(lnSide, Math.log(scratch[at + j]) - j * lnTilt);
  }
  lnSide = Math.min(lnScale + lnSide, lnWeight);
  const other = lnWeight + Math.log(-Math.expm1(Math.min(-1e-300, lnSide - lnWeight)));
  if (tilt > 1) sum.add(lnSide, other);
  else sum.add(other, lnSide);
  const last = scratch[at + size - 1];
  return tilt <= 1 || !(last > 0) || lnScale + Math.log(last) - (size - 1) * lnTilt < lnSide - 27;
}

/** tilt with E[N tilt^N]/E[tilt^N] = n, by bisection in ln tilt. */
function saddleTilt(plan: PlanArrays, lane: number, n: number): number {
  let low = -60;
  let high = 60;
  for (let i = 0; i < 60; i++) {
    const middle = 0.5 * (low + high);
    if (tiltedMean(plan, lane, Math.exp(middle)) > n) high = middle;
    else low = middle;
  }
  return Math.exp(low);
}

function tiltedMean(plan: PlanArrays, lane: number, tilt: number): number {
  let total = 0;
  const firstComponent = plan.lanes[4 * lane];
  for (let c = firstComponent; c < firstComponent + plan.lanes[4 * lane + 1]; c++) {
    const scale = plan.componentValues[2 * c];
    const shape = plan.componentValues[2 * c + 1];
    let norm = -Infinity;
    let first = -Infinity;
    for (let f = plan.components[2 * c]; f < plan.components[2 * c] + plan.components[2 * c + 1]; f++) {
      const mean = scale * plan.nodes[NODE_STRIDE * f];
      const moved = tilted(mean, shape, tilt);
      if (!(moved >= 0)) return Infinity;
      const lnFactor = shape > 0 ? shape * Math.log((1 + moved) / (1 + mean)) : moved - mean;
      const lnWeight = plan.nodes[NODE_STRIDE * f + 1] + lnFactor;
      norm = lnAdd(norm, lnWeight);
      if (moved > 0) first = lnAdd(first, lnWeight + Math.log(shape > 0 ? shape * moved : moved));
    }
    total += Math.exp(first - norm);
  }
  return total;
}
