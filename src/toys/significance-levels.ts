/** What one window and all windows together do at levels of local Z, from the attainable p0 of every window. */
import { exp } from '../stats/portable.ts';
import { lnNormalTail } from '../stats/normal.ts';
import type { RankTable } from '../model/toys/rank-table.ts';
import { attainableLnP } from './estimators/attainable.ts';

const STEP = 0.1;
const HIGHEST = 8;

export interface SignificanceLevels {
  /** [n] levels 0, 0.1, ... 8. */
  readonly z: Float64Array;
  /** [n] expected windows at or above the level: the sum of their largest attainable p0 not above p(z). */
  readonly windows: Float64Array;
  /** [n] p(z) = P(Z >= z) of a normal distribution. */
  readonly pLocal: Float64Array;
}

export function significanceLevels(ranks: RankTable): SignificanceLevels {
  const z = Float64Array.from({ length: Math.round(HIGHEST / STEP) + 1 }, (_, i) => i * STEP);
  const lnP = z.map((level) => lnNormalTail(level));
  const windows = lnP.map((level) => attainableLnP(ranks, level).reduce((sum, value) => sum + exp(value), 0));
  return { z, windows, pLocal: lnP.map(exp) };
}
