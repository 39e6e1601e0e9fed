/**
 * p0 of any windows at any counts, many at a time: the kernels of a scan in f64, on a backend that has it (CPU, all its
 * workers). What a GPU has, f32, does not decide; p0 is computed in this thread then.
 */
import type { Backend } from '../engine/backend.ts';
import { CpuBackend } from '../engine/cpu-backend.ts';
import type { Kernel, KernelArray, ParamValues } from '../kernels/kernel.ts';
import { P0_STRIDE } from '../kernels/marginal_p0.ts';
import { onOffP0 } from '../kernels/on_off_p0.ts';
import { RESULT_CODE } from '../kernels/plan-bindings.ts';
import { profileP0 } from '../kernels/profile_p0.ts';
import { PROFILE_STRIDE, shapeParams } from '../kernels/shared/profile-arrays.ts';
import type { CountingModel } from '../model/counting-model.ts';
import { RuleCache } from '../model/plan/rule-cache.ts';
import { liMaZ } from '../stats/li-ma.ts';
import { lnNormalTail } from '../stats/normal.ts';
import { profileInF64P0, profileTails } from './evaluate-profile.ts';
import { flattenProfile } from './flatten-profile.ts';
import { MarginalPlans } from './marginal-plans.ts';
import { midP } from './mid-p.ts';
import type { P0Method } from './statistics.ts';

/** ln p0 [counts.length] of window windows[k] at counts[k]; NaN where it does not converge. */
export type LnP0 = (windows: Uint32Array, counts: Uint32Array) => Promise<Float64Array>;

export interface P0SolverOptions {
  /** Default: this thread. */
  readonly backend?: Backend;
  readonly signal?: AbortSignal;
  /** Quadratures shared between models. */
  readonly cache?: RuleCache;
}

/** Calls back with p0 of the windows of a model; what lies on the backend is freed afterwards. */
export async function withP0<T>(
  model: CountingModel,
  method: P0Method,
  { backend, signal, cache = new RuleCache() }: P0SolverOptions,
  use: (lnP0: LnP0) => Promise<T>,
): Promise<T> {
  const f64 = backend?.info.precision === 'f64' ? backend : new CpuBackend({ threads: 1 });
  const isMidP = method === 'marginal-mid-p' || method === 'on-off-mid-p';
  const open = { marginal, 'marginal-mid-p': marginal, 'on-off': onOff, 'on-off-mid-p': onOff, 'li-ma': liMa, profile };
  const { lnP0, free } = open[method](model, f64, signal, cache);
  try {
    return await use(isMidP ? ofMidP(lnP0) : lnP0);
  } finally {
    free();
    if (f64 !== backend) await f64.close();
  }
}

interface Opened {
  readonly lnP0: LnP0;
  free(): void;
}

type Signal = AbortSignal | undefined;

function marginal(model: CountingModel, backend: Backend, signal: Signal, cache: RuleCache): Opened {
  const plans = new MarginalPlans(model, backend, cache);
  return { lnP0: (windows, counts) => plans.lnP0(windows, counts, signal), free: () => plans.free() };
}

function onOff(model: CountingModel, backend: Backend, signal: Signal): Opened {
  const { nOff, tau } = bandOf(model);
  return {
    free() {},
    async lnP0(windows, counts) {
      const inputs = [counts, Uint32Array.from(windows, (w) => nOff![w]), Float64Array.from(windows, (w) => tau![w])];
      const result = await runOn(backend, onOffP0, inputs, {}, counts.length, P0_STRIDE, signal);
      return Float64Array.from(counts, (_, k) => result[P0_STRIDE * k]);
    },
  };
}

function liMa(model: CountingModel): Opened {
  const { nOff, tau } = bandOf(model);
  return {
    free() {},
    lnP0: async (windows, counts) =>
      Float64Array.from(windows, (w, k) => lnNormalTail(liMaZ(counts[k], nOff![w], tau![w]))),
  };
}

function profile(model: CountingModel, backend: Backend, signal: Signal): Opened {
  if (model.components.some((c) => c.kind === 'polynomial')) {
    const each: LnP0 = async (windows, counts) =>
      Float64Array.from(windows, (w, k) => profileInF64P0(model, w, counts[k])[0]);
    return { lnP0: each, free() {} };
  }
  const arrays = flattenProfile(model, Array.from(model.n.keys()));
  const held = [arrays.structure, arrays.kinds, arrays.values].map((array) => backend.upload(array));
  return {
    free: () => held.forEach((handle) => backend.free(handle)),
    async lnP0(windows, counts) {
      const items = new Uint32Array(2 * windows.length);
      windows.forEach((w, k) => items.set([w, counts[k]], 2 * k));
      const own = [items, new Float64Array(PROFILE_STRIDE * windows.length)].map((array) => backend.upload(array));
      try {
        const handles = [own[0], ...held, own[1]];
        await backend.run(profileP0, handles, shapeParams(arrays), 0, windows.length, { signal });
        const result = await backend.read(own[1]);
        return Float64Array.from(windows, (_, k) =>
          result[PROFILE_STRIDE * k + 1] === RESULT_CODE.ok ? profileTails(result[PROFILE_STRIDE * k])[0] : NaN,
        );
      } finally {
        own.forEach((handle) => backend.free(handle));
      }
    },
  };
}

/** Half of P(N = n) less; p0 at n + 1 is asked for once where it is the next one wanted anyway. */
function ofMidP(tail: LnP0): LnP0 {
  return async (windows, counts) => {
    const [w, n]: number[][] = [[], []];
    const at = Array.from(windows, (window, k) => {
      w.push(window);
      n.push(counts[k]);
      const place = w.length - 1;
      if (windows[k + 1] !== window || counts[k + 1] !== counts[k] + 1) {
        w.push(window);
        n.push(counts[k] + 1);
      }
      return place;
    });
    const lnP = await tail(Uint32Array.from(w), Uint32Array.from(n));
    return Float64Array.from(at, (place) => midP([lnP[place], 0], [lnP[place + 1], 0])[0]);
  };
}

function bandOf({ components }: CountingModel) {
  return components.find((c) => c.kind === 'side-band')!;
}

/** Result [nItems][stride] of a kernel whose last binding it is. */
async function runOn(
  backend: Backend,
  kernel: Kernel,
  inputs: readonly KernelArray[],
  params: ParamValues,
  nItems: number,
  stride: number,
  signal: Signal,
): Promise<KernelArray> {
  const handles = [...inputs, new Float64Array(stride * nItems)].map((array) => backend.upload(array));
  try {
    await backend.run(kernel, handles, params, 0, nItems, { signal });
    return await backend.read(handles[inputs.length]);
  } finally {
    handles.forEach((handle) => backend.free(handle));
  }
}
