/** The page's end of the line to the worker that makes files; it starts with the first one. */
import { proxy, type Remote } from 'comlink';
import { DarkscanError } from '../../errors.ts';
import { valueOf, type Outcome } from '../../outcome.ts';
import { openLine, type Line } from '../engine/line.ts';
import { startWorker } from '../engine/start-worker.ts';
import type { Archive, Bytes, FigureFormat, FilesApi, FinishedRun, OnFigure, TableFormat } from './files-api.ts';
import filesWorker from './files-worker.ts?worker&url';

export class FilesClient {
  #line: Line<FilesApi> | undefined;
  /** What the worker has. */
  #run: FinishedRun | undefined;

  /** Errors of all of them: DarkscanError. */
  archive(run: FinishedRun, onFigure: OnFigure): Promise<Archive> {
    return this.#ask(run, (api) => api.archive(proxy(onFigure)));
  }

  table(run: FinishedRun, format: TableFormat): Promise<Bytes> {
    return this.#ask(run, (api) => api.table(format));
  }

  figureNames(run: FinishedRun): Promise<readonly string[]> {
    return this.#ask(run, (api) => api.figureNames());
  }

  figure(run: FinishedRun, name: string, format: FigureFormat): Promise<Bytes> {
    return this.#ask(run, (api) => api.figure(name, format));
  }

  async #ask<T>(run: FinishedRun, call: (api: Remote<FilesApi>) => Promise<Outcome<T>>): Promise<T> {
    const line = (this.#line ??= openLine(startWorker(filesWorker, 'files'), 'the worker that makes files'));
    if (run.result !== this.#run?.result || run.toys !== this.#run?.toys) {
      this.#run = run;
      void line.api.open(run); // messages keep their order
    }
    try {
      return valueOf(await Promise.race([call(line.api), line.ended]));
    } catch (error) {
      if (!(error instanceof DarkscanError) || error.kind === 'internal') this.#drop(line);
      throw error;
    }
  }

  /** The next file is made by a new worker. */
  #drop(line: Line<FilesApi>): void {
    line.worker.terminate();
    if (this.#line === line) [this.#line, this.#run] = [undefined, undefined];
  }
}
