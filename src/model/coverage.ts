/**
 * How much efficiency a signal loses when it lies between the centres of a lattice: the efficiency of the card holds AT
 * a centre, so the worst place is part of the result. A Gaussian signal displaced from the centre by d is inside with
 *   P = integral over the ellipse of N(z; d, V),
 * the non-central chi-square with 2 degrees of freedom when the half-axes are equal
 * (k = 2: 0.865 at the centre, 0.43 at 1.92 sigma).
 */
import { exp } from '../stats/portable.ts';
import { quadraticForm } from './ellipse.ts';
import { makeEventGrid, visitRuns } from './event-grid.ts';
import { annulusShapes } from './counting.ts';
import type { Region } from './region.ts';
import { cholesky, integrateWindow } from './window-integral.ts';
import type { WindowSet } from './windows.ts';

export interface Coverage {
  /** Largest distance of a point of the region to its nearest centre, in units of the resolution, and that point. */
  readonly worstDistance: number;
  readonly worstX: number;
  readonly worstY: number;
  /** Containment at the centre, and at the worst point in the window that holds it best. */
  readonly atCentre: number;
  readonly atWorst: number;
  /** The same at the corner of a cell, the worst place away from the edges: step/sqrt(2) in 2D, step/2 in 1D. */
  readonly cornerDistance: number;
  readonly atCorner: number;
}

/** Trial points around a centre, in steps; beyond +-0.5 they matter at the edges of the region only. */
const TRIALS = [-1, -0.75, -0.5, -0.25, 0, 0.25, 0.5, 0.75, 1];
/** Of more windows than this, evenly spread ones are taken. */
const MAX_SAMPLED = 4000;

/**
 * Probability that a signal displaced by (dx, dy) from the centre of window i lies inside it, resolution as at the
 * centre. Error below 1e-5.
 */
export function containment(windows: WindowSet, i: number, dx: number, dy: number): number {
  const { rxx, rxy, ryy, x, y } = windows;
  const is2D = windows.kind === 'ellipses';
  const det = is2D ? rxx[i] * ryy[i] - rxy[i] * rxy[i] : rxx[i];
  const norm = is2D ? Math.sqrt(det) / (2 * Math.PI) : Math.sqrt(det / (2 * Math.PI));
  const density = (px: number, py: number) =>
    norm * exp(-0.5 * quadraticForm(rxx[i], rxy[i], ryy[i], px - x[i] - dx, py - y[i] - dy));
  return integrateWindow(windows, i, density).value;
}

/**
 * Worst distance of a point of the region from its nearest centre, over a grid of trial points a quarter of a step apart
 * around the centres; those outside the box of the region are pulled onto its edge.
 * @param step spacing of the lattice in units of the resolution
 * Undefined for windows from a table, which have no resolution.
 */
export function latticeCoverage(windows: WindowSet, region: Region, step: number): Coverage | undefined {
  if (!windows.hasResolution) return undefined;
  const points = trialPoints(windows, region, step);
  const n = points.x.length;
  // Within 2 steps every point of a lattice has a centre; beyond, the distance is reported as 2 steps.
  const shapes = annulusShapes(windows, 2 * step);
  const grid = makeEventGrid(shapes, points);
  const nearest = new Float64Array(n).fill(4 * step * step);
  const window = new Int32Array(n).fill(-1);
  for (let i = 0; i < windows.count; i++) {
    const [cx, cy, rxx, rxy, ryy] = [windows.x[i], windows.y[i], windows.rxx[i], windows.rxy[i], windows.ryy[i]];
    visitRuns(grid, shapes, i, (from, to) => {
      for (let j = from; j < to; j++) {
        const d2 = quadraticForm(rxx, rxy, ryy, grid.x[j] - cx, grid.y[j] - cy);
        const at = grid.order[j];
        if (d2 >= nearest[at]) continue;
        nearest[at] = d2;
        window[at] = i;
      }
    });
  }
  let worst = 0;
  for (let j = 1; j < n; j++) if (nearest[j] > nearest[worst]) worst = j;
  const inside = (j: number) => {
    const i = window[j];
    return i < 0 ? 0 : containment(windows, i, points.x[j] - windows.x[i], points.y[j] - windows.y[i]);
  };
  const is2D = windows.kind === 'ellipses';
  const half = step / 2;
  const [lxx, lyx, lyy] = factors(windows, 0);
  const cornerDistance = is2D ? step / Math.SQRT2 : step / 2;
  return {
    worstDistance: Math.sqrt(nearest[worst]),
    worstX: points.x[worst],
    worstY: points.y[worst],
    atCentre: containment(windows, Math.max(0, window[worst]), 0, 0),
    atWorst: inside(worst),
    cornerDistance,
    atCorner: containment(windows, 0, lxx * half, is2D ? (lyx + lyy) * half : 0),
  };
}

function trialPoints(windows: WindowSet, region: Region, step: number): { x: Float64Array; y: Float64Array } {
  const stride = Math.max(1, Math.ceil(windows.count / MAX_SAMPLED));
  const x: number[] = [];
  const y: number[] = [];
  const is2D = windows.kind === 'ellipses';
  for (let i = 0; i < windows.count; i += stride) {
    const [lxx, lyx, lyy] = factors(windows, i);
    for (const u of TRIALS) {
      for (const v of is2D ? TRIALS : [0]) {
        const px = clamp(windows.x[i] + step * lxx * u, region.x);
        const py = clamp(windows.y[i] + step * (lyx * u + lyy * v), region.y);
        if (!region.contains(px, py)) continue;
        x.push(px);
        y.push(py);
      }
    }
  }
  return { x: Float64Array.from(x), y: Float64Array.from(y) };
}

/** L of V = L L^T for one standard deviation of window i. */
function factors(windows: WindowSet, i: number): readonly [number, number, number] {
  const { rxx, rxy, ryy } = windows;
  return windows.kind === 'ellipses' ? cholesky(rxx[i], rxy[i], ryy[i]) : [1 / Math.sqrt(rxx[i]), 0, 0];
}

function clamp(value: number, range: readonly [number, number]): number {
  return Math.max(range[0], Math.min(range[1], value));
}
