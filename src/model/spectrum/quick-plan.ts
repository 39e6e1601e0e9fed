/**
 * The fits of toys as flat arrays (read by src/kernels/spectrum_quick.ts, which says what is done with them). Made once
 * per expected spectrum, for backgrounds that are linear in their coefficients.
 *
 * Bin i of a hypothesis has the mean nu_i = mu_i u_i, u_i = 1 + sum_k g_ik t_k: mu is the background-only fit of the expected
 * spectrum, t = 0 there; the coordinates t are those in which the Fisher information at the start is the unit matrix,
 *   sum_i mu_i g_ik g_il + sum_c r_ck r_cl = delta_kl,
 * backgrounds first, and S = scale t_last because S comes last. Constraint c adds (e_c + sum_k r_ck t_k)^2/2 to -ln L.
 */
import { DarkscanError } from '../../errors.ts';
import { HYPOTHESIS_STRIDE, SETTINGS, type FitPlan } from './fit-plan.ts';
import { quickStart, type QuickStart } from './quick-start.ts';

/** Words per hypothesis in `hypotheses`, numbers in `scales`; those of src/kernels/quick/layout.ts. */
export const QUICK_STRIDE = 6;
export const QUICK_SCALES = 2;
/** Hypotheses with more parameters are left to the f64 fits. */
export const MOST_QUICK_PARAMS = 12;
/** Expected events of a bin, above which f32 is not enough for 1e-3 in z. */
const MOST_EVENTS = 2 ** 22;

export interface QuickPlan {
  readonly nHypotheses: number;
  /** Largest number of parameters, and of bins of a hypothesis. */
  readonly maxParams: number;
  readonly maxBins: number;
  /**
   * [nHypotheses][6] place of its first bin in `bins`; number of bins, 0 where it is not fitted here; its offset in `rows`;
   * number of parameters K; number of constraints; where it has no bins the code of its results: 0 the plan has a status
   * (no z in any toy), 1 the f64 fits decide.
   */
  readonly hypotheses: Uint32Array;
  /** Bins of the spectrum. */
  readonly bins: Uint32Array;
  /** Per hypothesis [nBins + nConstraints][1 + K]: mu_i, g_i0 .. g_i,K-1 of its bins, then e_c, r_c0 .. r_c,K-1. */
  readonly rows: Float64Array;
  /** [nHypotheses][2] S per unit of the last coordinate; largest length of g_i, sqrt(sum_k g_ik^2), over its bins. */
  readonly scales: Float64Array;
}

/** @param expected [nBins of the spectrum] expected events, of the ensemble that toys are thrown from */
export function makeQuickPlan(plan: FitPlan, expected: Float64Array): QuickPlan {
  const nBins = plan.bins.reduce((most, bin) => Math.max(most, bin + 1), 0);
  const wrong = expected.findIndex((value) => !(value >= 0 && value < Infinity));
  if (expected.length < nBins || wrong >= 0) {
    const found = wrong < 0 ? `are ${expected.length} bins` : `of bin ${wrong} are ${expected[wrong]}`;
    throw new DarkscanError('internal', `quick plan: expected events ${found}, allowed are ${nBins} numbers >= 0`);
  }
  return assemble(plan.statuses.map((status, h) => (status === 'ok' ? oneOf(plan, h, expected) : NOT_FITTED)));
}

/** Several spectra as one, whose counts stand one behind the other; hypotheses are numbered through. */
export function joinQuickPlans(plans: readonly QuickPlan[], nBins: readonly number[]): QuickPlan {
  const ones: One[] = [];
  let before = 0;
  plans.forEach(({ nHypotheses, hypotheses, bins, rows, scales }, p) => {
    for (let h = 0; h < nHypotheses; h++) {
      const [first, size, offset, K, nConstraints, code] = hypotheses.subarray(QUICK_STRIDE * h);
      ones.push({
        code,
        nParams: K,
        nConstraints,
        bins: bins.slice(first, first + size).map((bin) => bin + before),
        rows: rows.subarray(offset, offset + (size === 0 ? 0 : (size + nConstraints) * (1 + K))),
        scales: scales.subarray(QUICK_SCALES * h, QUICK_SCALES * (h + 1)),
      });
    }
    before += nBins[p];
  });
  return assemble(ones);
}

