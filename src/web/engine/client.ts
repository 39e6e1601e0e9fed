/**
 * The page's end of the lines to engines. Every scan has an engine of its own, a worker with its workers below it: ending
 * them cancels at once, whatever they do (preparing a scan is one long step), and the engine of the last finished scan
 * goes on answering until another scan has finished. Files are read by a third one, which no scan disturbs.
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

type EngineLine = Line<EngineApi>;

export class EngineClient {
  #finished: EngineLine | undefined;
  #scanning: EngineLine | undefined;
  #reading: EngineLine | undefined;

  /** Cancels a scan that runs. Errors: DarkscanError as the engine throws them; kind interrupted when cancelled. */
  async scan(request: ScanRequest, onProgress: OnProgress): Promise<FinishedScan> {
    this.cancel();
    const line = (this.#scanning = openEngine());
    try {
      const finished = await ask(line, (api) => api.scan(request, proxy(onProgress)));
      if (this.#finished !== undefined) drop(this.#finished);
      this.#finished = line;
      return finished;
    } catch (error) {
      drop(line);
      throw error;
    } finally {
      if (this.#scanning === line) this.#scanning = undefined;
    }
  }

  /** Ends the scan that runs. */
  cancel(): void {
    const line = this.#scanning;
    if (line === undefined) return;
    this.#scanning = undefined;
    drop(line);
  }

  /** One window or hypothesis of the last finished scan. Errors: DarkscanError. */
  async explain(id: number): Promise<Detail> {
    if (this.#finished === undefined) throw new DarkscanError('internal', 'internal: no scan has finished');
    return ask(this.#finished, (api) => api.explain(id));
  }

  preview(file: File, tree?: string): Promise<FilePreview> {
    return this.#read((api) => api.preview(file, tree));
  }

  selectRows(file: File, selection: EventSelection, formulas?: Formulas): Promise<SelectedRows> {
    return this.#read((api) => api.selectRows(file, selection, formulas));
  }

  #read<T>(call: (api: Remote<EngineApi>) => Promise<Outcome<T>>): Promise<T> {
    return ask((this.#reading ??= openEngine()), call);
  }
}

/** Whoever waits for an answer gets an error of kind interrupted. */
function drop(line: EngineLine): void {
  line.worker.terminate();
  line.end(new DarkscanError('interrupted', 'cancelled'));
}

async function ask<T>(line: EngineLine, call: (api: Remote<EngineApi>) => Promise<Outcome<T>>): Promise<T> {
  return valueOf(await Promise.race([call(line.api), line.ended]));
}

function openEngine(): EngineLine {
  return openLine(startWorker(engineWorker, 'engine'));
}
