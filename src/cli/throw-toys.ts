/** `darkscan toys` from a prepared campaign to its run directory: throws, saves, prints; for windows and for spectra. */
import { resolve } from 'node:path';
import type { Backend } from '../engine/backend.ts';
import { DarkscanError, EXIT_CODES } from '../errors.ts';
import type { PlotLabels, Provenance } from '../model/result.ts';
import type { RunDirectory } from '../node/run-directory.ts';
import { saveToys } from '../node/save-run.ts';
import { toysText } from '../report/toys-text.ts';
import type { ToySetup } from '../toys/prepare-toys.ts';
import type { SpectrumToySetup } from '../toys/spectrum/prepare-spectrum-toys.ts';
import type { ToyTally } from '../toys/tally.ts';
import { thrownToys, type ThrownToys } from '../toys/toy-report.ts';
import type { Progress } from './progress.ts';
import { note, print, type Session } from './session.ts';
import { DEFAULT_TOYS, MOST_TOYS } from './toy-options.ts';
import { rateText, toyProgress } from './toy-progress.ts';
import { runCampaign } from './toy-run.ts';

/** Options of the command, as far as they are not about the card or the backend. */
export interface ThrowToysOptions {
  readonly n?: number;
  readonly range?: readonly [number, number];
  readonly until?: number;
  /** Seconds from `started` on. */
  readonly timeLimit?: number;
  readonly shards?: string;
  readonly shardSize?: number;
  readonly plots: boolean;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
}

export interface PreparedCampaign {
  readonly setup: ToySetup | SpectrumToySetup;
  /** "40 windows", "500 hypotheses". */
  readonly tested: string;
  readonly result: (tally: ToyTally, until?: number) => ThrownToys['result'];
  /** What run.json says beside the campaign itself: seed, files, ... */
  readonly provenance: Provenance;
  /** Of run.json, after all else. */
  readonly more?: Provenance;
  /** The card as written, and the words of plots. */
  readonly text: string;
  readonly labels: PlotLabels;
}

export interface ToysSurroundings {
  readonly session: Session;
  readonly backend: Backend;
  readonly directory: RunDirectory;
  readonly progress: Progress;
  /** performance.now() at the start of the command. */
  readonly started: number;
}

/** The exit code. Errors: as runCampaign; kind interrupted where nothing is kept. */
export async function throwAndSave(
  { setup, tested, result: resultOf, provenance, more = {}, text, labels }: PreparedCampaign,
  options: ThrowToysOptions,
  { session, backend, directory, progress, started }: ToysSurroundings,
): Promise<number> {
  note(session, options, `${setup.card.name}: toys of ${tested} on ${backend.info.description}`);
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
    note(session, options, `interrupted; ${thrown} toys of this run are kept in ${shards}, run it again to go on`);
    return EXIT_CODES.interrupted;
  }
  const result = resultOf(tally, until);
  const run = {
    ...provenance,
    backend: backend.info,
    warnings: backend.warnings,
    thrown,
    ended,
    elapsedMs,
    ...more,
  };
  const path = await saveToys({ ...thrownToys(setup, tally, result), provenance: run, text, labels }, directory, {
    plots: options.plots,
    warn: (message) => note(session, options, message),
  });
  if (options.json) print(session, JSON.stringify({ run: path, result }, undefined, 2));
  else if (!options.quiet) {
    print(session, toysText(result));
    print(session, `${thrown} toys thrown, ${rateText(thrown, elapsedMs)}; results in ${path}`);
  }
  if (ended !== 'time') return EXIT_CODES.ok;
  note(session, options, `toys: stopped at the time limit, ${thrown} toys were thrown`);
  return EXIT_CODES.stopped;
}
