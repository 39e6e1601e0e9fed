/**
 * The page's end of the line to the engine. Cancelling is quick whatever the engine does: when it does not answer in time
 * (preparing a scan is one long step), its worker is ended and a new one takes its place.
 */
import { proxy, wrap, type Remote } from 'comlink';
import { DarkscanError } from '../../errors.ts';
import { valueOf, type Outcome } from '../../outcome.ts';
import type { EngineApi, FinishedScan, OnProgress, ScanRequest } from './api.ts';
import type { Detail } from './explain.ts';
import type { FilePreview } from './preview.ts';
import type { OnToysProgress, ToysSnapshot } from './toys.ts';

/** Cancelling takes at most this long. */
const PATIENCE_MS = 100;

interface Line {
  readonly worker: Worker;
  readonly api: Remote<EngineApi>;
  /** Rejects when the worker is ended or fails. */
  readonly ended: Promise<never>;
  readonly end: (reason: Error) => void;
}

export class EngineClient {
  #line: Line | undefined;
  #working: Promise<unknown> | undefined;

  /** Errors: DarkscanError as the engine throws them; kind interrupted when cancelled. */
  async scan(request: ScanRequest, onProgress: OnProgress): Promise<FinishedScan> {
    return this.#work((api) => api.scan(request, proxy(onProgress)));
  }

  /** The next ones are short and about the last finished scan. Errors: DarkscanError. */
  explain(id: number): Promise<Detail> {
    return this.#ask((api) => api.explain(id));
  }

  archive(): Promise<Uint8Array<ArrayBuffer>> {
    return this.#ask((api) => api.archive());
  }

  tableFile(format: 'csv' | 'parquet'): Promise<Uint8Array<ArrayBuffer>> {
    return this.#ask((api) => api.tableFile(format));
  }

  figureNames(): Promise<readonly string[]> {
    return this.#ask((api) => api.figureNames());
  }

  figure(name: string): Promise<string> {
    return this.#ask((api) => api.figure(name));
  }

  preview(file: File, tree?: string): Promise<FilePreview> {
    return this.#ask((api) => api.preview(file, tree));
  }

  /** Goes on with the toys of the last scan until there are n. Errors: kind interrupted when paused (`cancel`). */
  throwToys(n: number, onProgress: OnToysProgress): Promise<ToysSnapshot> {
    return this.#work((api) => api.throwToys(n, proxy(onProgress)));
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
    const line = (this.#line ??= openLine());
    return valueOf(await Promise.race([call(line.api), line.ended]));
  }

  async #work<T>(call: (api: Remote<EngineApi>) => Promise<Outcome<T>>): Promise<T> {
    const line = (this.#line ??= openLine());
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

  #drop(line: Line, reason: Error): void {
    line.end(reason);
    line.worker.terminate();
    if (this.#line === line) this.#line = undefined;
  }
}

function openLine(): Line {
  const worker = new Worker(new URL('./engine-worker.ts', import.meta.url), { type: 'module', name: 'engine' });
  let end: (reason: Error) => void = () => undefined;
  const ended = new Promise<never>((_, reject) => {
    end = reject;
    worker.addEventListener('error', ({ message }) =>
      reject(new DarkscanError('internal', `internal: the engine stopped (${message || 'it did not load'})`)),
    );
  });
  ended.catch(() => undefined); // matters only to those who wait for an answer
  return { worker, api: wrap<EngineApi>(worker), ended, end };
}
