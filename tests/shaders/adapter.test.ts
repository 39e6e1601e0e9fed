import { expect, test } from 'vitest';
import { create } from 'webgpu';

test('the test set-up brings a WebGPU adapter', async () => {
  const gpu = create([]);
  Object.assign(globalThis, { adapterTestGpu: gpu });
  const adapter = await gpu.requestAdapter();
  expect(adapter?.info.description).toMatch(/\w/);
});
