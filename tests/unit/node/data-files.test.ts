import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isDarkscanError, type ErrorKind } from '../../../src/errors.ts';
import { readEvents } from '../../../src/io/events.ts';
import { EMPTY_SCOPE } from '../../../src/model/expression.ts';
import { dataFilesFromEnvironment, openDataFiles } from '../../../src/node/data-files.ts';

let folder = '';
const TEXT = 'm\n1\n2\n';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'darkscan-data-'));
  await mkdir(join(folder, 'card'));
  await mkdir(join(folder, 'shared/lep'), { recursive: true });
  await mkdir(join(folder, 'card/not-a-file.csv'));
  await writeFile(join(folder, 'card/here.csv'), TEXT);
  await writeFile(join(folder, 'shared/here.csv'), 'm\n9\n');
  await writeFile(join(folder, 'shared/lep/below.csv.gz'), gzipSync(TEXT));
  const zipped = gzipSync('m\n' + '1234567\n'.repeat(1000));
  await writeFile(join(folder, 'card/short.csv.gz'), zipped.subarray(0, zipped.length - 20));
  await writeFile(join(folder, 'card/empty.csv'), '');
  const damaged = Buffer.from(zipped);
  damaged[zipped.length - 6] ^= 255;
  await writeFile(join(folder, 'card/damaged.csv'), damaged);
  await writeFile(join(folder, 'card/bomb.csv.gz'), gzipSync(Buffer.alloc(10_000_000, '1')));
});
afterAll(() => rm(folder, { recursive: true }));

const open = (searchPath?: string, maxBytes?: number) =>
  openDataFiles({ cardFolder: join(folder, 'card'), searchPath, maxBytes });

async function failureOf(run: Promise<unknown>): Promise<{ kind: ErrorKind; message: string }> {
  const error = await run.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  if (!isDarkscanError(error)) throw new Error(`no darkscan error: ${String(error)}`);
  expect(error.message).not.toContain('\n');
  return { kind: error.kind, message: error.message };
}

describe('finding files', () => {
  test('beside the card comes first', async () => {
    const file = await open(join(folder, 'shared')).read('here.csv', 'data.file');
    expect(new TextDecoder().decode(file.bytes)).toBe(TEXT);
    expect(file.sha256).toBe(createHash('sha256').update(TEXT).digest('hex'));
  });

  test('DARKSCAN_DATA is searched, and one level below it; gzip is known by its content', async () => {
    const files = open(['/nowhere', join(folder, 'shared')].join(delimiter));
    const file = await files.read('below.csv.gz', 'data.file');
    expect(new TextDecoder().decode(file.bytes)).toBe(TEXT);
    expect(file.storedBytes).toBe(gzipSync(TEXT).length);
    expect((await files.read('lep/below.csv.gz', 'data.file')).sha256).toBe(file.sha256);
  });

  test('a missing file is told with every folder searched', async () => {
    const { kind, message } = await failureOf(open(join(folder, 'shared')).read('no.csv', 'data.file'));
    expect(kind).toBe('data');
    expect(message).toBe(
      `data.file: file 'no.csv' not found, looked in ${join(folder, 'card')}, ${join(folder, 'shared')} (and one level below); add its folder to DARKSCAN_DATA`,
    );
    expect((await failureOf(open().read('no.csv', 'data.file'))).message).toContain('DARKSCAN_DATA is not set');
  });

  test('a folder is not a file, an absolute path is taken as it is', async () => {
    expect((await failureOf(open().read('not-a-file.csv', 'data.file'))).kind).toBe('data');
    expect((await failureOf(open().read('/no/such.csv', 'data.file'))).message).toContain(
      "'/no/such.csv' is not a file",
    );
    expect((await open().read(join(folder, 'card/here.csv'), 'data.file')).bytes).toHaveLength(TEXT.length);
  });
});

describe('damage and limits', () => {
  test('a truncated gzip is an error, never a short sample', async () => {
    const { kind, message } = await failureOf(open().read('short.csv.gz', 'data.file'));
    expect([kind, message]).toEqual([
      'data',
      "data.file: 'short.csv.gz' ends too early (truncated gzip); fetch or make it again",
    ]);
  });

  test('a gzip with a wrong checksum is an error', async () => {
    const { kind, message } = await failureOf(open().read('damaged.csv', 'data.file'));
    expect(kind).toBe('data');
    expect(message).toContain('damaged gzip');
  });

  test('a small file that unpacks to a large one stops at the limit', async () => {
    const { kind, message } = await failureOf(open(undefined, 1_000_000).read('bomb.csv.gz', 'data.file'));
    expect([kind, message]).toEqual([
      'resource',
      "data.file: 'bomb.csv.gz' holds more than 1000000 bytes; raise DARKSCAN_MAX_DATA_BYTES if that is meant",
    ]);
    expect((await failureOf(open(undefined, 3).read('here.csv', 'data.file'))).kind).toBe('resource');
  });

  test('the limit and the search path come from the environment', async () => {
    const files = dataFilesFromEnvironment(join(folder, 'card'), {
      DARKSCAN_MAX_DATA_BYTES: '3',
      DARKSCAN_DATA: join(folder, 'shared'),
    });
    expect((await failureOf(files.read('here.csv', 'data.file'))).kind).toBe('resource');
    expect(() => dataFilesFromEnvironment(folder, { DARKSCAN_MAX_DATA_BYTES: 'much' })).toThrow(
      /DARKSCAN_MAX_DATA_BYTES is 'much'/,
    );
  });

  test('an empty file is read; that it has no header is for the reader to say', async () => {
    expect((await open().read('empty.csv', 'data.file')).bytes).toHaveLength(0);
  });
});

const SHARED = process.env.DARKSCAN_DATA ?? new URL('../../../../shared/data', import.meta.url).pathname;
const hasShared = existsSync(join(SHARED, 'lep-delphi-dimuon'));

describe.skipIf(!hasShared)('real data', () => {
  const read = async (name: string) => open(SHARED).read(name, 'data.file');

  test('DELPHI: 22 424 pairs, 19 228 of opposite sign, 9 827 of those with positive recoil mass squared', async () => {
    const file = await read('delphi_dimuon_clean.csv.gz');
    const select = ['q1*q2 < 0'];
    const axes = { x: 'm_mumu_GeV', y: 'm_recoil2_GeV2' };
    expect((await readEvents(file, axes, EMPTY_SCOPE, 'data')).rows).toEqual({
      read: 22424,
      used: 22424,
      rejected: {},
    });
    const opposite = await readEvents(file, { ...axes, select }, EMPTY_SCOPE, 'data');
    expect(opposite.rows).toEqual({ read: 22424, used: 19228, rejected: { 'select: q1*q2 < 0': 22424 - 19228 } });
    expect(opposite.y!.filter((value) => value >= 0)).toHaveLength(9827);
  });

  test('CMS 2010 dimuons, with a blank in a header name: 10 000 pairs, 6 258 of opposite sign', async () => {
    const file = await read('MuRun2010B_0.csv.gz');
    const selection = { x: 'M', derive: { pt: 'hypot(px1, py1)' }, select: ['Q1*Q2 < 0'] };
    const { rows } = await readEvents(file, selection, EMPTY_SCOPE, 'data');
    expect([rows.read, rows.used]).toEqual([10000, 6258]);
  });
});
