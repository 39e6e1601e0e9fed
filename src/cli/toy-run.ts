/** The run of a campaign for `toys` and `scan --global`: throws what is missing, keeps shards, and says what ended it. */
import { DarkscanError } from '../errors.ts';
import type { Backend } from '../engine/backend.ts';
import { openShardFolder, shardsOfCampaign, writeShard } from '../node/toy-shards.ts';
import { throwToys, type Thrown, type ToyCampaign } from '../toys/campaign.ts';
import { missingRanges } from '../toys/missing-ranges.ts';
import type { ToySetup } from '../toys/prepare-toys.ts';
import { shardHead, type CampaignName } from '../toys/shard.ts';
import { mergeTallies, rangesOf, type ToyRange, type ToyTally } from '../toys/tally.ts';

export interface CampaignOptions {
  /** Toys [from, to). */
  readonly from: number;
  readonly to: number;
  /** Stop at this toy of those that reach the data. */
  readonly until?: number;
  /** Folder that keeps the shards; without it the toys are only in the result. */
  readonly shards?: string;
  /** Toys of a shard; default: those of a minute. */
  readonly shardSize?: number;
  /** performance.now() */
  readonly deadline?: number;
  readonly signal?: AbortSignal;
  /** Toys done of those missing at the start (Infinity where only `until` ends it), and toys that reach the data. */
  readonly onProgress?: (done: number, total: number, reached: number) => void;
}

export interface Campaign {
  readonly tally: ToyTally;
  readonly ended: Thrown['ended'];
  /** Toys thrown in this run; the others were there. */
  readonly thrown: number;
}

const SHARD_MS = 60_000;
const LARGEST_SHARD = 1e9;

/**
 * Errors: kind conflict (shards of another campaign, overlaps, a shard across the end of the wanted range), data (a
 * damaged shard), stopped (no time for any toy).
 */
export async function runCampaign(
  setup: ToySetup | (ToyCampaign & CampaignName),
  backend: Backend,
  options: CampaignOptions,
): Promise<Campaign> {
  const { from, to, shards, until = Infinity, shardSize, deadline = Infinity, signal } = options;
  const head = shardHead(setup);
  if (shards !== undefined) openShardFolder(shards);
  const tallies = shards === undefined ? [] : wanted(await shardsOfCampaign(shards, head), [from, to]);
  const reachedBefore = (toy: number) =>
    until === Infinity ? 0 : tallies.flatMap((t) => t.exceedances).filter((n) => n < toy).length;
  const there = tallies.flatMap(rangesOf).reduce((n, [a, b]) => n + b - a, 0);
  let thrown = 0;
  let ended: Thrown['ended'] = 'range';
  for (const [start, end] of missingRanges(from, to, tallies.flatMap(rangesOf), shardSize ?? LARGEST_SHARD)) {
    for (let at = start; at < end && ended === 'range';) {
      const [reached, done] = [reachedBefore(at), thrown];
      if (reached >= until) {
        ended = 'exceedances';
        break;
      }
      const pause = shards !== undefined && shardSize === undefined ? performance.now() + SHARD_MS : Infinity;
      const part = await throwToys(setup, backend, {
        from: at,
        to: end,
        untilExceedances: until - reached,
        deadline: Math.min(deadline, pause),
        signal,
        onProgress: (n, _, more) => options.onProgress?.(done + n, to - from - there, reached + more),
      });
      if (shards !== undefined) await writeShard(shards, head, part.tally);
      if (part.tally.to > at) tallies.push(part.tally);
      thrown += part.tally.to - at;
      at = part.tally.to;
      if (part.ended !== 'time' || performance.now() >= deadline) ended = part.ended;
    }
    if (ended !== 'range') break;
  }
  if (tallies.length === 0 && ended === 'time') {
    throw new DarkscanError('stopped', 'toys: the time ended before the first toys were done; allow more time');
  }
  return { tally: tallies.length > 0 ? mergeTallies(tallies) : emptyTally(from), ended, thrown };
}

/** The shards inside the wanted range. */
function wanted(tallies: readonly ToyTally[], [from, to]: ToyRange): ToyTally[] {
  if (tallies.length > 0) mergeTallies(tallies); // overlaps are refused before any toy is thrown
  const inside = tallies.filter((tally) => tally.to > from && tally.from < to);
  const across = inside.find((tally) => tally.from < from || tally.to > to);
  if (across === undefined) return inside;
  const found = `the shard of toys [${across.from}, ${across.to}) reaches beyond the wanted [${from}, ${to})`;
  throw new DarkscanError('conflict', `toys: ${found}, it cannot be split; ask for a range that holds it`);
}

/** Interrupted before any batch was done. */
function emptyTally(from: number): ToyTally {
  const none = new Map<number, number>();
  return { from, to: from, gaps: [], byRank: none, byWindow: none, nExceedances: 0, exceedances: [], nFailures: 0 };
}
