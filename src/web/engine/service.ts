/** The engine inside its worker: the recipes of the library on the backend that the browser offers. */
import { chooseBackend, type BackendChoice } from '../../engine/choose-backend.ts';
import { DarkscanError } from '../../errors.ts';
import { isSpectrumCard, parseAnyCard, type Parsed, type ParsedCard } from '../../io/card.ts';
import type { EventSelection } from '../../io/events.ts';
import type { SpectrumCard } from '../../model/card.ts';
import { attempt, type Outcome } from '../../outcome.ts';
import { prepareScan } from '../../scan/prepare.ts';
import { prepareSpectra } from '../../scan/spectrum/prepare.ts';
import { scanSpectra } from '../../scan/spectrum/spectrum-scan.ts';
import { scanWindows } from '../../scan/window-scan.ts';
import type { DeviceReport, EngineApi, FinishedScan, OnProgress, ScanRequest } from './api.ts';
import { explainKept, type Detail } from './explain.ts';
import type { Kept } from './kept.ts';
import { pageFiles } from './page-files.ts';
import { browserPlatform } from './platform.ts';
import { previewFile, type FilePreview } from './preview.ts';
import { selectRows, type Formulas, type SelectedRows } from './select-rows.ts';
import { throttled } from './throttle.ts';

export class EngineService implements EngineApi {
  #running: AbortController | undefined;
  #device: { readonly key: string; readonly choice: BackendChoice } | undefined;
  #kept: Kept | undefined;

  scan(request: ScanRequest, onProgress: OnProgress): Promise<Outcome<FinishedScan>> {
    return this.#exclusively(async (signal) => {
      const started = performance.now();
      const parsed = parseAnyCard(request.text, request.source);
      const choice = await this.#backend(request);
      const kept = await runScan(parsed, request, choice, signal, throttled(onProgress));
      this.#kept = kept;
      return { result: kept.result, device: describe(choice), elapsedMs: performance.now() - started };
    });
  }

  cancel(): void {
    this.#running?.abort();
  }

  explain(id: number): Promise<Outcome<Detail>> {
    return attempt(() => explainKept(this.#last(), id));
  }

  preview(file: File, tree?: string): Promise<Outcome<FilePreview>> {
    return attempt(() => previewFile(file, tree));
  }

  selectRows(file: File, selection: EventSelection, formulas?: Formulas): Promise<Outcome<SelectedRows>> {
    return attempt(() => selectRows(file, selection, formulas));
  }

  #last(): Kept {
    if (this.#kept !== undefined) return this.#kept;
    throw new DarkscanError('internal', 'internal: the engine has no finished scan');
  }

  /** One piece of work at a time. */
  async #exclusively<T>(work: (signal: AbortSignal) => Promise<T>): Promise<Outcome<T>> {
    return attempt(async () => {
      if (this.#running !== undefined) throw new DarkscanError('internal', 'internal: the engine is busy');
      this.#running = new AbortController();
      try {
        return await work(this.#running.signal);
      } finally {
        this.#running = undefined;
      }
    });
  }

  /** The backend asked for; the one of the last call where nothing changed. */
  async #backend({ backend, threads }: Pick<ScanRequest, 'backend' | 'threads'>): Promise<BackendChoice> {
    const key = `${backend}/${threads ?? ''}`;
    if (this.#device?.key !== key) {
      await this.#device?.choice.backend.close();
      this.#device = undefined;
      this.#device = { key, choice: await chooseBackend({ backend, threads }, browserPlatform) };
    }
    return this.#device.choice;
  }
}

async function runScan(
  parsed: Parsed<SpectrumCard> | ParsedCard,
  request: ScanRequest,
  { backend }: BackendChoice,
  signal: AbortSignal,
  onProgress: OnProgress,
): Promise<Kept> {
  const files = pageFiles(request.files);
  const { card } = parsed;
  const seed = card.seed ?? 1;
  const report = (stage: string, done: number, total: number) => onProgress({ stage, done, total });
  report('prepare', 0, 1);
  if (isSpectrumCard(card)) {
    const prepared = await prepareSpectra(card, { files, seed });
    const own = { ...parsed, card };
    const result = await scanSpectra(own, { files, seed, prepared, signal, onProgress: report });
    return { kind: 'spectrum', request, parsed: own, prepared, result };
  }
  const { unblind } = request;
  const own = { ...parsed, card };
  const prepared = await prepareScan(card, { files, seed, unblind });
  const result = await scanWindows(own, { backend, files, prepared, seed, unblind, signal, onProgress: report });
  return { kind: 'windows', request, parsed: own, prepared, result };
}

function describe({ backend, reasons }: BackendChoice): DeviceReport {
  return {
    info: backend.info,
    reasons: [...reasons],
    warnings: [...backend.warnings],
    isolated: globalThis.crossOriginIsolated === true,
  };
}
