/** Toys of the last scan, thrown in the background, a part at a time. */
import type { Backend } from '../../engine/backend.ts';
import { DarkscanError } from '../../errors.ts';
import type { ToySetup } from '../../toys/prepare-toys.ts';
import type { SpectrumToySetup } from '../../toys/spectrum/prepare-spectrum-toys.ts';
import type { SpectrumToyResult } from '../../toys/spectrum/spectrum-toy-result.ts';
import type { ToyTally } from '../../toys/tally.ts';
import type { ToyResult } from '../../toys/toy-result.ts';
import type { AnyScanResult } from './api.ts';
import type { Kept } from './kept.ts';

export interface ToysProgress {
  readonly done: number;
  readonly total: number;
}

export type OnToysProgress = (progress: ToysProgress) => void;

export interface ToysSnapshot {
  readonly nToys: number;
}

/** What files of a run say of its toys, as `darkscan scan --global` writes them. */
export interface FinishedPageToys {
  readonly setup: ToySetup | SpectrumToySetup;
  readonly tally: ToyTally;
  readonly result: ToyResult | SpectrumToyResult;
  /** The scan with the global p-value of the toys in its summary. */
  readonly scan: AnyScanResult;
}

export class PageToys {
  readonly kept: Kept;

  constructor(kept: Kept) {
    this.kept = kept;
  }

  async throwUntil(
    n: number,
    backend: Backend,
    signal: AbortSignal,
    onProgress: OnToysProgress,
  ): Promise<ToysSnapshot> {
    onProgress({ done: 0, total: n });
    throw new DarkscanError('internal', `internal: toys on ${backend.info.kind} ${signal.aborted} are not there yet`);
  }

  /** Of the toys thrown so far; undefined where there are none. */
  async finished(): Promise<FinishedPageToys | undefined> {
    return undefined;
  }
}
