/**
 * A shard: the tally of toys [from, to) of one campaign as a JSON file that says itself what it belongs to, with a
 * checksum. A shard of another card, seed, ensemble, version or data is refused, never added.
 */
import { DarkscanError } from '../errors.ts';
import { canonicalJson } from '../io/card.ts';
import { sha256Hex } from '../io/sha256.ts';
import { VERSION } from '../version.ts';
import { toysIn, type ToyTally } from './tally.ts';

export const SHARD_SCHEMA = 'darkscan/toys/1';

/** What a shard must have in common with its campaign, for people; `identity` decides. */
export interface ShardHead {
  readonly card: string;
  readonly seed: number;
  readonly ensemble: string;
  readonly injected: boolean;
  readonly version: string;
  readonly identity: string;
  readonly observedRank: number;
}

/** The setup of a campaign, of windows or of spectra, as far as its shards name it. */
export interface CampaignName {
  readonly card: { readonly name: string };
  readonly seed: number;
  readonly ensemble: string;
  readonly injected: readonly unknown[];
  readonly identity: string;
  readonly observed: { readonly rank: number };
}

export interface Shard extends ShardHead {
  readonly tally: ToyTally;
}

/** A tally as JSON holds it. */
type StoredTally = Omit<ToyTally, 'byRank' | 'byWindow'> & {
  readonly schema: string;
  readonly byRank: [number, number][];
  readonly byWindow: [number, number][];
};

export function shardHead({ card, seed, ensemble, injected, identity, observed }: CampaignName): ShardHead {
  return {
    card: card.name,
    seed,
    ensemble,
    injected: injected.length > 0,
    version: VERSION,
    identity,
    observedRank: observed.rank,
  };
}

/** JSON text of a shard. */
export async function shardText(head: ShardHead, tally: ToyTally): Promise<string> {
  const pairs = (map: ReadonlyMap<number, number>) => [...map].sort(([a], [b]) => a - b);
  const { card, seed, ensemble, injected, version, identity, observedRank } = head;
  const { from, to, gaps, nExceedances, exceedances, nFailures } = tally;
  const content = {
    schema: SHARD_SCHEMA,
    card,
    seed,
    ensemble,
    injected,
    version,
    identity,
    observedRank,
    from,
    to,
    gaps,
    nExceedances,
    exceedances,
    nFailures,
    byRank: pairs(tally.byRank),
    byWindow: pairs(tally.byWindow),
  };
  return `${JSON.stringify({ ...content, sha256: await checksum(content) })}\n`;
}

/**
 * Reads a shard and checks everything it claims. Errors (kind data): not a shard, damaged, or sums that do not agree.
 * @param name of the file, for messages
 */
export async function parseShard(text: string, name: string): Promise<Shard> {
  let content: Record<string, unknown>;
  try {
    content = JSON.parse(text) as Record<string, unknown>;
  } catch (cause) {
    throw new DarkscanError(
      'data',
      `${name}: not a complete shard of toys (${(cause as Error).message}); throw it anew`,
      {
        cause,
      },
    );
  }
  if (content === null || typeof content !== 'object' || content.schema !== SHARD_SCHEMA) {
    throw new DarkscanError(
      'data',
      `${name}: schema ${String(content?.schema)}, expected ${SHARD_SCHEMA}; not a shard of toys`,
    );
  }
  const { sha256, ...rest } = content;
  if (sha256 !== (await checksum(rest))) {
    throw new DarkscanError(
      'data',
      `${name}: the checksum does not match its content; the shard is damaged, throw it anew`,
    );
  }
  const { schema: _, byRank, byWindow, ...others } = rest as unknown as ShardHead & StoredTally;
  const { card, seed, ensemble, injected, version, identity, observedRank, ...sums } = others;
  const tally: ToyTally = { ...sums, byRank: new Map(byRank), byWindow: new Map(byWindow) };
  const { from, to, nExceedances } = tally;
  const thrown = byRank.reduce((n, [, count]) => n + count, 0);
  const above = byRank.reduce((n, [rank, count]) => n + (rank >= observedRank ? count : 0), 0);
  if (thrown !== toysIn(tally) || above !== nExceedances) {
    throw new DarkscanError(
      'data',
      `${name}: ${thrown} toys and ${above} exceedances do not fit [${from}, ${to}) and ${nExceedances}; throw it anew`,
    );
  }
  return { card, seed, ensemble, injected, version, identity, observedRank, tally };
}

/** Error (kind conflict) naming what differs when a shard is of another campaign. */
export function checkSameCampaign(shard: ShardHead, expected: ShardHead, name: string): void {
  if (shard.identity === expected.identity) return;
  const keys = ['card', 'version', 'seed', 'ensemble', 'injected'] as const;
  const differing = keys.filter((key) => shard[key] !== expected[key]);
  const found = differing.map((key) => `${key} ${String(shard[key])}, expected ${String(expected[key])}`);
  const what = found.length > 0 ? found.join('; ') : 'the same name and seed, but another card, data or model';
  throw new DarkscanError('conflict', `${name}: a shard of another campaign (${what}); leave it out or throw it anew`);
}

function checksum(content: unknown): Promise<string> {
  return sha256Hex(new TextEncoder().encode(canonicalJson(content)));
}
