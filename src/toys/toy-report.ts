/** What is tabled and drawn of a campaign, of windows or of hypotheses. */
import type { ResultTable } from '../model/result.ts';
import type { SignificanceLevels } from '../model/significance-levels.ts';
import type { ToySetup } from './prepare-toys.ts';
import { significanceLevels } from './significance-levels.ts';
import type { SpectrumToySetup } from './spectrum/prepare-spectrum-toys.ts';
import { hypothesisLevels, maxZOfHypotheses, stepMeaning, whereOfHypotheses } from './spectrum/spectrum-toy-tables.ts';
import type { SpectrumToyResult } from './spectrum/spectrum-toy-result.ts';
import { toysIn, type ToyTally } from './tally.ts';
import { maxZTable, rankMeaning, whereTable } from './toy-extremes.ts';
import type { ToyResult } from './toy-result.ts';

export interface ToyReport {
  readonly maxZ: ResultTable;
  readonly where: ResultTable;
  readonly levels: SignificanceLevels;
  /** What has a Z, where it is no window. */
  readonly of?: 'hypotheses';
}

export function toyReport(setup: ToySetup | SpectrumToySetup, tally: ToyTally): ToyReport {
  if ('tested' in setup) {
    return {
      maxZ: maxZOfHypotheses(setup, tally),
      where: whereOfHypotheses(setup, tally),
      levels: hypothesisLevels(setup),
      of: 'hypotheses',
    };
  }
  return {
    maxZ: maxZTable(setup, tally),
    where: whereTable(setup, tally),
    levels: significanceLevels(setup),
  };
}

/** All that files say of toys. Plain data. */
export interface ThrownToys {
  /** Of the tables; `result` may be of fewer. */
  readonly nToys: number;
  readonly report: ToyReport;
  readonly result: ToyResult | SpectrumToyResult;
}

export function thrownToys(
  setup: ToySetup | SpectrumToySetup,
  tally: ToyTally,
  result: ThrownToys['result'],
): ThrownToys {
  return { nToys: toysIn(tally), report: toyReport(setup, tally), result };
}

/** Z of a rank; NaN where nothing is in excess. */
export function zOfRank(setup: ToySetup | SpectrumToySetup): (rank: number) => number {
  return ('tested' in setup ? stepMeaning(setup) : rankMeaning(setup)).z;
}
