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
import { MOST_UNTIL } from '../../toys/global-p.ts';
import { toyResult } from '../../toys/toy-result.ts';
import { CARD_ARGUMENT, CARD_ARGUMENT_HELP, readCard } from '../card-input.ts';
import { makeProgress } from '../progress.ts';
import type { AddCommand } from '../program.ts';
import { backendOption, seedOption, threadsOption, wholeNumber, type BackendOptions } from '../scan-options.ts';
import { note, print } from '../session.ts';
import { DEFAULT_TOYS, duration, MOST_TOYS, toyCount, toyRange } from '../toy-options.ts';
import { rateText, toyProgress } from '../toy-progress.ts';
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
  readonly shardSize?: number;
  readonly out?: string;
  readonly force?: boolean;
  readonly plots: boolean;
  readonly json?: boolean;
  readonly unblind?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
}

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
      new Option('--until <K>', 'stop at the K-th toy that reaches the data, in toy order; p = K/N').argParser((text) =>
        wholeNumber(text, 1, MOST_UNTIL),
      ),
    )
    .addOption(seedOption())
    .option('--inject', "throw the card's simulation.inject on top of the background")
    .addOption(new Option('--time-limit <time>', 'stop after 90s, 30m, 2h; what is done is kept').argParser(duration))
    .option('--shards <folder>', 'keep finished parts here; a rerun goes on where they end')
    .addOption(new Option('--shard-size <toys>', 'toys of one part (default: those of a minute)').argParser(toyCount))
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
        const { backend, reasons } = await chooseBackend(options, session.platform);
        if (options.verbose) for (const reason of reasons) note(session, options, reason);
        try {
          const { inject } = options;
          const setup = await prepareToys(prepared, { seed, inject, backend, signal: session.signal });
          note(session, options, `${card.name}: toys of ${setup.windows.count} windows on ${backend.info.description}`);
          const { until, shards, shardSize, timeLimit } = options;
          const [from, to] = options.range ?? [0, options.n ?? (until === undefined ? DEFAULT_TOYS : MOST_TOYS)];
          const begun = performance.now();
          const { tally, thrown, ended } = await runCampaign(setup, backend, {
            from,
            to,
            until,
            shardSize,
            ...(shards === undefined ? {} : { shards: resolve(session.cwd, shards) }),
            ...(timeLimit === undefined ? {} : { deadline: started + 1000 * timeLimit }),
            signal: session.signal,
            onProgress: toyProgress(progress, until),
          });
          progress.stop();
          const elapsedMs = performance.now() - begun;
          if (ended === 'interrupted') {
            if (shards === undefined) throw new DarkscanError('interrupted', 'toys: interrupted; nothing was written');
            note(
              session,
              options,
              `interrupted; ${thrown} toys of this run are kept in ${shards}, run it again to go on`,
            );
            return setExitCode(EXIT_CODES.interrupted);
          }
          const result = toyResult(setup, tally, until);
          const provenance = {
            seed,
            unblinded: unblind,
            files: prepared.files,
            backend: backend.info,
            warnings: backend.warnings,
            thrown,
            ended,
            elapsedMs,
            incrementsPerToy: setup.tables.increments,
          };
          const { text } = parsed;
          const path = await saveToys({ setup, tally, result, provenance, text, labels: labelsOf(card) }, directory, {
            plots: options.plots,
            warn: (message) => note(session, options, message),
          });
          if (options.json) print(session, JSON.stringify({ run: path, result }, undefined, 2));
          else if (!options.quiet) {
            print(session, toysText(result));
            print(session, `${thrown} toys thrown, ${rateText(thrown, elapsedMs)}; results in ${path}`);
          }
          if (ended === 'time') {
            note(session, options, `toys: stopped at the time limit, ${thrown} toys were thrown`);
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
