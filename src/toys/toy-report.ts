/** What is tabled and drawn of a campaign, of windows or of hypotheses. */
import type { ResultTable } from '../model/result.ts';
import type { SignificanceLevels } from '../model/significance-levels.ts';
import type { ToySetup } from './prepare-toys.ts';
import { significanceLevels } from './significance-levels.ts';
import type { SpectrumToySetup } from './spectrum/prepare-spectrum-toys.ts';
import { hypothesisLevels, maxZOfHypotheses, whereOfHypotheses } from './spectrum/spectrum-toy-tables.ts';
import type { ToyTally } from './tally.ts';
import { maxZTable, whereTable } from './toy-extremes.ts';

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
