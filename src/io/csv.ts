/**
 * CSV -> columns of f64. Reads the bytes in blocks (papaparse where there are quotes) and keeps only the columns asked for, so memory is
 * the columns plus one block. Real files are untidy: blanks around names and numbers, an extra comma at the end of each
 * row, overflow stars, text where a number should be. A row is rejected, with a reason and a count, only for cells of
 * columns that are needed; nothing is dropped silently.
 */
import Papa from 'papaparse';
import { DarkscanError } from '../errors.ts';
import type { Columns } from '../model/columns.ts';
import { didYouMean } from '../model/did-you-mean.ts';

/** Rows rejected for one reason. */
export interface Rejection {
  readonly reason: string;
  readonly count: number;
  /** Line of the first such row in the file; the header is line 1. */
  readonly firstLine: number;
}

export interface CsvTable extends Columns {
  /** Rows in the file, blank lines aside; rowCount of them are kept. */
  readonly rowsRead: number;
  readonly rejections: readonly Rejection[];
}

/** Bytes parsed at a time: enough to be fast, little beside the columns of a large file. */
const BLOCK_BYTES = 1024 * 1024;
const DELIMITERS = [',', ';', '\t'];
const NEWLINE = 10;

/** Names in the header line, trimmed. Errors (kind data): empty file, binary file, numbers instead of names. */
export function readCsvHeader(bytes: Uint8Array, source: string): string[] {
  if (bytes.subarray(0, 4096).includes(0)) {
    throw new DarkscanError('data', `${source}: is not text, expected csv or gzipped csv; convert it`);
  }
  const line = firstLine(bytes);
  if (line.trim() === '')
    throw new DarkscanError('data', `${source}: is empty or starts with a blank line, expected a header line`);
  const names = splitBlock(line, delimiterOf(line))[0].map((name) => name.trim());
  if (names.length > 1 && names.at(-1) === '') names.pop();
  if (names.every((name) => name !== '' && Number.isFinite(Number(name)))) {
    throw new DarkscanError(
      'data',
      `${source}: the first line holds numbers (${line.slice(0, 40)}), expected column names; add a header line`,
    );
  }
  return names;
}

/**
 * Columns of a CSV file, every value finite.
 * @param wanted names to keep, at least one
 * Errors (kind data): a column that is not there or is there twice, naming the columns found.
 */
export function parseCsv(bytes: Uint8Array, source: string, wanted: readonly string[]): CsvTable {
  const header = readCsvHeader(bytes, source);
  const indices = wanted.map((name) => indexOfColumn(header, name, source));
  const collector = new Collector(wanted, indices, header.length);
  const delimiter = delimiterOf(firstLine(bytes));
  let line = 1;
  for (const text of blocks(bytes)) {
    const rows = splitBlock(text, delimiter);
    // A block ends with its newline, after which there is one more, empty row.
    const count = text.endsWith('\n') ? rows.length - 1 : rows.length;
    for (let i = line === 1 ? 1 : 0; i < count; i++) collector.add(rows[i], line + i);
    line += count;
  }
  return collector.table();
}

function firstLine(bytes: Uint8Array): string {
  const end = bytes.indexOf(NEWLINE);
  return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end)).replace(/\r$/, '');
}

/** The separator that occurs most often in the header line. */
function delimiterOf(header: string): string {
  const counts = DELIMITERS.map((delimiter) => header.split(delimiter).length);
  return DELIMITERS[counts.indexOf(Math.max(...counts))];
}

/** Error (kind data) for a column that is not in the file, naming those that are. */
export function failMissingColumn(name: string, header: readonly string[], source: string): never {
  const found = didYouMean(name, header, `the file has ${header.join(', ')}`);
  throw new DarkscanError('data', `${source}: no column '${name}'${found}`);
}

function indexOfColumn(header: readonly string[], name: string, source: string): number {
  const index = header.indexOf(name);
  if (index < 0) failMissingColumn(name, header, source);
  if (header.indexOf(name, index + 1) >= 0) {
    throw new DarkscanError('data', `${source}: column '${name}' is there twice; rename one`);
  }
  return index;
}

