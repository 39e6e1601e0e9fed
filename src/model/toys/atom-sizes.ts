/** Sizes of nuisances, which the card gives per window, in the atoms of the plane, where toys have their events. */
import type { NuisanceEffect } from '../counting-model.ts';
import type { Atoms } from './atoms.ts';

/** The atoms and what their ids mean. */
export interface ScenarioPlane {
  readonly atoms: Pick<Atoms, 'count' | 'first' | 'windows'>;
  readonly nWindows: number;
  /** 1: ids are windows. 2: 2 w is window w, 2 w + 1 its band; ids from 2 nWindows on belong to no window. */
  readonly idsPerWindow: 1 | 2;
}

/** r+ and r- in every atom. */
export interface AtomSizes {
  readonly up: Float64Array;
  readonly down: Float64Array;
  /** The same number everywhere, up and down each. */
  readonly isConstant: boolean;
}

export function isConstant(values: Float64Array): boolean {
  return values.every((value) => value === values[0]);
}

/** [atoms.count] sizes of one effect; `effect` has the windows of `plane`. */
export function atomSizes({ up, down }: Pick<NuisanceEffect, 'up' | 'down'>, plane: ScenarioPlane): AtomSizes {
  const ups = overAtoms(up, plane);
  return {
    up: ups,
    down: down === up ? ups : overAtoms(down, plane),
    isConstant: isConstant(up) && isConstant(down),
  };
}

/**
 * Mean over the windows an atom is in; in none, over those whose band (or, for bands counted by complement, whose
 * surroundings outside the band) it is in; in neither, over all windows.
 */
function overAtoms(values: Float64Array, { atoms, idsPerWindow, nWindows }: ScenarioPlane): Float64Array {
  if (isConstant(values)) return new Float64Array(atoms.count).fill(values[0]);
  const everywhere = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Float64Array.from({ length: atoms.count }, (_, a) => {
    const [sum, count] = [
      [0, 0],
      [0, 0],
    ];
    for (let k = atoms.first[a]; k < atoms.first[a + 1]; k++) {
      const id = atoms.windows[k];
      const kind = idsPerWindow === 2 ? id & 1 : 0;
      const w = idsPerWindow === 2 ? id >> 1 : id;
      if (w >= nWindows) continue;
      sum[kind] += values[w];
      count[kind]++;
    }
    const kind = count[0] > 0 ? 0 : 1;
    return count[kind] > 0 ? sum[kind] / count[kind] : everywhere;
  });
}

/** [nWindows] expected events of a window: the sum over its atoms. */
export function windowSums(events: Float64Array, { atoms, idsPerWindow, nWindows }: ScenarioPlane): Float64Array {
  const sums = new Float64Array(nWindows);
  for (let a = 0; a < atoms.count; a++) {
    for (let k = atoms.first[a]; k < atoms.first[a + 1]; k++) {
      const id = atoms.windows[k];
      if (idsPerWindow === 1) sums[id] += events[a];
      else if ((id & 1) === 0 && id >> 1 < nWindows) sums[id >> 1] += events[a];
    }
  }
  return sums;
}
