/**
 * Ranks of the largest signed Z of a toy, which unlike that of counting windows is continuous: the number of edges at or
 * below it among 0, 0.005, 0.010, ... and the data's. So a toy reaches the data when its rank does, and the histogram of
 * ranks is a description in steps of 0.005. Rank 0: no hypothesis has an excess.
 */

/** Width of a step in Z. */
export const Z_STEP = 0.005;
/** Fits of the same counts agree this well in Z (f64, to the last step); closer is a tie, which counts as reaching. */
export const Z_TIE = 1e-6;
const MOST_STEPS = 2 ** 20;

/** @param zObserved of the data; <= 0: every toy reaches it */
export function rankOfZ(z: number, zObserved: number): number {
  if (!(z > 0)) return 0;
  const steps = stepsTo(z);
  return zObserved > 0 && z >= zObserved - Z_TIE ? Math.max(steps + 2, observedRank(zObserved)) : steps + 1;
}

export function observedRank(zObserved: number): number {
  return zObserved > 0 ? stepsTo(zObserved) + 2 : 0;
}

/** Lower edge in Z of a rank above 0. */
export function lowerEdge(rank: number, zObserved: number): number {
  const observed = observedRank(zObserved);
  if (observed === 0 || rank < observed) return (rank - 1) * Z_STEP;
  return rank === observed ? zObserved : (rank - 2) * Z_STEP;
}

function stepsTo(z: number): number {
  return Math.min(MOST_STEPS, Math.floor(z / Z_STEP));
}
