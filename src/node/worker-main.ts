/** Runs inside a worker thread: offers the kernels to the main thread. */
import { parentPort, workerData } from 'node:worker_threads';
import { expose } from 'comlink';
import nodeEndpoint from 'comlink/dist/esm/node-adapter.mjs';
import { createTaskRunner } from '../engine/worker-task.ts';
import type { Kernel } from '../kernels/kernel.ts';

interface KernelsModule {
  readonly kernels: Readonly<Record<string, Kernel>>;
}

const { kernelsUrl } = workerData as { kernelsUrl?: string };
const source = kernelsUrl === undefined ? import('../kernels/index.ts') : import(kernelsUrl);
const { kernels } = (await source) as KernelsModule;
if (parentPort !== null) expose(createTaskRunner(kernels), nodeEndpoint(parentPort));
