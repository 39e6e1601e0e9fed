import { describe, expect, test } from 'vitest';
import { openTable } from '../../../src/io/table-file.ts';
import { fixture } from '../../support/fixtures.ts';

const NAMES = ['m', 'e', 'q', 'n', 'ok'];
const CODECS = ['none', 'snappy', 'gzip', 'zstd'].flatMap((codec) => [`${codec}-required`, `${codec}-optional`]);

async function read(name: string, wanted: readonly string[]) {
  const table = await openTable(fixture(name), name);
  return { description: table.description, ...(await table.read(wanted)) };
}

describe('files written by pyarrow', () => {
  test.each(CODECS)('%s: the same rows as the CSV file', async (codec) => {
    const csv = await read('events.csv', NAMES);
    const parquet = await read(`events-${codec}.parquet`, NAMES);
    expect(parquet.description).toMatchObject({ format: 'parquet', rowCount: 100 });
    expect(parquet.description.rowGroups!.map(({ rows }) => rows)).toEqual([40, 40, 20]);
    expect([parquet.rowsRead, parquet.rowCount]).toEqual([100, 93]);
    expect(parquet.columns).toEqual(csv.columns);
    // line 1 of the CSV file is its header
    expect(csv.rejections).toEqual([{ reason: 'e: empty', count: 7, firstLine: 5 }]);
    expect(parquet.rejections).toEqual([{ reason: 'e: empty', count: 7, firstLine: 4 }]);
  });

  test('a row is left out only for columns that are wanted', async () => {
    expect((await read('events-gzip-optional.parquet', ['m', 'n'])).rowCount).toBe(100);
  });

  test('unsigned integers and half floats are numbers', async () => {
    const { columns } = await read('odd.parquet', ['unsigned', 'half']);
    expect([...columns.get('unsigned')!]).toEqual([0, 4294967295]);
    expect([...columns.get('half')!]).toEqual([0.5, -2]);
  });

  test('a column of nulls only has no rows', async () => {
    expect(await read('odd.parquet', ['nothing'])).toMatchObject({
      rowCount: 0,
      rejections: [{ reason: 'nothing: empty', count: 2 }],
    });
  });
});

describe('refusals', () => {
  test.each([
    ['price', 'is of type decimal'],
    ['when', 'is of type timestamp'],
    ['name', 'is of type string'],
    ['list', 'is nested'],
    ['struct', 'is nested'],
  ])('%s', async (name, why) => {
    await expect(read('odd.parquet', [name])).rejects.toThrow(
      `odd.parquet: column '${name}' ${why}, expected integer, float or bool; usable are m, unsigned, half, nothing`,
    );
  });

  test('a missing column', () =>
    expect(read('odd.parquet', ['halff'])).rejects.toThrow(/no column 'halff'; did you mean 'half'\?/));

  test('a tree of a file that has none', () =>
    expect(openTable(fixture('odd.parquet'), 'o', { tree: 't' })).rejects.toThrow(
      "o: is a Parquet file, which has no tree 't'; leave 'tree' out",
    ));

  test('a truncated file', async () => {
    const bytes = fixture('events-snappy-required.parquet');
    for (const length of [4, 12, 3000, bytes.length - 1])
      await expect(openTable(bytes.slice(0, length), 't')).rejects.toThrow(/^t: damaged Parquet file \(.*\); fetch or/);
  });

  test('rows and bytes are limited before columns are made', async () => {
    const open = (limits: { maxRows: number; maxBytes: number }) =>
      openTable(fixture('events-gzip-required.parquet'), 'p', { limits });
    await expect(open({ maxRows: 99, maxBytes: 1e9 })).rejects.toMatchObject({ kind: 'resource' });
    const table = await open({ maxRows: 100, maxBytes: 1000 });
    await expect(table.read(['m', 'e'])).rejects.toMatchObject({ kind: 'resource' });
  });
});
