/** Expected events of every region (window, or window and band) under a distribution over atoms. */
import type { Atoms } from '../model/toys/atoms.ts';

/** [nRegions] sums over the atoms of every region; the numbers in `atoms.windows` are regions. */
export function regionMeans(events: Float64Array, atoms: Atoms, nRegions: number): Float64Array {
  const means = new Float64Array(nRegions);
  for (let a = 0; a < atoms.count; a++) {
    for (let k = atoms.first[a]; k < atoms.first[a + 1]; k++) means[atoms.windows[k]] += events[a];
  }
  return means;
}
