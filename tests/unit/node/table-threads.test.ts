import { describe, expect, test } from 'vitest';
import { threadedTables } from '../../../src/node/table-threads.ts';
import { fixture } from '../../support/fixtures.ts';

describe('parsing in a thread', () => {
  test.each(['events.root', 'events-snappy-required.parquet'])('%s: columns come back, twice', async (name) => {
    const table = await threadedTables()(fixture(name), name);
    expect((await table.read(['m', 'q'])).rowCount).toBe(100);
    expect((await table.read(['e'])).rejections).toMatchObject([{ count: 7 }]);
    const [m, n] = await table.readEach(['m', 'n']);
    expect([m.rowCount, n.rowCount]).toEqual([100, 100]);
    await table.close();
  });

  test('the bytes stay with the caller', async () => {
    const bytes = fixture('events.root');
    const table = await threadedTables()(bytes, 'e');
    await table.close();
    expect(bytes.length).toBe(25592);
  });

  test('errors keep their kind and their one line', async () => {
    const open = threadedTables();
    await expect(open(fixture('events.root'), 'e', { tree: 'x' })).rejects.toMatchObject({
      kind: 'data',
      message: "e: no tree 'x'; the file has events",
    });
    const table = await open(fixture('odd.parquet'), 'o');
    await expect(table.read(['name'])).rejects.toMatchObject({ kind: 'data' });
  });

  test('a parser that takes too long is stopped', async () => {
    await expect(threadedTables({ timeoutMs: 1 })(fixture('events.root'), 'e')).rejects.toMatchObject({
      kind: 'resource',
      message: 'e: parsing it takes longer than 0 s; it is damaged, or split it',
    });
  });

  test('a parser that takes too much memory is stopped', async () => {
    // less than the parsers themselves need
    await expect(threadedTables({ heapMb: 6 })(fixture('events.root'), 'e')).rejects.toMatchObject({
      kind: 'resource',
      message: 'e: parsing it takes more than 6 MB of memory; it is damaged, or split it',
    });
  });
});
