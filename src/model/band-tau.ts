/**
 * tau of a side band and the leak of the signal into it: integrals over the allowed part of the band divided by those
 * over the window. Allowed is what band-shape.ts says, the rule by which events of the band are counted; of the window,
 * whose events all count, only what lies outside windows.region is left out of tau. So a window near a kinematic edge
 * gets the tau of the part of its band that exists.
 * Error of tau: rounding where closed forms apply; 1e-5 of tau in 2D where something cuts the band or a (smooth) density
 * is integrated, 1e-9 in 1D (tests/unit/model/side-band.test.ts).
 */
import { DarkscanError } from '../errors.ts';
import { integrateAround } from './band-integral.ts';
import type { Frame } from './band-rays.ts';
import { windowCut, type BandShape } from './band-shape.ts';
import type { Card, DensityRatio } from './card.ts';
import { compileExpression, type Scope } from './expression.ts';
import { areaSums, densitySums, gaussianSums, type RadialSums } from './radial-sums.ts';
import { planeVariables } from './region.ts';
import { erfc } from '../stats/normal.ts';
import { cos, expm1, sin } from '../stats/portable.ts';
import { cholesky } from './window-integral.ts';
import type { WindowSet } from './windows.ts';

/** L of one standard deviation of the resolution of window i, and of the window. */
function framesOf(windows: WindowSet, i: number): { resolution: Frame; window: Frame } {
  const { kind, qxx, qxy, qyy, rxx, rxy, ryy } = windows;
  if (kind === 'intervals') return { resolution: [1 / Math.sqrt(rxx[i]), 0, 1], window: [1 / Math.sqrt(qxx[i]), 0, 1] };
  return { resolution: cholesky(rxx[i], rxy[i], ryy[i]), window: cholesky(qxx[i], qxy[i], qyy[i]) };
}

/** [windows.count] each, of what was asked for. */
export interface TauAndLeak {
  /** 0 where the integral over the band or over the window is. */
  readonly tau?: Float64Array;
  /**
   * Gaussian signal of the resolution in the allowed band over that in the window (the whole window: signal needs no
   * region).
   */
  readonly leak?: Float64Array;
}

/**
 * One walk through the band for both.
 * @param ratio what tau is made of; undefined where it is a formula
 * @param where path of tau in the card
 */
export function tauAndLeak(
  card: Card,
  windows: WindowSet,
  band: BandShape,
  ratio: 'area' | DensityRatio | undefined,
  hasLeak: boolean,
  scope: Scope,
  where: string,
): TauAndLeak {
  const ofTau = ratio && (ratio === 'area' ? areaSums(band.is2D) : densityOf(ratio, band, scope, where));
  const overWindow = ofTau && overWindows(windows, band, ofTau);
  const wanted = [...(ofTau ? [ofTau] : []), ...(hasLeak ? [gaussianSums(band.is2D)] : [])];
  if (wanted.length === 0) return {};
  const resolution = (i: number) => framesOf(windows, i).resolution;
  const inBand = integrateAround(windows, resolution, band.inner, band.outer, band, wanted);
  const tau = overWindow?.map((value, i) => (value > 0 ? (areaRatio(windows, i) * inBand[0][i]) / value : 0));
  if (tau && typeof ratio === 'object' && !tau.some((value) => value > 0)) {
    const place = `${where}.density`;
    const message = `card: ${place} is 0 all over every band or window, expected numbers above 0; correct the formula`;
    throw new DarkscanError('card', message, { where: place });
  }
  return { tau, leak: hasLeak ? perSignalInWindow(card, windows, band.is2D, inBand[wanted.length - 1]) : undefined };
}

function densityOf(ratio: DensityRatio, { is2D }: BandShape, scope: Scope, where: string): RadialSums {
  const place = `${where}.density`;
  return densitySums(compileExpression(ratio.density, planeVariables(is2D), scope, place), is2D, place);
}

/** [windows.count] */
function overWindows(windows: WindowSet, band: BandShape, sums: RadialSums): Float64Array {
  const window = (i: number) => framesOf(windows, i).window;
  return integrateAround(windows, window, 0, 1, windowCut(band), [sums])[0];
}

/** Area (length) of one standard deviation over that of the window. */
function areaRatio(windows: WindowSet, i: number): number {
  const { resolution, window } = framesOf(windows, i);
  return (resolution[0] * resolution[2]) / (window[0] * window[2]);
}

/** Closed form where the half-axes are one number, of whatever unit the resolution is. */
function perSignalInWindow(card: Card, windows: WindowSet, is2D: boolean, inBand: Float64Array): Float64Array {
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
