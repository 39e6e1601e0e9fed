/**
 * Counts expected from background alone: n_q = smallest n with P(N <= n) >= q under the predictive distribution
 * E_b[Poisson(n | b)] (methods.md section 2, "expected limits"), for the five quantiles of the result.
 * Twin of shaders/predictive_quantiles.wgsl. One work item per window; result [nItems][6]: n of the five quantiles, code.
 */
import type { Kernel, KernelArray, ParamValues } from './kernel.ts';
import { planArrays, planItem, PLAN_BINDINGS, RESULT_CODE } from './plan-bindings.ts';
import { countMixture, LANE_VALUE_STRIDE } from './shared/count-mixture.ts';

export const QUANTILE_STRIDE = 6;

export const predictiveQuantiles: Kernel = {
  name: 'predictive_quantiles',
  bindings: PLAN_BINDINGS,
  params: [0, 1, 2, 3, 4].map((i) => ({ name: `q${i}`, type: 'f32' as const })),
  run(arrays: readonly KernelArray[], params: ParamValues, first: number, count: number): void {
    const plan = planArrays(arrays);
    const items = arrays[0] as Uint32Array;
    const scratch = arrays[6] as Float64Array;
    const result = arrays[7] as Float64Array;
    const levels = [params.q0, params.q1, params.q2, params.q3, params.q4];
    for (let i = first; i < first + count; i++) {
      const { laneFirst, laneCount, scratchAt, size } = planItem(items, i);
      const sum = scratchAt;
      const lane = laneCount > 1 ? scratchAt + size : scratchAt;
      if (laneCount > 1) scratch.fill(0, sum, sum + size);
      for (let l = laneFirst; l < laneFirst + laneCount; l++) {
        const lnScale = countMixture(plan, l, scratch, lane, size, lane + size);
        const weight = Math.exp(plan.laneValues[LANE_VALUE_STRIDE * l] + lnScale);
        for (let j = 0; j < size; j++)
          scratch[sum + j] = (laneCount > 1 ? scratch[sum + j] : 0) + weight * scratch[lane + j];
      }
      let cumulative = 0;
      let level = 0;
      for (let j = 0; j < size && level < 5; j++) {
        cumulative += scratch[sum + j];
        while (level < 5 && cumulative >= levels[level]) result[QUANTILE_STRIDE * i + level++] = j;
      }
      for (let rest = level; rest < 5; rest++) result[QUANTILE_STRIDE * i + rest] = size;
      result[QUANTILE_STRIDE * i + 5] = level < 5 ? RESULT_CODE.repeatInF64 : RESULT_CODE.ok;
    }
  },
};
