/** `darkscan inspect FILE`: what is in a data file, before a card is written for it. */
import { tableFormat, withTable } from '../../io/table-file.ts';
import { dataFilesFromEnvironment } from '../../node/data-files.ts';
import { fileSummaryText, summariseColumn, type FileSummary } from '../../report/table-summary.ts';
import type { AddCommand } from '../program.ts';
import { print } from '../session.ts';

interface InspectOptions {
  readonly tree?: string;
  readonly json?: boolean;
}

const FORMATS = { csv: 'CSV', parquet: 'Parquet', root: 'ROOT' };

export const addInspect: AddCommand = (program, session) => {
  program
    .command('inspect')
    .description('show what is in a data file: format, trees or row groups, columns with their types and ranges')
    .argument('<file>', 'CSV, Parquet or ROOT file, gzipped or not, here or in a folder of DARKSCAN_DATA')
    .option('--tree <name>', 'tree of a ROOT file that has several')
    .option('--json', 'result as JSON on stdout')
    .action(async (name: string, { tree, json }: InspectOptions) => {
      const file = await dataFilesFromEnvironment(session.cwd, session.env).read(name, 'inspect');
      const summary = await withTable(
        file,
        { tree, anyTree: true },
        async ({ description, readEach }): Promise<FileSummary> => {
          const { columns, trees, rowGroups } = description;
          const usable = columns.filter(({ refusal }) => refusal === undefined);
          const tables = await readEach(usable.map((column) => column.name));
          const byName = new Map(usable.map((column, i) => [column.name, tables[i]]));
          return {
            file: name,
            format: FORMATS[tableFormat(file.bytes)],
            compressed: file.storedBytes !== file.bytes.length,
            bytes: file.storedBytes,
            sha256: file.sha256,
            rows: description.rowCount ?? tables[0].rowsRead,
            ...(trees && { tree: description.tree!, trees }),
            ...(rowGroups && { rowGroups }),
            columns: columns.map((column) => {
              const table = byName.get(column.name);
              if (table === undefined) return { ...column };
              return summariseColumn(column, table.columns.get(column.name)!, table.rejections);
            }),
          };
        },
      );
      print(session, json ? JSON.stringify(summary, undefined, 2) : fileSummaryText(summary));
    });
};
