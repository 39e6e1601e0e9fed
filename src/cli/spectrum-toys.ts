/** Toys of cards of sliding-range fits, for `toys` and `scan --global`. */
import type { Backend } from '../engine/backend.ts';
import type { Platform } from '../engine/choose-backend.ts';
import { CpuBackend } from '../engine/cpu-backend.ts';
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
  options: ThrowToysOptions & { readonly seed?: number; readonly threads?: number },
  surroundings: ToysSurroundings,
): Promise<number> {
  const seed = options.seed ?? card.seed ?? 1;
  const prepared = await prepareSpectra(card, { files, seed });
  const setup = await setupOf(prepared, seed, cpuOf(options, surroundings.session.platform));
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

/** What a GPU leaves is fitted on CPU threads. */
export function cpuOf({ threads }: { readonly threads?: number }, { cores, spawn }: Platform): () => Backend {
  return () => new CpuBackend({ threads: threads ?? cores, spawn });
}

async function setupOf(
  { card, parts, mass, spurious, shapeNuisances }: PreparedSpectra,
  seed: number,
  cpu?: () => Backend,
): Promise<SpectrumToySetup> {
  const hash = await hashCard(card);
  const isUnbinned = parts.some((part) => 'unbinned' in part && part.unbinned !== undefined);
  const isVaried = shapeNuisances.length > 0 || spurious.some((size) => size > 0);
  const warnings = [
    ...(isUnbinned ? ['toys and the Z they are compared with are those of the binned spectrum'] : []),
    ...(isVaried
      ? [
          'toys and the Z they are compared with are without spurious signal and uncertainties of the shape of the signal',
        ]
      : []),
  ];
  return prepareSpectrumToys(parts, { card: { name: card.name, hash }, seed, masses: mass, cpu, warnings });
}

export interface ToysOfSpectrumScan {
  readonly setup: SpectrumToySetup;
  readonly tally: ToyTally;
  readonly result: SpectrumToyResult;
}

/**
 * Toys of `scan --global`, to be written into the run directory of the scan; undefined when it was interrupted.
 * @param cpu as cpuOf makes it; default: this thread
 */
export async function toysOfSpectrumScan(
  prepared: PreparedSpectra,
  seed: number,
  backend: Backend,
  n = DEFAULT_TOYS,
  signal: AbortSignal,
  progress: Progress,
  cpu?: () => Backend,
): Promise<ToysOfSpectrumScan | undefined> {
  const setup = await setupOf(prepared, seed, cpu);
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
