/** Toys of cards of sliding-range fits, for `toys` and `scan --global`. */
import type { Backend } from '../engine/backend.ts';
import type { Platform } from '../engine/choose-backend.ts';
import { CpuBackend } from '../engine/cpu-backend.ts';
import type { SpectrumCard } from '../model/card.ts';
import { prepareSpectra, type PreparedSpectra } from '../scan/spectrum/prepare.ts';
import { spectrumLabels } from '../scan/spectrum/spectrum-scan.ts';
import { prepareToysOfSpectra } from '../toys/spectrum/prepare-toys-of-spectra.ts';
import { spectrumToyResult } from '../toys/spectrum/spectrum-toy-result.ts';
import { thrownToys, type ThrownToys } from '../toys/toy-report.ts';
import type { CardInput } from './card-input.ts';
import type { Progress } from './progress.ts';
import { throwAndSave, type ThrowToysOptions, type ToysSurroundings } from './throw-toys.ts';
import { DEFAULT_TOYS } from './toy-options.ts';
import { toyProgress } from './toy-progress.ts';
import { runCampaign } from './toy-run.ts';

/** `darkscan toys` of a spectrum card; returns the exit code. */
export async function toysOfSpectra(
  { card, files, text }: CardInput<SpectrumCard>,
  options: ThrowToysOptions & { readonly seed?: number; readonly threads?: number; readonly unblind?: boolean },
  surroundings: ToysSurroundings,
): Promise<number> {
  const seed = options.seed ?? card.seed ?? 1;
  const { unblind = false } = options;
  const prepared = await prepareSpectra(card, { files, seed, unblind });
  const setup = await prepareToysOfSpectra(prepared, seed, cpuOf(options, surroundings.session.platform));
  return throwAndSave(
    {
      setup,
      tested: `${setup.tested.length} hypotheses`,
      result: (tally, until) => spectrumToyResult(setup, tally, until),
      provenance: { seed, unblinded: unblind, files: prepared.files },
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
): Promise<ThrownToys | undefined> {
  const setup = await prepareToysOfSpectra(prepared, seed, cpu);
  const { tally, ended } = await runCampaign(setup, backend, {
    from: 0,
    to: n,
    signal,
    onProgress: toyProgress(progress),
  });
  return ended === 'interrupted' ? undefined : thrownToys(setup, tally, spectrumToyResult(setup, tally));
}
