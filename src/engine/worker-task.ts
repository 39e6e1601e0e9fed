/** The work of one worker: runs ranges of kernels that it knows by name. */
import { transfer } from 'comlink';
import { isDarkscanError } from '../errors.ts';
import type { Kernel, KernelArray } from '../kernels/kernel.ts';
import { findChanges } from './changes.ts';
import type { Room, Task, TaskResult, TaskRunner } from './worker-link.ts';

export function createTaskRunner(kernels: Readonly<Record<string, Kernel>>): TaskRunner {
  const kept = new Map<number, KernelArray>();
  return {
    run(task: Task): TaskResult {
      const kernel = kernels[task.kernelName];
      if (kernel === undefined) {
        const message = `backend: workers know no kernel ${task.kernelName}; list it in src/kernels/index.ts`;
        return { error: { kind: 'internal', message } };
      }
      const arrays = task.arrays.map(({ id, data }) => {
        if (data !== undefined) kept.set(id, 'element' in data ? makeRoom(data) : data);
        return kept.get(id) as KernelArray;
      });
      const writes = kernel.bindings.flatMap(({ access }, index) =>
        access === 'write' && !task.shared ? [index] : [],
      );
      const before = writes.map((index) => arrays[index].slice());
      try {
        kernel.run(arrays, task.params, task.first, task.count);
      } catch (error) {
        const kind = isDarkscanError(error) ? error.kind : 'internal';
        return { error: { kind, message: `kernel ${kernel.name}: ${(error as Error).message}` } };
      }
      const changes = writes.map((index, at) => findChanges(index, before[at], arrays[index]));
      return transfer(
        { changes },
        changes.flatMap(({ indices, values }) => [indices.buffer, values.buffer]),
      );
    },
    forget: (id) => void kept.delete(id),
  };
}

function makeRoom({ element, length }: Room): KernelArray {
  return element === 'u32' ? new Uint32Array(length) : new Float64Array(length);
}
