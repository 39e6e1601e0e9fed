/** Inside a worker thread: offers kernels to the main thread. */
import { parentPort } from 'node:worker_threads';
import { expose } from 'comlink';
import nodeEndpoint from 'comlink/dist/esm/node-adapter.mjs';
import { createTaskRunner } from '../engine/worker-task.ts';
import type { Kernel } from '../kernels/kernel.ts';

export interface KernelsModule {
  readonly kernels: Readonly<Record<string, Kernel>>;
}

export function serveKernels({ kernels }: KernelsModule): void {
  if (parentPort === null) throw new Error('serveKernels() runs in a worker thread only');
  expose(createTaskRunner(kernels), nodeEndpoint(parentPort));
}
