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

export interface RadialSums {
  /** [rays.count] sum over the parts of each ray. */
  readonly along: (rays: Rays, parts: Parts) => Float64Array;
  /** Of one part, where it is the same in every direction. */
  readonly between?: (from: number, to: number) => number;
}

function closedForm(between: (from: number, to: number) => number): RadialSums {
  const along = (rays: Rays, { count, ray, from, to }: Parts): Float64Array => {
    const sums = new Float64Array(rays.count);
    for (let p = 0; p < count; p++) sums[ray[p]] += between(from[p], to[p]);
    return sums;
  };
  return { along, between };
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
/** Two rules that agree this well on a ray end the refinement; the better one is then good to far less. */
const TOLERANCE_2D = 1e-6;
const TOLERANCE_1D = 1e-11;

/**
 * Of a density; the number of panels doubles on rays whose sum still changes.
 * Error (kind card, with the point) where the density is negative or not finite.
 */
export function densitySums(density: Expression, is2D: boolean, where: string): RadialSums {
  const { nodes, weights } = gaussLegendre(ORDER);
  const tolerance = is2D ? TOLERANCE_2D : TOLERANCE_1D;

  function withPanels(rays: Rays, parts: Parts, nPanels: number): Float64Array {
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
          x[j] = rays.cx[k] + rays.ex[k] * r;
          y[j] = rays.cy[k] + rays.ey[k] * r;
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

  function along(rays: Rays, parts: Parts): Float64Array {
    const sums = withPanels(rays, parts, 1);
    let open = parts;
    for (let nPanels = 2; nPanels <= MAX_PANELS && open.count > 0; nPanels *= 2) {
      const finer = withPanels(rays, open, nPanels);
      const unsettled = new Uint8Array(rays.count);
      for (const k of open.ray) {
        unsettled[k] = Math.abs(finer[k] - sums[k]) > tolerance * finer[k] ? 1 : 0;
      }
      for (const k of open.ray) sums[k] = finer[k];
      open = partsOf(open, unsettled);
    }
    return sums;
  }
  return { along };
}

/** Parts of the chosen rays. */
function partsOf({ count, ray, from, to }: Parts, chosen: Uint8Array): Parts {
  const kept = Array.from({ length: count }, (_, p) => p).filter((p) => chosen[ray[p]] === 1);
  const pick = (values: readonly number[]) => kept.map((p) => values[p]);
  return { count: kept.length, ray: pick(ray), from: pick(from), to: pick(to) };
}
