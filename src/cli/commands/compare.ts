/** `darkscan compare RUN1 RUN2`: do two runs agree within tolerances? Exit code 1 and one line per column if not. */
import { DarkscanError, EXIT_CODES } from '../../errors.ts';
import { compareTables, LIMIT_RTOL, Z_ATOL } from '../compare-tables.ts';
import type { AddCommand } from '../program.ts';
import { readRunTable } from '../run-input.ts';
import { note, print } from '../session.ts';

interface CompareCommandOptions {
  readonly rtol: number;
  readonly ztol: number;
  readonly json?: boolean;
  readonly quiet?: boolean;
}

export const addCompare: AddCommand = (program, session, setExitCode) => {
  program
    .command('compare')
    .description('compare the tables of two runs; counts and statuses must be equal')
    .argument('<run1>', 'run directory, or its windows.parquet')
    .argument('<run2>', 'the other one')
    .option('--rtol <number>', 'relative tolerance of limits', parseTolerance, LIMIT_RTOL)
    .option('--ztol <number>', 'absolute tolerance of Z', parseTolerance, Z_ATOL)
    .option('--json', 'differences as JSON on stdout')
    .option('-q, --quiet', 'exit code only')
    .action(async (run1: string, run2: string, options: CompareCommandOptions) => {
      const first = await readRunTable(run1, session);
      const second = await readRunTable(run2, session);
      const differences = compareTables(first.table, second.table, { limitRtol: options.rtol, zAtol: options.ztol });
      if (options.json) print(session, JSON.stringify({ equal: differences.length === 0, differences }, undefined, 2));
      else for (const { column, message } of differences) note(session, options, `${column}: ${message}`);
      if (differences.length > 0) setExitCode(EXIT_CODES.difference);
      else if (!options.json) note(session, options, `${first.table.rowCount} windows agree`);
    });
};

function parseTolerance(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && Number.isFinite(value))) {
    throw new DarkscanError('usage', `compare: tolerance is '${text}', expected a number of at least 0`);
  }
  return value;
}
