/**
 * The line to one worker, the same for Node's worker threads (src/node/worker-threads.ts) and a browser's Worker, and
 * what travels on it. The other end is src/engine/worker-task.ts, exposed through comlink.
 */
import type { Remote } from 'comlink';
import type { ErrorKind } from '../errors.ts';
import type { KernelArray, ParamValues } from '../kernels/kernel.ts';
import type { Changes } from './changes.ts';

export interface Task {
  readonly kernelName: string;
  readonly arrays: readonly KernelArray[];
  readonly params: ParamValues;
  readonly first: number;
  readonly count: number;
  /** Arrays are views of shared memory; otherwise copies, and what the kernel changed travels back. */
  readonly shared: boolean;
}

/** Errors travel as data, since their class and kind would not survive. */
export type TaskResult =
  { readonly changes: readonly Changes[] } | { readonly error: { readonly kind: ErrorKind; readonly message: string } };

export interface TaskRunner {
  run(task: Task): TaskResult;
}

export interface WorkerLink {
  readonly runner: Remote<TaskRunner>;
  /** Rejects when the worker ends without having been told to. */
  readonly failed: Promise<never>;
  /** While busy a worker keeps the process alive, else not: a script that forgets close() still ends. */
  setBusy(busy: boolean): void;
  terminate(): Promise<void>;
}

export type SpawnWorker = () => WorkerLink;
