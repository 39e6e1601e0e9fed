/**
 * tau of a side band and the leak of the signal into it: integrals over the allowed part of the band divided by those
 * over the window. Allowed is what band-shape.ts says, the rule by which events of the band are counted; of the window,
 * whose events all count, only what lies outside windows.region is left out of tau. So a window near a kinematic edge
 * gets the tau of the part of its band that exists.
 * Error of tau: rounding where closed forms apply; 1e-5 of tau in 2D where something cuts the band or a (smooth) density
 * is integrated, 1e-9 in 1D (tests/unit/model/band-integral.test.ts).
 */
import { DarkscanError } from '../errors.ts';
import { halfExtents, integrateAround } from './band-integral.ts';
import type { Frame } from './band-rays.ts';
import { isWhole, windowCut, type BandShape } from './band-shape.ts';
import type { Card, DensityRatio } from './card.ts';
import { compileExpression, type Scope } from './expression.ts';
import { areaSums, densitySums, gaussianSums, type RadialSums } from './radial-sums.ts';
import { planeVariables } from './region.ts';
import { erfc } from '../stats/normal.ts';
import { cos, exp, expm1, sin } from '../stats/portable.ts';
import { cholesky } from './window-integral.ts';
import type { WindowSet } from './windows.ts';

/** L of one standard deviation of the resolution of window i, and of the window. */
function framesOf(windows: WindowSet, i: number): { resolution: Frame; window: Frame } {
  const { kind, qxx, qxy, qyy, rxx, rxy, ryy } = windows;
  if (kind === 'intervals') return { resolution: [1 / Math.sqrt(rxx[i]), 0, 1], window: [1 / Math.sqrt(qxx[i]), 0, 1] };
  return { resolution: cholesky(rxx[i], rxy[i], ryy[i]), window: cholesky(qxx[i], qxy[i], qyy[i]) };
}

/** [windows.count] allowed area of the band over that of the window; 0 where either is empty. */
export function areaTau(windows: WindowSet, band: BandShape): Float64Array {
  const { inner, outer } = band;
  const ring = band.is2D ? (outer - inner) * (outer + inner) : outer - inner;
  const tau = windows.x.map((_, i) => ring * areaRatio(windows, i));
  return fill(tau, cutWindows(windows, band), (chosen) => ratios(windows, chosen, band, areaSums(band.is2D)));
}

/** [windows.count] the same with a density; 0 where it is 0 all over the band or all over the window. */
export function densityTau(
  windows: WindowSet,
  band: BandShape,
  ratio: DensityRatio,
  scope: Scope,
  where: string,
): Float64Array {
  const density = compileExpression(ratio.density, planeVariables(band.is2D), scope, where);
  const tau = ratios(windows, [...windows.x.keys()], band, densitySums(density, band.is2D, where));
  if (tau.some((value) => value > 0)) return tau;
  const message = `card: ${where} is 0 all over every band or window, expected numbers above 0; correct the formula`;
  throw new DarkscanError('card', message, { where });
}

/** [chosen] integral over the band divided by that over the window. */
function ratios(windows: WindowSet, chosen: readonly number[], band: BandShape, sums: RadialSums): Float64Array {
  const resolution = (i: number) => framesOf(windows, i).resolution;
  const window = (i: number) => framesOf(windows, i).window;
  const overWindow = integrateAround(windows, chosen, window, 0, 1, windowCut(band), sums);
  const overBand = integrateAround(windows, chosen, resolution, band.inner, band.outer, band, sums);
  return overBand.map((value, k) => (overWindow[k] > 0 ? (areaRatio(windows, chosen[k]) * value) / overWindow[k] : 0));
}

/** Area (length) of one standard deviation over that of the window. */
function areaRatio(windows: WindowSet, i: number): number {
  const { resolution, window } = framesOf(windows, i);
  return (resolution[0] * resolution[2]) / (window[0] * window[2]);
}

