/** `darkscan bias CARD`: toys with known signals over the mass range, and whether the fits find what was put in. */
import { resolve } from 'node:path';
import { Option } from 'commander';
import { chooseBackend } from '../../engine/choose-backend.ts';
import { DarkscanError } from '../../errors.ts';
import { isSpectrumCard } from '../../io/card.ts';
import type { SpectrumCard } from '../../model/card.ts';
import { openRunDirectory } from '../../node/run-directory.ts';
import { saveBias } from '../../node/save-run.ts';
import { biasText } from '../../report/spectrum/bias-text.ts';
import { prepareSpectra } from '../../scan/spectrum/prepare.ts';
import { spectrumLabels } from '../../scan/spectrum/spectrum-scan.ts';
import { chooseHypotheses, DEFAULT_HYPOTHESES, type HypothesisChoice } from '../../toys/spectrum/bias-choice.ts';
import { measureBias } from '../../toys/spectrum/bias.ts';
import { biasToys, DEFAULT_BIAS_TOYS, DEFAULT_STRENGTHS, hypothesisList, strengthList } from '../bias-options.ts';
import { CARD_ARGUMENT_HELP, readAnyCard, type CardInput } from '../card-input.ts';
import { makeProgress } from '../progress.ts';
import type { AddCommand } from '../program.ts';
import { backendOption, seedOption, threadsOption, wholeNumber, type BackendOptions } from '../scan-options.ts';
import { note, print, type Session } from '../session.ts';
import { cpuOf } from '../spectrum-toys.ts';
import { rateText } from '../toy-progress.ts';

interface BiasCommandOptions extends BackendOptions {
  readonly hypotheses?: readonly number[];
  readonly every?: number;
  readonly strengths: readonly number[];
  readonly n: number;
  readonly from: 'stitched' | 'own';
  readonly truth?: string;
  readonly seed?: number;
  readonly out?: string;
  readonly force?: boolean;
  readonly json?: boolean;
  readonly plots: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
}

