/** Makes the files of a run, in its worker. */
import { DarkscanError } from '../../errors.ts';
import { tableToCsv } from '../../io/result-csv.ts';
import { tableToParquet } from '../../io/result-parquet.ts';
import { attempt, type Outcome } from '../../outcome.ts';
import { noPng } from '../../report/svg/png-options.ts';
import type { DrawPng, RunContent } from '../../run/run-content.ts';
import { scanFiles } from '../../run/scan-files.ts';
import { withToys } from '../../toys/global-toys.ts';
import type { AnyScanResult } from '../engine/api.ts';
import type { Archive, Bytes, FigureFormat, FilesApi, FinishedRun, OnFigure, TableFormat } from './files-api.ts';
import { zipRun } from './run-zip.ts';

export class FilesService implements FilesApi {
  readonly #loadPng: () => Promise<DrawPng>;
  #png: Promise<DrawPng> | undefined;
  #run: FinishedRun | undefined;

  /** @param loadPng rejects where there is none; asked when the first PNG is */
  constructor(loadPng: () => Promise<DrawPng>) {
    this.#loadPng = loadPng;
  }

  open(run: FinishedRun): void {
    this.#run = run;
  }

  archive(onFigure: OnFigure): Promise<Outcome<Archive>> {
    return attempt(async () => {
      const png = await this.#drawPng();
      const isThere = typeof png === 'function';
      const zip = await zipRun(this.#result().name, this.#content(), isThere ? png : undefined, onFigure);
      return isThere ? { zip } : { zip, warning: png.unavailable };
    });
  }

  table(format: TableFormat): Promise<Outcome<Bytes>> {
    return attempt(() => {
      const { table, provenance } = this.#result();
      return format === 'csv' ? bytesOf(tableToCsv(table)) : (tableToParquet(table, provenance) as Bytes);
    });
  }

  figureNames(): Promise<Outcome<readonly string[]>> {
    return attempt(() => this.#content().figures.map(({ name }) => name));
  }

  figure(wanted: string, format: FigureFormat): Promise<Outcome<Bytes>> {
    return attempt(async () => {
      const figure = this.#content().figures.find(({ name }) => name === wanted);
      if (figure === undefined) throw new DarkscanError('internal', `internal: the run has no figure ${wanted}`);
      if (format === 'svg') return bytesOf(figure.draw());
      const png = await this.#drawPng();
      if (typeof png !== 'function') throw new DarkscanError('resource', png.unavailable);
      return (await png(figure.draw())) as Bytes;
    });
  }

  #opened(): FinishedRun {
    if (this.#run !== undefined) return this.#run;
    throw new DarkscanError('internal', 'internal: there is no run to make files of');
  }

  /** With the global p-value of its toys, as the command line writes it. */
  #result(): AnyScanResult {
    const { result, toys } = this.#opened();
    return toys === undefined ? result : withToys(result, toys.result);
  }

  #content(): RunContent {
    return scanFiles(this.#result(), this.#opened().toys);
  }

  async #drawPng(): Promise<DrawPng | { readonly unavailable: string }> {
    try {
      return await (this.#png ??= this.#loadPng());
    } catch (error) {
      this.#png = undefined; // the server may answer the next time
      return { unavailable: noPng(error) };
    }
  }
}

function bytesOf(text: string): Bytes {
  return new TextEncoder().encode(text) as Bytes;
}
