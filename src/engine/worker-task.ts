/** The work of one worker: runs ranges of kernels that it knows by name. */
import { transfer } from 'comlink';
import { isDarkscanError } from '../errors.ts';
import type { Kernel } from '../kernels/kernel.ts';
import { findChanges } from './changes.ts';
import type { Task, TaskResult, TaskRunner } from './worker-link.ts';

export function createTaskRunner(kernels: Readonly<Record<string, Kernel>>): TaskRunner {
  return {
    run(task: Task): TaskResult {
      const kernel = kernels[task.kernelName];
      if (kernel === undefined) {
        const message = `backend: workers know no kernel ${task.kernelName}; list it in src/kernels/index.ts`;
        return { error: { kind: 'internal', message } };
      }
      const writes = kernel.bindings.flatMap(({ access }, index) =>
        access === 'write' && !task.shared ? [index] : [],
      );
      const before = writes.map((index) => task.arrays[index].slice());
      try {
        kernel.run(task.arrays, task.params, task.first, task.count);
      } catch (error) {
        const kind = isDarkscanError(error) ? error.kind : 'internal';
        return { error: { kind, message: `kernel ${kernel.name}: ${(error as Error).message}` } };
      }
      const changes = writes.map((index, at) => findChanges(index, before[at], task.arrays[index]));
      return transfer(
        { changes },
        changes.flatMap(({ indices, values }) => [indices.buffer, values.buffer]),
      );
    },
  };
}
