/** What one window and all windows together do at levels of local Z, from the attainable p0 of every window. */
import type { SignificanceLevels } from '../model/significance-levels.ts';
import type { RankTable } from '../model/toys/rank-table.ts';
import { rankOf } from './rank-rows.ts';
import { lnNormalTail } from '../stats/normal.ts';
import { exp, expm1, log1p } from '../stats/portable.ts';
import { attainableLnP, rankOfLnP } from './estimators/attainable.ts';

const STEPS_PER_UNIT = 10;
const HIGHEST = 8;

/** @param counts [nWindows] events of the data */
export function significanceLevels(ranks: RankTable, counts: Uint32Array): SignificanceLevels {
  const z = Array.from({ length: HIGHEST * STEPS_PER_UNIT + 1 }, (_, i) => i / STEPS_PER_UNIT);
  const ofData = counts.map((n, w) => rankOf(ranks, w, n));
  const levels = z.map((level) => {
    const lnP = lnNormalTail(level);
    const reach = rankOfLnP(ranks, lnP);
    const attainable = attainableLnP(ranks, lnP);
    return {
      pLocal: exp(lnP),
      windows: attainable.reduce((sum, own) => sum + exp(own), 0),
      observed: ofData.reduce((n, rank) => n + (rank > 0 && rank >= reach ? 1 : 0), 0),
      independent: -expm1(attainable.reduce((sum, own) => sum + log1p(-exp(own)), 0)),
    };
  });
  return {
    z,
    pLocal: levels.map((level) => level.pLocal),
    windows: levels.map((level) => level.windows),
    observed: levels.map((level) => level.observed),
    independent: levels.map((level) => level.independent),
  };
}
