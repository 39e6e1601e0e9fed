/** Small planes for tests of scenarios: a line of cells, each an atom of its own, and windows of neighbouring cells. */
import type { Nuisance, NuisanceEffect } from '../../../src/model/counting-model.ts';
import { windowSums, type ScenarioPlane } from '../../../src/model/toys/atom-sizes.ts';
import type { ToyScenarios } from '../../../src/model/toys/scenarios.ts';

/** Cells 1 .. nCells are atoms; window w has cells [1 + step w, 1 + step w + width), and a band when idsPerWindow is 2. */
export function linePlane(nCells: number, width: number, step: number, idsPerWindow: 1 | 2 = 1): ScenarioPlane {
  const nWindows = Math.floor((nCells - width) / step) + 1;
  const all = Array.from({ length: nWindows }, (_, w) => w);
  const lists = Array.from({ length: nCells + 1 }, (_, a) => {
    if (a === 0) return [];
    return all.flatMap((w) => {
      const at = a - 1 - step * w;
      if (at >= 0 && at < width) return [idsPerWindow * w];
      return idsPerWindow === 2 && at >= -width && at < 2 * width ? [2 * w + 1] : [];
    });
  });
  const first = Uint32Array.from({ length: nCells + 2 }, (_, a) => lists.slice(0, a).flat().length);
  return { atoms: { count: nCells + 1, first, windows: Uint32Array.from(lists.flat()) }, nWindows, idsPerWindow };
}

/** Effect with sizes per window: one number for all, or up and down. */
export function effect(target: string, up: number | number[], nWindows: number, down = up): NuisanceEffect {
  const values = (size: number | number[]) =>
    Float64Array.from({ length: nWindows }, (_, w) => (typeof size === 'number' ? size : size[w]));
  return { target, up: values(up), down: values(down) };
}

export function nuisance(constraint: Nuisance['constraint'], ...effects: NuisanceEffect[]): Nuisance {
  return { name: `${constraint} of ${effects.map((e) => e.target).join()}`, constraint, effects };
}

/** [R][nWindows] expected events of windows in every scenario, all sources together. */
export function windowsOf({ atoms, weights }: ToyScenarios, plane: ScenarioPlane): Float64Array[] {
  return [...weights.keys()].map((r) => {
    const sums = atoms.map((scenarios) => windowSums(scenarios[r], plane));
    return sums[0].map((_, w) => sums.reduce((total, sum) => total + sum[w], 0));
  });
}

/** Weighted mean of a number per scenario. */
export function meanOf(weights: Float64Array, value: (r: number) => number): number {
  return weights.reduce((sum, weight, r) => sum + weight * value(r), 0);
}

export function covarianceOf(weights: Float64Array, windows: readonly Float64Array[], v: number, w: number): number {
  const [meanV, meanW] = [v, w].map((i) => meanOf(weights, (r) => windows[r][i]));
  return meanOf(weights, (r) => (windows[r][v] - meanV) * (windows[r][w] - meanW));
}
