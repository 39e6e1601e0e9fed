/** Toys of cards of sliding-range fits, for `toys` and `scan --global`. */
import type { Backend } from '../engine/backend.ts';
import { hashCard } from '../io/card.ts';
import type { SpectrumCard } from '../model/card.ts';
import type { SpectrumScanResult } from '../model/spectrum/spectrum-result.ts';
import { prepareSpectra, type PreparedSpectra } from '../scan/spectrum/prepare.ts';
import { spectrumLabels } from '../scan/spectrum/spectrum-scan.ts';
import { prepareSpectrumToys, type SpectrumToySetup } from '../toys/spectrum/prepare-spectrum-toys.ts';
import { spectrumToyResult, type SpectrumToyResult } from '../toys/spectrum/spectrum-toy-result.ts';
import type { ToyTally } from '../toys/tally.ts';
import type { CardInput } from './card-input.ts';
import type { Progress } from './progress.ts';
import { throwAndSave, type ThrowToysOptions, type ToysSurroundings } from './throw-toys.ts';
import { DEFAULT_TOYS } from './toy-options.ts';
import { toyProgress } from './toy-progress.ts';
import { runCampaign } from './toy-run.ts';
import { globalToys } from './toys-of-scan.ts';

/** `darkscan toys` of a spectrum card; returns the exit code. */
export async function toysOfSpectra(
  { card, files, text }: CardInput<SpectrumCard>,
  options: ThrowToysOptions & { readonly seed?: number },
  surroundings: ToysSurroundings,
): Promise<number> {
  const seed = options.seed ?? card.seed ?? 1;
  const prepared = await prepareSpectra(card, { files, seed });
  const setup = await setupOf(prepared, seed);
  return throwAndSave(
    {
      setup,
      tested: `${setup.tested.length} hypotheses`,
      result: (tally, until) => spectrumToyResult(setup, tally, until),
      provenance: { seed, files: prepared.files },
      text,
      labels: spectrumLabels(card),
    },
    options,
    surroundings,
  );
}

async function setupOf({ card, parts, mass }: PreparedSpectra, seed: number): Promise<SpectrumToySetup> {
  const hash = await hashCard(card);
  return prepareSpectrumToys(parts, { card: { name: card.name, hash }, seed, masses: mass });
}

export interface ToysOfSpectrumScan {
  readonly setup: SpectrumToySetup;
  readonly tally: ToyTally;
  readonly result: SpectrumToyResult;
}

/** Toys of `scan --global`, to be written into the run directory of the scan; undefined when it was interrupted. */
export async function toysOfSpectrumScan(
  prepared: PreparedSpectra,
  seed: number,
  backend: Backend,
  n = DEFAULT_TOYS,
  signal: AbortSignal,
  progress: Progress,
): Promise<ToysOfSpectrumScan | undefined> {
  const setup = await setupOf(prepared, seed);
  const { tally, ended } = await runCampaign(setup, backend, {
    from: 0,
    to: n,
    signal,
    onProgress: toyProgress(progress),
  });
  return ended === 'interrupted' ? undefined : { setup, tally, result: spectrumToyResult(setup, tally) };
}

/** The scan with the global p-value in its summary. */
export function withSpectrumToys(scan: SpectrumScanResult, toys: SpectrumToyResult): SpectrumScanResult {
  const { global } = scan.summary;
  if (global === null) return scan;
  const warnings = [...scan.summary.warnings, ...toys.warnings];
  return { ...scan, summary: { ...scan.summary, global: { ...global, toys: globalToys(toys) }, warnings } };
}
