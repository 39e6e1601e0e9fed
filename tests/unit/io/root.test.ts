import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { BUNDLE_FILE, bundleText } from '../../../scripts/bundle-root.mjs';
import { openTable } from '../../../src/io/table-file.ts';
import type { Table } from '../../../src/io/table.ts';
import { fixture, hasShared, shared } from '../../support/fixtures.ts';

interface Golden {
  readonly files: readonly {
    readonly file: string;
    readonly tree: string;
    readonly rows: number;
    readonly columns: Readonly<Record<string, { sha256: string; min: number | null; max: number | null }>>;
  }[];
}

const GOLDEN: Golden = JSON.parse(
  readFileSync(new URL('../../golden/root-columns.json', import.meta.url).pathname, 'utf8'),
);

const hashOf = (values: Float64Array): string =>
  createHash('sha256')
    .update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
    .digest('hex');
const hashes = (table: Table): Record<string, string> =>
  Object.fromEntries([...table.columns].map(([name, values]) => [name, hashOf(values)]));

test('the bundle is that of the installed jsroot, and below 100 kB', async () => {
  const text = readFileSync(BUNDLE_FILE, 'utf8');
  expect(text === (await bundleText()), 'run node scripts/bundle-root.mjs').toBe(true);
  expect(text.length).toBeLessThan(100_000);
  expect(text).toContain('Permission is hereby granted');
});

describe.skipIf(!hasShared)('public files give what uproot reads, bit for bit', () => {
  test.each(GOLDEN.files)('$file', async ({ file, tree, rows, columns }) => {
    const table = await openTable(shared(file), file, { tree });
    expect(table.description).toMatchObject({ format: 'root', rowCount: rows });
    const read = await table.read(Object.keys(columns));
    expect([read.rowsRead, read.rowCount, read.rejections]).toEqual([rows, rows, []]);
    const expected = Object.fromEntries(Object.entries(columns).map(([name, { sha256 }]) => [name, sha256]));
    expect(hashes(read)).toEqual(expected);
  });

  test('five compressions give the same 2304 rows', async () => {
    const golden = GOLDEN.files[0].columns;
    for (const codec of ['zlib', 'lz4', 'lzma', 'zstd', 'uncompressed']) {
      const table = await openTable(shared(`root/uproot-Zmumu-${codec}.root`), codec);
      const read = await table.read(Object.keys(golden));
      expect(read.rowCount, codec).toBe(2304);
      for (const [name, hash] of Object.entries(hashes(read)))
        expect(hash, `${codec} ${name}`).toBe(golden[name].sha256);
    }
  });

  test('several leaves of one branch are columns branch.leaf', async () => {
    // uproot: [(1.1, 1, 97), (2.2, 2, 98), (3.3, 3, 99), (4, 4, 100), (5.5, 5, 101)]
    const table = await openTable(shared('root/uproot-leaflist.root'), 'leaflist');
    const { columns } = await table.read(['leaflist.x', 'leaflist.y', 'leaflist.z']);
    expect([...columns.values()].map((values) => [...values])).toEqual([
      [1.1, 2.2, 3.3, 4, 5.5],
      [1, 2, 3, 4, 5],
      [97, 98, 99, 100, 101],
    ]);
  });

  test('arrays and text are refused by name, with the branches that can be used', async () => {
    const table = await openTable(shared('root/uproot-small-flat-tree.root'), 'a.root');
    const usable = 'Int32, Int64, UInt32, UInt64, Float32, Float64, N';
    await expect(table.read(['SliceInt32'])).rejects.toThrow(
      `a.root: branch 'SliceInt32' is an array of variable length, expected one number per entry; usable are ${usable}`,
    );
    await expect(table.read(['ArrayFloat64'])).rejects.toThrow(`branch 'ArrayFloat64' is an array of 10, expected`);
    await expect(table.read(['Str'])).rejects.toThrow(`branch 'Str' holds text, expected`);
  });

  test('a file of histograms or an RNTuple has no tree', async () => {
    for (const name of ['uproot-histograms', 'Run2012BC_DoubleMuParked_Muons_1000evts_rntuple_v1-0-0-0'])
      await expect(openTable(shared(`root/${name}.root`), 'h.root')).rejects.toThrow(
        /^h.root: ROOT file without a TTree/,
      );
  });

  test('the last cycle of a tree is taken unless one is named', async () => {
    const bytes = shared('pybumphunter/data.root');
    expect((await openTable(bytes, 'a', { tree: 'bkg' })).description.tree).toBe('bkg;3');
    await expect(openTable(bytes, 'a')).rejects.toThrow(/^a: has 3 trees \(data, bkg, sig\); name one as 'tree'$/);
    await expect(openTable(bytes, 'a', { tree: 'bkgg' })).rejects.toThrow(/^a: no tree 'bkgg'; did you mean 'bkg'\?/);
  });
});

describe('small files', () => {
  test('trees in directories are found by their path', async () => {
    const bytes = fixture('two-trees.root');
    await expect(openTable(bytes, 't.root')).rejects.toThrow(
      /^t.root: has 2 trees \(signal, dir\/background\); name one as 'tree'$/,
    );
    const table = await openTable(bytes, 't.root', { tree: 'dir/background' });
    expect((await table.read(['m'])).rowCount).toBe(20);
    await expect(table.read(['v'])).rejects.toThrow(`t.root: branch 'v' is an array of 3`);
    await expect(table.read(['mm'])).rejects.toThrow(/^t.root: no column 'mm'; did you mean 'm'\?/);
  });

  test('a truncated file says so', async () => {
    const bytes = fixture('events.root');
    for (const length of [10, 300, 20_000, bytes.length - 1])
      await expect(openTable(bytes.slice(0, length), 't.root')).rejects.toThrow(/ROOT file ends too early/);
  });

  test('rows and bytes are limited before columns are made', async () => {
    const open = (limits: { maxRows: number; maxBytes: number }) => openTable(fixture('events.root'), 'e', { limits });
    await expect(open({ maxRows: 99, maxBytes: 1e9 })).rejects.toMatchObject({ kind: 'resource' });
    const table = await open({ maxRows: 100, maxBytes: 1000 });
    await expect(table.read(['m', 'e'])).rejects.toThrow(/100 rows of 2 columns hold more than 1000 bytes/);
  });
});
