/** The folder of a campaign: one file per shard, complete or absent, so that a rerun goes on where it ended. */
import { accessSync, constants, existsSync, mkdirSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { DarkscanError } from '../errors.ts';
import { checkSameCampaign, parseShard, shardText, type Shard, type ShardHead } from '../toys/shard.ts';
import type { ToyTally } from '../toys/tally.ts';
import { saveFile, writeError } from './atomic-file.ts';

const SHARD_FILE = /^toys-\d+-\d+\.json$/;

/** Shards of a folder in the order of their names; none when the folder does not exist. */
export async function readShards(folder: string): Promise<{ name: string; shard: Shard }[]> {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder).filter((name) => SHARD_FILE.test(name));
  return Promise.all(names.sort().map((name) => readShard(join(folder, name))));
}

/** One shard file; errors of kind data name it. */
export async function readShard(path: string): Promise<{ name: string; shard: Shard }> {
  const text = await readFile(path, 'utf8').catch((cause: NodeJS.ErrnoException) => {
    const reason = cause.code === 'ENOENT' ? 'is not there' : `cannot be read (${cause.code})`;
    throw new DarkscanError('data', `${path}: ${reason}; name shards of toys or their folder`, { cause });
  });
  const name = basename(path);
  return { name, shard: await parseShard(text, name) };
}

/** Shards of the folder that belong to `head`; error (kind conflict) when one does not. */
export async function shardsOfCampaign(folder: string, head: ShardHead): Promise<ToyTally[]> {
  const found = await readShards(folder);
  for (const { name, shard } of found) checkSameCampaign(shard, head, name);
  return found.map(({ shard }) => shard.tally);
}

/** Writes toys-<from>-<to>.json. An empty tally leaves no file. */
export async function writeShard(folder: string, head: ShardHead, tally: ToyTally): Promise<void> {
  if (tally.to === tally.from) return;
  await saveFile(join(folder, `toys-${tally.from}-${tally.to}.json`), await shardText(head, tally));
}

/** Makes the folder now and checks it, so that a place that cannot be written is found before any toy is thrown. */
export function openShardFolder(folder: string): void {
  try {
    mkdirSync(folder, { recursive: true });
    accessSync(folder, constants.W_OK);
  } catch (cause) {
    throw writeError(folder, cause);
  }
}
