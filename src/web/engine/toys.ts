/** Toys of the last scan, thrown in the background, a part at a time. */
import type { Backend } from '../../engine/backend.ts';
import { DarkscanError } from '../../errors.ts';
import type { Kept } from './kept.ts';

export interface ToysProgress {
  readonly done: number;
  readonly total: number;
}

export type OnToysProgress = (progress: ToysProgress) => void;

export interface ToysSnapshot {
  readonly nToys: number;
}

/** What the archive needs of the toys. */
export interface FinishedPageToys {
  readonly nToys: number;
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

  /** Undefined where there are none. */
  finished(): FinishedPageToys | undefined {
    return undefined;
  }
}
