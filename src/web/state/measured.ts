/** Rate and time left of the work that runs. */
import type { StageProgress } from '../engine/api.ts';

export interface RunningStage extends StageProgress {
  /** Items per second of this stage; absent until it can be told. */
  readonly rate?: number;
  /** Seconds this stage still takes. */
  readonly secondsLeft?: number;
  readonly elapsedMs: number;
}

export class Measured {
  readonly #started: number;
  #stage = '';
  #since: number;

  /** @param now performance.now() */
  constructor(now: number) {
    this.#started = now;
    this.#since = now;
  }

  start(): RunningStage {
    return { stage: 'prepare', done: 0, total: 1, elapsedMs: 0 };
  }

  update(progress: StageProgress, now: number): RunningStage {
    if (progress.stage !== this.#stage) [this.#stage, this.#since] = [progress.stage, now];
    const elapsedMs = now - this.#started;
    const inStage = (now - this.#since) / 1000;
    if (progress.done === 0 || inStage <= 0) return { ...progress, elapsedMs };
    const rate = progress.done / inStage;
    return { ...progress, rate, secondsLeft: (progress.total - progress.done) / rate, elapsedMs };
  }
}
