/** What Node provides to the engine: worker threads and the optional `webgpu` package. */
import os from 'node:os';
import type { Platform } from '../engine/choose-backend.ts';
import { loadWebGpu } from './webgpu.ts';
import { workerThreadSpawner } from './worker-threads.ts';

export const nodePlatform: Platform = {
  cores: os.availableParallelism(),
  spawn: workerThreadSpawner(),
  loadGpu: loadWebGpu,
};
