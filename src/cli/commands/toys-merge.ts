/** `darkscan toys merge`: shards of one campaign, thrown anywhere in any order, added up. */
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { Option, type Command } from 'commander';
import { DarkscanError, EXIT_CODES } from '../../errors.ts';
import { saveFile } from '../../node/atomic-file.ts';
import { readShard, readShards } from '../../node/toy-shards.ts';
import { fromToys } from '../../toys/estimators/from-toys.ts';
import { MOST_UNTIL, toyCounts } from '../../toys/global-p.ts';
import { checkSameCampaign, shardText } from '../../toys/shard.ts';
import { mergeTallies, toysIn } from '../../toys/tally.ts';
import { wholeNumber } from '../scan-options.ts';
import { note, print, type Session } from '../session.ts';

interface MergeOptions {
  readonly out: string;
  readonly until?: number;
  readonly force?: boolean;
  readonly json?: boolean;
}

export function addToysMerge(toys: Command, session: Session, setExitCode: (code: number) => void): void {
  toys
    .command('merge')
    .description('add up shards of one campaign; gaps are reported (exit code 4), overlaps and other campaigns refused')
    .argument('<shards...>', 'shard files, or folders of them')
    .requiredOption('--out <file>', 'merged shard to write')
    .addOption(
      new Option('--until <K>', 'p = K/N at the K-th toy that reaches the data; K fixed beforehand').argParser((text) =>
        wholeNumber(text, 1, MOST_UNTIL),
      ),
    )
    .option('--force', 'replace an existing file')
    .option('--json', 'sums as JSON on stdout')
    .action(async (named: readonly string[], options: MergeOptions) => {
      const found = (await Promise.all(named.map((name) => shardsAt(resolve(session.cwd, name), name)))).flat();
      if (found.length === 0)
        throw new DarkscanError('data', `toys: no shard in ${named.join(', ')}; throw toys with --shards`);
      const [{ shard: first }] = found;
      for (const { name, shard } of found) checkSameCampaign(shard, first, name);
      const tally = mergeTallies(found.map(({ shard }) => shard.tally));
      await saveFile(resolve(session.cwd, options.out), await shardText(first, tally), options.force);
      const { from, to, gaps } = tally;
      const counts = toyCounts(tally, options.until);
      const { pGlobal, interval } = fromToys(counts, 0);
      const [p, low, high] = [pGlobal!, interval!.low, interval!.high];
      if (options.json) {
        const sums = { shards: found.length, from, to, gaps, n_toys: counts.toys, n_exceedances: counts.exceedances };
        const share = first.injected ? {} : { p_global: p, p_global_low: low, p_global_high: high };
        print(session, JSON.stringify({ ...sums, ...share }, undefined, 2));
      } else {
        const range = `${found.length} shards, ${toysIn(tally)} toys of [${from}, ${to})`;
        const reach = counts.stop
          ? `the first ${counts.toys} hold the ${counts.exceedances} that reach the data`
          : `${counts.exceedances} reach the data`;
        const share = `global p ${p.toPrecision(3)} [${low.toPrecision(3)}, ${high.toPrecision(3)}] (68 %)`;
        print(session, `${range}, ${reach}${first.injected ? ', signal included' : `: ${share}`}`);
      }
      if (gaps.length === 0) return;
      const list = gaps.slice(0, 5).map((gap) => `[${gap.join(', ')})`);
      const more = gaps.length > 5 ? ` and ${gaps.length - 5} more ranges` : '';
      note(session, {}, `toys: MISSING ${list.join(', ')}${more}; throw them with --range`);
      setExitCode(EXIT_CODES.incomplete);
    });
}

async function shardsAt(path: string, shown: string): ReturnType<typeof readShards> {
  const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory();
  if (isFolder === undefined)
    throw new DarkscanError('data', `toys: ${shown} is not there; name shard files or folders of them`);
  return isFolder ? readShards(path) : [await readShard(path)];
}