export const addBias: AddCommand = (program, session) => {
  program
    .command('bias')
    .description('toys with known signals over the mass range: bias, pull and coverage of the fitted signal')
    .argument('<card>', CARD_ARGUMENT_HELP.replace(/ \(default.*/, ''))
    .addOption(
      new Option('--hypotheses <ids>', `hypotheses to inject at (default: ${DEFAULT_HYPOTHESES} spread over the scan)`)
        .argParser(hypothesisList)
        .conflicts('every'),
    )
    .addOption(
      new Option('--every <k>', 'every k-th hypothesis instead').argParser((text) => wholeNumber(text, 1, 1_000_000)),
    )
    .addOption(
      new Option('--strengths <list>', 'injected signals, in units of the error of S expected without signal')
        .argParser(strengthList)
        .default([...DEFAULT_STRENGTHS], DEFAULT_STRENGTHS.join(',')),
    )
    .addOption(
      new Option('--n <toys>', 'toys per hypothesis and strength').argParser(biasToys).default(DEFAULT_BIAS_TOYS),
    )
    .addOption(
      new Option('--from <background>', 'background of toys: of all fits, stitched in mass, or each of its own fit')
        .choices(['stitched', 'own'])
        .default('stitched'),
    )
    .option('--truth <card>', 'throw from the fits of another card on the same data: the spurious-signal test')
    .addOption(seedOption())
    .option('--out <folder>', 'run directory to write (default: runs/<card>-bias-<n>)')
    .option('--force', 'replace an existing run directory')
    .addOption(backendOption())
    .addOption(threadsOption())
    .option('--json', 'result as JSON on stdout')
    .option('--no-plots', 'leave the plots out')
    .option('-q, --quiet', 'nothing but errors')
    .option('-v, --verbose', 'say which backend was taken and why, and more about errors')
    .action((named: string, options: BiasCommandOptions) => bias(named, options, session));
};

async function bias(named: string, options: BiasCommandOptions, session: Session): Promise<void> {
  const { strengths, n: nToys } = options;
  if (options.truth !== undefined && !strengths.includes(0))
    throw new DarkscanError('usage', 'bias: --truth measures toys without signal; add 0 to --strengths');
  if (options.truth !== undefined && options.from === 'own')
    throw new DarkscanError(
      'usage',
      'bias: --truth throws from the stitched fits of another card; leave out --from own',
    );
  const input = await spectrumCard(named, session);
  const { card } = input;
  const truthInput = options.truth === undefined ? undefined : await spectrumCard(options.truth, session);
  const directory = openRunDirectory({
    name: `${card.name}-bias`,
    root: resolve(session.cwd, 'runs'),
    ...(options.out === undefined ? {} : { out: resolve(session.cwd, options.out) }),
    force: options.force,
  });
  const progress = makeProgress(session.streams.stderr, options);
  try {
    const seed = options.seed ?? card.seed ?? 1;
    const prepared = await prepareSpectra(withoutSpurious(card), { files: input.files, seed });
    const truth = truthInput && {
      name: options.truth!,
      parts: (await prepareSpectra(withoutSpurious(truthInput.card), { files: truthInput.files, seed })).parts,
    };
    const ids = chooseHypotheses(prepared.parts.flatMap(({ plan }) => plan.statuses), choiceOf(options)); // prettier-ignore
    const { backend, reasons } = await chooseBackend(options, session.platform);
    if (options.verbose) for (const reason of reasons) note(session, options, reason);
    try {
      note(
        session,
        options,
        `${card.name}: ${nToys} toys of ${ids.length} hypotheses at ${strengths.length} strengths on ${backend.info.description}`,
      );
      if (card.spectra.some(({ spurious_signal }) => spurious_signal !== undefined))
        note(session, options, 'the spurious_signal of the card is left out of these fits: it is what they measure');
      const begun = performance.now();
      const result = await measureBias(prepared, backend, {
        card: card.name,
        ids,
        strengths,
        nToys,
        seed,
        isOwn: options.from === 'own',
        ...(truth === undefined ? {} : { truth }),
        cpu: cpuOf(options, session.platform),
        warnings: prepared.parts.some(({ unbinned }) => unbinned !== undefined) ? [BINNED] : [],
        signal: session.signal,
        onProgress: (done, total) => progress.update('toys', done, total, rateText(done, performance.now() - begun)),
      });
      progress.stop();
      const elapsedMs = performance.now() - begun;
      if (session.signal.aborted) throw new DarkscanError('interrupted', 'bias: interrupted; nothing was written');
      const path = await saveBias(
        {
          result,
          labels: spectrumLabels(card),
          text: input.text,
          ...(truthInput === undefined ? {} : { truthText: truthInput.text }),
          provenance: {
            files: prepared.files,
            backend: backend.info,
            warnings: [...result.warnings, ...backend.warnings],
            elapsedMs,
          },
        },
        directory,
        { plots: options.plots, warn: (message) => note(session, options, message) },
      );
      if (options.json) print(session, JSON.stringify({ run: path, result }, undefined, 2));
      else if (!options.quiet) print(session, biasText(result, path, options));
    } finally {
      await backend.close();
    }
  } finally {
    progress.stop();
    directory.discard();
  }
}

const BINNED = 'toys and their fits are those of the binned spectrum, not of single events';

async function spectrumCard(named: string, session: Session): Promise<CardInput<SpectrumCard>> {
  const input = await readAnyCard(named, session);
  const { card } = input;
  if (isSpectrumCard(card)) return { ...input, card };
  const message = `${input.source}: scan is windows, expected {kind: spectrum}: bias needs a card of sliding-range fits`;
  throw new DarkscanError('card', message, { where: 'scan' });
}

function withoutSpurious(card: SpectrumCard): SpectrumCard {
  return { ...card, spectra: card.spectra.map((block) => ({ ...block, spurious_signal: undefined })) };
}

function choiceOf({ hypotheses, every }: BiasCommandOptions): HypothesisChoice {
  if (hypotheses !== undefined) return { kind: 'ids', ids: hypotheses };
  if (every !== undefined) return { kind: 'every', step: every };
  return { kind: 'spread', number: DEFAULT_HYPOTHESES };
}
