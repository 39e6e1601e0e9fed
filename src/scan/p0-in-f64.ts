/** The p0 of one window by any method at any count, in f64 in this thread. */
import { marginalP0, P0_STRIDE } from '../kernels/marginal_p0.ts';
import type { CountingModel } from '../model/counting-model.ts';
import type { FlatPlan } from '../model/plan/flat-plan.ts';
import { runInF64 } from './chunk-plan.ts';
import { isOnOff, onOffInF64 } from './evaluate-on-off.ts';
import { profileInF64P0 } from './evaluate-profile.ts';
import { midP, type Tails } from './mid-p.ts';
import type { P0Method } from './statistics.ts';
import { p0Item } from './window-items.ts';

/**
 * ln p0 and ln(1 - p0) of one window at any count, in f64 in this thread.
 * @param i position of the window in the plan
 */
export function p0InF64(
  model: CountingModel,
  plan: FlatPlan,
  i: number,
  method: P0Method,
  iWindow: number,
  n: number,
): Tails {
  if (method === 'profile') return profileInF64P0(model, iWindow, n);
  if (isOnOff(method)) return onOffInF64(model, method, iWindow, n);
  const tails = (count: number): Tails => {
    const [lnUpper, lnLower] = runInF64(plan, marginalP0, p0Item(plan, i, count), {}, P0_STRIDE);
    return [lnUpper, lnLower];
  };
  return method === 'marginal-mid-p' ? midP(tails(n), tails(n + 1)) : tails(n);
}
