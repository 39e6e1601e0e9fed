/**
 * CSV -> columns of f64. Reads the bytes in blocks (papaparse where there are quotes) and keeps only the columns asked for, so memory is
 * the columns plus one block. Real files are untidy: blanks around names and numbers, an extra comma at the end of each
 * row, overflow stars, text where a number should be. A row is rejected, with a reason and a count, only for cells of
 * columns that are needed; nothing is dropped silently.
 */
import Papa from 'papaparse';
import { DarkscanError } from '../errors.ts';
import { failMissingColumn, RejectionCounter, type Table } from './table.ts';

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
export function parseCsv(bytes: Uint8Array, source: string, wanted: readonly string[]): Table {
  return collect(bytes, source, [wanted])[0];
}

/** Each column by itself: a row is left out only where its own cell is no number. */
export function parseCsvEach(bytes: Uint8Array, source: string, wanted: readonly string[]): Table[] {
  const tables = wanted.map((name) => [name]);
  return collect(bytes, source, tables);
}

/** Several tables in one pass over the bytes. */
function collect(bytes: Uint8Array, source: string, wanted: readonly (readonly string[])[]): Table[] {
  const header = readCsvHeader(bytes, source);
  const collectors = wanted.map((names) => {
    const indices = names.map((name) => indexOfColumn(header, name, source));
    return new Collector(names, indices, header.length);
  });
  const delimiter = delimiterOf(firstLine(bytes));
  let line = 1;
  for (const text of blocks(bytes)) {
    const rows = splitBlock(text, delimiter);
    // A block ends with its newline, after which there is one more, empty row.
    const count = text.endsWith('\n') ? rows.length - 1 : rows.length;
    for (const collector of collectors)
      for (let i = line === 1 ? 1 : 0; i < count; i++) collector.add(rows[i], line + i);
    line += count;
  }
  return collectors.map((collector) => collector.table());
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
  private readonly rejections = new RejectionCounter();
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
    if (extra < 0) return this.rejections.add('too few fields', line);
    if (extra > 1 || (extra === 1 && cells[this.width].trim() !== ''))
      return this.rejections.add('too many fields', line);
    for (let i = 0; i < this.indices.length; i++) {
      const cell = cells[this.indices[i]];
      const value = Number(cell);
      // Number reads blanks as 0 and 0x10 as 16; both are not numbers here.
      if (!Number.isFinite(value) || (value === 0 && cell.trim() === '') || /[xob]/i.test(cell)) {
        return this.rejections.add(`${this.wanted[i]}: ${whyNotNumber(cell.trim())}`, line);
      }
      this.row[i] = value;
    }
    if (this.kept === this.arrays[0]?.length) this.grow();
    for (let i = 0; i < this.row.length; i++) this.arrays[i][this.kept] = this.row[i];
    this.kept++;
  }

  table(): Table {
    const columns = new Map(this.wanted.map((name, i) => [name, this.arrays[i].slice(0, this.kept)]));
    return { rowCount: this.kept, columns, rowsRead: this.read, rejections: this.rejections.list() };
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
