/** The contract of Backend, the same tests for every one. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Backend } from '../../../src/engine/backend.ts';
import { DarkscanError } from '../../../src/errors.ts';
import type { KernelArray } from '../../../src/kernels/kernel.ts';
import { hasTestGpu, TEST_KERNELS, testCpu, testWebGpu } from '../../support/backends.ts';
import { accumulate, axpy, echoParams, slowSum } from '../../support/kernels/index.ts';

const withGpu = await hasTestGpu();
const makers: [string, () => Promise<Backend & { liveHandles: number }>, boolean][] = [
  ['CPU in this thread', async () => testCpu(1, TEST_KERNELS), true],
  ['CPU on two workers', async () => testCpu(2, TEST_KERNELS), true],
  ['CPU on two workers without shared memory', async () => testCpu(2, TEST_KERNELS, false), true],
  ['WebGPU', () => testWebGpu(TEST_KERNELS), withGpu],
];

const N = 5000;
const x = Float64Array.from({ length: N }, (_, i) => i % 97);

for (const [name, make, available] of makers) {
  describe.skipIf(!available)(name, () => {
    let backend: Backend & { liveHandles: number };
    beforeAll(async () => void (backend = await make()));
    afterAll(() => backend.close());

    async function withHandles<T>(
      arrays: KernelArray[],
      body: (handles: ReturnType<Backend['upload']>[]) => Promise<T>,
    ) {
      const handles = arrays.map((array) => backend.upload(array));
      try {
        return await body(handles);
      } finally {
        handles.forEach((handle) => backend.free(handle));
      }
    }

    test('a kernel computes every work item of its range and touches no other', async () => {
      const [first, count] = [1003, 2500];
      const y = await withHandles([x, new Float64Array(N).fill(NaN)], async ([input, output]) => {
        await backend.run(axpy, [input, output], { slope: 2, offset: 0.5 }, first, count);
        return backend.read(output);
      });
      const expected = x.map((value, i) => (i >= first && i < first + count ? 2 * value + 0.5 : NaN));
      expect(y).toEqual(expected);
    });

    test('an empty range writes nothing', async () => {
      const y = await withHandles([x, new Float64Array(N).fill(-7)], async ([input, output]) => {
        await backend.run(axpy, [input, output], { slope: 2, offset: 0 }, 10, 0);
        return backend.read(output);
      });
      expect(y.every((value) => value === -7)).toBe(true);
    });

    test('params and u32 arrays arrive as they are', async () => {
      const params = { word_a: 4294967295, real_a: -0.375, real_b: 1.5e30, word_b: 7 };
      const [reals, words] = await withHandles([new Float64Array(6), new Uint32Array(12)], async (handles) => {
        await backend.run(echoParams, handles, params, 0, 3);
        return [await backend.read(handles[0]), await backend.read(handles[1])];
      });
      const real = backend.info.precision === 'f32' ? Math.fround(1.5e30) : 1.5e30;
      expect([...reals]).toEqual([-0.375, real, -0.375, real, -0.375, real]);
      expect([...words]).toEqual([0, 1, 2].flatMap((item) => [4294967295, 7, 0, item]));
    });

    test('handles stay resident: calls on one array follow each other in order', async () => {
      const total = await withHandles([x, new Float64Array(N)], async (handles) => {
        const calls = [1, 2, 3].map(() => backend.run(accumulate, handles, {}, 0, N));
        const read = backend.read(handles[1]);
        await Promise.all(calls);
        return read;
      });
      expect(total).toEqual(x.map((value) => 1.75 * value));
    });

    test('progress grows to the number of work items, in parts of moderate length', async () => {
      const counts = Uint32Array.from({ length: 4000 }, (_, i) => 20000 + i);
      const seen: number[] = [];
      await withHandles([counts, new Float64Array(4000)], (handles) =>
        backend.run(slowSum, handles, {}, 0, 4000, { onProgress: (done) => seen.push(done) }),
      );
      expect(seen.length).toBeGreaterThan(2);
      expect(seen.at(-1)).toBe(4000);
      expect(seen).toEqual([...seen].sort((a, b) => a - b));
    });

    test('an abort stops between two parts and the backend goes on working', async () => {
      const counts = new Uint32Array(4000).fill(30000);
      const controller = new AbortController();
      const options = { signal: controller.signal, onProgress: () => controller.abort() };
      const sums = await withHandles([counts, new Float64Array(4000).fill(-1)], async (handles) => {
        const stopped = backend.run(slowSum, handles, {}, 0, 4000, options);
        await expect(stopped).rejects.toMatchObject({ kind: 'interrupted', message: /stopped after \d+ of 4000/ });
        const partly = await backend.read(handles[1]);
        await backend.run(slowSum, handles, {}, 3990, 10);
        return [partly, await backend.read(handles[1])];
      });
      expect(sums[0][3999]).toBe(-1);
      expect(sums[1][3999]).toBeCloseTo(Math.log(30000) + 0.5772156649, 3);
    });

    test('a call that does not fit its kernel is refused with what was expected', async () => {
      await withHandles([x, new Float64Array(N), new Uint32Array(N)], async ([input, output, words]) => {
        const params = { slope: 1, offset: 0 };
        const refused = (call: Promise<void>, message: RegExp) => expect(call).rejects.toThrow(message);
        await refused(backend.run(axpy, [input], params, 0, 1), /axpy got 1 handles, expected 2/);
        await refused(backend.run(axpy, [input, words], params, 0, 1), /got u32 for y, expected f64/);
        await refused(backend.run(axpy, [output, output], params, 0, 1), /one handle twice/);
        await refused(backend.run(axpy, [input, output], { slope: 1 }, 0, 1), /got no param offset, expected f32/);
        await refused(backend.run(axpy, [input, output], { ...params, a: 1 }, 0, 1), /unknown param a/);
        await refused(backend.run(axpy, [input, output], params, -1, 1), /work items -1 \+ 1/);
      });
    });

    test('a freed handle and a handle of another backend are refused', async () => {
      const handle = backend.upload(x);
      backend.free(handle);
      await expect(backend.read(handle)).rejects.toThrow(/is freed or of another backend/);
      expect(() => backend.free(handle)).toThrow(DarkscanError);
      const other = testCpu(1);
      await expect(other.read(backend.upload(x))).rejects.toThrow(/is freed or of another backend/);
      await other.close();
    });

    test('the caller may reuse an array after upload', async () => {
      const data = Float64Array.of(1, 2, 3);
      const handle = backend.upload(data);
      data.fill(9);
      expect([...(await backend.read(handle))]).toEqual([1, 2, 3]);
    });

    test('freed handles leave nothing behind', async () => {
      const before = backend.liveHandles;
      for (let round = 0; round < 20; round++) {
        await withHandles([x, x], (handles) => backend.run(accumulate, handles, {}, 0, 10));
      }
      expect(backend.liveHandles).toBe(before);
    });
  });
}

test('after close() a backend refuses work, and closing twice is fine', async () => {
  const backend = testCpu(2, TEST_KERNELS);
  await backend.close();
  await backend.close();
  expect(() => backend.upload(x)).toThrow(/used after close/);
});
