/** `darkscan compare RUN1 RUN2`: do two runs agree within tolerances? Exit code 1 if not. */
import { resolve } from 'node:path';
import { DarkscanError, EXIT_CODES } from '../../errors.ts';
import { readTable } from '../../node/read-run.ts';
import { compareTables, comparisonText } from '../../report/compare.ts';
import type { AddCommand } from '../program.ts';
import { print } from '../session.ts';
import { toleranceGroups } from '../tolerances.ts';

interface CompareCommandOptions {
  readonly rtol?: number;
  readonly atol?: number;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

export const addCompare: AddCommand = (program, session, setExitCode) => {
  program
    .command('compare')
    .description('compare the tables of two runs: counts equal, limits within 1e-4, Z within 1e-3, or as given')
    .argument('<run1>', 'run directory, or its table (windows.parquet, hypotheses.parquet)')
    .argument('<run2>', 'the other one')
    .option('--rtol <number>', 'relative tolerance of every real column', parseTolerance)
    .option('--atol <number>', 'absolute tolerance of every real column', parseTolerance)
    .option('--json', 'comparison as JSON on stdout')
    .option('-q, --quiet', 'exit code only')
    .action(async (run1: string, run2: string, { rtol, atol, json, quiet }: CompareCommandOptions) => {
      const [first, second] = await Promise.all([run1, run2].map((run) => readTable(resolve(session.cwd, run))));
      const isGiven = rtol !== undefined || atol !== undefined;
      const groups = isGiven
        ? [{ title: 'all columns', rtol: rtol ?? 0, atol: atol ?? 0 }]
        : toleranceGroups(first.table, second.table);
      const results = groups.map((group) => ({ group, comparison: compareTables(first.table, second.table, group) }));
      const equal = results.every(({ comparison }) => comparison.equal);
      if (json) {
        const told = results.map(({ group, comparison }) => ({
          title: group.title,
          rtol: group.rtol,
          atol: group.atol,
          ...comparison,
        }));
        print(session, JSON.stringify({ equal, groups: told }, undefined, 2));
      } else if (!quiet) {
        for (const { group, comparison } of results)
          print(session, `${group.title}\n${comparisonText(comparison, group)}`);
      }
      if (!equal) setExitCode(EXIT_CODES.difference);
    });
};

function parseTolerance(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && Number.isFinite(value))) {
    throw new DarkscanError('usage', `compare: tolerance is '${text}', expected a number of at least 0`);
  }
  return value;
}
