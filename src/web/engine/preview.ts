/** What is in a data file, before its columns are chosen: rows, trees, columns with their range and histogram. */
import type { LoadedFile } from '../../io/file-source.ts';
import type { Table } from '../../io/table.ts';
import { tableFormat, withTable, type ColumnInfo, type OpenTable, type TableFormat } from '../../io/table-file.ts';
import { loadFile } from './page-files.ts';

/** Numbers of a column: of the rows in which there is one. */
export interface ColumnNumbers {
  readonly count: number;
  /** Rows without a number. */
  readonly missing: number;
  /** Absent where count is 0. */
  readonly range?: readonly [min: number, max: number];
  /** Counts in bins of equal width over the range; empty where that has no width. */
  readonly bins: readonly number[];
}

export interface ColumnPreview extends ColumnInfo {
  /** Absent where numbers cannot be read (`refusal`), and in columns of a huge file after the first ones. */
  readonly numbers?: ColumnNumbers;
}

export interface FilePreview {
  readonly name: string;
  readonly format: TableFormat;
  /** As it is stored. */
  readonly bytes: number;
  readonly rowCount: number;
  /** ROOT: the tree shown, and all there are. */
  readonly tree?: string;
  readonly trees?: readonly string[];
  readonly columns: readonly ColumnPreview[];
  /** CSV of more than PREVIEW_BYTES: what is told is of the first rows. */
  readonly isFirstRows: boolean;
}

const BINS = 32;
/** Text read for a preview: half a second or so. */
const PREVIEW_BYTES = 32 * 1024 ** 2;
/** Values read from a binary file for a preview, over all its columns. */
const PREVIEW_VALUES = 20_000_000;
const NEWLINE = 10;

/**
 * @param tree of a ROOT file; default: the first
 * Errors: kind data (damaged, no table), kind resource (too large).
 */
export async function previewFile(file: File, tree?: string): Promise<FilePreview> {
  return previewTable(await loadFile(file, file.name, 'data'), tree);
}

export async function previewTable(file: LoadedFile, tree?: string): Promise<FilePreview> {
  return withTable(firstRows(file), { tree, anyTree: true }, async (table) => {
    const { format, rowCount: claimed, trees, ...description } = table.description;
    const usable = description.columns.filter(({ refusal }) => refusal === undefined).map(({ name }) => name);
    const unique = usable.filter((name) => usable.indexOf(name) === usable.lastIndexOf(name));
    const shown = claimed === undefined ? unique : unique.slice(0, Math.max(2, PREVIEW_VALUES / Math.max(1, claimed)));
    const numbers = new Map<string, ColumnNumbers>();
    let rowCount = claimed ?? 0;
    for await (const [name, read] of readColumns(table, shown)) {
      numbers.set(name, numbersOf(read.columns.get(name)!, read.rowsRead));
      rowCount = read.rowsRead;
    }
    return {
      name: file.name,
      format,
      bytes: file.storedBytes,
      rowCount,
      tree: description.tree,
      trees,
      columns: description.columns.map((column) => ({ ...column, numbers: numbers.get(column.name) })),
      isFirstRows: format === 'csv' && file.bytes.length > PREVIEW_BYTES,
    };
  });
}

/** A CSV file as far as it is previewed, to the end of a line; others in full. */
function firstRows(file: LoadedFile): LoadedFile {
  if (file.bytes.length <= PREVIEW_BYTES || tableFormat(file.bytes) !== 'csv') return file;
  const end = file.bytes.lastIndexOf(NEWLINE, PREVIEW_BYTES);
  return end < 0 ? file : { ...file, bytes: file.bytes.slice(0, end + 1) };
}

/** Text in one pass over the rows; the columns of binary files one by one, so that one at a time is in memory. */
async function* readColumns(table: OpenTable, names: readonly string[]): AsyncGenerator<[string, Table]> {
  if (table.description.format === 'csv') {
    const tables = names.length === 0 ? [] : await table.readEach(names);
    yield* tables.map((read, i): [string, Table] => [names[i], read]);
  } else for (const name of names) yield [name, await table.read([name])];
}

function numbersOf(values: Float64Array, rows: number): ColumnNumbers {
  let [min, max] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < min) min = value;
    if (value > max) max = value;
  }
  const told = { count: values.length, missing: rows - values.length };
  if (values.length === 0) return { ...told, bins: [] };
  return { ...told, range: [min, max], bins: max > min ? histogram(values, min, max) : [] };
}

function histogram(values: Float64Array, min: number, max: number): number[] {
  const bins = Array.from({ length: BINS }, () => 0);
  // halves first: the width of a range may overflow
  const scale = BINS / (max / 2 - min / 2);
  for (const value of values) bins[Math.min(BINS - 1, Math.floor((value / 2 - min / 2) * scale))]++;
  return bins;
}
