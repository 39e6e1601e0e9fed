/** The page's end of the line to the worker that throws toys: one worker per campaign, ended with it. */
import { proxy, type Remote } from 'comlink';
import { DarkscanError } from '../../errors.ts';
import { valueOf, type Outcome } from '../../outcome.ts';
import type { OnProgress, ScanRequest } from './api.ts';
import { openLine, type Line } from './line.ts';
import { startWorker } from './start-worker.ts';
import type { CampaignInfo, FinishedPageToys, LiveToys, OnToysProgress, ToysApi } from './toys-api.ts';
import toysWorker from './toys-worker.ts?worker&url';

/** What the state of the page needs of it. All errors: DarkscanError; kind interrupted after `close`. */
export interface ToysLine {
  prepare(request: ScanRequest, onProgress: OnProgress): Promise<CampaignInfo>;
  throwUntil(n: number, onProgress: OnToysProgress): Promise<LiveToys>;
  /** Ends `throwUntil` after the batch that is being thrown. */
  pause(): void;
  finished(): Promise<FinishedPageToys>;
  /** Whatever it does. */
  close(): void;
}

export function openToys(): ToysLine {
  const line: Line<ToysApi> = openLine(startWorker(toysWorker, 'toys'));
  async function ask<T>(call: (api: Remote<ToysApi>) => Promise<Outcome<T>>): Promise<T> {
    return valueOf(await Promise.race([call(line.api), line.ended]));
  }
  return {
    prepare: (request, onProgress) => ask((api) => api.prepare(request, proxy(onProgress))),
    throwUntil: (n, onProgress) => ask((api) => api.throwUntil(n, proxy(onProgress))),
    pause: () => void line.api.pause(),
    finished: () => ask((api) => api.finished()),
    close() {
      line.end(new DarkscanError('interrupted', 'cancelled'));
      line.worker.terminate();
    },
  };
}
