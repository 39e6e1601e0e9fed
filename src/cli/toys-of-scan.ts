/** Toys of `scan --global`: thrown after the scan, on the same backend, into the same run directory. */
import type { Backend } from '../engine/backend.ts';
import type { ToySetup } from '../toys/prepare-toys.ts';
import { thrownToys, type ThrownToys } from '../toys/toy-report.ts';
import { toyResult } from '../toys/toy-result.ts';
import type { Progress } from './progress.ts';
import { DEFAULT_TOYS } from './toy-options.ts';
import { toyProgress } from './toy-progress.ts';
import { runCampaign } from './toy-run.ts';

/** Undefined when it was interrupted. */
export async function toysOfScan(
  setup: ToySetup,
  backend: Backend,
  n = DEFAULT_TOYS,
  signal: AbortSignal,
  progress: Progress,
): Promise<ThrownToys | undefined> {
  const onProgress = toyProgress(progress);
  const { tally, ended } = await runCampaign(setup, backend, { from: 0, to: n, signal, onProgress });
  return ended === 'interrupted' ? undefined : thrownToys(setup, tally, toyResult(setup, tally));
}
