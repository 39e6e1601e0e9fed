/**
 * What the page asks of the worker that throws toys, which holds a scan of its own: it may be busy or ended without harm to the
 * engine. Types only, shared by both sides.
 */
import type { Outcome } from '../../outcome.ts';
import type { MaxZHistogram } from '../../report/max-z-histogram.ts';
import type { ThrownToys } from '../../toys/toy-report.ts';
import type { OnProgress, ScanRequest, StageProgress } from './api.ts';

/** What toys are compared with; known before the first one is thrown. */
export interface CampaignInfo {
  /** Windows or hypotheses in a toy. */
  readonly nTested: number;
  /** Of the data, as toys see it; null where nothing is in excess. */
  readonly zLocal: number | null;
  readonly pLocal: number;
  readonly ensemble: string;
  /** Where they are thrown. */
  readonly device: string;
  readonly warnings: readonly string[];
}

/** The toys so far, in short. Probabilities as toys.json has them, intervals at 68.27 %. */
export interface LiveToys {
  readonly nToys: number;
  readonly nExceedances: number;
  readonly pGlobal: number;
  readonly pLow: number;
  readonly pHigh: number;
  readonly zGlobal: number | null;
  readonly histogram: MaxZHistogram;
  /** Lost devices and the like. */
  readonly deviceWarnings: readonly string[];
}

export interface ToysProgress extends StageProgress {
  /** Absent in messages between two batches. */
  readonly live?: LiveToys;
}

export type OnToysProgress = (progress: ToysProgress) => void;

/** All of the toys so far, as `darkscan scan --global` writes them. */
export type FinishedPageToys = ThrownToys;

export interface ToysApi {
  /** Makes the campaign of a scan. Once. */
  prepare(request: ScanRequest, onProgress: OnProgress): Promise<Outcome<CampaignInfo>>;
  /** Goes on until there are n toys, or until `pause`; the toys there are then. */
  throwUntil(n: number, onProgress: OnToysProgress): Promise<Outcome<LiveToys>>;
  pause(): void;
  /** Of the toys so far, with every look-elsewhere estimator: the first time takes seconds. */
  finished(): Promise<Outcome<FinishedPageToys>>;
}
