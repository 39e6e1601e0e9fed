/** Whatever WebGPU would only print must reject the call that caused it. */
import { describe, expect, test } from 'vitest';
import type { Kernel } from '../../../src/kernels/kernel.ts';
import { hasTestGpu, TEST_KERNELS, testWebGpu } from '../../support/backends.ts';
import { axpy } from '../../support/kernels/index.ts';

const params = { slope: 1, offset: 0 };

describe.skipIf(!(await hasTestGpu()))('WebGPU', () => {
  test('a shader that does not compile is an error with the line', async () => {
    const broken = () => '@compute @workgroup_size(WORKGROUP_SIZE)\nfn main() {\n  y[0] = x[0] + 1u;\n}';
    const backend = await testWebGpu({ sources: broken });
    const handles = [backend.upload(new Float64Array(4)), backend.upload(new Float64Array(4))];
    const message = /^gpu: shader axpy: .* in "y\[0\] = x\[0\] \+ 1u;"$/;
    await expect(backend.run(axpy, handles, params, 0, 4)).rejects.toMatchObject({ kind: 'gpu', message });
    await backend.close();
  });

  test('a shader without entry point is an error', async () => {
    const backend = await testWebGpu({ sources: () => 'fn other() {}' });
    const handles = [backend.upload(new Float64Array(4)), backend.upload(new Float64Array(4))];
    await expect(backend.run(axpy, handles, params, 0, 4)).rejects.toMatchObject({
      kind: 'gpu',
      message: /kernel axpy/,
    });
    await backend.close();
  });

  test('an array above the default binding limit is refused with the limit', async () => {
    const backend = await testWebGpu(TEST_KERNELS);
    const tooLong = { length: 2 ** 25 + 1 } as Float64Array; // 128 MiB in f32 and one more; never read
    expect(() => backend.upload(tooLong)).toThrow(
      'gpu: an array of 134217732 bytes, allowed 134217728 (maxStorageBufferBindingSize); use --backend cpu',
    );
    await backend.close();
  });

  test('a value beyond f32 is refused at upload', async () => {
    const backend = await testWebGpu(TEST_KERNELS);
    expect(() => backend.upload(Float64Array.of(0, 1e300))).toThrow(/element 1 of 2 is 1e\+300/);
    await backend.close();
  });

  test('a kernel of 8 storage buffers runs, one of 9 is refused', async () => {
    const kernelOf = (count: number): Kernel => ({
      name: `adds_${count}`,
      bindings: Array.from({ length: count }, (_, i) => ({
        name: `b${i}`,
        element: 'f64',
        access: i ? 'read' : 'write',
      })),
      params: [],
      run: () => undefined,
    });
    const body = (count: number) => Array.from({ length: count - 1 }, (_, i) => `b${i + 1}[id.x]`).join(' + ');
    const sources = (name: string) =>
      `@compute @workgroup_size(WORKGROUP_SIZE) fn main(@builtin(global_invocation_id) id: vec3u) {
        if (id.x < params.count) { b0[id.x] = ${body(Number(name.slice(5)))}; }
      }`;
    const backend = await testWebGpu({ sources });
    const upload = (count: number) =>
      Array.from({ length: count }, (_, i) => backend.upload(Float64Array.of(i, 2 * i)));
    const eight = upload(8);
    await backend.run(kernelOf(8), eight, {}, 0, 2);
    expect([...(await backend.read(eight[0]))]).toEqual([28, 56]);
    await expect(backend.run(kernelOf(9), upload(9), {}, 0, 2)).rejects.toThrow(/has 9 bindings, allowed 8/);
    await backend.close();
  });

  test('two backends in one process do not disturb each other', async () => {
    const [first, second] = await Promise.all([testWebGpu(TEST_KERNELS), testWebGpu(TEST_KERNELS)]);
    const results = await Promise.all(
      [first, second].map(async (backend, which) => {
        const handles = [backend.upload(Float64Array.of(1, 2)), backend.upload(new Float64Array(2))];
        await backend.run(axpy, handles, { slope: which + 1, offset: 0 }, 0, 2);
        return [...(await backend.read(handles[1]))];
      }),
    );
    await first.close();
    expect(results).toEqual([
      [1, 2],
      [2, 4],
    ]);
    expect([...(await second.read(second.upload(Float64Array.of(5))))]).toEqual([5]);
    await second.close();
  });
});
