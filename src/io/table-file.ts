/**
 * Tables in any format, told apart by their first bytes: Parquet, ROOT, otherwise CSV (gzip is unpacked before, where
 * the bytes come from). A table is opened, which tells its columns, then columns are read, then it is closed.
 */
import { DarkscanError } from '../errors.ts';
import type { Columns } from '../model/columns.ts';
import { parseCsv, parseCsvEach, readCsvHeader } from './csv.ts';
import { DEFAULT_LIMITS, type Table, type TableLimits } from './table.ts';

export type TableFormat = 'csv' | 'parquet' | 'root';

export interface ColumnInfo {
  readonly name: string;
  /** As the format calls it; `text` in CSV. */
  readonly type: string;
  /** Why numbers cannot be read from it (`is an array of 3`); absent if they can. */
  readonly refusal?: string;
}

export interface TableDescription {
  readonly format: TableFormat;
  readonly columns: readonly ColumnInfo[];
  /** Rows the file claims to have; a CSV file does not say. */
  readonly rowCount?: number;
  /** ROOT: the tree opened and all there are, as `dir/name;cycle`. */
  readonly tree?: string;
  readonly trees?: readonly string[];
  /** Parquet: row groups. */
  readonly rowGroups?: readonly { readonly rows: number; readonly bytes: number }[];
}

export interface OpenTable {
  readonly description: TableDescription;
  /** Rows in which every wanted column is a finite number. Errors (kind data): missing or unusable column, damage. */
  read(wanted: readonly string[]): Promise<Table>;
  /** Each wanted column by itself. */
  readEach(wanted: readonly string[]): Promise<readonly Table[]>;
  close(): Promise<void>;
}

export interface TableOptions {
  /** ROOT: name of the tree, `dir/name` or `name;cycle`; without it the file must have one only. */
  readonly tree?: string;
  /** ROOT: take the first tree where there are several and none is named, instead of an error. */
  readonly anyTree?: boolean;
  readonly limits?: TableLimits;
}

/** Opens a table from its bytes; in Node another thread does it (src/node/table-threads.ts). */
export type TableOpener = (bytes: Uint8Array, source: string, options?: TableOptions) => Promise<OpenTable>;

/** What readers need of a file. */
export interface TableBytes {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Default: parse here. */
  readonly openTable?: TableOpener;
}

/** Format by content. */
export function tableFormat(bytes: Uint8Array): TableFormat {
  const magic = String.fromCharCode(...bytes.subarray(0, 4));
  if (magic === 'PAR1') return 'parquet';
  return magic === 'root' ? 'root' : 'csv';
}

/** Opens a table in this thread. Errors: kind data (damaged, no such tree), kind resource (over the limits). */
export const openTable: TableOpener = async (bytes, source, options = {}) => {
  const { tree, limits = DEFAULT_LIMITS } = options;
  const format = tableFormat(bytes);
  if (tree !== undefined && format !== 'root') {
    const found = `${source}: is a ${format === 'csv' ? 'CSV' : 'Parquet'} file`;
    throw new DarkscanError('data', `${found}, which has no tree '${tree}'; leave 'tree' out`);
  }
  // the other readers are loaded when they are needed
  if (format === 'root') return (await import('./root/root-table.ts')).openRootTable(bytes, source, options, limits);
  if (format === 'parquet') return (await import('./parquet-table.ts')).openParquetTable(bytes, source, limits);
  return openCsvTable(bytes, source);
};

function openCsvTable(bytes: Uint8Array, source: string): OpenTable {
  const columns = readCsvHeader(bytes, source).map((name) => ({ name, type: 'text' }));
  return {
    description: { format: 'csv', columns },
    read: async (wanted) => parseCsv(bytes, source, wanted),
    readEach: async (wanted) => parseCsvEach(bytes, source, wanted),
    close: async () => undefined,
  };
}

/** Opens a file, hands it to `use`, closes it. */
export async function withTable<T>(
  file: TableBytes,
  options: TableOptions,
  use: (table: OpenTable) => Promise<T>,
): Promise<T> {
  const table = await (file.openTable ?? openTable)(file.bytes, file.name, options);
  try {
    return await use(table);
  } finally {
    await table.close();
  }
}

/**
 * Columns of a table of which every row counts (windows, maps, efficiencies): a row that would be rejected is an error
 * (kind data) with its place, and so is a table without rows.
 */
export async function readWholeTable(
  file: TableBytes,
  wanted: readonly string[],
  tree: string | undefined,
): Promise<Columns> {
  return withTable(file, { tree }, async ({ description, read }) => {
    const table = await read(wanted);
    const [first] = table.rejections;
    if (first !== undefined) {
      const place =
        description.format === 'csv' ? `${file.name}:${first.firstLine}` : `${file.name}: row ${first.firstLine}`;
      throw new DarkscanError('data', `${place}: ${first.reason}, expected a number in every row; correct the table`);
    }
    if (table.rowCount === 0) {
      const found = description.format === 'csv' ? 'has a header but no rows' : 'has no rows';
      throw new DarkscanError('data', `${file.name}: ${found}, expected at least one`);
    }
    return table;
  });
}
