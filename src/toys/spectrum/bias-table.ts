/** A measurement of bias as a table: one row per hypothesis and strength. */
import type { BiasRow } from '../../model/spectrum/bias-result.ts';
import type { ResultColumn, ResultTable } from '../../model/result.ts';

/** @param unit of the variable */
export function biasTable(rows: readonly BiasRow[], unit?: string): ResultTable {
  const hasNames = rows.some(({ spectrum }) => spectrum !== '');
  const isMass = rows.some(({ mass, x }) => mass !== x);
  const real = (name: keyof BiasRow, description: string, of?: string): ResultColumn => ({
    type: 'f64',
    name,
    values: Float64Array.from(rows, (row) => (row[name] as number | null) ?? NaN),
    description,
    ...(of === undefined ? {} : { unit: of }),
  });
  const whole = (name: keyof BiasRow, description: string): ResultColumn => ({
    type: 'i32',
    name,
    values: Int32Array.from(rows, (row) => row[name] as number),
    description,
  });
  const names: ResultColumn = {
    type: 'string',
    name: 'spectrum',
    values: rows.map(({ spectrum }) => spectrum),
    description: 'spectrum of the card',
  };
  return {
    rowCount: rows.length,
    columns: [
      whole('id', 'number of the hypothesis in the scan'),
      ...(hasNames ? [names] : []),
      real('mass', 'mass of the particle', isMass ? undefined : unit),
      ...(isMass ? [real('x', 'position of the signal in the variable', unit)] : []),
      real('sigma', 'resolution', unit),
      real('strength', 'injected events in units of s_unit'),
      real('s_unit', 'error of s_hat that is expected without signal', 'events'),
      real('s_injected', 'injected signal events over all of the variable', 'events'),
      real('bias_expected', 's_hat - s_injected of a fit to the expected counts: without fluctuations', 'events'),
      whole('toys', 'toys thrown'),
      whole('failures', 'toys without a minimum, in none of the numbers'),
      whole('without_error', 'toys whose occupied bins do not determine S: in means, not in pulls'),
      real('mean_s', 'mean of s_hat', 'events'),
      real('bias', 'mean of s_hat - s_injected', 'events'),
      real('bias_err', 'its standard deviation', 'events'),
      real('pull_mean', 'mean of (s_hat - s_injected) / s_err'),
      real('pull_mean_err', 'its standard deviation'),
      real('pull_width', 'standard deviation of the pull'),
      real('pull_width_err', 'its standard deviation'),
      real('coverage', 'share of toys with s_injected in s_hat +- s_err'),
      real('coverage_low', 'lower end of its 68.27 % interval (Clopper, Pearson)'),
      real('coverage_high', 'upper end of its 68.27 % interval'),
      real('z_above_1', 'toys with signed Z > 1; without signal 15.87 % are expected'),
      real('z_above_2', 'toys with signed Z > 2; without signal 2.28 % are expected'),
      real('z_below_1', 'toys with signed Z < -1; without signal 15.87 % are expected'),
      real('z_below_2', 'toys with signed Z < -2; without signal 2.28 % are expected'),
      real('p_z', 'p-value of the signed Z against N(0, 1) without signal (Kolmogorov)'),
    ],
  };
}
