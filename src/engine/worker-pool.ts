/** Workers that share the work items of one call: whoever is free takes the next chunk, so that uneven windows balance. */
import { DarkscanError } from '../errors.ts';
import type { Changes } from './changes.ts';
import type { KernelArray } from '../kernels/kernel.ts';
import type { Room, SpawnWorker, Task, WorkerLink } from './worker-link.ts';

export interface Part {
  readonly first: number;
  readonly count: number;
}

/** An array by its number; a worker that has this version of it does not get it again. */
export interface PoolArray {
  readonly id: number;
  readonly version: number;
  readonly data: KernelArray | Room;
}

export interface PoolTask extends Omit<Task, 'arrays'> {
  readonly arrays: readonly PoolArray[];
}

export interface PoolJob {
  /** The next part, or undefined when there is none left; throws to stop the call. */
  next(): Part | undefined;
  /** What a worker needs for a part. */
  task(part: Part): PoolTask;
  /** Called with what the worker changed (empty with shared memory). */
  done(part: Part, changes: readonly Changes[], elapsedMs: number): void;
}

export class WorkerPool {
  readonly size: number;
  readonly #spawn: SpawnWorker;
  #members: Member[] = [];

  constructor(size: number, spawn: SpawnWorker) {
    this.size = size;
    this.#spawn = spawn;
  }

  /** Starts the workers without waiting for them (about 0.1 s each): call it early, in parallel with other work. */
  start(): void {
    while (this.#members.length < this.size) this.#members.push({ link: this.#spawn(), has: new Map() });
  }

  /** Rejects when a part fails or a worker dies; the other workers finish their current part first. */
  async run(job: PoolJob): Promise<void> {
    this.start();
    this.#members.forEach(({ link }) => link.setBusy(true));
    let failed = false;
    const outcomes = await Promise.allSettled(
      this.#members.map(async (member) => {
        try {
          for (let part = job.next(); part !== undefined && !failed; part = job.next())
            await runPart(member, job, part);
        } catch (error) {
          failed = true;
          throw error;
        }
      }),
    );
    this.#members.forEach(({ link }) => link.setBusy(false));
    const failure = outcomes.find((outcome) => outcome.status === 'rejected');
    if (failure === undefined) return;
    if (failure.reason instanceof WorkerDied) {
      await this.close(); // the next call starts new ones
      throw new DarkscanError('internal', failure.reason.message, { cause: failure.reason.cause });
    }
    throw failure.reason;
  }

  /** Lets workers drop an array; between two calls of `run`. */
  forget(id: number): void {
    for (const { link, has } of this.#members) if (has.delete(id)) void link.runner.forget(id);
  }

  async close(): Promise<void> {
    const members = this.#members;
    this.#members = [];
    await Promise.all(members.map(({ link }) => link.terminate()));
  }
}

interface Member {
  readonly link: WorkerLink;
  /** Version of each array that it has. */
  readonly has: Map<number, number>;
}

class WorkerDied extends Error {}

async function runPart({ link, has }: Member, job: PoolJob, part: Part): Promise<void> {
  const started = performance.now();
  const died = link.failed.catch((cause: Error) => {
    const range = `work items ${part.first} to ${part.first + part.count - 1}`;
    throw new WorkerDied(`backend: a CPU worker died on ${range}: ${cause.message}`, { cause });
  });
  const result = await Promise.race([link.runner.run(missingOnly(job.task(part), has)), died]);
  if ('error' in result) throw new DarkscanError(result.error.kind, result.error.message);
  job.done(part, result.changes, performance.now() - started);
}

/** The task without the arrays that the worker has, which from now on are all of them. */
function missingOnly(task: PoolTask, has: Map<number, number>): Task {
  const arrays = task.arrays.map(({ id, version, data }) => {
    if (has.get(id) === version) return { id };
    has.set(id, version);
    return { id, data };
  });
  return { ...task, arrays };
}
