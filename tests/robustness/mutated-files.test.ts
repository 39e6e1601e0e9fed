/**
 * Damaged copies of files end in the right numbers or in one error: no hang, no short read, no crash. "Right" needs a
 * checksum in the file: ZLIB and LZMA in ROOT, page checksums in Parquet, the CRC of gzip. Where the format has none a
 * changed digit is another valid file; there the rows must still be those that the file claims.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Worker } from 'node:worker_threads';
import { gzipSync } from 'node:zlib';
import { wrap, type Remote } from 'comlink';
import nodeEndpoint from 'comlink/dist/esm/node-adapter.mjs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isDarkscanError } from '../../src/errors.ts';
import { withTable, type TableDescription } from '../../src/io/table-file.ts';
import type { Table } from '../../src/io/table.ts';
import { openDataFiles } from '../../src/node/data-files.ts';
import type { Outcome } from '../../src/outcome.ts';
import type { TableService } from '../../src/io/table-service.ts';
import { startThread } from '../../src/node/worker-threads.ts';
import { fixture, FIXTURES, hasShared, shared } from '../support/fixtures.ts';
import { mutate, randomNumbers } from '../support/mutate.ts';

const SEED = 20261121;
const LIMITS = { maxRows: 1e7, maxBytes: 1e8 };
/** Each takes some ms. */
const HANG_MS = 10_000;

type Ending = 'right' | 'error' | 'changed';

/** One thread for all copies: what one file leaves behind must not disturb the next. */
let worker: Worker;
let service: Remote<TableService>;
let stopped: Promise<never>;

beforeAll(() => {
  const resourceLimits = { maxOldGenerationSizeMb: 512 };
  worker = startThread('table-worker', {}, { stdout: true, stderr: true, resourceLimits });
  service = wrap<TableService>(nodeEndpoint(worker));
  stopped = new Promise((_, reject) => worker.once('error', reject));
  stopped.catch(() => undefined);
});
afterAll(async () => void (await worker.terminate()));

async function inTime<T>(work: Promise<Outcome<T>>): Promise<Outcome<T>> {
  let timer: NodeJS.Timeout | undefined;
  const hang = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('hangs')), HANG_MS);
  });
  try {
    return await Promise.race([work, stopped, hang]);
  } finally {
    clearTimeout(timer);
  }
}

/** Opens and reads every column by itself; an error is its message. Rows must be those that the file claims. */
async function readAll(bytes: Uint8Array, tree?: string): Promise<string | readonly Table[]> {
  const opened = await inTime<TableDescription>(service.open(bytes, 'file', { tree, limits: LIMITS }));
  if (!opened.ok) return checkedError(opened);
  const usable = opened.value.columns.filter(({ refusal }) => refusal === undefined).map(({ name }) => name);
  const read = await inTime<readonly Table[]>(service.readEach(usable));
  if (!read.ok) return checkedError(read);
  for (const table of read.value) {
    const left = table.rejections.reduce((sum, { count }) => sum + count, 0);
    expect([table.rowsRead, table.rowCount + left]).toEqual([opened.value.rowCount, opened.value.rowCount]);
  }
  return read.value;
}

function checkedError({ kind, message }: { kind: string; message: string }): string {
  expect(['data', 'resource'], message).toContain(kind);
  expect(message.split('\n')).toHaveLength(1);
  return message;
}

async function outcomes(original: Uint8Array, copies: number, tree?: string): Promise<Record<Ending, number>> {
  const expected = await readAll(original, tree);
  if (typeof expected === 'string') throw new Error(expected);
  const random = randomNumbers(SEED);
  const counts = { right: 0, error: 0, changed: 0 };
  for (let i = 0; i < copies; i++) {
    const { bytes, what } = mutate(original, random);
    const found = await readAll(bytes, tree).catch((cause: unknown) => {
      throw new Error(`copy ${i} (${what})`, { cause });
    });
    counts[typeof found === 'string' ? 'error' : isSame(found, expected) ? 'right' : 'changed']++;
  }
  return counts;
}

function isSame(found: readonly Table[], expected: readonly Table[]): boolean {
  return (
    found.length === expected.length &&
    found.every(({ columns, rejections }, i) => {
      const [[name, values]] = columns;
      const wanted = expected[i].columns.get(name);
      return (
        wanted?.length === values.length &&
        values.every((value, k) => Object.is(value, wanted[k])) &&
        JSON.stringify(rejections) === JSON.stringify(expected[i].rejections)
      );
    })
  );
}

