/**
 * Result table <-> Parquet. f64 columns are DOUBLE, PLAIN encoded (a dictionary would merge 0 and -0) and nullable
 * only where a null exists; i32 columns are INT32, text is UTF8. Key-value metadata under `darkscan` carries units,
 * descriptions and provenance as JSON, so reading gives back the same table bit for bit (tests/unit/io/result-parquet).
 */
import { parquetMetadata, parquetRead } from 'hyparquet';
import type { FileMetaData } from 'hyparquet';
import { ByteWriter, parquetWrite } from 'hyparquet-writer';
import type { ColumnSource } from 'hyparquet-writer';
import { DarkscanError } from '../errors.ts';
import type { Provenance, ResultColumn, ResultTable } from '../model/result.ts';
import { toJsonText } from './result-json.ts';

const METADATA_KEY = 'darkscan';

interface StoredMetadata {
  readonly schema: 'darkscan/windows/1';
  readonly columns: Readonly<Record<string, { unit?: string; description: string }>>;
  readonly provenance: Provenance;
}

/** Bytes of a Parquet file (Snappy). Error `internal` when the table is not finished (an infinity, a wrong length). */
export function tableToParquet(table: ResultTable, provenance: Provenance): Uint8Array {
  const writer = new ByteWriter();
  parquetWrite({
    writer,
    columnData: table.columns.map((column) => toColumnSource(column, table.rowCount)),
    kvMetadata: [{ key: METADATA_KEY, value: toJsonText(describe(table, provenance)) }],
    createdBy: 'darkscan (hyparquet-writer)',
  });
  return writer.getBytes();
}

/** The table and the provenance written by tableToParquet; error `data` for anything else. `source` names the file. */
export async function tableFromParquet(
  bytes: Uint8Array,
  source: string,
): Promise<{ table: ResultTable; provenance: Provenance }> {
  const file = new Uint8Array(bytes).buffer; // a copy, also of a Buffer in Node's pool
  const metadata = readMetadata(file, source);
  const stored = readStored(metadata, source);
  const rowCount = Number(metadata.num_rows);
  const columns = metadata.schema.slice(1).map((element): ResultColumn => {
    const head = { name: element.name, ...(stored.columns[element.name] ?? { description: '' }) };
    if (element.type === 'DOUBLE') return { ...head, type: 'f64', values: new Float64Array(rowCount) };
    if (element.type === 'INT32') return { ...head, type: 'i32', values: new Int32Array(rowCount) };
    return { ...head, type: 'string', values: Array.from({ length: rowCount }, () => '') };
  });
  const byName = new Map(columns.map((column) => [column.name, column]));
  try {
    await parquetRead({
      file,
      metadata,
      onChunk: ({ columnName, columnData, rowStart }) => fillColumn(byName.get(columnName)!, columnData, rowStart),
    });
  } catch (cause) {
    throw new DarkscanError(
      'data',
      `${source}: damaged Parquet file (${(cause as Error).message}); run the scan again`,
      { cause },
    );
  }
  return { table: { rowCount, columns }, provenance: stored.provenance };
}

function describe(table: ResultTable, provenance: Provenance): StoredMetadata {
  const columns = Object.fromEntries(
    table.columns.map(({ name, unit, description }) => [
      name,
      unit === undefined ? { description } : { unit, description },
    ]),
  );
  return { schema: 'darkscan/windows/1', columns, provenance };
}

function toColumnSource(column: ResultColumn, rowCount: number): ColumnSource {
  const { name, values } = column;
  if (values.length !== rowCount)
    throw new DarkscanError('internal', `table: column '${name}' has ${values.length} rows, expected ${rowCount}`);
  if (column.type === 'string') return { name, data: [...column.values], type: 'STRING', nullable: false };
  if (column.type === 'i32') return { name, data: column.values, type: 'INT32', nullable: false };
  const infinite = column.values.findIndex((value) => Math.abs(value) === Infinity);
  if (infinite >= 0)
    throw new DarkscanError(
      'internal',
      `table: ${name}[${infinite}] is ${column.values[infinite]}, expected a number or null`,
    );
  const nullable = column.values.some(Number.isNaN);
  const data = nullable ? Array.from(column.values, (value) => (Number.isNaN(value) ? null : value)) : column.values;
  return { name, data, type: 'DOUBLE', nullable, encoding: 'PLAIN' };
}

function fillColumn(column: ResultColumn, chunk: ArrayLike<unknown>, rowStart: number): void {
  const values = column.values as { [row: number]: unknown };
  for (let i = 0; i < chunk.length; i++) values[rowStart + i] = chunk[i] ?? NaN;
}

function readMetadata(file: ArrayBuffer, source: string): FileMetaData {
  try {
    return parquetMetadata(file);
  } catch (cause) {
    throw new DarkscanError(
      'data',
      `${source}: not a Parquet file (${(cause as Error).message}); name the table of a run`,
      { cause },
    );
  }
}

function readStored(metadata: FileMetaData, source: string): StoredMetadata {
  const value = metadata.key_value_metadata?.find(({ key }) => key === METADATA_KEY)?.value;
  if (value === undefined)
    throw new DarkscanError('data', `${source}: no darkscan metadata, expected the table of a darkscan run`);
  return JSON.parse(value) as StoredMetadata;
}
