import { expect, test } from 'vitest';
import type { CpuBackend } from '../../../src/engine/cpu-backend.ts';
import { TEST_KERNELS, testCpu } from '../../support/backends.ts';
import { axpy, failing, slowSum } from '../../support/kernels/index.ts';

const outcome = (backend: CpuBackend, endsThread: number, fatal: number) => {
  const y = backend.upload(new Float64Array(200));
  return backend.run(failing, [y], { fatal, ends_thread: endsThread }, 0, 200);
};

for (const threads of [1, 2]) {
  test(`an error of a kernel rejects the call (${threads} threads)`, async () => {
    const backend = testCpu(threads, TEST_KERNELS);
    await expect(outcome(backend, 0, 150)).rejects.toThrow(/item 150 is fatal/);
    await outcome(backend, 0, 1000); // no such item: the backend is fine
    await backend.close();
  });
}

test('a worker that dies is an error that names its work items, and the next call gets new workers', async () => {
  const backend = testCpu(2, TEST_KERNELS);
  await expect(outcome(backend, 1, 0)).rejects.toMatchObject({
    kind: 'internal',
    message: /CPU worker died on work items 0 to \d+: .*code 9/,
  });
  await outcome(backend, 1, 1000);
  await backend.close();
});

test('a kernel that workers do not know is an error, not a hang', async () => {
  const backend = testCpu(2, TEST_KERNELS);
  const handles = [backend.upload(new Float64Array(4)), backend.upload(new Float64Array(4))];
  const unknown = { ...axpy, name: 'nowhere' };
  await expect(backend.run(unknown, handles, { slope: 1, offset: 0 }, 0, 4)).rejects.toThrow(/know no kernel nowhere/);
  await backend.close();
});

test('uneven work items come out the same over workers, with and without shared memory, as in one thread', async () => {
  const counts = Uint32Array.from({ length: 700 }, (_, i) => (i % 50 === 0 ? 100_000 : i));
  const results = [];
  for (const [threads, shared] of [[1], [2, true], [2, false]] as [number, boolean?][]) {
    const backend = testCpu(threads, TEST_KERNELS, shared);
    const handles = [backend.upload(counts), backend.upload(new Float64Array(700).fill(NaN))];
    await backend.run(slowSum, handles, {}, 5, 690);
    results.push(await backend.read(handles[1]));
    await backend.close();
  }
  expect(results[0].filter(Number.isNaN)).toHaveLength(10);
  expect(results[1]).toEqual(results[0]);
  expect(results[2]).toEqual(results[0]);
});
