/** Toys of `scan --global`: thrown after the scan, on the same backend, into the same run directory. */
import type { Backend } from '../engine/backend.ts';
import type { ToySetup } from '../toys/prepare-toys.ts';
import type { ToyTally } from '../toys/tally.ts';
import { toyResult, type ToyResult } from '../toys/toy-result.ts';
import type { Progress } from './progress.ts';
import { DEFAULT_TOYS } from './toy-options.ts';
import { toyProgress } from './toy-progress.ts';
import { runCampaign } from './toy-run.ts';

export interface ToysOfScan {
  readonly setup: ToySetup;
  readonly tally: ToyTally;
  readonly result: ToyResult;
}

/** Undefined when it was interrupted. */
export async function toysOfScan(
  setup: ToySetup,
  backend: Backend,
  n = DEFAULT_TOYS,
  signal: AbortSignal,
  progress: Progress,
): Promise<ToysOfScan | undefined> {
  const onProgress = toyProgress(progress);
  const { tally, ended } = await runCampaign(setup, backend, { from: 0, to: n, signal, onProgress });
  return ended === 'interrupted' ? undefined : { setup, tally, result: toyResult(setup, tally) };
}
