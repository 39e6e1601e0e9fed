/**
 * Upper limit of the profile likelihood, one-sided: the largest U with 2 [ln L(POI^, theta^) - ln L(U, theta^^)] = z^2, POI^ >= 0
 * (methods.md section 2). Twin of shaders/profile_limit.wgsl. One work item per (window, n); result [nItems][2]: U, code.
 * `z` is Phi^-1 of the one-sided confidence level, rounded to f32 on the GPU, exact here.
 */
import type { Kernel, KernelArray, ParamValues } from './kernel.ts';
import { RESULT_CODE } from './plan-bindings.ts';
import { PROFILE_BINDINGS, PROFILE_PARAMS, PROFILE_STRIDE, profileArrays } from './shared/profile-arrays.ts';
import { ProfileScan } from './shared/profile-scan.ts';

export const profileLimit: Kernel = {
  name: 'profile_limit',
  bindings: PROFILE_BINDINGS,
  params: [...PROFILE_PARAMS, { name: 'z', type: 'f32' }],
  run(arrays: readonly KernelArray[], params: ParamValues, first: number, count: number): void {
    const scan = new ProfileScan(profileArrays(arrays, params));
    const items = arrays[0] as Uint32Array;
    const result = arrays[4] as Float64Array;
    for (let i = first; i < first + count; i++) {
      scan.load(items[2 * i], items[2 * i + 1]);
      const isBlunt = !(scan.sensitivity > 0);
      const limit = isBlunt ? 0 : scan.limit(params.z);
      const converged = limit >= 0 && limit < Infinity;
      result[PROFILE_STRIDE * i] = converged ? limit : 0;
      result[PROFILE_STRIDE * i + 1] = isBlunt
        ? RESULT_CODE.noSensitivity
        : converged
          ? RESULT_CODE.ok
          : RESULT_CODE.notConverged;
    }
  },
};
