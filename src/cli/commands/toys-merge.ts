/** `darkscan toys merge`: shards of one campaign, thrown anywhere in any order, added up. */
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { DarkscanError, EXIT_CODES } from '../../errors.ts';
import { saveFile } from '../../node/atomic-file.ts';
import { readShard, readShards } from '../../node/toy-shards.ts';
import { fromToys } from '../../toys/estimators/from-toys.ts';
import { checkSameCampaign, shardText } from '../../toys/shard.ts';
import { mergeTallies, toysIn } from '../../toys/tally.ts';
import { note, print, type Session } from '../session.ts';

interface MergeOptions {
  readonly out: string;
  readonly force?: boolean;
  readonly json?: boolean;
}

export function addToysMerge(toys: Command, session: Session, setExitCode: (code: number) => void): void {
  toys
    .command('merge')
    .description('add up shards of one campaign; gaps are reported (exit code 4), overlaps and other campaigns refused')
    .argument('<shards...>', 'shard files, or folders of them')
    .requiredOption('--out <file>', 'merged shard to write')
    .option('--force', 'replace an existing file')
    .option('--json', 'sums as JSON on stdout')
    .action(async (named: readonly string[], options: MergeOptions) => {
      const found = (await Promise.all(named.map((name) => shardsAt(resolve(session.cwd, name), name)))).flat();
      if (found.length === 0)
        throw new DarkscanError('data', `toys: no shard in ${named.join(', ')}; throw toys with --shards`);
      const [{ shard: first }] = found;
      for (const { name, shard } of found) checkSameCampaign(shard, first, name);
      const { tally, gaps } = mergeTallies(found.map(({ shard }) => shard.tally));
      await saveFile(resolve(session.cwd, options.out), await shardText(first, tally), options.force);
      const toysThrown = toysIn(tally);
      const { pGlobal, interval } = fromToys({ toys: toysThrown, exceedances: tally.nExceedances }, 0);
      const sums = {
        shards: found.length,
        from: tally.from,
        to: tally.to,
        n_toys: toysThrown,
        n_exceedances: tally.nExceedances,
        gaps,
      };
      if (options.json) {
        const p = { p_global: pGlobal, p_global_low: interval!.low, p_global_high: interval!.high };
        print(session, JSON.stringify({ ...sums, ...p }, undefined, 2));
      } else {
        const range = `[${tally.from}, ${tally.to})`;
        print(
          session,
          `${found.length} shards, ${toysThrown} toys of ${range}, ${tally.nExceedances} reach the data: global p ${pGlobal!.toPrecision(3)} [${interval!.low.toPrecision(3)}, ${interval!.high.toPrecision(3)}] (68 %)`,
        );
      }
      if (gaps.length === 0) return;
      const list = gaps.slice(0, 5).map(([from, to]) => `[${from}, ${to})`);
      note(
        session,
        {},
        `toys: MISSING ${list.join(', ')}${gaps.length > 5 ? ` and ${gaps.length - 5} more ranges` : ''}; throw them with --range`,
      );
      setExitCode(EXIT_CODES.incomplete);
    });
}

async function shardsAt(path: string, shown: string): ReturnType<typeof readShards> {
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory();
  if (isFolder === undefined)
    throw new DarkscanError('data', `toys: ${shown} is not there; name shard files or folders of them`);
  return isFolder ? readShards(path) : [await readShard(path)];
}