/** Windows whose annulus something cuts: the others have closed forms. */
function cutWindows(windows: WindowSet, band: BandShape): readonly number[] {
  return [...windows.x.keys()].filter((i) => {
    const { resolution } = framesOf(windows, i);
    return !isWhole(band, windows.x[i], windows.y[i], ...halfExtents(resolution, band.outer));
  });
}

function fill(
  values: Float64Array,
  chosen: readonly number[],
  of: (chosen: readonly number[]) => Float64Array,
): Float64Array {
  if (chosen.length === 0) return values;
  const found = of(chosen);
  chosen.forEach((i, k) => (values[i] = found[k]));
  return values;
}

/**
 * [windows.count] Gaussian signal of the resolution in the allowed band over that in the window (the whole window:
 * signal needs no region). Closed forms where the annulus is whole: in 2D the band holds
 * exp(-inner^2/2) - exp(-outer^2/2), in 1D the difference of two erfc.
 */
export function gaussianLeak(card: Card, windows: WindowSet, band: BandShape): Float64Array {
  const { inner, outer, is2D } = band;
  const whole = is2D
    ? exp(-0.5 * inner * inner) - exp(-0.5 * outer * outer)
    : erfc(inner * Math.SQRT1_2) - erfc(outer * Math.SQRT1_2);
  const resolution = (i: number) => framesOf(windows, i).resolution;
  const inBand = fill(new Float64Array(windows.count).fill(whole), cutWindows(windows, band), (chosen) =>
    integrateAround(windows, chosen, resolution, inner, outer, band, gaussianSums(is2D)),
  );
  const half = 'table' in card.windows ? undefined : card.windows.half_axes;
  const inEveryWindow = typeof half === 'number' ? gaussianInside(half, is2D) : undefined;
  return inBand.map((value, i) => {
    if (inEveryWindow !== undefined) return value / inEveryWindow;
    const frames = framesOf(windows, i);
    return value / gaussianInEllipse(frames.resolution, frames.window);
  });
}

/** Inside k standard deviations. */
function gaussianInside(k: number, is2D: boolean): number {
  return is2D ? -expm1(-0.5 * k * k) : 1 - erfc(k * Math.SQRT1_2);
}

/** Inside an ellipse of other half-axes, |W^-1 d| <= 1: mean over the angle of u = R^-1 d; both L are lower triangular. */
function gaussianInEllipse(resolution: Frame, window: Frame): number {
  const [sxx, syy] = [resolution[0] / window[0], resolution[2] / window[2]];
  const shear = (resolution[1] - (window[1] * resolution[0]) / window[0]) / window[2];
  let before = NaN;
  for (let n = 32; ; n *= 2) {
    let sum = 0;
    for (let k = 0; k < n; k++) {
      const angle = (2 * Math.PI * k) / n;
      const [c, s] = [cos(angle), sin(angle)];
      const [u, v] = [sxx * c, shear * c + syy * s];
      sum -= expm1(-0.5 / (u * u + v * v));
    }
    const mean = sum / n;
    if (Math.abs(mean - before) <= 1e-12 * mean || n === 1 << 16) return mean;
    before = mean;
  }
}

/** [windows.count] largest distance of a point of the window to its centre, in units of the resolution. */
export function windowReach(windows: WindowSet): Float64Array {
  return windows.x.map((_, i) => {
    const { resolution: r, window: w } = framesOf(windows, i);
    if (windows.kind === 'intervals') return w[0] / r[0];
    // Largest singular value of M = R^-1 W, both lower triangular.
    const [a, d] = [w[0] / r[0], w[2] / r[2]];
    const c = (w[1] - (r[1] * w[0]) / r[0]) / r[2];
    const half = (a * a + c * c + d * d) / 2;
    return Math.sqrt(half + Math.sqrt(Math.max(0, half * half - a * a * d * d)));
  });
}
