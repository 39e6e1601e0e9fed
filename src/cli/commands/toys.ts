/** `darkscan toys CARD`: pseudo-experiments of the whole scan, and what the best window means after looking everywhere. */
import { resolve } from 'node:path';
import { Option } from 'commander';
import { chooseBackend } from '../../engine/choose-backend.ts';
import { DarkscanError, EXIT_CODES } from '../../errors.ts';
import { openRunDirectory } from '../../node/run-directory.ts';
import { saveToys } from '../../node/save-toys.ts';
import { toysText } from '../../report/toys-text.ts';
import { prepareScan } from '../../scan/prepare.ts';
import { labelsOf } from '../../scan/window-scan.ts';
import { prepareToys } from '../../toys/prepare-toys.ts';
import { toyResult } from '../../toys/toy-result.ts';
import { CARD_ARGUMENT, CARD_ARGUMENT_HELP, readCard } from '../card-input.ts';
import { makeProgress } from '../progress.ts';
import type { AddCommand } from '../program.ts';
import { backendOption, seedOption, threadsOption, type BackendOptions } from '../scan-options.ts';
import { note, print } from '../session.ts';
import { duration, MOST_TOYS, toyCount, toyRange } from '../toy-options.ts';
import { runCampaign } from '../toy-run.ts';
import { addToysMerge } from './toys-merge.ts';

interface ToysOptions extends BackendOptions {
  readonly n?: number;
  readonly range?: readonly [number, number];
  readonly until?: number;
  readonly seed?: number;
  readonly inject?: boolean;
  readonly timeLimit?: number;
  readonly shards?: string;
  readonly shardSize: number;
  readonly out?: string;
  readonly force?: boolean;
  readonly plots: boolean;
  readonly json?: boolean;
  readonly unblind?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
}

const DEFAULT_TOYS = 10_000;

export const addToys: AddCommand = (program, session, setExitCode) => {
  const toys = program
    .command('toys')
    .description(
      'pseudo-experiments of the whole scan: global p-value of the best window, with every estimator beside it',
    )
    .argument(CARD_ARGUMENT, CARD_ARGUMENT_HELP)
    .addOption(
      new Option('--n <toys>', `toys to throw (default: ${DEFAULT_TOYS})`).argParser(toyCount).conflicts('range'),
    )
    .addOption(new Option('--range <A:B>', 'throw toys A to B - 1 of the campaign').argParser(toyRange))
    .addOption(
      new Option('--until <K>', 'stop at the K-th toy that reaches the data, in toy order').argParser(toyCount),
    )
    .addOption(seedOption())
    .option('--inject', "throw the card's simulation.inject on top of the background")
    .addOption(new Option('--time-limit <time>', 'stop after 90s, 30m, 2h; what is done is kept').argParser(duration))
    .option('--shards <folder>', 'keep finished parts here; a rerun goes on where they end')
    .addOption(new Option('--shard-size <toys>', 'toys of one part').argParser(toyCount).default(1_000_000))
    .option('--out <folder>', 'run directory to write (default: runs/<card>-toys-<n>)')
    .option('--force', 'replace an existing run directory')
    .addOption(backendOption())
    .addOption(threadsOption())
    .option('--json', 'result as JSON on stdout')
    .option('--no-plots', 'leave the plots out')
    .option('--unblind', 'look at the counts of blind windows; recorded in the result')
    .option('-q, --quiet', 'nothing but errors')
    .option('-v, --verbose', 'say which backend was taken and why, and more about errors')
    .action(async (named: string | undefined, options: ToysOptions) => {
      const started = performance.now();
      const parsed = await readCard(named, session, options);
      const { card } = parsed;
      const directory = openRunDirectory({
        name: `${card.name}-toys`,
        root: resolve(session.cwd, 'runs'),
        ...(options.out === undefined ? {} : { out: resolve(session.cwd, options.out) }),
        force: options.force,
      });
      const progress = makeProgress(session.streams.stderr, options);
      try {
        const seed = options.seed ?? card.seed ?? 1;
        const unblind = options.unblind ?? false;
        const prepared = await prepareScan(card, { files: parsed.files, seed, unblind });
        const setup = await prepareToys(prepared, { seed, inject: options.inject });
        const { backend, reasons } = await chooseBackend(options, session.platform);
        if (options.verbose) for (const reason of reasons) note(session, options, reason);
        try {
          note(session, options, `${card.name}: toys of ${setup.windows.count} windows on ${backend.info.description}`);
          const begun = performance.now();
          const [from, to] = options.range ?? [
            0,
            options.n ?? (options.until === undefined ? DEFAULT_TOYS : MOST_TOYS),
          ];
          const campaign = await runCampaign(setup, backend, {
            from,
            to,
            until: options.until,
            shards: options.shards === undefined ? undefined : resolve(session.cwd, options.shards),
            shardSize: options.shardSize,
            deadline: options.timeLimit === undefined ? Infinity : started + 1000 * options.timeLimit,
            signal: session.signal,
            onProgress: (done, total) => progress.update(rateText(done, performance.now() - begun), done, total),
          });
          progress.stop();
          if (campaign.ended === 'interrupted') {
            const kept =
              options.shards === undefined
                ? 'nothing was written'
                : `${campaign.thrown} toys are kept in ${options.shards}`;
            throw new DarkscanError('interrupted', `toys: interrupted; ${kept}`);
          }
          const elapsedMs = performance.now() - begun;
          const result = toyResult(setup, campaign.tally, campaign.ended === 'exceedances' ? 'exceedances' : 'toys');
          const provenance = {
            thrown: campaign.thrown,
            ended: campaign.ended,
            gaps: campaign.gaps,
            elapsedMs,
            backend: backend.info,
            increments: setup.tables.increments * campaign.thrown,
          };
          const path = await saveToys(
            setup,
            campaign.tally,
            result,
            provenance,
            { text: parsed.text, labels: labelsOf(card) },
            directory,
            {
              plots: options.plots,
              warn: (message) => note(session, options, message),
            },
          );
          if (options.json) print(session, JSON.stringify({ run: path, result }, undefined, 2));
          else if (!options.quiet) {
            print(session, toysText(result));
            print(session, `${rateText(campaign.thrown, elapsedMs)}; results in ${path}`);
          }
          if (campaign.ended === 'time') {
            note(session, options, `toys: stopped at the time limit after ${campaign.thrown} toys`);
            setExitCode(EXIT_CODES.stopped);
          }
        } finally {
          await backend.close();
        }
      } finally {
        progress.stop();
        directory.discard();
      }
    });
  addToysMerge(toys, session, setExitCode);
};

function rateText(toys: number, elapsedMs: number): string {
  const rate = elapsedMs > 0 ? (1000 * toys) / elapsedMs : 0;
  return `toys (${Number(rate.toPrecision(3))}/s)`;
}