/** Text of the file in blocks that end with a newline (the last one may not). */
function* blocks(bytes: Uint8Array): Generator<string> {
  const decoder = new TextDecoder();
  for (let start = 0; start < bytes.length;) {
    let end = Math.min(start + BLOCK_BYTES, bytes.length);
    if (end < bytes.length) {
      const newline = bytes.lastIndexOf(NEWLINE, end - 1);
      const next = newline >= start ? newline : bytes.indexOf(NEWLINE, end);
      end = next < 0 ? bytes.length : next + 1;
    }
    yield decoder.decode(bytes.subarray(start, end));
    start = end;
  }
}

/** Rows of cells. Without quotes splitting is all there is to it, and takes a third of the time of the full parser. */
function splitBlock(text: string, delimiter: string): string[][] {
  if (text.includes('"')) return Papa.parse<string[]>(text, { delimiter }).data;
  return text.split('\n').map((line) => line.split(delimiter));
}

/** Takes rows one by one, keeps the wanted numbers in growing arrays, counts what it rejects. */
class Collector {
  private readonly wanted: readonly string[];
  private readonly indices: readonly number[];
  private readonly width: number;
  private readonly rejections = new Map<string, { count: number; firstLine: number }>();
  private readonly row: Float64Array;
  private arrays: Float64Array[];
  private kept = 0;
  private read = 0;

  constructor(wanted: readonly string[], indices: readonly number[], width: number) {
    this.wanted = wanted;
    this.indices = indices;
    this.width = width;
    this.row = new Float64Array(wanted.length);
    this.arrays = wanted.map(() => new Float64Array(1024));
  }

  add(cells: readonly string[], line: number): void {
    if (cells.length === 1 && cells[0].trim() === '') return;
    this.read++;
    const extra = cells.length - this.width;
    if (extra < 0) return this.reject('too few fields', line);
    if (extra > 1 || (extra === 1 && cells[this.width].trim() !== '')) return this.reject('too many fields', line);
    for (let i = 0; i < this.indices.length; i++) {
      const cell = cells[this.indices[i]];
      const value = Number(cell);
      // Number reads blanks as 0 and 0x10 as 16; both are not numbers here.
      if (!Number.isFinite(value) || (value === 0 && cell.trim() === '') || /[xob]/i.test(cell)) {
        return this.reject(`${this.wanted[i]}: ${whyNotNumber(cell.trim())}`, line);
      }
      this.row[i] = value;
    }
    if (this.kept === this.arrays[0]?.length) this.grow();
    for (let i = 0; i < this.row.length; i++) this.arrays[i][this.kept] = this.row[i];
    this.kept++;
  }

  table(): CsvTable {
    const columns = new Map(this.wanted.map((name, i) => [name, this.arrays[i].slice(0, this.kept)]));
    const rejections = [...this.rejections].map(([reason, entry]) => ({ reason, ...entry }));
    return { rowCount: this.kept, columns, rowsRead: this.read, rejections };
  }

  private reject(reason: string, line: number): void {
    const entry = this.rejections.get(reason);
    if (entry === undefined) this.rejections.set(reason, { count: 1, firstLine: line });
    else entry.count++;
  }

  private grow(): void {
    this.arrays = this.arrays.map((array) => {
      const larger = new Float64Array(array.length * 2);
      larger.set(array);
      return larger;
    });
  }
}

function whyNotNumber(cell: string): string {
  if (cell === '') return 'empty';
  if (/^\*+$/.test(cell)) return 'overflow stars';
  return /^[+-]?(nan|inf|infinity)$/i.test(cell) ? 'not finite' : 'not a number';
}

/**
 * Columns of a table of which every row counts (windows, maps, efficiencies): a row that parseCsv would reject is an
 * error (kind data) with its line, and so is a table without rows.
 */
export function parseCsvTable(bytes: Uint8Array, source: string, wanted: readonly string[]): Columns {
  const table = parseCsv(bytes, source, wanted);
  const [first] = table.rejections;
  if (first !== undefined) {
    throw new DarkscanError(
      'data',
      `${source}:${first.firstLine}: ${first.reason}, expected a number in every row; correct the table`,
    );
  }
  if (table.rowCount === 0)
    throw new DarkscanError('data', `${source}: has a header but no rows, expected at least one`);
  return table;
}
