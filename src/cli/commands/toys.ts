/** `darkscan toys CARD`: pseudo-experiments of the whole scan, and what the best window means after looking everywhere. */
import { resolve } from 'node:path';
import { Option } from 'commander';
import { chooseBackend } from '../../engine/choose-backend.ts';
import { DarkscanError, EXIT_CODES } from '../../errors.ts';
import { isSpectrumCard, windowCard } from '../../io/card.ts';
import { openRunDirectory } from '../../node/run-directory.ts';
import { prepareScan } from '../../scan/prepare.ts';
import { labelsOf } from '../../scan/window-scan.ts';
import { prepareToys } from '../../toys/prepare-toys.ts';
import { MOST_UNTIL } from '../../toys/global-p.ts';
import { toyResult } from '../../toys/toy-result.ts';
import { CARD_ARGUMENT, CARD_ARGUMENT_HELP, readAnyCard, type CardInput } from '../card-input.ts';
import { makeProgress } from '../progress.ts';
import type { AddCommand } from '../program.ts';
import { backendOption, seedOption, threadsOption, wholeNumber, type BackendOptions } from '../scan-options.ts';
import { note } from '../session.ts';
import { toysOfSpectra } from '../spectrum-toys.ts';
import { throwAndSave, type ThrowToysOptions, type ToysSurroundings } from '../throw-toys.ts';
import { DEFAULT_TOYS, duration, toyCount, toyRange } from '../toy-options.ts';
import { addToysMerge } from './toys-merge.ts';

interface ToysOptions extends BackendOptions, ThrowToysOptions {
  readonly seed?: number;
  readonly inject?: boolean;
  readonly out?: string;
  readonly force?: boolean;
  readonly unblind?: boolean;
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
    .option('--unblind', 'look at blind windows or hypotheses; recorded in the result')
    .option('-q, --quiet', 'nothing but errors')
    .option('-v, --verbose', 'say which backend was taken and why, and more about errors')
    .action(async (named: string | undefined, options: ToysOptions) => {
      const started = performance.now();
      const input = await readAnyCard(named, session, options);
      const { card } = input;
      const ofSpectra = isSpectrumCard(card) ? { ...input, card } : undefined;
      if (ofSpectra !== undefined && options.inject) {
        throw new DarkscanError('usage', 'toys: --inject is for scans of windows, the card has spectra; leave it out');
      }
      const directory = openRunDirectory({
        name: `${card.name}-toys`,
        root: resolve(session.cwd, 'runs'),
        ...(options.out === undefined ? {} : { out: resolve(session.cwd, options.out) }),
        force: options.force,
      });
      const progress = makeProgress(session.streams.stderr, options);
      try {
        const { backend, reasons } = await chooseBackend(options, session.platform);
        if (options.verbose) for (const reason of reasons) note(session, options, reason);
        const surroundings = { session, backend, directory, progress, started };
        try {
          const code =
            ofSpectra === undefined
              ? await toysOfWindows(windowCard(input), options, surroundings)
              : await toysOfSpectra(ofSpectra, options, surroundings);
          if (code !== EXIT_CODES.ok) setExitCode(code);
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

async function toysOfWindows(
  { card, files, text }: CardInput,
  options: ToysOptions,
  surroundings: ToysSurroundings,
): Promise<number> {
  const seed = options.seed ?? card.seed ?? 1;
  const { inject, unblind = false } = options;
  const { backend, session } = surroundings;
  const prepared = await prepareScan(card, { files, seed, unblind });
  const setup = await prepareToys(prepared, { seed, inject, backend, signal: session.signal });
  return throwAndSave(
    {
      setup,
      tested: `${setup.windows.count} windows`,
      result: (tally, until) => toyResult(setup, tally, until),
      provenance: { seed, unblinded: unblind, files: prepared.files },
      more: { incrementsPerToy: setup.tables.increments },
      text,
      labels: labelsOf(card),
    },
    options,
    surroundings,
  );
}
