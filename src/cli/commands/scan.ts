/** `darkscan scan CARD`: the whole analysis, from the card to a run directory. */
import { resolve } from 'node:path';
import { Option } from 'commander';
import { chooseBackend } from '../../engine/choose-backend.ts';
import { DarkscanError } from '../../errors.ts';
import { openRunDirectory } from '../../node/run-directory.ts';
import { saveRun } from '../../node/save-run.ts';
import { summaryText } from '../../report/summary-text.ts';
import { prepareScan } from '../../scan/prepare.ts';
import { stageWords } from '../../scan/stage-words.ts';
import { scanWindows } from '../../scan/window-scan.ts';
import { withToys } from '../../toys/global-toys.ts';
import { prepareToys } from '../../toys/prepare-toys.ts';
import { isSpectrumCard, windowCard } from '../../io/card.ts';
import { CARD_ARGUMENT, CARD_ARGUMENT_HELP, readAnyCard } from '../card-input.ts';
import { dryRun } from '../dry-run.ts';
import { makeProgress } from '../progress.ts';
import type { AddCommand } from '../program.ts';
import { backendOption, seedOption, threadsOption, type BackendOptions } from '../scan-options.ts';
import { note, print } from '../session.ts';
import { scanSpectrumCard, spectrumDryRun } from '../spectrum-run.ts';
import { DEFAULT_TOYS, toyCount } from '../toy-options.ts';
import { toysOfScan } from '../toys-of-scan.ts';

interface ScanCommandOptions extends BackendOptions {
  readonly out?: string;
  readonly force?: boolean;
  readonly seed?: number;
  readonly json?: boolean;
  readonly global?: boolean;
  readonly n?: number;
  readonly dryRun?: boolean;
  readonly plots: boolean;
  readonly unblind?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
}

export const addScan: AddCommand = (program, session) => {
  program
    .command('scan')
    .description('scan all windows of a card: local significance, observed and expected limits, plots')
    .argument(CARD_ARGUMENT, CARD_ARGUMENT_HELP)
    .option('--out <folder>', 'run directory to write (default: runs/<card>-<n>)')
    .option('--force', 'replace an existing run directory')
    .addOption(backendOption())
    .addOption(threadsOption())
    .addOption(seedOption())
    .option('--json', 'summary as JSON on stdout')
    .option('--global', 'throw toys as well: what the best window means after looking everywhere')
    .addOption(new Option('--n <toys>', `toys of --global (default: ${DEFAULT_TOYS})`).argParser(toyCount))
    .option('--dry-run', 'say how large the scan is and how long it will take, write nothing')
    .option('--no-plots', 'leave the plots out')
    .option('--unblind', 'look at blind windows or hypotheses; recorded in the result')
    .option('-q, --quiet', 'nothing but errors')
    .option('-v, --verbose', 'say which backend was taken and why, and more about errors')
    .action(async (named: string | undefined, options: ScanCommandOptions) => {
      const input = await readAnyCard(named, session, options);
      const { card } = input;
      const ofSpectra = isSpectrumCard(card) ? { ...input, card } : undefined;
      if (options.n !== undefined && !options.global) {
        throw new DarkscanError('usage', 'scan: --n is the number of toys, --global is not given; add it');
      }
      if (options.dryRun) {
        return ofSpectra ? spectrumDryRun(ofSpectra, options, session) : dryRun(windowCard(input), options, session);
      }
      const directory = openRunDirectory({
        name: card.name,
        root: resolve(session.cwd, 'runs'),
        ...(options.out === undefined ? {} : { out: resolve(session.cwd, options.out) }),
        force: options.force,
      });
      const progress = makeProgress(session.streams.stderr, options);
      try {
        if (ofSpectra) return await scanSpectrumCard(ofSpectra, options, directory, progress, session);
        const parsed = windowCard(input);
        const { backend, reasons } = await chooseBackend(options, session.platform);
        if (options.verbose) for (const reason of reasons) note(session, options, reason);
        note(session, options, `${parsed.card.name}: scanning on ${backend.info.description}`);
        try {
          const seed = options.seed ?? parsed.card.seed ?? 1;
          const unblind = options.unblind ?? false;
          const prepared = await prepareScan(parsed.card, { files: parsed.files, seed, unblind });
          const setup = options.global
            ? await prepareToys(prepared, { seed, backend, signal: session.signal })
            : undefined;
          const scanned = await scanWindows(parsed, {
            backend,
            files: parsed.files,
            prepared,
            seed,
            unblind,
            signal: session.signal,
            onProgress: (stage, done, total) => progress.update(stageWords(stage), done, total),
          });
          const toys = setup && (await toysOfScan(setup, backend, options.n, session.signal, progress));
          const result = toys === undefined ? scanned : withToys(scanned, toys.result);
          progress.stop();
          // The last moment at which Ctrl-C still leaves nothing behind.
          if (session.signal.aborted) throw new DarkscanError('interrupted', 'scan: interrupted; nothing was written');
          const warn = (message: string) => note(session, options, message);
          const path = await saveRun(result, directory, { plots: options.plots, warn, toys });
          if (options.json) print(session, JSON.stringify({ run: path, summary: result.summary }, undefined, 2));
          else if (!options.quiet) print(session, summaryText(result.summary, path, options));
        } finally {
          await backend.close();
        }
      } finally {
        progress.stop();
        directory.discard();
      }
    });
};
