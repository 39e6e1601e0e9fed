/** Tables of a campaign: how significant the best windows of toys are, and where they are. */
import type { RealColumn, ResultTable } from '../model/result.ts';
import { zFromLnP } from '../stats/normal.ts';
import { OUTSIDE_68 } from './estimators/estimator.ts';
import { clopperPearson } from './estimators/from-toys.ts';
import type { ToySetup } from './prepare-toys.ts';
import type { ToyTally } from './tally.ts';

/** One row per extreme met, the most significant last. */
export function maxZTable({ tables }: ToySetup, { byRank }: ToyTally): ResultTable {
  const rows = [...byRank].sort(([a], [b]) => a - b);
  const lnP = rows.map(([rank]) => tables.ranks.lnP[rank]);
  const orMore = rows.map(([, n]) => n);
  for (let i = rows.length - 2; i >= 0; i--) orMore[i] += orMore[i + 1];
  const intervals = orMore.map((k) => clopperPearson(k, orMore[0], OUTSIDE_68));
  return {
    rowCount: rows.length,
    columns: [
      {
        type: 'i32',
        name: 'rank',
        values: Int32Array.from(rows, ([rank]) => rank),
        description: 'rank of p0 among all that windows can have; 0 is p0 = 1, larger is more significant',
      },
      real('ln_p0', lnP, 'natural logarithm of the smallest local p0 of a toy'),
      real(
        'z',
        lnP.map((p) => (p < 0 ? zFromLnP(p) : NaN)),
        'its one-sided local significance; null where p0 is 1',
      ),
      real(
        'toys',
        rows.map(([, n]) => n),
        'toys whose best window has this p0',
      ),
      real('toys_or_more', orMore, 'toys whose best window has this p0 or a smaller one'),
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

function real(name: string, values: readonly number[], description: string): RealColumn {
  return { type: 'f64', name, values: Float64Array.from(values), description };
}
