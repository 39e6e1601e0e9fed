/**
 * The line to one worker, the same for Node's worker threads (src/node/worker-threads.ts) and a browser's Worker, and
 * what travels on it. The other end is src/engine/worker-task.ts, exposed through comlink.
 */
import type { Remote } from 'comlink';
import type { ErrorKind } from '../errors.ts';
import type { ElementType, KernelArray, ParamValues } from '../kernels/kernel.ts';
import type { Changes } from './changes.ts';

/** What a worker makes itself: nobody else sees what is in it. */
export interface Room {
  readonly element: ElementType;
  readonly length: number;
}

/** An array that a kernel needs. A worker keeps it under its number, so that it travels once and not with every part. */
export interface TaskArray {
  readonly id: number;
  /** Absent where the worker has it as it is. */
  readonly data?: KernelArray | Room;
}

export interface Task {
  readonly kernelName: string;
  readonly arrays: readonly TaskArray[];
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
  /** The array is needed no more. */
  forget(id: number): void;
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
