/** Entry of a worker thread in an installed package (from source: worker-dev.mjs). */
import { workerData } from 'node:worker_threads';
import { serveKernels } from './serve-kernels.ts';
import type { KernelsModule } from './serve-kernels.ts';

const { kernelsUrl } = workerData as { kernelsUrl?: string };
serveKernels(
  await (kernelsUrl === undefined ? import('../kernels/index.ts') : (import(kernelsUrl) as Promise<KernelsModule>)),
);
