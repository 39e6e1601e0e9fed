/** Toys of the scan that is shown: thrown in the background, paused, continued; dropped when another scan is shown. */
import { batch, effect, signal, type ReadonlySignal } from '@preact/signals';
import { isDarkscanError } from '../../errors.ts';
import { isSpectrumResult, type AnyScanResult, type ScanRequest } from '../engine/api.ts';
import type { CampaignInfo, FinishedPageToys, LiveToys, ToysProgress } from '../engine/toys-api.ts';
import { openToys, type ToysLine } from '../engine/toys-client.ts';
import { Measured, type RunningStage } from './measured.ts';

/**
 * `pausing`: after the batch that is being thrown; `comparing`: there are as many toys as wanted, or they were paused, and the
 * other estimators are being made; `resting`: nothing is done.
 */
export type ToysPhase = 'none' | 'preparing' | 'throwing' | 'pausing' | 'comparing' | 'resting';

/** What toys belong to. */
export interface ScannedForToys {
  readonly request: ScanRequest;
  readonly result: AnyScanResult;
}

/** Some seconds to a minute of toys on two cores. */
const TOYS_OF_WINDOWS = 10_000;
const TOYS_OF_SPECTRA = 1000;

export class PageToys {
  readonly phase = signal<ToysPhase>('none');
  /** Toys of the campaign when it is done; may grow at any time. */
  readonly wanted = signal(TOYS_OF_WINDOWS);
  readonly running = signal<RunningStage | undefined>(undefined);
  readonly info = signal<CampaignInfo | undefined>(undefined);
  readonly live = signal<LiveToys | undefined>(undefined);
  /** With all estimators; of fewer toys than `live` while more are thrown. */
  readonly report = signal<FinishedPageToys | undefined>(undefined);
  readonly error = signal<string | undefined>(undefined);
  #line: ToysLine | undefined;
  readonly #open: () => ToysLine;
  readonly #scanned: ReadonlySignal<ScannedForToys | undefined>;

  /** @param scan what runs: toys pause meanwhile */
  constructor(
    scanned: ReadonlySignal<ScannedForToys | undefined>,
    scan: ReadonlySignal<unknown>,
    open: () => ToysLine = openToys,
  ) {
    this.#open = open;
    this.#scanned = scanned;
    let wasOfSpectra = false;
    effect(() => {
      const isOfSpectra = scanned.value !== undefined && isSpectrumResult(scanned.value.result);
      this.drop();
      // a number that somebody chose stays for results of the same kind
      if (isOfSpectra !== wasOfSpectra) this.wanted.value = isOfSpectra ? TOYS_OF_SPECTRA : TOYS_OF_WINDOWS;
      wasOfSpectra = isOfSpectra;
    });
    effect(() => {
      if (scan.value !== undefined) this.pause();
    });
  }

  /** Begins, or goes on, until there are as many as wanted. */
  async start(): Promise<void> {
    const { phase, wanted, live, error } = this;
    if (['preparing', 'throwing', 'pausing'].includes(phase.peek()) || this.#scanned.peek() === undefined) return;
    error.value = undefined;
    const measured = new Measured(performance.now());
    const line = (this.#line ??= this.#open());
    await this.#following(line, async () => {
      if (this.info.peek() === undefined) {
        phase.value = 'preparing';
        this.running.value = measured.start();
        const info = await line.prepare(this.#scanned.peek()!.request, (progress) => {
          if (this.#line === line) this.running.value = measured.update(progress, performance.now());
        });
        if (this.#line === line) this.info.value = info;
      }
      if (this.#line !== line) return;
      const first = live.peek()?.nToys ?? 0;
      phase.value = 'throwing';
      this.running.value = undefined;
      const thrown = await line.throwUntil(wanted.peek(), (progress) => {
        if (this.#line === line) this.#onProgress(progress, first, measured);
      });
      if (this.#line !== line) return;
      live.value = thrown;
      await this.#compare(line);
    });
  }

  /** After the batch that is being thrown; a campaign that is still being made is given up. */
  pause(): void {
    if (this.phase.peek() === 'preparing') this.drop();
    if (this.phase.peek() !== 'throwing') return;
    this.phase.value = 'pausing';
    this.#line?.pause();
  }

  /** Forgets everything. */
  drop(): void {
    this.#line?.close();
    this.#line = undefined;
    batch(() => {
      this.phase.value = 'none';
      for (const one of [this.running, this.info, this.live, this.report, this.error]) one.value = undefined;
    });
  }

  /** All toys so far, for files; undefined where there are none. */
  async finished(): Promise<FinishedPageToys | undefined> {
    const [line, live, report] = [this.#line, this.live.peek(), this.report.peek()];
    if (line === undefined || live === undefined) return undefined;
    return report?.nToys === live.nToys ? report : line.finished();
  }

  #onProgress({ live, ...progress }: ToysProgress, first: number, measured: Measured): void {
    const { done, total } = progress;
    // rate and time left are of the toys of this part
    const part = measured.update({ ...progress, done: done - first, total: total - first }, performance.now());
    batch(() => {
      this.running.value = { ...part, done, total };
      if (live !== undefined) this.live.value = live;
    });
  }

  async #compare(line: ToysLine): Promise<void> {
    batch(() => {
      this.phase.value = 'comparing';
      this.running.value = undefined;
    });
    const report = await line.finished();
    if (this.#line !== line) return;
    this.report.value = report;
    if (this.phase.peek() === 'comparing') this.phase.value = 'resting';
  }

  /** An error ends the campaign, a pause does not. Nothing of both where it was dropped meanwhile. */
  async #following(line: ToysLine, work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      if (!isDarkscanError(error)) throw error;
      if (this.#line !== line) return;
      batch(() => {
        if (error.kind !== 'interrupted') this.drop();
        this.phase.value = error.kind === 'interrupted' ? 'resting' : 'none';
        this.running.value = undefined;
        this.error.value = error.kind === 'interrupted' ? undefined : error.message;
      });
    }
  }
}
