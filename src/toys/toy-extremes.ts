/** Tables of a campaign: how significant the best windows of toys are, and where they are. */
import type { RealColumn, ResultTable } from '../model/result.ts';
import { zFromLnP } from '../stats/normal.ts';
import { OUTSIDE_68 } from './estimators/estimator.ts';
import { clopperPearson } from './estimators/from-toys.ts';
import type { ToySetup } from './prepare-toys.ts';
import type { ToyTally } from './tally.ts';

/** What a rank means. */
export interface RankMeaning {
  readonly lnP: (rank: number) => number;
  /** NaN where p0 is 1. */
  readonly z: (rank: number) => number;
  /** Descriptions of the columns rank, ln_p0, z, toys, toys_or_more. */
  readonly words: readonly [rank: string, lnP: string, z: string, toys: string, orMore: string];
}

export function maxZTable(setup: ToySetup, tally: ToyTally): ResultTable {
  return extremesTable(tally, rankMeaning(setup));
}

export function rankMeaning({ tables }: Pick<ToySetup, 'tables'>): RankMeaning {
  const { lnP } = tables.ranks;
  return {
    lnP: (rank) => lnP[rank],
    z: (rank) => (lnP[rank] < 0 ? zFromLnP(lnP[rank]) : NaN),
    words: [
      'rank of p0 among all that windows can have; 0 is p0 = 1, larger is more significant',
      'natural logarithm of the smallest local p0 of a toy',
      'its one-sided local significance; null where p0 is 1',
      'toys whose best window has this p0',
      'toys whose best window has this p0 or a smaller one',
    ],
  };
}

/** One row per extreme met, the most significant last. */
export function extremesTable({ byRank }: Pick<ToyTally, 'byRank'>, { lnP, z, words }: RankMeaning): ResultTable {
  const rows = [...byRank].sort(([a], [b]) => a - b);
  const orMore = rows.map(([, n]) => n);
  for (let i = rows.length - 2; i >= 0; i--) orMore[i] += orMore[i + 1];
  const intervals = orMore.map((k) => clopperPearson(k, orMore[0], OUTSIDE_68));
  const of = (value: (rank: number) => number) => rows.map(([rank]) => value(rank));
  return {
    rowCount: rows.length,
    columns: [
      { type: 'i32', name: 'rank', values: Int32Array.from(rows, ([rank]) => rank), description: words[0] },
      real('ln_p0', of(lnP), words[1]),
      real('z', of(z), words[2]),
      real(
        'toys',
        rows.map(([, n]) => n),
        words[3],
      ),
      real('toys_or_more', orMore, words[4]),
      real(
        'p_low',
        intervals.map(({ low }) => low),
        'lower end of the 68.27 % interval of their share (Clopper, Pearson)',
      ),
      real(
        'p_high',
        intervals.map(({ high }) => high),
        'upper end of the 68.27 % interval of their share',
      ),
    ],
  };
}

/** One row per window that was the best of some toy, in the numbers of the card's scan. */
export function whereTable({ ids, windows }: ToySetup, { byWindow }: ToyTally): ResultTable {
  const rows = [...byWindow].sort(([a], [b]) => a - b);
  return {
    rowCount: rows.length,
    columns: [
      {
        type: 'i32',
        name: 'id',
        values: Int32Array.from(rows, ([w]) => ids[w]),
        description: 'number of the window in the scan',
      },
      real(
        'x',
        rows.map(([w]) => windows.x[w]),
        'centre of the window in x',
      ),
      ...(windows.kind === 'ellipses'
        ? [
            real(
              'y',
              rows.map(([w]) => windows.y[w]),
              'centre of the window in y',
            ),
          ]
        : []),
      real(
        'toys',
        rows.map(([, n]) => n),
        'toys whose best window it was; the lowest number among ties',
      ),
    ],
  };
}

export function real(name: string, values: readonly number[], description: string): RealColumn {
  return { type: 'f64', name, values: Float64Array.from(values), description };
}
