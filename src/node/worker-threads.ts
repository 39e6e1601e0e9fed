/**
 * Workers in Node. From source (development) a worker starts through worker-dev.mjs, which registers the TypeScript and
 * shader hooks; in an installed package it starts with the built file.
 */
import { Worker, type WorkerOptions } from 'node:worker_threads';
import { wrap } from 'comlink';
import nodeEndpoint from 'comlink/dist/esm/node-adapter.mjs';
import type { SpawnWorker, TaskRunner } from '../engine/worker-link.ts';

const FROM_SOURCE = import.meta.url.endsWith('.ts');
const entryOf = (module: string): URL => new URL(FROM_SOURCE ? './worker-dev.mjs' : `./${module}.js`, import.meta.url);

/**
 * Starts a module of this folder as a worker thread.
 * @param module name without extension: from source worker-dev.mjs bundles it, in a package it is a built file
 */
export function startThread(module: string, workerData: object, options: WorkerOptions = {}): Worker {
  // without the flags of the main thread: --input-type stops a worker, --import tsx makes it start 0.5 s later
  return new Worker(entryOf(module), { ...options, workerData: { ...workerData, module }, execArgv: [] });
}

/** @param kernelsUrl module with the `kernels` that workers know; default src/kernels/index.ts */
export function workerThreadSpawner(kernelsUrl?: string): SpawnWorker {
  return () => {
    const worker = startThread('worker-main', { kernelsUrl });
    let ending = false;
    const failed = new Promise<never>((_, reject) => {
      worker.once('error', reject);
      worker.once('exit', (code) => ending || reject(new Error(`the worker thread ended with code ${code}`)));
    });
    failed.catch(() => undefined); // a dead worker matters to those who wait for it
    worker.unref();
    return {
      runner: wrap<TaskRunner>(nodeEndpoint(worker)),
      failed,
      setBusy: (busy) => (busy ? worker.ref() : worker.unref()),
      terminate: async () => {
        ending = true;
        await worker.terminate();
      },
    };
  };
}
