/**
 * Profile likelihood of a window whose background is a polynomial fitted beside it: the Poisson terms of all bins and
 * of the count n in the window, expected s POI + (integral of the polynomial). arXiv:1007.1727 for the test statistics.
 */
import { bd0 } from '../../stats/deviance.ts';
import { zFromLnP } from '../../stats/normal.ts';
import { log1p } from '../../stats/portable.ts';
import type { BandFit } from './band-fit.ts';
import { fitBands, fitWithWindow, lossOfBands, type BandsAlone } from './fit-window.ts';

const MAX_STEPS = 100;
/** Newton steps on a smooth function: the error after a step is of the order of its square. */
const RELATIVE_STEP = 1e-8;

/**
 * q0 = 2 [ln L(POI^) - ln L(0)] (Eq. 12), 0 for POI^ <= 0. With POI free the count of the window is described exactly.
 * Not converged, q0 NaN, where the bands cannot be fitted.
 */
export function polynomialQ0(bands: BandFit, n: number): { q0: number; converged: boolean } {
  const alone = fitBands(bands);
  if (alone === undefined) return { q0: NaN, converged: false };
  if (n <= alone.b0) return { q0: 0, converged: true };
  const { fit, background } = fitWithWindow(bands, alone, n, 0);
  if (!fit.converged) return { q0: NaN, converged: false };
  return { q0: 2 * (lossOfBands(bands, alone.fit, fit) + bd0(n, background)), converged: true };
}

/**
 * Upper limit: the POI > POI^ with 2 [ln L(POI^) - ln L(POI)] = z^2, P(X > z) = 1 - level, POI^ >= 0 and the
 * polynomial fitted anew at every POI, its integral over the window >= 0.
 * @param sensitivity expected signal events per unit POI, > 0
 * Not converged, limit NaN, where the bands cannot be fitted. Relative error below 1e-10.
 */
export function polynomialLimit(
  bands: BandFit,
  n: number,
  sensitivity: number,
  level: number,
): { limit: number; converged: boolean } {
  const alone = fitBands(bands);
  if (alone === undefined) return { limit: NaN, converged: false };
  const z = Math.max(0, zFromLnP(log1p(-level)));
  // The count n = 0 adds -S to ln L, whatever the polynomial.
  const signal = n === 0 ? (z * z) / 2 : crossing(n, alone, lossAt(bands, alone, n), (z * z) / 2);
  return { limit: signal / sensitivity, converged: Number.isFinite(signal) };
}

interface Loss {
  /** ln L(POI^) - ln L(S) and its slope in S. */
  readonly value: number;
  readonly slope: number;
}

/** ln L lost at S signal events; undefined where a fit did not converge. */
function lossAt(bands: BandFit, alone: BandsAlone, n: number): (S: number) => Loss | undefined {
  const isExcess = n > alone.b0;
  const best = isExcess ? undefined : fitWithWindow(bands, alone, n, 0);
  let near = alone.fit.coefficients;
  return (S) => {
    const { fit, background } = fitWithWindow(bands, alone, n, S, near);
    near = background > 0 ? fit.coefficients : alone.fit.coefficients;
    if (!fit.converged || best?.fit.converged === false) return undefined;
    const mean = S + background;
    const slope = 1 - n / mean;
    if (best === undefined) return { value: lossOfBands(bands, alone.fit, fit) + bd0(n, mean), slope };
    // As in lossOfBands, with the window as one more row; S itself is not in the span of the rows.
    const atZero = best.background;
    const window = (n / atZero) * bd0(atZero, mean) + S * (1 - n / atZero);
    return { value: lossOfBands(bands, best.fit, fit) + window, slope };
  };
}

/** Newton steps for loss(S) = wanted, a convex function: from above they fall towards the root and stay above. */
function crossing(n: number, alone: BandsAlone, loss: (S: number) => Loss | undefined, wanted: number): number {
  const best = Math.max(0, n - alone.b0);
  if (wanted === 0) return best;
  let [low, high] = [best, Infinity];
  let S = best + wanted + Math.sqrt(2 * wanted * (Math.max(n, alone.b0) + alone.error * alone.error));
  for (let step = 0; step < MAX_STEPS; step++) {
    const at = loss(S);
    if (at === undefined) return NaN;
    if (at.value < wanted) low = S;
    else high = S;
    const next = S - (at.value - wanted) / at.slope;
    if (Math.abs(next - S) <= RELATIVE_STEP * S) return next;
    if (next > low && next < high) S = next;
    else S = high < Infinity ? (low + high) / 2 : 2 * S;
  }
  return NaN;
}
