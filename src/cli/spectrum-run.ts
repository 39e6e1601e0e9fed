/** `darkscan scan` for cards of sliding-range fits: from the card to a run directory. */
import { chooseBackend } from '../engine/choose-backend.ts';
import { DarkscanError } from '../errors.ts';
import type { SpectrumCard } from '../model/card.ts';
import type { RunDirectory } from '../node/run-directory.ts';
import { saveRun } from '../node/save-run.ts';
import { spectrumSummaryText } from '../report/spectrum/summary-text.ts';
import { prepareSpectra, type PreparedSpectra } from '../scan/spectrum/prepare.ts';
import { scanSpectra } from '../scan/spectrum/spectrum-scan.ts';
import { withToys } from '../toys/global-toys.ts';
import type { ThrownToys } from '../toys/toy-report.ts';
import type { CardInput } from './card-input.ts';
import type { Progress } from './progress.ts';
import type { BackendOptions } from './scan-options.ts';
import { note, print, type Session } from './session.ts';
import { cpuOf, toysOfSpectrumScan } from './spectrum-toys.ts';

export interface SpectrumRunOptions extends BackendOptions {
  readonly seed?: number;
  readonly json?: boolean;
  readonly global?: boolean;
  readonly n?: number;
  readonly plots: boolean;
  readonly unblind?: boolean;
  readonly quiet?: boolean;
}

export async function scanSpectrumCard(
  parsed: CardInput<SpectrumCard>,
  options: SpectrumRunOptions,
  directory: RunDirectory,
  progress: Progress,
  session: Session,
): Promise<void> {
  const { card, files } = parsed;
  const seed = options.seed ?? card.seed ?? 1;
  const { unblind = false } = options;
  const prepared = await prepareSpectra(card, { files, seed, unblind });
  note(session, options, `${card.name}: ${prepared.nHypotheses} fits`);
  const scanned = await scanSpectra(parsed, {
    files,
    seed,
    prepared,
    unblind,
    signal: session.signal,
    onProgress: (stage, done, total) => progress.update(stage, done, total),
  });
  const toys = options.global ? await throwToys(prepared, seed, options, progress, session) : undefined;
  const result = toys === undefined ? scanned : withToys(scanned, toys.result);
  progress.stop();
  // The last moment at which Ctrl-C still leaves nothing behind.
  if (session.signal.aborted) throw new DarkscanError('interrupted', 'scan: interrupted; nothing was written');
  const path = await saveRun(result, directory, {
    plots: options.plots,
    warn: (message) => note(session, options, message),
    toys,
  });
  if (options.json) print(session, JSON.stringify({ run: path, summary: result.summary }, undefined, 2));
  else if (!options.quiet) print(session, spectrumSummaryText(result.summary, path, options));
}

/** On a backend of their own: the fits of the data need none. */
async function throwToys(
  prepared: PreparedSpectra,
  seed: number,
  options: SpectrumRunOptions,
  progress: Progress,
  session: Session,
): Promise<ThrownToys | undefined> {
  const { backend } = await chooseBackend(options, session.platform);
  try {
    return await toysOfSpectrumScan(
      prepared,
      seed,
      backend,
      options.n,
      session.signal,
      progress,
      cpuOf(options, session.platform),
    );
  } finally {
    await backend.close();
  }
}

/** `--dry-run`: how large the scan is. Writes nothing. */
export async function spectrumDryRun(
  { card, files }: CardInput<SpectrumCard>,
  options: { readonly seed?: number; readonly json?: boolean },
  session: Session,
): Promise<void> {
  const { parts, nHypotheses, prepareMs } = await prepareSpectra(card, { files, seed: options.seed ?? card.seed ?? 1 });
  const spectra = parts.map(({ name, spectrum, plan, rows }) => ({
    name,
    bins: spectrum.nBins,
    hypotheses: plan.nHypotheses,
    largestRange: plan.maxBins,
    parameters: plan.maxParams,
    rows,
    status: Object.fromEntries(
      [...new Set(plan.statuses)].map((status) => [status, plan.statuses.filter((s) => s === status).length]),
    ),
  }));
  const result = { card: card.name, hypotheses: nHypotheses, spectra, prepareSeconds: prepareMs / 1000 };
  if (options.json) return print(session, JSON.stringify(result, undefined, 2));
  print(
    session,
    [
      `${card.name}: ${nHypotheses} fits`,
      ...spectra.map(({ name, bins, hypotheses, largestRange, parameters, rows, status }) => {
        const states = Object.entries(status).map(([word, n]) => `${n} ${word}`);
        return `${name === '' ? 'spectrum' : name}: ${rows.used} of ${rows.read} rows in ${bins} bins, ${hypotheses} hypotheses (${states.join(', ')}), at most ${largestRange} bins and ${parameters} parameters in a fit`;
      }),
    ].join('\n'),
  );
}
