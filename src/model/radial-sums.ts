/**
 * Integrals along the parts of rays: area and Gaussian in closed form, a density by Gauss-Legendre. In 2D the measure
 * along a ray is r dr, in 1D dr; areas are those of the plane u (d = L u), in which the resolution is a unit circle.
 */
import { gaussLegendre } from './constraints/gauss.ts';
import { DarkscanError } from '../errors.ts';
import type { Parts, Rays } from './band-rays.ts';
import type { Expression } from './expression.ts';
import { erfc } from '../stats/normal.ts';
import { exp } from '../stats/portable.ts';

/** [rays.count] sum over the parts of each ray. */
export type RadialSums = (rays: Rays, parts: Parts, cx: number, cy: number) => Float64Array;

function closedForm(between: (from: number, to: number) => number): RadialSums {
  return (rays, parts) => {
    const sums = new Float64Array(rays.count);
    for (let p = 0; p < parts.count; p++) sums[parts.ray[p]] += between(parts.from[p], parts.to[p]);
    return sums;
  };
}

export function areaSums(is2D: boolean): RadialSums {
  return closedForm(is2D ? (a, b) => ((b - a) * (b + a)) / 2 : (a, b) => b - a);
}

/** Of a normal distribution of unit width at the centre, the whole of which has 1 (over 2 pi of angle, or both rays). */
export function gaussianSums(is2D: boolean): RadialSums {
  return closedForm(
    is2D
      ? (a, b) => (exp(-0.5 * a * a) - exp(-0.5 * b * b)) / (2 * Math.PI)
      : (a, b) => 0.5 * (erfc(a * Math.SQRT1_2) - erfc(b * Math.SQRT1_2)),
  );
}

const ORDER = 8;
const MAX_PANELS = 128;
/** Two rules that agree this well end the refinement; the better one is then good to far less. */
const TOLERANCE_2D = 1e-7;
const TOLERANCE_1D = 1e-11;

/**
 * Of a density; the number of panels doubles until the sum over all rays of a call no longer changes.
 * Error (kind card, with the point) where the density is negative or not finite.
 */
export function densitySums(density: Expression, is2D: boolean, where: string): RadialSums {
  const { nodes, weights } = gaussLegendre(ORDER);

  function withPanels(rays: Rays, parts: Parts, cx: number, cy: number, nPanels: number): Float64Array {
    const n = parts.count * nPanels * ORDER;
    const [x, y, f] = [new Float64Array(n), new Float64Array(n), new Float64Array(n)];
    const weight = new Float64Array(n);
    let j = 0;
    for (let p = 0; p < parts.count; p++) {
      const k = parts.ray[p];
      const half = (parts.to[p] - parts.from[p]) / (2 * nPanels);
      for (let panel = 0; panel < nPanels; panel++) {
        const middle = parts.from[p] + half * (2 * panel + 1);
        for (let m = 0; m < ORDER; m++, j++) {
          const r = middle + half * nodes[m];
          x[j] = cx + rays.ex[k] * r;
          y[j] = cy + rays.ey[k] * r;
          weight[j] = half * weights[m] * (is2D ? r : 1);
        }
      }
    }
    density.evaluateMany(is2D ? [x, y] : [x], n, f);
    const sums = new Float64Array(rays.count);
    j = 0;
    for (let p = 0; p < parts.count; p++) {
      for (let m = 0; m < nPanels * ORDER; m++, j++) {
        if (!(f[j] >= 0 && f[j] < Infinity)) refuse(f[j], x[j], y[j]);
        sums[parts.ray[p]] += weight[j] * f[j];
      }
    }
    return sums;
  }

  function refuse(value: number, x: number, y: number): never {
    const point = is2D ? `x = ${x}, y = ${y}` : `x = ${x}`;
    const message = `card: ${where} is ${value} at ${point}, expected a finite number, 0 or more`;
    throw new DarkscanError('card', `${message}; correct the formula`, { where });
  }

  return (rays, parts, cx, cy) => {
    let sums = withPanels(rays, parts, cx, cy, 1);
    for (let nPanels = 2; nPanels <= MAX_PANELS; nPanels *= 2) {
      const finer = withPanels(rays, parts, cx, cy, nPanels);
      const [before, after] = [total(sums), total(finer)];
      sums = finer;
      if (Math.abs(after - before) <= (is2D ? TOLERANCE_2D : TOLERANCE_1D) * after) break;
    }
    return sums;
  };
}

function total(values: Float64Array): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum;
}
