/** The numbers of all windows while they are being filled in: which windows have which, and where results go. */
import { RESULT_CODE } from '../kernels/plan-bindings.ts';
import type { BackgroundComponent, CountingModel } from '../model/counting-model.ts';
import { Recheck, zOf } from './recheck.ts';
import type { WindowStatistics, WindowStatus } from './statistics.ts';

/** Numbers per window; NaN where the status says there is none. */
export interface WindowNumbers {
  readonly status: WindowStatus[];
  readonly bkg: Float64Array;
  readonly bkgErr: Float64Array;
  readonly sensErr: Float64Array;
  /** One entry per method of the statistics. */
  readonly p0: readonly { lnP: Float64Array; lnComplement: Float64Array; z: Float64Array }[];
  /** [nWindows][5] expected counts at the quantiles. */
  readonly nExpected: Uint32Array;
  /** One entry per limit: observed and the five quantiles. */
  readonly limits: readonly { observed: Float64Array; expected: readonly Float64Array[] }[];
  readonly recheck: Recheck;
}

export function emptyNumbers(
  model: CountingModel,
  statistics: WindowStatistics,
  blind: Uint8Array | undefined,
): WindowNumbers {
  const array = () => new Float64Array(model.nWindows).fill(NaN);
  const bkg = new Float64Array(model.nWindows);
  for (const component of model.components) component.b0.forEach((b, i) => (bkg[i] += b));
  const status = Array.from(bkg, (_, i): WindowStatus => {
    if (model.components.some((c) => !isUsable(c, i))) return 'bad-background';
    if (blind?.[i]) return 'blind';
    if (!(model.sensitivity[i] > 0)) return 'no-sensitivity';
    if (!hasBackground(model, i) && model.n[i] > 0) return 'zero-background';
    return model.components.some((c) => c.kind === 'mc-stat' && c.entries?.[i] === 0) ? 'no-mc' : 'ok';
  });
  return {
    status,
    bkg,
    bkgErr: array(),
    sensErr: array(),
    p0: statistics.p0.map(() => ({ lnP: array(), lnComplement: array(), z: array() })),
    nExpected: new Uint32Array(5 * model.nWindows),
    limits: statistics.limits.map(() => ({
      observed: array(),
      expected: [array(), array(), array(), array(), array()],
    })),
    recheck: new Recheck(),
  };
}

/** Usable, and not exactly 0: otherwise an event in the window has no p0. */
export function hasBackground({ components }: CountingModel, i: number): boolean {
  if (components.some((c) => !isUsable(c, i))) return false;
  return components.some((c) => c.kind === 'mc-stat' || c.kind === 'side-band' || c.b0[i] > 0);
}

/** A mean that is a number >= 0, and for a band an exposure. */
function isUsable({ b0, tau }: BackgroundComponent, i: number): boolean {
  return b0[i] >= 0 && Number.isFinite(b0[i]) && (tau === undefined || (tau[i] > 0 && Number.isFinite(tau[i])));
}

export function hasP0(status: WindowStatus): boolean {
  return status !== 'blind' && status !== 'zero-background' && status !== 'bad-background';
}

/** Windows with a p0, in order. */
export function windowsWithP0(numbers: WindowNumbers): number[] {
  return Array.from(numbers.status.keys()).filter((w) => hasP0(numbers.status[w]));
}

/** Counts of a window whose limits are wanted: observed (unless blind) and the five expected ones. */
export function wantedCounts(numbers: WindowNumbers, model: CountingModel, w: number): number[] {
  const expected = Array.from(numbers.nExpected.subarray(5 * w, 5 * w + 5));
  return numbers.status[w] === 'blind' ? expected : [model.n[w], ...expected];
}

export function storeLimit(
  numbers: WindowNumbers,
  iLimit: number,
  model: CountingModel,
  w: number,
  n: number,
  limit: number,
  code: number,
): void {
  const { observed, expected } = numbers.limits[iLimit];
  if (code === RESULT_CODE.notConverged || code === RESULT_CODE.repeatInF64) {
    numbers.status[w] = 'not-converged';
    return;
  }
  if (code === RESULT_CODE.noSensitivity) return;
  if (code === RESULT_CODE.priorEdge && (numbers.status[w] === 'ok' || numbers.status[w] === 'no-mc'))
    numbers.status[w] = 'prior-edge';
  if (model.n[w] === n && numbers.status[w] !== 'blind') observed[w] = limit;
  for (let q = 0; q < 5; q++) if (numbers.nExpected[5 * w + q] === n) expected[q][w] = limit;
}

/** Equal tails are p = 1/2 (no excess, in the asymptotic methods): z is 0 then, in f32 too. */
export function storeP0(target: WindowNumbers['p0'][number], w: number, lnP: number, lnComplement: number): void {
  const half = lnP === lnComplement;
  target.lnP[w] = half ? -Math.LN2 : lnP;
  target.lnComplement[w] = half ? -Math.LN2 : lnComplement;
  target.z[w] = half ? 0 : zOf(lnP, lnComplement);
}
