/** Parquet -> columns through hyparquet, one column of one row group at a time. */
import { parquetMetadata, parquetRead, parquetSchema } from 'hyparquet';
import type { AsyncBuffer, ColumnMetaData, DecodedArray, FileMetaData, SchemaElement, SchemaTree } from 'hyparquet';
import { DarkscanError, isDarkscanError } from '../errors.ts';
import { checkPages } from './parquet-pages.ts';
import {
  checkSize,
  damaged,
  failMissingColumn,
  tableOfColumns,
  type RawColumn,
  type Table,
  type TableLimits,
} from './table.ts';
import type { ColumnInfo, OpenTable } from './table-file.ts';
import { compressors } from './unpack.ts';

/** Errors: kind data (damaged, truncated), kind resource (too large). */
export async function openParquetTable(bytes: Uint8Array, source: string, limits: TableLimits): Promise<OpenTable> {
  const metadata = await orDamaged(source, async () => readMetadata(bytes));
  const nRows = Number(metadata.num_rows);
  checkSize(nRows, 0, limits, source);
  const columns = await orDamaged(source, async () => parquetSchema(metadata).children.map(describe));
  const read = async (wanted: readonly string[]): Promise<Table> => {
    for (const name of wanted) checkColumn(columns, name, source);
    checkSize(nRows, wanted.length, limits, source);
    return orDamaged(source, async () => {
      const raw: RawColumn[] = [];
      for (const name of wanted) raw.push(await readColumn(bytes, metadata, name, limits));
      return tableOfColumns(raw, nRows);
    });
  };
  return {
    description: {
      format: 'parquet',
      columns,
      rowCount: nRows,
      rowGroups: metadata.row_groups.map((group) => ({
        rows: Number(group.num_rows),
        bytes: Number(group.total_byte_size),
      })),
    },
    read,
    async readEach(wanted) {
      const tables: Table[] = [];
      for (const name of wanted) tables.push(await read([name]));
      return tables;
    },
    close: async () => undefined,
  };
}

function readMetadata(bytes: Uint8Array): FileMetaData {
  const metadata = parquetMetadata(bytes, { geoparquet: false });
  const inGroups = metadata.row_groups.reduce((sum, group) => sum + group.num_rows, 0n);
  if (metadata.row_groups.some((group) => group.num_rows < 0n) || inGroups !== metadata.num_rows)
    throw new Error(`row groups have ${inGroups} rows, the file claims ${metadata.num_rows}`);
  return metadata;
}

/** Values of one column, NaN and marked where null. Errors (plain): too few or too many rows, nulls not allowed. */
async function readColumn(
  bytes: Uint8Array,
  metadata: FileMetaData,
  name: string,
  limits: TableLimits,
): Promise<RawColumn> {
  const nRows = Number(metadata.num_rows);
  const values = new Float64Array(nRows);
  let isNull: Uint8Array | undefined;
  let groupStart = 0;
  for (const group of metadata.row_groups) {
    const groupRows = Number(group.num_rows);
    const chunk = group.columns.find(({ meta_data: found }) => found?.path_in_schema.join('.') === name)?.meta_data;
    if (chunk === undefined) throw new Error(`column '${name}' is missing in a row group`);
    checkPages(bytes, chunk, groupRows, limits.maxBytes);
    let row = groupStart;
    let nNulls = 0;
    for (const part of await readParts(bytes, metadata, name, groupStart, groupStart + groupRows)) {
      if (row + part.length > groupStart + groupRows) throw new Error(`column '${name}' has too many rows`);
      for (let i = 0; i < part.length; i++, row++) {
        const value = part[i];
        if (value === null || value === undefined) {
          isNull ??= new Uint8Array(nRows);
          isNull[row] = 1;
          nNulls++;
          values[row] = NaN;
        } else values[row] = Number(value);
      }
    }
    const rows = row - groupStart;
    if (rows !== groupRows) throw new Error(`column '${name}' has ${rows} rows, the row group claims ${groupRows}`);
    checkNulls(metadata, chunk, name, nNulls);
    checkRange(chunk, values.subarray(groupStart, groupStart + groupRows), name);
    groupStart += groupRows;
  }
  return { name, values, isNull };
}

