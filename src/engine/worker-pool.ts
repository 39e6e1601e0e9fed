/** Workers that share the work items of one call: whoever is free takes the next chunk, so that uneven windows balance. */
import { DarkscanError } from '../errors.ts';
import type { Changes } from './changes.ts';
import type { SpawnWorker, Task, WorkerLink } from './worker-link.ts';

export interface Part {
  readonly first: number;
  readonly count: number;
}

export interface PoolJob {
  /** The next part, or undefined when there is none left; throws to stop the call. */
  next(): Part | undefined;
  /** What a worker needs for a part. */
  task(part: Part): Task;
  /** Called with what the worker changed (empty with shared memory). */
  done(part: Part, changes: readonly Changes[], elapsedMs: number): void;
}

export class WorkerPool {
  readonly size: number;
  readonly #spawn: SpawnWorker;
  #links: WorkerLink[] = [];

  constructor(size: number, spawn: SpawnWorker) {
    this.size = size;
    this.#spawn = spawn;
  }

  /** Starts the workers without waiting for them (about 0.1 s each): call it early, in parallel with other work. */
  start(): void {
    while (this.#links.length < this.size) this.#links.push(this.#spawn());
  }

  /** Rejects when a part fails or a worker dies; the other workers finish their current part first. */
  async run(job: PoolJob): Promise<void> {
    this.start();
    this.#links.forEach((link) => link.setBusy(true));
    let failed = false;
    const outcomes = await Promise.allSettled(
      this.#links.map(async (link) => {
        try {
          for (let part = job.next(); part !== undefined && !failed; part = job.next()) await runPart(link, job, part);
        } catch (error) {
          failed = true;
          throw error;
        }
      }),
    );
    this.#links.forEach((link) => link.setBusy(false));
    const failure = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failure === undefined) return;
    if (failure.reason instanceof WorkerDied) {
      await this.close(); // the next call starts new ones
      throw new DarkscanError('internal', failure.reason.message, { cause: failure.reason.cause });
    }
    throw failure.reason;
  }

  async close(): Promise<void> {
    const links = this.#links;
    this.#links = [];
    await Promise.all(links.map((link) => link.terminate()));
  }
}

class WorkerDied extends Error {}

async function runPart(link: WorkerLink, job: PoolJob, part: Part): Promise<void> {
  const started = performance.now();
  const died = link.failed.catch((cause: Error) => {
    const range = `work items ${part.first} to ${part.first + part.count - 1}`;
    throw new WorkerDied(`backend: a CPU worker died on ${range}: ${cause.message}`, { cause });
  });
  const result = await Promise.race([link.runner.run(job.task(part)), died]);
  if ('error' in result) throw new DarkscanError(result.error.kind, result.error.message);
  job.done(part, result.changes, performance.now() - started);
}
