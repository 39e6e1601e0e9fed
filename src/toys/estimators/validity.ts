/**
 * When the estimators that take local Z for a Gaussian field do not hold: few events, p0 in coarse steps, wide nuisances;
 * and for those that take the field for a smooth one: windows too far apart, windows with sharp edges. Each function answers with the reason, or undefined where nothing is wrong.
 */
import { atan2, exp, tan } from '../../stats/portable.ts';

/** Expected events below which a count is not Gaussian in its tail, and the share of windows that may have fewer. */
export const FEW_EVENTS = 20;
const MOST_WITH_FEW = 0.1;
/** Attainable p0 average this part of p_local or more: about 0.7 at 20 events and Z = 4, 0.84 at 100. */
const LEAST_ATTAINED = 0.65;
/** Relative width of a nuisance factor above which its tail is no longer Gaussian at Z = 4. */
const WIDEST_FACTOR = 0.3;
/** Between a random walk, 0.71, and a smooth field, 1. */
const LEAST_STRAIGHT = 0.85;
/** The lattice may lose this part of the crossings that the formula extrapolates. */
const LEAST_KEPT = 0.8;

/**
 * @param b0 [nWindows] expected background
 * @param attained mean of attainable p0 over p_local (attainable.ts attainedShare)
 * @param largestFactor relative standard deviation of the widest nuisance factor
 */
export function notGaussian(b0: Float64Array, attained: number, largestFactor: number): string | undefined {
  const few = b0.reduce((n, b) => n + (b < FEW_EVENTS ? 1 : 0), 0);
  if (few > MOST_WITH_FEW * b0.length) {
    return `low counts: ${few} of ${b0.length} windows expect fewer than ${FEW_EVENTS} events`;
  }
  if (attained < LEAST_ATTAINED) {
    return `discreteness: attainable p0 are on average ${attained.toFixed(2)} of the observed local p0`;
  }
  if (largestFactor > WIDEST_FACTOR) {
    return `a nuisance of ${(100 * largestFactor).toFixed(0)} % is not Gaussian, at most ${100 * WIDEST_FACTOR} % are`;
  }
  return undefined;
}

/**
 * Part of the crossings exp(-z^2/2) theta/(2 pi) between two points of a Gaussian field, theta = arccos(correlation),
 * that they really have at level z:
 *   P(Z1 < z <= Z2) = 1/(2 pi) int_0^theta exp(-z^2/2 (1 + tan^2(t/2))) dt
 * Crossings both ways between two looks are lost, the more the higher the level: formulas for smooth fields then give
 * too large p. Simpson's rule in t.
 */
export function keptCrossings(z: number, theta: number): number {
  const steps = 16;
  let sum = 0;
  for (let i = 0; i <= steps; i++) {
    const slope = tan((theta * i) / (2 * steps));
    sum += (i === 0 || i === steps ? 1 : i % 2 === 1 ? 4 : 2) * exp(-0.5 * z * z * slope * slope);
  }
  return sum / (3 * steps);
}

/**
 * Part kept at level `z` of what is extrapolated from level `z0`, over all neighbours.
 * @param correlations of neighbouring windows
 */
export function keptByLattice(correlations: Float64Array, z0: number, z: number): number {
  let [atLevel, atStart] = [0, 0];
  for (const rho of correlations) {
    const theta = arccos(rho);
    atLevel += theta * keptCrossings(z, theta);
    atStart += theta * keptCrossings(z0, theta);
  }
  return atStart > 0 ? atLevel / atStart : 1;
}

/** @param power dimensions of the lattice: crossings are lost along each */
export function tooCoarse(correlations: Float64Array, z0: number, z: number, power: number): string | undefined {
  const kept = keptByLattice(correlations, z0, z) ** power;
  if (kept >= LEAST_KEPT) return undefined;
  return `coarse lattice: at local Z ${z.toFixed(2)} its windows keep ${kept.toFixed(2)} of what a smooth field has`;
}

/**
 * Counts in windows with sharp edges walk like a random path from window to window (correlation 1 - d/width): one excess
 * then crosses a level many times, and crossings and islands are more than excesses. Seen in the angle arccos(rho) over
 * two steps against twice that over one: 1 for smooth fields, 0.71 for such walks.
 * @param near [n] correlations of the first with the second of three windows in a row
 * @param far [n] of the first with the third
 */
export function tooSharp(near: Float64Array, far: Float64Array): string | undefined {
  const total = (correlations: Float64Array) => correlations.reduce((sum, rho) => sum + arccos(rho), 0);
  const straightness = near.length === 0 ? 1 : total(far) / (2 * total(near));
  if (!(straightness < LEAST_STRAIGHT)) return undefined;
  return `sharp windows: one excess crosses the level several times (straightness ${straightness.toFixed(2)}); the number is an upper bound`;
}

/** arccos on [-1, 1], half-angle form: keeps its digits near 1. */
function arccos(x: number): number {
  return 2 * atan2(Math.sqrt(Math.max(0, (1 - x) / 2)), Math.sqrt(Math.max(0, (1 + x) / 2)));
}
