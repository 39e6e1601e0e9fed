/**
 * The fits of one window: polynomial to the bands alone, or to the bands and the count of the window with S signal
 * events expected there. Differences of ln L between them are sums of terms >= 0: they keep their digits at 1e6 events
 * per bin, where ln L itself has lost them.
 */
import { bd0 } from '../../stats/deviance.ts';
import type { BandFit } from './band-fit.ts';
import { makeDesign, type Design } from './design.ts';
import { quadratic } from './normal-matrix.ts';
import { fitPoisson, type PoissonFit, type PoissonRows } from './poisson-fit.ts';

/** The bands alone: S is free, the window says nothing about the polynomial. */
export interface BandsAlone {
  readonly design: Design;
  readonly fit: PoissonFit;
  /** Expected background of the window and its standard deviation. */
  readonly b0: number;
  readonly error: number;
}

/** Bands and window together at fixed S. */
export interface WithWindow {
  readonly fit: PoissonFit;
  /** Expected background of the window, >= 0. */
  readonly background: number;
}

/** Standard deviations above this many times all events: only bounds of bins without events hold the polynomial. */
const UNDETERMINED = 1e3;

const cache = new WeakMap<BandFit, { readonly fit: BandsAlone | undefined }>();

/**
 * Undefined where the bands say nothing about the window: fewer bins than coefficients, no event, a singular fit, one
 * that does not converge, an expectation in the window that is not above 0.
 */
export function fitBands(bands: BandFit): BandsAlone | undefined {
  const known = cache.get(bands) ?? { fit: makeFit(bands) };
  cache.set(bands, known);
  return known.fit;
}

function makeFit(bands: BandFit): BandsAlone | undefined {
  if (bands.counts.length < bands.degree + 1 || bands.counts.every((n) => n === 0)) return undefined;
  const design = makeDesign(bands);
  const counts = Float64Array.from(bands.counts);
  const rows: PoissonRows = {
    nCoefficients: design.nCoefficients,
    matrix: design.bins,
    counts,
    slopes: counts.map(() => 1),
    offsets: new Float64Array(counts.length),
  };
  const fit = fitPoisson(rows, flatStart(design, counts));
  if (!fit.converged || fit.information === undefined) return undefined;
  const b0 = dot(design.window, fit.coefficients);
  const error = Math.sqrt(quadratic(fit.information, design.window));
  const isDetermined = error < UNDETERMINED * counts.reduce((sum, n) => sum + n, 0);
  return b0 > 0 && isDetermined ? { design, fit, b0, error } : undefined;
}

/**
 * n > 0 events in the window, S >= 0 of them expected from signal.
 * @param near coefficients to start from where every bin has events; those of the bands alone without it
 */
export function fitWithWindow(
  bands: BandFit,
  alone: BandsAlone,
  n: number,
  S: number,
  near = alone.fit.coefficients,
): WithWindow {
  const first = jointFit(bands, alone, n, S, near, false);
  const background = dot(alone.design.window, first.coefficients);
  if (S === 0 || background >= 0 || !first.converged) return { fit: first, background };
  const bounded = jointFit(bands, alone, n, S, alone.fit.coefficients, true);
  return { fit: bounded, background: bounded.means[bounded.means.length - 1] };
}

/** Rows: the bins, the window, and with `bounded` background >= 0 in the window. */
function jointFit(
  bands: BandFit,
  alone: BandsAlone,
  n: number,
  S: number,
  near: Float64Array,
  bounded: boolean,
): PoissonFit {
  const { design } = alone;
  const nBins = bands.counts.length;
  const extra = bounded ? 2 : 1;
  const matrix = new Float64Array((nBins + extra) * design.nCoefficients);
  matrix.set(design.bins);
  for (let row = nBins; row < nBins + extra; row++) matrix.set(design.window, row * design.nCoefficients);
  const counts = new Float64Array(nBins + extra);
  counts.set(bands.counts);
  counts[nBins] = n;
  const slopes = new Float64Array(nBins + extra).fill(1, 0, nBins + 1);
  const offsets = new Float64Array(nBins + extra);
  offsets[nBins] = S;
  const rows: PoissonRows = { nCoefficients: design.nCoefficients, matrix, counts, slopes, offsets };
  if (!bounded && !bands.counts.includes(0)) return fitPoisson(rows, near);
  // From bounds that hold, steps are short: start between the fit of the bands and a flat density.
  const flat = flatStart(design, counts.subarray(0, nBins));
  return fitPoisson(
    rows,
    flat.map((c, k) => (c + near[k]) / 2),
  );
}

function flatStart(design: Design, counts: Float64Array): Float64Array {
  const start = new Float64Array(design.nCoefficients);
  let width = 0;
  for (let i = 0; i < counts.length; i++) width += design.bins[i * design.nCoefficients];
  start[0] = counts.reduce((sum, n) => sum + n, 0) / width;
  return start;
}

/**
 * ln L(bands, best) - ln L(bands, other), where `best` minimises the rows it has: with A^T (1 - n/m - y) = 0 the linear
 * part of the difference is what y forbids, and the bins leave n (m'/m - 1 - ln(m'/m)) each.
 */
export function lossOfBands(bands: BandFit, best: PoissonFit, other: PoissonFit): number {
  let sum = 0;
  bands.counts.forEach((n, i) => {
    const [mean, moved] = [best.means[i], other.means[i]];
    sum += n === 0 ? best.multipliers[i] * moved : (n / mean) * bd0(mean, moved);
  });
  return sum;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k] * b[k];
  return sum;
}
