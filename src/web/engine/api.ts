/**
 * What the page asks of its engine, which runs in a worker: types only, shared by both sides. Everything that crosses is
 * plain data; errors come back as outcomes. src/web/engine/service.ts answers, src/web/engine/client.ts asks.
 */
import type { BackendInfo } from '../../engine/backend.ts';
import type { BackendName } from '../../engine/choose-backend.ts';
import type { EventSelection } from '../../io/events.ts';
import type { ScanResult } from '../../model/result.ts';
import type { SpectrumScanResult } from '../../model/spectrum/spectrum-result.ts';
import type { Outcome } from '../../outcome.ts';
import type { Detail } from './explain.ts';
import type { FilePreview } from './preview.ts';
import type { Formulas, SelectedRows } from './select-rows.ts';

export interface ScanRequest {
  /** The card as written. */
  readonly text: string;
  /** Its name in messages: "card.yaml". */
  readonly source: string;
  /** Data files by the names the card uses. */
  readonly files: ReadonlyMap<string, File>;
  readonly unblind: boolean;
  readonly backend: BackendName;
  /** CPU workers; default: all cores. */
  readonly threads?: number;
}

/** Where the work is done, in words for people. */
export interface DeviceReport {
  readonly info: BackendInfo;
  /** Why this backend, in the order of the decisions. */
  readonly reasons: readonly string[];
  /** Lost devices, software adapters, fall-backs. */
  readonly warnings: readonly string[];
}

export type AnyScanResult = ScanResult | SpectrumScanResult;

export interface FinishedScan {
  readonly result: AnyScanResult;
  readonly device: DeviceReport;
  /** From the request to the result, preparation included. */
  readonly elapsedMs: number;
}

export function isSpectrumResult(result: AnyScanResult): result is SpectrumScanResult {
  return 'fits' in result;
}

/** A stage of the work as engines name it, with what is done of it. */
export interface StageProgress {
  readonly stage: string;
  readonly done: number;
  readonly total: number;
}

export type OnProgress = (progress: StageProgress) => void;

/** The engine in its worker: one scan, which ending the worker cancels; then `explain` is about its result. */
export interface EngineApi {
  scan(request: ScanRequest, onProgress: OnProgress): Promise<Outcome<FinishedScan>>;
  /** One window or hypothesis in full. */
  explain(id: number): Promise<Outcome<Detail>>;
  /** What is in a data file. @param tree of a ROOT file; default: the first */
  preview(file: File, tree?: string): Promise<Outcome<FilePreview>>;
  /** Which of its rows a selection keeps. @param formulas constants and functions of the card */
  selectRows(file: File, selection: EventSelection, formulas?: Formulas): Promise<Outcome<SelectedRows>>;
}
