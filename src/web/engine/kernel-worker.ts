/** Entry of a worker that runs kernels. */
import { expose } from 'comlink';
import { createTaskRunner } from '../../engine/worker-task.ts';
import { kernels } from '../../kernels/index.ts';

expose(createTaskRunner(kernels));
