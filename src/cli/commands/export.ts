/** `darkscan export RUN`: the table of a run as CSV or JSON (or Parquet again), the same columns in each. */
import { Option } from 'commander';
import { resolve } from 'node:path';
import { DarkscanError } from '../../errors.ts';
import { tableToCsv } from '../../io/result-csv.ts';
import { tableToJson } from '../../io/result-json.ts';
import { tableToParquet } from '../../io/result-parquet.ts';
import { saveFile } from '../../node/atomic-file.ts';
import { readTable } from '../../node/read-run.ts';
import type { AddCommand } from '../program.ts';
import { note } from '../session.ts';

interface ExportOptions {
  readonly to: 'csv' | 'json' | 'parquet';
  readonly layout: 'rows' | 'columns';
  readonly out: string;
  readonly force?: boolean;
  readonly quiet?: boolean;
}

export const addExport: AddCommand = (program, session) => {
  program
    .command('export')
    .description('write the table of a run as CSV, JSON or Parquet')
    .argument('<run>', 'run directory, or its table (windows.parquet, hypotheses.parquet)')
    .addOption(new Option('--to <format>', 'format').choices(['csv', 'json', 'parquet']).default('csv'))
    .addOption(
      new Option('--layout <layout>', 'of JSON: one object per row, or one array per column')
        .choices(['rows', 'columns'])
        .default('rows'),
    )
    .option('--out <file>', 'file to write; - for stdout', '-')
    .option('--force', 'overwrite an existing file')
    .option('-q, --quiet', 'nothing but errors')
    .action(async (run: string, options: ExportOptions) => {
      if (options.to === 'parquet' && options.out === '-' && session.streams.stdout.isTTY) {
        throw new DarkscanError('usage', 'export: parquet is binary and stdout is a terminal; name a file with --out');
      }
      const { table, provenance } = await readTable(resolve(session.cwd, run));
      const formats = {
        csv: () => tableToCsv(table),
        json: () => tableToJson(table, options.layout),
        parquet: () => tableToParquet(table, provenance),
      };
      const content = formats[options.to]();
      if (options.out === '-') return void session.streams.stdout.write(content);
      await saveFile(resolve(session.cwd, options.out), content, options.force);
      note(session, options, `${options.out}: ${table.rowCount} rows, ${table.columns.length} columns`);
    });
};
