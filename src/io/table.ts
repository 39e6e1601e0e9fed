/** A table as every reader hands it over: wanted columns of f64, all values finite, and what was left out and why. */
import { DarkscanError } from '../errors.ts';
import type { Columns } from '../model/columns.ts';
import { didYouMean } from '../model/did-you-mean.ts';
import type { SizeLimit } from './gzip.ts';

/** Rows rejected for one reason. */
export interface Rejection {
  readonly reason: string;
  readonly count: number;
  /** First such row: in CSV its line (the header is line 1), elsewhere its number, from 1. */
  readonly firstLine: number;
}

export interface Table extends Columns {
  /** Rows in the file (blank lines of CSV aside); rowCount of them are kept. */
  readonly rowsRead: number;
  readonly rejections: readonly Rejection[];
}

/** Bounds on what a file may ask for; checked before anything of that size is made. */
export interface TableLimits extends SizeLimit {
  readonly maxRows: number;
  /** Of the columns read, and of each block that is unpacked. */
  readonly maxBytes: number;
}

export const DEFAULT_LIMITS: TableLimits = { maxRows: 500_000_000, maxBytes: 2 * 1024 ** 3 };

/** Counts rejected rows by reason. */
export class RejectionCounter {
  private readonly entries = new Map<string, { count: number; firstLine: number }>();

  add(reason: string, line: number): void {
    const entry = this.entries.get(reason);
    if (entry === undefined) this.entries.set(reason, { count: 1, firstLine: line });
    else entry.count++;
  }

  list(): Rejection[] {
    return [...this.entries].map(([reason, entry]) => ({ reason, ...entry }));
  }
}

/** One column of a binary file. */
export interface RawColumn {
  readonly name: string;
  /** [nRows], NaN where there is no value. */
  readonly values: Float64Array;
  /** [nRows] 1 where there is no value; absent if there always is one. */
  readonly isNull?: Uint8Array;
}

/** Keeps the rows in which every column is finite (in place) and counts the others as a CSV file would. */
export function tableOfColumns(columns: readonly RawColumn[], nRows: number): Table {
  const rejected = new RejectionCounter();
  let kept = 0;
  for (let i = 0; i < nRows; i++) {
    const bad = columns.find(({ values }) => !Number.isFinite(values[i]));
    if (bad !== undefined) {
      rejected.add(`${bad.name}: ${bad.isNull?.[i] ? 'empty' : 'not finite'}`, i + 1);
      continue;
    }
    if (kept !== i) for (const { values } of columns) values[kept] = values[i];
    kept++;
  }
  const entries = columns.map(({ name, values }): [string, Float64Array] => [
    name,
    kept === values.length ? values : values.slice(0, kept),
  ]);
  return { rowCount: kept, columns: new Map(entries), rowsRead: nRows, rejections: rejected.list() };
}

/** Refuses (kind resource) columns larger than the limits, before they are made. */
export function checkSize(nRows: number, nColumns: number, limits: TableLimits, source: string): void {
  if (!Number.isSafeInteger(nRows) || nRows < 0)
    throw new DarkscanError('data', `${source}: claims ${nRows} rows; it is damaged, fetch or make it again`);
  if (nRows > limits.maxRows) {
    const allowed = `at most ${limits.maxRows} are read`;
    throw new DarkscanError('resource', `${source}: has ${nRows} rows, ${allowed}; split the file`);
  }
  if (nRows * nColumns * 8 > limits.maxBytes) {
    const found = `${nRows} rows of ${nColumns} columns hold more than ${limits.maxBytes} bytes`;
    throw new DarkscanError('resource', `${source}: ${found}; ${limits.advice ?? 'split the file'}`);
  }
}

/** Error (kind data) for a column that is not in the file, naming those that are. */
export function failMissingColumn(name: string, header: readonly string[], source: string): never {
  const found = didYouMean(name, header, `the file has ${header.join(', ')}`);
  throw new DarkscanError('data', `${source}: no column '${name}'${found}`);
}

/** Error (kind data) for bytes that are not what they should be. */
export function damaged(source: string, format: string, reason: string, cause?: unknown): DarkscanError {
  const message = `${source}: damaged ${format} file (${reason}); fetch or make it again`;
  return new DarkscanError('data', message, cause === undefined ? {} : { cause });
}
