/**
 * Integral of a density over a whole region, by rectangles halved where Gauss-Legendre rules of the whole and of its
 * parts disagree. Good to 1e-7 for smooth densities and 1e-4 where a kinematic edge, at which the density jumps, runs askew.
 */
import { gaussLegendre } from './constraints/gauss.ts';
import type { PlaneFunction } from './plane-function.ts';
import type { Region } from './region.ts';
import type { Integral } from './window-integral.ts';

const ORDER = 4;
const START_PANELS = 24;
const MAX_DEPTH = 8;
/** A part whose two estimates differ by less than this share of the total is done. */
const TOLERANCE = 1e-7;
/** Refinement ends here, with the error it has. */
const MAX_EVALUATIONS = 6_000_000;

/** x0, x1, y0, y1 */
type Panel = readonly [number, number, number, number];
/** Panels whose points go into one block. */
const PANELS_AT_ONCE = 32;

/**
 * Integral of f over the region; in 1D y is 0 and the integral is over x. f is not used outside the region.
 * error: sum of the absolute differences of the last two estimates of every part, an upper bound in practice.
 */
export function integrateRegion(region: Region, is2D: boolean, f: PlaneFunction): Integral {
  const rule = gaussLegendre(ORDER);
  let evaluations = 0;

  const perPanel = is2D ? ORDER * ORDER : ORDER;
  const [x, y, weight, density] = Array.from({ length: 4 }, () => new Float64Array(PANELS_AT_ONCE * perPanel));

  /** Gauss-Legendre product rule over each rectangle. */
  function integrals(panels: readonly Panel[]): number[] {
    const values: number[] = [];
    for (let first = 0; first < panels.length; first += PANELS_AT_ONCE) {
      const some = panels.slice(first, first + PANELS_AT_ONCE);
      let n = 0;
      const ends = some.map((panel) => (n = addPoints(panel, n)));
      f(x, y, n, density);
      some.forEach(([x0, x1], p) => {
        let sum = 0;
        for (let k = p === 0 ? 0 : ends[p - 1]; k < ends[p]; k++) sum += weight[k] * density[k];
        values.push(sum * ((x1 - x0) / 2));
      });
    }
    evaluations += panels.length * perPanel;
    return values;
  }

  /** Points of a rectangle that are in the region, from place n on; the place after them. */
  function addPoints([x0, x1, y0, y1]: Panel, n: number): number {
    const [hx, hy] = [(x1 - x0) / 2, is2D ? (y1 - y0) / 2 : 0];
    for (let i = 0; i < ORDER; i++) {
      for (let j = 0; j < (is2D ? ORDER : 1); j++) {
        x[n] = x0 + hx * (1 + rule.nodes[i]);
        y[n] = is2D ? y0 + hy * (1 + rule.nodes[j]) : 0;
        weight[n] = rule.weights[i] * (is2D ? rule.weights[j] * hy : 1);
        if (region.contains(x[n], y[n])) n++;
      }
    }
    return n;
  }

  let total = 0;
  let error = 0;
  let scale = 0;

  function refine(x0: number, x1: number, y0: number, y1: number, whole: number, depth: number): void {
    const [xm, ym] = [(x0 + x1) / 2, (y0 + y1) / 2];
    const parts: readonly Panel[] = is2D
      ? [
          [x0, xm, y0, ym],
          [xm, x1, y0, ym],
          [x0, xm, ym, y1],
          [xm, x1, ym, y1],
        ]
      : [
          [x0, xm, 0, 0],
          [xm, x1, 0, 0],
        ];
    const values = integrals(parts);
    const sum = values.reduce((a, b) => a + b, 0);
    const difference = Math.abs(sum - whole);
    if (difference <= TOLERANCE * scale || depth === MAX_DEPTH || evaluations > MAX_EVALUATIONS) {
      total += sum;
      error += difference;
      return;
    }
    parts.forEach((part, i) => refine(...part, values[i], depth + 1));
  }

  const rows = is2D ? START_PANELS : 1;
  const dx = (region.x[1] - region.x[0]) / START_PANELS;
  const dy = (region.y[1] - region.y[0]) / rows;
  const panels: Panel[] = [];
  for (let i = 0; i < START_PANELS; i++) {
    for (let j = 0; j < rows; j++) {
      const [left, low] = [region.x[0] + i * dx, region.y[0] + j * dy];
      panels.push([left, left + dx, low, low + dy]);
    }
  }
  const values = integrals(panels);
  scale = values.reduce((a, b) => a + Math.abs(b), 0);
  panels.forEach((p, i) => refine(...p, values[i], 0));
  return { value: total, error };
}
