/**
 * The fits of toys: extended binned likelihood fits with backgrounds linear in their coefficients, for z = sign(S^)
 * sqrt(2 [ln L(S^, c^) - ln L(0, c^^)]) to 1e-3 (methods.md section 4). What it cannot decide has code 1 and is
 * repeated with spectrum_fit. Plan: src/model/spectrum/quick-plan.ts. One work item per (toy, hypothesis), item = toy *
 * n_hypotheses + hypothesis; result [nItems][4]: z, S^, its error, code; all 0 but the code where the code is 1.
 *
 * -ln L(t) = sum_i mu_i u_i - n_i ln u_i + sum_c (e_c + r_c t)^2/2 with u_i = 1 + g_i t; a row of the plan is mu_i, g_i or
 * e_c, r_c. With K coordinates, S = scale t_{K-1}:
 *   gradient  G_k  = sum_i (mu_i - n_i/u_i) g_ik + sum_c (e_c + r_c t) r_ck
 *   Hessian   H_kl = sum_i n_i/u_i^2 g_ik g_il   + sum_c r_ck r_cl                (near the unit matrix)
 * In f32 mu - n/u is (mu (u - 1) - (n - mu))/u, with u - 1 = g t as it comes: differences of small numbers.
 * 1. Start: t = 0, where H is expected to be 1: t_k = sum_i (n_i - mu_i) g_ik - sum_c e_c r_ck.
 * 2. Newton: L L^T = H, t -= H^-1 G; lambda = |L^-1 G| is the length of the step in errors. A step leaves at most 2 r lambda
 *    errors, r the largest relative change of u_i since H was computed; r <= c lambda with c = 2 max_i |g_i| (scales[h][1])
 *    while u > 1/2, and with c = 1 always, as -ln L is self-concordant for counts (Boyd, Vandenberghe, section 9.6). The
 *    fit with S has ended when this is below what z may lack; q lacks the square of what the fit without S lacks.
 *    Where a bin with events has u <= 0, t goes back to 0.3 of the step (of the way from 0 in the first one).
 * 3. Without S: t0 = t1 - v t1_S/v_S, v = H^-1 e_S, from the last H; then steps in the first K - 1 coordinates.
 * 4. q = 2 sum_i n_i (x_i - ln(1 + x_i)) + sum_c (r_c d)^2, d = t0 - t1, x_i = g_i d/u1_i: no cancellation, positive terms;
 *    x - ln(1 + x) = x y - 2 y^3 (1/3 + y^2/5 + ...), y = x/(2 + x). The error of S^ is scale/L_SS, L at t1.
 * Code 1: no event in the range, not there after a fixed number of steps, a pivot of H below 1e-4, a bin without events
 * with u < 0 in one of the fits, or hypotheses[h][1] = 0 and hypotheses[h][5] = 1. Forms may differ in the code where a
 * number is near its limit; where two have code 0 their z agree to 1e-3.
 *
 * The same fits exist as WebAssembly (quick/wasm.ts: f32, four toys side by side), fifty times as fast; the twin is their
 * reference and stands in for them.
 */
import type { Kernel, KernelArray, ParamValues } from './kernel.ts';
import { QUICK_BINDINGS, QUICK_PARAMS, quickArrays } from './quick/layout.ts';
import { QuickFits } from './quick/twin.ts';
import { fitWithWasm } from './quick/wasm.ts';

export { QUICK_CODE, QUICK_RESULT, QUICK_RESULT_STRIDE } from './quick/layout.ts';

export const spectrumQuick: Kernel = {
  name: 'spectrum_quick',
  bindings: QUICK_BINDINGS,
  params: QUICK_PARAMS,
  run(arrays: readonly KernelArray[], params: ParamValues, first: number, count: number): void {
    const isDone = fitWithWasm(arrays, params, first, count);
    if (!isDone) fitWithTwin(arrays, params, first, count);
  },
};

/** The twin itself; `run` takes WebAssembly where it is there. */
export function fitWithTwin(arrays: readonly KernelArray[], params: ParamValues, first: number, count: number): void {
  const inputs = quickArrays(arrays, params);
  const fits = new QuickFits(inputs);
  for (let item = first; item < first + count; item++)
    fits.run(Math.floor(item / inputs.nHypotheses), item % inputs.nHypotheses);
}
