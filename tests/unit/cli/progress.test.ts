import { expect, test } from 'vitest';
import { makeProgress } from '../../../src/cli/progress.ts';
import { toleranceGroups } from '../../../src/cli/tolerances.ts';
import type { ResultTable } from '../../../src/model/result.ts';

test('without a terminal there is a plain line at the end of a stage and every ten seconds', () => {
  let now = 0;
  const lines: string[] = [];
  const progress = makeProgress({ write: (text) => lines.push(String(text)) }, {}, () => now);
  for (let done = 1; done <= 30; done++) {
    now += 1000;
    progress.update('limits', done, 30);
  }
  progress.update('p0', 5, 5);
  progress.stop();
  expect(lines).toEqual(['limits: 11 of 30\n', 'limits: 21 of 30\n', 'limits: 30 of 30\n', 'p0: 5 of 5\n']);
});

test('quiet means silent', () => {
  const lines: unknown[] = [];
  const progress = makeProgress({ write: (text) => lines.push(text), isTTY: true }, { quiet: true });
  progress.update('limits', 1, 1);
  progress.stop();
  expect(lines).toEqual([]);
});

test('every column is judged by exactly one tolerance, p0 by that of its logarithm', () => {
  const names = [
    'id',
    'x',
    'n',
    'bkg',
    'p0',
    'ln_p0',
    'z',
    'p0_on_off',
    'ln_p0_on_off',
    'z_on_off',
    'limit_obs',
    'limit_exp_m2',
    'limit_obs_bayes_90',
    'eps2_obs',
    'eps2_exp_0',
    'status',
  ];
  const table: ResultTable = {
    rowCount: 0,
    columns: names.map((name) => ({ name, type: 'f64', values: new Float64Array(0), description: '' })),
  };
  const groups = toleranceGroups(table, table);
  const of = (title: string): readonly string[] => groups.find((group) => group.title === title)!.columns;
  expect(of('significance')).toEqual(['z', 'z_on_off']);
  expect(of('ln p0')).toEqual(['ln_p0', 'ln_p0_on_off']);
  expect(of('limits')).toEqual(['limit_obs', 'limit_exp_m2', 'limit_obs_bayes_90', 'eps2_obs', 'eps2_exp_0']);
  expect(of('all else')).toEqual(['id', 'x', 'n', 'bkg', 'status']);
});
