/**
 * Discovery statistic q0 = 2 [ln L(POI^, theta^) - ln L(0, theta^^)] of a counting window (arXiv:1007.1727, Eq. 12; methods.md
 * section 2), 0 without an excess. Twin of shaders/profile_p0.wgsl. One work item per (window, n); result [nItems][2]:
 * q0, code. The likelihood is that of shared/profile-likelihood.ts, the fit that of shared/profile-fit.ts.
 */
import type { Kernel, KernelArray, ParamValues } from './kernel.ts';
import { RESULT_CODE } from './plan-bindings.ts';
import { PROFILE_BINDINGS, PROFILE_PARAMS, PROFILE_STRIDE, profileArrays } from './shared/profile-arrays.ts';
import { ProfileScan } from './shared/profile-scan.ts';

export const profileP0: Kernel = {
  name: 'profile_p0',
  bindings: PROFILE_BINDINGS,
  params: PROFILE_PARAMS,
  run(arrays: readonly KernelArray[], params: ParamValues, first: number, count: number): void {
    const scan = new ProfileScan(profileArrays(arrays, params));
    const items = arrays[0] as Uint32Array;
    const result = arrays[4] as Float64Array;
    for (let i = first; i < first + count; i++) {
      scan.load(items[2 * i], items[2 * i + 1]);
      const q0 = scan.q0();
      const converged = q0 >= 0 && q0 < Infinity;
      result[PROFILE_STRIDE * i] = converged ? q0 : 0;
      result[PROFILE_STRIDE * i + 1] = converged ? RESULT_CODE.ok : RESULT_CODE.notConverged;
    }
  },
};
