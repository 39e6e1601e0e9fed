/** What one window and all windows together do at levels of local Z, from the attainable p0 of every window. */
import type { SignificanceLevels } from '../model/significance-levels.ts';
import { lnNormalTail } from '../stats/normal.ts';
import { exp, expm1, log1p } from '../stats/portable.ts';
import { rankOfLnP } from './estimators/attainable.ts';
import { makeAttainable, type AttainableInput } from './estimators/attained.ts';
import type { Observed } from './observed.ts';

const STEPS_PER_UNIT = 10;
const HIGHEST = 8;

/** Levels of local Z from 0 on. */
export const LEVELS: readonly number[] = Array.from(
  { length: HIGHEST * STEPS_PER_UNIT + 1 },
  (_, i) => i / STEPS_PER_UNIT,
);

export function significanceLevels(setup: AttainableInput & { readonly observed: Observed }): SignificanceLevels {
  const { ranks } = setup.tables;
  const attainable = makeAttainable(setup);
  const levels = LEVELS.map((level) => {
    const lnP = lnNormalTail(level);
    const reach = rankOfLnP(ranks, lnP);
    const own = attainable.at(lnP);
    return {
      pLocal: exp(lnP),
      windows: own.reduce((sum, p) => sum + exp(p), 0),
      observed: setup.observed.ranks.reduce((n, rank) => n + (rank > 0 && rank >= reach ? 1 : 0), 0),
      independent: -expm1(own.reduce((sum, p) => sum + log1p(-exp(p)), 0)),
    };
  });
  return {
    z: LEVELS,
    pLocal: levels.map((level) => level.pLocal),
    windows: levels.map((level) => level.windows),
    observed: levels.map((level) => level.observed),
    independent: levels.map((level) => level.independent),
  };
}
