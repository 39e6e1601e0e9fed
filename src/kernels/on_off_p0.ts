/**
 * On-off p0, p_Bi = I_{1/(1+tau)}(n_on, n_off + 1) (Cousins, Linnemann, Tucker 2008): the count in the window given
 * n_on + n_off is binomial, which equals P(N >= n_on) of the negative binomial of shape n_off + 1 and odds 1/tau.
 * Twin of shaders/on_off_p0.wgsl. One work item per window; result [nItems][3]: ln p, ln(1 - p), code.
 */
import type { Kernel, KernelArray } from './kernel.ts';
import { LN_ZERO, P0_STRIDE } from './marginal_p0.ts';
import { RESULT_CODE } from './plan-bindings.ts';
import { TailSum } from './shared/count-tail.ts';

export const onOffP0: Kernel = {
  name: 'on_off_p0',
  bindings: [
    { name: 'n_on', element: 'u32', access: 'read' },
    { name: 'n_off', element: 'u32', access: 'read' },
    { name: 'tau', element: 'f64', access: 'read' },
    { name: 'result', element: 'f64', access: 'write' },
  ],
  params: [],
  run(arrays: readonly KernelArray[], _params, first: number, count: number): void {
    const [nOn, nOff] = arrays as readonly Uint32Array[];
    const tau = arrays[2] as Float64Array;
    const result = arrays[3] as Float64Array;
    for (let i = first; i < first + count; i++) {
      const sum = new TailSum();
      if (nOn[i] > 0) sum.addNode(nOn[i], 1 / tau[i], nOff[i] + 1, 0);
      else sum.add(0, -Infinity);
      result[P0_STRIDE * i] = Math.min(0, Math.max(LN_ZERO, sum.lnUpper));
      result[P0_STRIDE * i + 1] = Math.min(0, Math.max(LN_ZERO, sum.lnLower));
      result[P0_STRIDE * i + 2] = RESULT_CODE.ok;
    }
  },
};
