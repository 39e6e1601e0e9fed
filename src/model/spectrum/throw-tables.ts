/**
 * Tables from which the toys of a spectrum are thrown (kernels/spectrum_throw.ts): per bin the distribution of a Poisson
 * count as 64-bit thresholds. Independent Poisson counts per bin are what a counting experiment with expected contents
 * gives (the total fluctuates too).
 */
import { DarkscanError } from '../../errors.ts';
import { CERTAIN } from '../toys/factor-nodes.ts';
import { predictiveCounts } from '../toys/predictive-counts.ts';
import { makeTailThresholds } from '../toys/thresholds.ts';

export interface ThrowTables {
  /** [nBins][3] place of the first threshold, least count, number of thresholds. */
  readonly tables: Uint32Array;
  /** [.][2] P(N <= least + i) in units of 2^-64, high and low word. */
  readonly thresholds: Uint32Array;
}

/** Thresholds reach over 18 standard deviations: 150 kB per bin of a million events. */
const MOST_EXPECTED = 1e9;

/**
 * Tables for toys with these expected events per bin. Error of the probability of a count: 1e-13 of itself, or 2^-64;
 * counts beyond which less than 2^-64 is left are never thrown.
 * @param expected [nBins] 0 to 1e9
 */
export function makeThrowTables(expected: ArrayLike<number>): ThrowTables {
  const parts = Array.from(expected, (mean, bin) => {
    if (!(mean >= 0 && mean <= MOST_EXPECTED)) {
      const found = `spectrum: ${mean} expected events in bin ${bin}`;
      throw new DarkscanError('numerical', `${found}, allowed 0 to 1e9; fit the background anew or merge bins`);
    }
    return makeTailThresholds(predictiveCounts(mean, CERTAIN));
  });
  const tables = new Uint32Array(3 * parts.length);
  const thresholds = new Uint32Array(parts.reduce((sum, part) => sum + part.thresholds.length, 0));
  let place = 0;
  parts.forEach(({ first: least, thresholds: own }, bin) => {
    tables.set([place, least, own.length / 2], 3 * bin);
    thresholds.set(own, 2 * place);
    place += own.length / 2;
  });
  return { tables, thresholds };
}