async function readParts(
  bytes: Uint8Array,
  metadata: FileMetaData,
  name: string,
  rowStart: number,
  rowEnd: number,
): Promise<DecodedArray[]> {
  const parts: { rowStart: number; data: DecodedArray }[] = [];
  if (rowEnd === rowStart) return [];
  await parquetRead({
    file: bufferOf(bytes),
    metadata,
    columns: [name],
    rowStart,
    rowEnd,
    compressors,
    onChunk: (chunk) => void parts.push({ rowStart: chunk.rowStart, data: chunk.columnData }),
  });
  return parts.sort((a, b) => a.rowStart - b.rowStart).map(({ data }) => data);
}

/** Nulls only where the schema allows them, and as many as the statistics of the chunk say. */
function checkNulls(metadata: FileMetaData, chunk: ColumnMetaData, name: string, nNulls: number): void {
  const element = metadata.schema.find((one) => one.name === name && one.num_children === undefined);
  const expected = element?.repetition_type === 'REQUIRED' ? 0 : chunk.statistics?.null_count;
  if (expected !== undefined && Number(expected) !== nNulls)
    throw new Error(`column '${name}' has ${nNulls} values missing, expected ${expected}`);
}

/** No value outside of the range in the statistics of the chunk: readers skip chunks by it, so it has to hold. */
function checkRange({ statistics }: ColumnMetaData, values: Float64Array, name: string): void {
  const [min, max] = [bound(statistics?.min_value, -Infinity), bound(statistics?.max_value, Infinity)];
  const outside = values.find((value) => value < min || value > max);
  if (outside !== undefined)
    throw new Error(`column '${name}' holds ${outside}, expected ${min} to ${max} from its statistics`);
}

function bound(value: unknown, otherwise: number): number {
  const isNumber = ['number', 'bigint', 'boolean'].includes(typeof value);
  return isNumber && !Number.isNaN(Number(value)) ? Number(value) : otherwise;
}

function bufferOf(bytes: Uint8Array): AsyncBuffer {
  return {
    byteLength: bytes.length,
    slice: (start, end) => bytes.slice(start, end).buffer as ArrayBuffer,
  };
}

const NUMBERS = ['BOOLEAN', 'INT32', 'INT64', 'FLOAT', 'DOUBLE'];

function describe({ element, children }: SchemaTree): ColumnInfo {
  const { name } = element;
  if (children.length > 0) return { name, type: 'group', refusal: 'is nested' };
  const type = typeName(element);
  if (element.repetition_type === 'REPEATED') return { name, type: `repeated ${type}`, refusal: 'is a list' };
  const refusal = refusalOf(element, type);
  return refusal === undefined ? { name, type } : { name, type, refusal };
}

function typeName({ type, logical_type: logical, converted_type: converted }: SchemaElement): string {
  if (logical?.type === 'INTEGER') return `${logical.isSigned ? 'int' : 'uint'}${logical.bitWidth}`;
  if (logical !== undefined) return logical.type.toLowerCase();
  return (converted ?? type ?? 'unknown').toLowerCase();
}

function refusalOf(
  { type, logical_type: logical, converted_type: converted }: SchemaElement,
  name: string,
): string | undefined {
  if (logical?.type === 'FLOAT16') return undefined;
  const isPlain = logical === undefined || logical.type === 'INTEGER';
  const isPlainOldStyle = converted === undefined || /^U?INT_/.test(converted);
  return NUMBERS.includes(type ?? '') && isPlain && isPlainOldStyle ? undefined : `is of type ${name}`;
}

function checkColumn(columns: readonly ColumnInfo[], name: string, source: string): void {
  const usable = columns.filter(({ refusal }) => refusal === undefined).map((column) => column.name);
  const found = columns.filter((column) => column.name === name);
  if (found.length === 0) failMissingColumn(name, usable, source);
  if (found.length > 1) throw new DarkscanError('data', `${source}: column '${name}' is there twice; rename one`);
  const [{ refusal }] = found;
  if (refusal === undefined) return;
  const allowed = usable.length > 0 ? `usable are ${usable.join(', ')}` : 'no column of this file is usable';
  throw new DarkscanError(
    'data',
    `${source}: column '${name}' ${refusal}, expected integer, float or bool; ${allowed}`,
  );
}

/** Whatever goes wrong inside is the fault of the file. */
async function orDamaged<T>(source: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (isDarkscanError(cause)) throw cause;
    throw damaged(source, 'Parquet', cause instanceof Error ? cause.message : String(cause), cause);
  }
}
