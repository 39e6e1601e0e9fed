/**
 * What the page asks of the worker that makes files. It gets the results it makes files of from the page: the engine may
 * be scanning, or ended, meanwhile. Types only, shared by both sides.
 */
import type { Outcome } from '../../outcome.ts';
import type { ThrownToys } from '../../toys/toy-report.ts';
import type { AnyScanResult } from '../engine/api.ts';

export interface FinishedRun {
  readonly result: AnyScanResult;
  /** Thrown after the scan. */
  readonly toys?: ThrownToys;
}

export type Bytes = Uint8Array<ArrayBuffer>;
export type TableFormat = 'csv' | 'parquet';
export type FigureFormat = 'svg' | 'png';

/** A figure that is drawn, and which one of all it is, from 0. */
export type OnFigure = (name: string, done: number, total: number) => void;

export interface Archive {
  readonly zip: Bytes;
  /** What is missing in it. */
  readonly warning?: string;
}

/** The run is that of the last `open`. */
export interface FilesApi {
  open(run: FinishedRun): void;
  /** The run directory as `darkscan scan` writes it, in a zip file. */
  archive(onFigure: OnFigure): Promise<Outcome<Archive>>;
  /** The table of windows or hypotheses. */
  table(format: TableFormat): Promise<Outcome<Bytes>>;
  /** In their order. */
  figureNames(): Promise<Outcome<readonly string[]>>;
  figure(name: string, format: FigureFormat): Promise<Outcome<Bytes>>;
}
