import { parquetReadObjects, parquetMetadata } from 'hyparquet';
import { describe, expect, it } from 'vitest';
import { isDarkscanError } from '../../../src/errors.ts';
import { tableFromParquet, tableToParquet } from '../../../src/io/result-parquet.ts';
import type { ResultTable } from '../../../src/model/result.ts';
import { awkwardTable } from '../../support/result-table.ts';

const bitsOf = (values: Float64Array) => [...new BigUint64Array(values.slice().buffer)];
const NULL_BITS = bitsOf(Float64Array.of(NaN))[0];

function expectSameBits(read: ResultTable, written: ResultTable): void {
  expect(read.rowCount).toBe(written.rowCount);
  expect(read.columns.map((c) => c.name)).toEqual(written.columns.map((c) => c.name));
  for (const [i, column] of written.columns.entries()) {
    const other = read.columns[i]!;
    expect({ ...other, values: 0 }).toEqual({ ...column, values: 0 });
    if (column.type === 'f64') expect(bitsOf(other.values as Float64Array)).toEqual(bitsOf(column.values));
    else expect([...other.values]).toEqual([...column.values]);
  }
}

describe('windows.parquet', () => {
  it.each([0, 1, 7, 999, 1001, 102_001])(
    'gives back a table of %i rows bit for bit, with its provenance',
    async (rowCount) => {
      const table = awkwardTable(rowCount);
      const provenance = { seed: '1', card: { sha256: 'ab"c' } };
      const read = await tableFromParquet(tableToParquet(table, provenance), 'windows.parquet');
      expectSameBits(read.table, table);
      expect(read.provenance).toEqual(provenance);
    },
  );

  it('stores nulls, not NaN, and marks only columns with nulls as nullable', async () => {
    const bytes = tableToParquet(awkwardTable(), {});
    const file = bytes.slice().buffer;
    const repetition = Object.fromEntries(
      parquetMetadata(file)
        .schema.slice(1)
        .map((e) => [e.name, e.repetition_type]),
    );
    expect(repetition).toEqual({ id: 'REQUIRED', x: 'REQUIRED', z: 'OPTIONAL', n: 'REQUIRED', status: 'REQUIRED' });
    const rows = await parquetReadObjects({ file });
    expect(rows.map((row) => row.z)).toEqual([0, null, Math.SQRT2, Math.sqrt(3), null, Math.sqrt(5), Math.sqrt(6)]);
  });

  it('reads null back as NaN', async () => {
    const { table } = await tableFromParquet(tableToParquet(awkwardTable(), {}), 'w');
    expect(bitsOf(table.columns[2]!.values as Float64Array)[1]).toBe(NULL_BITS);
  });

  it('refuses an infinity with its place', () => {
    const table = {
      rowCount: 2,
      columns: [{ name: 'z', type: 'f64' as const, values: Float64Array.of(1, -Infinity), description: '' }],
    };
    expect(() => tableToParquet(table, {})).toThrow('table: z[1] is -Infinity, expected a number or null');
  });

  it.each([
    ['text', new TextEncoder().encode('id,x,y\n1,2,3\n')],
    ['nothing', new Uint8Array()],
    ['a truncated file', tableToParquet(awkwardTable(), {}).slice(0, 200)],
  ])('refuses %s with one line', async (_, bytes) => {
    const error = await tableFromParquet(bytes, 'runs/a/windows.parquet').catch((e: unknown) => e);
    expect(isDarkscanError(error, 'data')).toBe(true);
    expect((error as Error).message).toMatch(
      /^runs\/a\/windows\.parquet: not a Parquet file .*; name the table of a run$/,
    );
  });
});
