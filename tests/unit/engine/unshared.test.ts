/** Workers without shared memory: what travels to them, and what comes of it. */
import type { Remote } from 'comlink';
import { expect, test } from 'vitest';
import { CpuBackend } from '../../../src/engine/cpu-backend.ts';
import type { Task, TaskRunner, WorkerLink } from '../../../src/engine/worker-link.ts';
import { createTaskRunner } from '../../../src/engine/worker-task.ts';
import type { Kernel } from '../../../src/kernels/kernel.ts';
import { accumulate } from '../../support/kernels/index.ts';

const N = 1000;

/** y += x through scratch, which must not be what it was. */
const viaScratch: Kernel = {
  name: 'via_scratch',
  bindings: [
    { name: 'x', element: 'f64', access: 'read' },
    { name: 'scratch', element: 'f64', access: 'scratch' },
    { name: 'y', element: 'f64', access: 'write' },
  ],
  params: [],
  run([x, scratch, y], _params, first, count) {
    for (let item = first; item < first + count; item++) {
      scratch[item] = x[item];
      y[item] += scratch[item];
    }
  },
};

/** Two workers that live here and get copies of everything, as over a channel. */
function backendWithRecord() {
  const tasks: Task[] = [];
  const forgotten: number[] = [];
  const spawn = (): WorkerLink => {
    const runner = createTaskRunner({ accumulate, via_scratch: viaScratch });
    return {
      runner: {
        run: async (task: Task) => {
          tasks.push(task);
          await Promise.resolve(); // so that the other worker gets its share
          return runner.run(structuredClone(task));
        },
        forget: async (id: number) => (forgotten.push(id), runner.forget(id)),
      } as unknown as Remote<TaskRunner>,
      failed: new Promise<never>(() => undefined),
      setBusy: () => undefined,
      terminate: async () => undefined,
    };
  };
  const backend = new CpuBackend({ threads: 2, spawn, shared: false });
  const timesSent = (index: number) => tasks.filter(({ arrays }) => arrays[index].data !== undefined).length;
  return { backend, tasks, forgotten, timesSent };
}

test('an array travels once to each worker, however many parts there are', async () => {
  const { backend, tasks, timesSent } = backendWithRecord();
  const [x, total] = [backend.upload(new Float64Array(N).fill(3)), backend.upload(new Float64Array(N))];
  await backend.run(accumulate, [x, total], {}, 0, N);
  expect(tasks.length).toBeGreaterThan(2);
  expect([timesSent(0), timesSent(1)]).toEqual([2, 2]);
});

test('what a kernel wrote travels again to the next, which reads what all workers wrote', async () => {
  const { backend, timesSent } = backendWithRecord();
  const x = backend.upload(Float64Array.from({ length: N }, (_, i) => i));
  const total = backend.upload(new Float64Array(N));
  for (let call = 0; call < 3; call++) await backend.run(accumulate, [x, total], {}, 0, N);
  expect(await backend.read(total)).toEqual(Float64Array.from({ length: N }, (_, i) => 1.75 * i));
  expect(timesSent(0)).toBe(2);
  expect(timesSent(1)).toBeGreaterThanOrEqual(2 + 1 + 1); // a short call may be done by one worker
});

test('scratch never travels: workers make their own', async () => {
  const { backend, tasks } = backendWithRecord();
  const x = backend.upload(Float64Array.from({ length: N }, (_, i) => i));
  const [scratch, y] = [backend.upload(new Float64Array(N)), backend.upload(new Float64Array(N).fill(1))];
  await backend.run(viaScratch, [x, scratch, y], {}, 0, N);
  expect(await backend.read(y)).toEqual(Float64Array.from({ length: N }, (_, i) => 1 + i));
  expect(await backend.read(scratch)).toEqual(new Float64Array(N));
  const sent = tasks.flatMap(({ arrays }) => arrays[1].data ?? []);
  expect(sent).toEqual([
    { element: 'f64', length: N },
    { element: 'f64', length: N },
  ]);
});

test('a freed array leaves the workers, and only those that had it are told', async () => {
  const { backend, forgotten } = backendWithRecord();
  const [x, total, unused] = [1, 2, 3].map(() => backend.upload(new Float64Array(N)));
  const running = backend.run(accumulate, [x, total], {}, 0, N);
  [x, unused].forEach((handle) => backend.free(handle));
  await running;
  await backend.read(total);
  expect(forgotten).toEqual([x.id, x.id]);
});
