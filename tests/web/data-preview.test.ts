/** What the page tells of a data file before it is used, and which rows a selection keeps. */
import fs from 'node:fs';
import { expect, test } from 'vitest';
import type { LoadedFile } from '../../src/io/file-source.ts';
import { previewTable } from '../../src/web/engine/preview.ts';
import { selectRowsOf } from '../../src/web/engine/select-rows.ts';

function fixture(name: string): LoadedFile {
  const bytes = new Uint8Array(fs.readFileSync(new URL(`../fixtures/${name}`, import.meta.url)));
  return { name, bytes, sha256: '', storedBytes: bytes.length };
}

function csv(text: string): LoadedFile {
  const bytes = new TextEncoder().encode(text);
  return { name: 'made.csv', bytes, sha256: '', storedBytes: bytes.length };
}

test('the same events in CSV, Parquet and ROOT give the same columns, ranges and histograms', async () => {
  const [text, parquet, root] = await Promise.all(
    ['events.csv', 'events-zstd-optional.parquet', 'events.root'].map((name) => previewTable(fixture(name))),
  );
  expect([text.format, parquet.format, root.format]).toEqual(['csv', 'parquet', 'root']);
  for (const other of [parquet, root]) {
    expect(other.rowCount).toBe(100);
    expect(other.columns.map(({ name, numbers }) => ({ name, numbers }))).toEqual(
      text.columns.map(({ name, numbers }) => ({ name, numbers })),
    );
  }
  expect(text.columns[1]).toMatchObject({ name: 'e', numbers: { count: 93, missing: 7 } });
  expect(text.columns[0].numbers!.bins.reduce((a, b) => a + b)).toBe(100);
});

test('columns that hold no numbers are told with the reason, and so are trees', async () => {
  const odd = await previewTable(fixture('odd.parquet'));
  expect(odd.columns.find(({ name }) => name === 'list')).toMatchObject({ refusal: expect.stringMatching(/^is /) });
  expect(odd.columns.find(({ name }) => name === 'nothing')!.numbers).toEqual({ count: 0, missing: 2, bins: [] });
  const root = await previewTable(fixture('two-trees.root'));
  expect(root.trees).toEqual(['signal;1', 'dir/background;1']);
  expect(root.tree).toBe('signal;1');
  expect((await previewTable(fixture('two-trees.root'), 'dir/background')).tree).toBe('dir/background;1');
});

test('a constant column, one of the widest range and one of text have their numbers', async () => {
  const { columns } = await previewTable(csv('a,b,c\n1,-1e308,x\n1,1e308,y\n1,0,z\n'));
  expect(columns[0].numbers).toEqual({ count: 3, missing: 0, range: [1, 1], bins: [] });
  expect(columns[1].numbers!.bins.reduce((a, b) => a + b)).toBe(3);
  expect(columns[2].numbers).toEqual({ count: 0, missing: 3, bins: [] });
});

test('a selection keeps rows by formulas over columns and constants, and counts the others by reason', async () => {
  const selection = { x: 'm', y: 'e', select: ['q > 0', 'm < limit'] };
  const { rows, x, y } = await selectRowsOf(fixture('events.csv'), selection, { constants: { limit: 5 } });
  expect(rows.read).toBe(100);
  expect(rows.used + Object.values(rows.rejected).reduce((a, b) => a + b)).toBe(100);
  expect(Object.keys(rows.rejected)).toEqual(['e: empty', 'select: q > 0', 'select: m < limit']);
  expect(x![1]).toBeLessThanOrEqual(5);
  expect(y).toBeDefined();
});

test('a selection that keeps no row has no range; one that is no formula is one clear line', async () => {
  const file = fixture('events.csv');
  expect((await selectRowsOf(file, { x: 'm', select: ['m < 0'] })).x).toBeUndefined();
  await expect(selectRowsOf(file, { x: 'm', select: ['m <'] })).rejects.toThrow(/^card: data\.select\[0\][^\n]*$/);
  await expect(selectRowsOf(file, { x: 'm', select: ['mm > 0'] })).rejects.toThrow(/no column 'mm'/);
});
