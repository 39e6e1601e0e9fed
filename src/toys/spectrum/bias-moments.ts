/** Numbers of an ensemble of toys with a known signal: bias, pull, coverage, and how the signed Z is distributed. */
import type { BiasRow } from '../../model/spectrum/bias-result.ts';
import { kolmogorovDistance, kolmogorovTail } from '../../stats/kolmogorov.ts';
import { lnNormalTail } from '../../stats/normal.ts';
import { exp } from '../../stats/portable.ts';
import { OUTSIDE_68 } from '../estimators/estimator.ts';
import { clopperPearson } from '../estimators/from-toys.ts';
import type { ToyEstimates } from './bias-fits.ts';

export interface Moments {
  readonly mean: number;
  readonly meanError: number;
  /** Standard deviation. */
  readonly width: number;
  /** From the fourth moment: right for any distribution that has one. */
  readonly widthError: number;
}

/** Undefined for fewer than two values. */
export function momentsOf(values: Float64Array): Moments | undefined {
  const n = values.length;
  if (n < 2) return undefined;
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  let [squares, fourths] = [0, 0];
  for (const value of values) {
    const square = (value - mean) ** 2;
    squares += square;
    fourths += square * square;
  }
  const variance = squares / (n - 1);
  const width = Math.sqrt(variance);
  const ofVariance = Math.max(0, fourths / n - (variance * variance * (n - 3)) / (n - 1)) / n;
  return {
    mean,
    meanError: width / Math.sqrt(n),
    width,
    widthError: width > 0 ? Math.sqrt(ofVariance) / (2 * width) : 0,
  };
}

type Measured = Omit<BiasRow, 'id' | 'spectrum' | 'mass' | 'x' | 'sigma' | 'strength' | 's_unit' | 'bias_expected'>;

/** @param injected events; the distribution of Z is for 0 */
export function measured({ sHat, sErr, z, failed }: ToyEstimates, injected: number): Measured {
  const good = [...failed.keys()].filter((toy) => failed[toy] === 0);
  const withError = good.filter((toy) => sErr[toy] > 0);
  const bias = momentsOf(Float64Array.from(good, (toy) => sHat[toy] - injected));
  const pulls = Float64Array.from(withError, (toy) => (sHat[toy] - injected) / sErr[toy]);
  const pull = momentsOf(pulls);
  const inside = pulls.reduce((n, value) => n + (Math.abs(value) <= 1 ? 1 : 0), 0);
  const interval = clopperPearson(inside, pulls.length, OUTSIDE_68);
  const hasPulls = pulls.length > 0;
  return {
    s_injected: injected,
    toys: failed.length,
    failures: failed.length - good.length,
    without_error: good.length - withError.length,
    mean_s: bias ? bias.mean + injected : null,
    bias: bias?.mean ?? null,
    bias_err: bias?.meanError ?? null,
    pull_mean: pull?.mean ?? null,
    pull_mean_err: pull?.meanError ?? null,
    pull_width: pull?.width ?? null,
    pull_width_err: pull?.widthError ?? null,
    coverage: hasPulls ? inside / pulls.length : null,
    coverage_low: hasPulls ? interval.low : null,
    coverage_high: hasPulls ? interval.high : null,
    ...(injected === 0 && good.length > 0 ? distributionOf(Float64Array.from(good, (toy) => z[toy])) : NO_DISTRIBUTION),
  };
}

const NO_DISTRIBUTION = { z_above_1: null, z_above_2: null, z_below_1: null, z_below_2: null, p_z: null } as const;

function distributionOf(z: Float64Array) {
  const count = (isIn: (value: number) => boolean) => z.reduce((n, value) => n + (isIn(value) ? 1 : 0), 0);
  return {
    z_above_1: count((value) => value > 1),
    z_above_2: count((value) => value > 2),
    z_below_1: count((value) => value < -1),
    z_below_2: count((value) => value < -2),
    p_z: kolmogorovTail(
      kolmogorovDistance(z, (value) => exp(lnNormalTail(-value))),
      z.length,
    ),
  };
}