describe('files with checksums: right or an error', () => {
  test.each(['events-gzip-required.parquet', 'events-gzip-optional.parquet', 'events-zstd-optional.parquet'])(
    '%s',
    async (name) => {
      const counts = await outcomes(fixture(name), 50);
      console.log(name, counts);
      expect(counts).toMatchObject({ changed: 0 });
      expect(counts.right + counts.error).toBe(50);
    },
  );

  test.skipIf(!hasShared).each(['zlib', 'lzma'])('ROOT, %s', async (codec) => {
    const counts = await outcomes(shared(`root/uproot-Zmumu-${codec}.root`), 50);
    console.log(`uproot-Zmumu-${codec}.root`, counts);
    expect(counts).toMatchObject({ changed: 0 });
  });
});

describe('files without: never other rows than claimed', () => {
  test.each([
    ['events.root', undefined],
    ['two-trees.root', 'signal'],
    ['events-none-required.parquet', undefined],
    ['events-snappy-optional.parquet', undefined],
  ])('%s', async (name, tree) => {
    const counts = await outcomes(fixture(name), 30, tree);
    console.log(name, counts);
    expect(counts.error).toBeGreaterThan(5);
  });

  test.skipIf(!hasShared).each(['lz4', 'zstd', 'uncompressed'])('ROOT, %s', async (codec) => {
    const counts = await outcomes(shared(`root/uproot-Zmumu-${codec}.root`), 30);
    console.log(`uproot-Zmumu-${codec}.root`, counts);
    expect(counts.error).toBeGreaterThan(5);
  });
});

describe('text', () => {
  const folder = mkdtempSync(join(tmpdir(), 'darkscan-mutants-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const csv = fixture('events.csv');

  /** Column m through the whole way from disk; an error is its message. */
  async function read(bytes: Uint8Array): Promise<string | Table> {
    writeFileSync(join(folder, 'file'), bytes);
    try {
      const file = await openDataFiles({ cardFolder: folder }).read('file', 'data.file');
      return await withTable(file, {}, (table) => table.read(['m']));
    } catch (error) {
      if (!isDarkscanError(error)) throw error;
      return checkedError(error);
    }
  }

  test('gzip: 50 copies, the right numbers or an error', async () => {
    const original = new Uint8Array(gzipSync(csv));
    const expected = (await read(original)) as Table;
    const random = randomNumbers(SEED);
    const counts = { right: 0, error: 0 };
    for (let i = 0; i < 50; i++) {
      const found = await read(mutate(original, random).bytes);
      if (typeof found === 'string') counts.error++;
      else {
        expect(found).toEqual(expected);
        counts.right++;
      }
    }
    console.log('events.csv.gz', counts);
    expect(counts.error).toBeGreaterThan(25);
  });

  test('CSV: 50 copies, what a plain reading of the same text gives, or an error', async () => {
    const random = randomNumbers(SEED);
    const counts = { right: 0, error: 0 };
    for (let i = 0; i < 50; i++) {
      const { bytes, what } = mutate(csv, random);
      const found = await read(bytes);
      if (typeof found === 'string') {
        counts.error++;
        continue;
      }
      const { values, nRows } = plainReading(new TextDecoder().decode(bytes));
      expect([...found.columns.get('m')!], what).toEqual(values);
      expect(found.rowsRead, what).toBe(nRows);
      counts.right++;
    }
    console.log('events.csv', counts);
    expect(counts.right).toBeGreaterThan(10);
  });
});

/** First column of rows with five cells (a sixth may be empty) whose first cell is a decimal number. */
function plainReading(text: string): { values: number[]; nRows: number } {
  const [header, ...lines] = text.split('\n');
  const rows = lines.filter((line) => line.trim() !== '').map((line) => line.split(','));
  const at = header.split(',').findIndex((name) => name.trim() === 'm');
  const width = header.trimEnd().replace(/,$/, '').split(',').length;
  const whole = rows.filter((row) => row.length === width || (row.length === width + 1 && row[width].trim() === ''));
  const cells = whole.map((row) => row[at].trim());
  const isDecimal = (cell: string): boolean => /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(cell);
  return { values: cells.filter(isDecimal).map(Number).filter(Number.isFinite), nRows: rows.length };
}

test('the fixtures are small enough to be in the repository', () => {
  const names = ['events.csv', 'events.root', 'two-trees.root', 'odd.parquet'];
  const total = names.reduce((sum, name) => sum + readFileSync(FIXTURES + name).length, 0);
  expect(total).toBeLessThan(60_000);
});
