/** Tables and curves of a campaign of sliding-range fits: those of windows, with hypotheses for windows. */
import type { ResultTable } from '../../model/result.ts';
import type { SignificanceLevels } from '../../model/significance-levels.ts';
import { lnNormalTail } from '../../stats/normal.ts';
import { exp, expm1, log1p } from '../../stats/portable.ts';
import { LEVELS } from '../significance-levels.ts';
import type { ToyTally } from '../tally.ts';
import { extremesTable, real, type RankMeaning } from '../toy-extremes.ts';
import type { SpectrumToySetup } from './prepare-spectrum-toys.ts';
import { lowerEdge } from './z-ranks.ts';

/** One row per step of the largest Z of a toy, the most significant last. */
export function maxZOfHypotheses(setup: SpectrumToySetup, tally: ToyTally): ResultTable {
  return extremesTable(tally, stepMeaning(setup));
}

export function stepMeaning({ observed }: Pick<SpectrumToySetup, 'observed'>): RankMeaning {
  const z = (rank: number) => (rank > 0 ? lowerEdge(rank, observed.z) : NaN);
  return {
    lnP: (rank) => (rank > 0 ? lnNormalTail(z(rank)) : 0),
    z,
    words: [
      'step of the largest Z of a toy; 0 is no excess, larger is more significant',
      'natural logarithm of the local p0 at the lower edge of the step; 0 without an excess',
      'lower edge of the step: multiples of 0.005, and the Z of the data; null without an excess',
      'toys whose largest Z is in this step',
      'toys whose largest Z is in this step or above it',
    ],
  };
}

/** One row per hypothesis that was the best of some toy. */
export function whereOfHypotheses({ tested, parts }: SpectrumToySetup, { byWindow }: ToyTally): ResultTable {
  const rows = [...byWindow].sort(([a], [b]) => a - b).map(([h, n]) => ({ ...tested[h], n }));
  return {
    rowCount: rows.length,
    columns: [
      {
        type: 'i32',
        name: 'id',
        values: Int32Array.from(rows, ({ id }) => id),
        description: 'number of the hypothesis in the scan',
      },
      ...(parts.length > 1
        ? [
            {
              type: 'string' as const,
              name: 'spectrum',
              values: rows.map(({ spectrum }) => spectrum),
              description: 'spectrum of the card that it is tested in',
            },
          ]
        : []),
      real(
        'mass',
        rows.map(({ mass }) => mass),
        'mass of the particle',
      ),
      real(
        'toys',
        rows.map(({ n }) => n),
        'toys whose best hypothesis it was; the lowest number among ties',
      ),
    ],
  };
}

/** p0 is continuous: a hypothesis reaches a level with its nominal probability, asymptotically. */
export function hypothesisLevels({ observed }: SpectrumToySetup): SignificanceLevels {
  const { results } = observed;
  const lnP = LEVELS.map(lnNormalTail);
  return {
    z: LEVELS,
    pLocal: lnP.map((value) => exp(value)),
    windows: lnP.map((value) => results.length * exp(value)),
    observed: LEVELS.map((level) => results.filter(({ z }) => z > 0 && z >= level).length),
    independent: lnP.map((value) => -expm1(results.length * log1p(-exp(value)))),
  };
}
