/** The run of a campaign for `toys`: throws what is missing, keeps shards, and says what ended it. */
import { DarkscanError } from '../errors.ts';
import type { Backend } from '../engine/backend.ts';
import { makeShardFolder, shardsOfCampaign, writeShard } from '../node/toy-shards.ts';
import { throwToys, type Thrown } from '../toys/campaign.ts';
import { missingRanges } from '../toys/missing-ranges.ts';
import type { ToySetup } from '../toys/prepare-toys.ts';
import { shardHead } from '../toys/shard.ts';
import { mergeTallies, type Merged, type ToyTally } from '../toys/tally.ts';

export interface CampaignOptions {
  readonly from: number;
  readonly to: number;
  readonly until?: number;
  /** Folder that keeps the shards; without it the toys are only in the result. */
  readonly shards?: string;
  readonly shardSize: number;
  readonly deadline: number;
  readonly signal: AbortSignal;
  readonly onProgress: (done: number, total: number) => void;
}

export interface Campaign extends Merged {
  readonly ended: Thrown['ended'];
  /** Toys thrown in this run; the others were there. */
  readonly thrown: number;
}

export async function runCampaign(setup: ToySetup, backend: Backend, options: CampaignOptions): Promise<Campaign> {
  const { from, to, shards, until = Infinity, shardSize } = options;
  const head = shardHead(setup);
  if (shards !== undefined) makeShardFolder(shards);
  const tallies: ToyTally[] = shards === undefined ? [] : await shardsOfCampaign(shards, head);
  if (tallies.length > 0) mergeTallies(tallies); // overlaps are refused before any toy is thrown
  const pieces = missingRanges(from, to, tallies, shardSize);
  const total = pieces.reduce((n, [a, b]) => n + b - a, 0);
  let thrown = 0;
  let ended: Thrown['ended'] = 'range';
  for (const [start, end] of pieces) {
    const before = tallies.filter((t) => t.to <= start).reduce((n, t) => n + t.nExceedances, 0);
    if (before >= until) {
      ended = 'exceedances';
      break;
    }
    const done = thrown;
    const part = await throwToys(setup, backend, {
      from: start,
      to: end,
      untilExceedances: until - before,
      deadline: options.deadline,
      signal: options.signal,
      onProgress: (n) => options.onProgress(done + n, total),
    });
    thrown += part.tally.to - part.tally.from;
    if (shards !== undefined) await writeShard(shards, head, part.tally);
    if (part.tally.to > part.tally.from) tallies.push(part.tally);
    ended = part.ended;
    if (ended !== 'range') break;
  }
  if (tallies.length === 0) {
    throw new DarkscanError('stopped', 'toys: the time ended before the first batch of toys was done; allow more time');
  }
  return { ...mergeTallies(tallies), ended, thrown };
}
