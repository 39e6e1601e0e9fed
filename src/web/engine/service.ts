/** The engine inside its worker: one scan, then questions about it; or questions about files. */
import { DarkscanError } from '../../errors.ts';
import type { EventSelection } from '../../io/events.ts';
import { attempt, type Outcome } from '../../outcome.ts';
import type { EngineApi, FinishedScan, OnProgress, ScanRequest } from './api.ts';
import { explainKept, type Detail } from './explain.ts';
import type { Kept } from './kept.ts';
import { previewFile, type FilePreview } from './preview.ts';
import { runScan } from './run-scan.ts';
import { selectRows, type Formulas, type SelectedRows } from './select-rows.ts';
import { throttled } from './throttle.ts';

export class EngineService implements EngineApi {
  #kept: Kept | undefined;

  scan(request: ScanRequest, onProgress: OnProgress): Promise<Outcome<FinishedScan>> {
    return attempt(async () => {
      const started = performance.now();
      const { kept, device } = await runScan(request, throttled(onProgress));
      this.#kept = kept;
      return { result: kept.result, device, elapsedMs: performance.now() - started };
    });
  }

  explain(id: number): Promise<Outcome<Detail>> {
    return attempt(() => {
      if (this.#kept !== undefined) return explainKept(this.#kept, id);
      throw new DarkscanError('internal', 'internal: the engine has no finished scan');
    });
  }

  preview(file: File, tree?: string): Promise<Outcome<FilePreview>> {
    return attempt(() => previewFile(file, tree));
  }

  selectRows(file: File, selection: EventSelection, formulas?: Formulas): Promise<Outcome<SelectedRows>> {
    return attempt(() => selectRows(file, selection, formulas));
  }
}
