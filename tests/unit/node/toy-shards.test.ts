/** The folder of a campaign where the disk does not cooperate. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test, vi } from 'vitest';
import { isDarkscanError } from '../../../src/errors.ts';
import { openShardFolder, readShards, writeShard } from '../../../src/node/toy-shards.ts';
import { GrowingTally } from '../../../src/toys/tally.ts';

/** What the next atomic write fails with. */
const failure = vi.hoisted(() => ({ code: '' }));
vi.mock('write-file-atomic', async (original) => {
  const real = ((await original()) as { default: (path: string, text: string) => Promise<void> }).default;
  return {
    default: (path: string, text: string) =>
      failure.code === '' ? real(path, text) : Promise.reject(Object.assign(new Error('it failed'), failure)),
  };
});

const root = mkdtempSync(join(tmpdir(), 'darkscan-shards-'));
afterAll(() => rmSync(root, { recursive: true }));
afterEach(() => void (failure.code = ''));

const HEAD = {
  card: 'c',
  seed: 1,
  ensemble: 'predictive',
  injected: false,
  version: '1',
  identity: 'x',
  observedRank: 4,
};
const growing = new GrowingTally(0, 4);
[3, 5, 0].forEach((rank) => growing.add(rank, 7));
const TALLY = growing.finish();

test.each([
  ['ENOSPC', 'resource', 'the disk is full'],
  ['EDQUOT', 'resource', 'the disk quota is used up'],
  ['EROFS', 'conflict', 'the file system is read-only'],
  ['EACCES', 'conflict', 'permission denied'],
])('%s on writing a shard is one line (%s) and leaves the others as they were', async (code, kind, reason) => {
  const folder = join(root, code);
  await writeShard(folder, HEAD, TALLY);
  failure.code = code;
  const later = { ...TALLY, from: 3, to: 6, exceedances: [4] };
  const error = await writeShard(folder, HEAD, later).catch((e: unknown) => e);
  expect(isDarkscanError(error, kind as 'resource')).toBe(true);
  expect((error as Error).message).toMatch(new RegExp(`^output: .*toys-3-6.json cannot be written \\(${reason}\\)`));
  expect(readdirSync(folder)).toEqual(['toys-0-3.json']);
  failure.code = '';
  await writeShard(folder, HEAD, later);
  expect((await readShards(folder)).map(({ name }) => name)).toEqual(['toys-0-3.json', 'toys-3-6.json']);
});

test('a shard that exists is never replaced', async () => {
  const folder = join(root, 'twice');
  await writeShard(folder, HEAD, TALLY);
  await expect(writeShard(folder, HEAD, TALLY)).rejects.toThrow(/toys-0-3\.json exists/);
});

test('an empty tally leaves no file, and other files of the folder are left alone', async () => {
  const folder = join(root, 'others');
  mkdirSync(folder);
  // what kill -9 leaves of an atomic write, and what people put there
  for (const name of ['toys-0-3.json.1234567', 'notes.txt']) writeFileSync(join(folder, name), 'x');
  await writeShard(folder, HEAD, new GrowingTally(5, 4).finish());
  expect(await readShards(folder)).toEqual([]);
  expect(readdirSync(folder).sort()).toEqual(['notes.txt', 'toys-0-3.json.1234567']);
});

test('a folder that cannot be made is refused at once', () => {
  writeFileSync(join(root, 'file'), '');
  expect(() => openShardFolder(join(root, 'file'))).toThrow(/cannot be written/);
  expect(() => openShardFolder(join(root, 'file', 'deeper'))).toThrow(/a part of the path is a file/);
});
