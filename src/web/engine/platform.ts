/** What a browser provides to the engine: workers for the kernels and navigator.gpu. */
import { wrap } from 'comlink';
import type { Platform } from '../../engine/choose-backend.ts';
import type { TaskRunner, WorkerLink } from '../../engine/worker-link.ts';
import kernelWorker from './kernel-worker.ts?worker&url';
import { startWorker } from './start-worker.ts';

/** Starts a worker that runs kernels (kernel-worker.ts). */
function spawnKernelWorker(): WorkerLink {
  const worker = startWorker(kernelWorker, 'kernels');
  const failed = new Promise<never>((_, reject) => {
    worker.addEventListener('error', ({ message }) => reject(new Error(message || 'the worker did not load')));
    worker.addEventListener('messageerror', () => reject(new Error('a message could not be read')));
  });
  failed.catch(() => undefined); // a dead worker matters to those who wait for it
  return {
    runner: wrap<TaskRunner>(worker),
    failed,
    setBusy: () => undefined, // workers keep no page alive
    terminate: async () => worker.terminate(),
  };
}

export const browserPlatform: Platform = {
  cores: navigator.hardwareConcurrency,
  spawn: spawnKernelWorker,
  async loadGpu() {
    const { gpu } = navigator as { gpu?: GPU };
    if (gpu !== undefined) return { gpu };
    const secure = globalThis.isSecureContext;
    return {
      reason: secure
        ? 'this browser has no WebGPU'
        : 'browsers offer WebGPU only over https and on localhost, this page came over plain http',
    };
  },
};