interface One {
  readonly code: number;
  readonly nParams: number;
  readonly nConstraints: number;
  readonly bins: Uint32Array;
  readonly rows: Float64Array;
  readonly scales: ArrayLike<number>;
}

const NOT_FITTED: One = {
  code: 0,
  nParams: 0,
  nConstraints: 0,
  bins: new Uint32Array(0),
  rows: new Float64Array(0),
  scales: [0, 0],
};
const LEFT_TO_F64: One = { ...NOT_FITTED, code: 1 };

function oneOf(plan: FitPlan, h: number, expected: Float64Array): One {
  const [first, nBins, offset, K, nLog] = plan.hypotheses.subarray(HYPOTHESIS_STRIDE * h);
  if (nLog > 0 || K > MOST_QUICK_PARAMS) return LEFT_TO_F64;
  const bins = plan.bins.slice(first, first + nBins);
  const setting = (row: number) => {
    const at = (h * SETTINGS + row) * plan.maxParams;
    return plan.settings.subarray(at, at + K);
  };
  const start = quickStart({
    nBins,
    columns: Array.from({ length: K }, (_, k) => plan.design.subarray(offset + k * nBins, offset + (k + 1) * nBins)),
    centres: setting(2),
    weights: setting(3),
    starts: setting(4),
    expected: Float64Array.from(bins, (bin) => expected[bin]),
  });
  return start !== undefined && start.means.every((mean) => mean < MOST_EVENTS) ? fromStart(start, bins) : LEFT_TO_F64;
}

function fromStart({ means, pulls, units, scale }: QuickStart, bins: Uint32Array): One {
  const [K, nBins] = [units.length, bins.length];
  const rows = new Float64Array((nBins + pulls.length) * (1 + K));
  let longest = 0;
  for (let i = 0; i < nBins + pulls.length; i++) {
    const at = i * (1 + K);
    rows[at] = i < nBins ? means[i] : pulls[i - nBins];
    units.forEach((unit, k) => (rows[at + 1 + k] = i < nBins ? unit[i] / Math.sqrt(means[i]) : unit[i]));
    if (i < nBins) longest = Math.max(longest, Math.hypot(...rows.subarray(at + 1, at + 1 + K)));
  }
  return { code: 1, nParams: K, nConstraints: pulls.length, bins, rows, scales: [scale, longest] };
}

function assemble(ones: readonly One[]): QuickPlan {
  const count = (size: (one: One) => number) => ones.reduce((sum, one) => sum + size(one), 0);
  const largest = (size: (one: One) => number) => ones.reduce((most, one) => Math.max(most, size(one)), 1);
  const hypotheses = new Uint32Array(QUICK_STRIDE * ones.length);
  const scales = new Float64Array(QUICK_SCALES * ones.length);
  const bins = new Uint32Array(count((one) => one.bins.length));
  const rows = new Float64Array(count((one) => one.rows.length));
  let [nBins, nNumbers] = [0, 0];
  ones.forEach((one, h) => {
    const words = [nBins, one.bins.length, nNumbers, one.nParams, one.nConstraints, one.code];
    hypotheses.set(words, QUICK_STRIDE * h);
    scales.set(Array.from(one.scales), QUICK_SCALES * h);
    bins.set(one.bins, nBins);
    rows.set(one.rows, nNumbers);
    nBins += one.bins.length;
    nNumbers += one.rows.length;
  });
  const [maxParams, maxBins] = [largest((one) => one.nParams), largest((one) => one.bins.length)];
  return { nHypotheses: ones.length, maxParams, maxBins, hypotheses, bins, rows, scales };
}
