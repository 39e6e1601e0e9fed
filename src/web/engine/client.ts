/**
 * The page's end of the line to the engine. Cancelling is quick whatever the engine does: when it does not answer in time
 * (preparing a scan is one long step), its worker is ended and a new one takes its place.
 */
import { proxy, type Remote } from 'comlink';
import { DarkscanError } from '../../errors.ts';
import { valueOf, type Outcome } from '../../outcome.ts';
import type { EventSelection } from '../../io/events.ts';
import type { EngineApi, FinishedScan, OnProgress, ScanRequest } from './api.ts';
import engineWorker from './engine-worker.ts?worker&url';
import type { Detail } from './explain.ts';
import { openLine, type Line } from './line.ts';
import type { FilePreview } from './preview.ts';
import type { Formulas, SelectedRows } from './select-rows.ts';
import { startWorker } from './start-worker.ts';

/** Cancelling takes at most this long. */
const PATIENCE_MS = 100;

export class EngineClient {
  #line: Line<EngineApi> | undefined;
  #working: Promise<unknown> | undefined;

  /** Errors: DarkscanError as the engine throws them; kind interrupted when cancelled. */
  async scan(request: ScanRequest, onProgress: OnProgress): Promise<FinishedScan> {
    return this.#work((api) => api.scan(request, proxy(onProgress)));
  }

  /** The next ones are short and about the last finished scan. Errors: DarkscanError. */
  explain(id: number): Promise<Detail> {
    return this.#ask((api) => api.explain(id));
  }

  preview(file: File, tree?: string): Promise<FilePreview> {
    return this.#ask((api) => api.preview(file, tree));
  }

  selectRows(file: File, selection: EventSelection, formulas?: Formulas): Promise<SelectedRows> {
    return this.#ask((api) => api.selectRows(file, selection, formulas));
  }

  /** Ends what is running; resolves when it has ended. */
  async cancel(): Promise<void> {
    const [line, working] = [this.#line, this.#working];
    if (line === undefined || working === undefined) return;
    void line.api.cancel();
    const patience = new Promise<'late'>((resolve) => setTimeout(() => resolve('late'), PATIENCE_MS));
    if ((await Promise.race([working.catch(() => undefined), patience])) !== 'late') return;
    this.#drop(line, new DarkscanError('interrupted', 'cancelled'));
  }

  async #ask<T>(call: (api: Remote<EngineApi>) => Promise<Outcome<T>>): Promise<T> {
    const line = (this.#line ??= openEngine());
    return valueOf(await Promise.race([call(line.api), line.ended]));
  }

  async #work<T>(call: (api: Remote<EngineApi>) => Promise<Outcome<T>>): Promise<T> {
    const line = (this.#line ??= openEngine());
    const working = Promise.race([call(line.api), line.ended]);
    this.#working = working;
    try {
      return valueOf(await working);
    } catch (error) {
      if (!(error instanceof DarkscanError)) this.#drop(line, error as Error);
      throw error;
    } finally {
      if (this.#working === working) this.#working = undefined;
    }
  }

  #drop(line: Line<EngineApi>, reason: Error): void {
    line.end(reason);
    line.worker.terminate();
    if (this.#line === line) this.#line = undefined;
  }
}

function openEngine(): Line<EngineApi> {
  return openLine(startWorker(engineWorker, 'engine'));
}
