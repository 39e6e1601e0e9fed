/** Run by tests/unit/engine/exit.test.ts: computes something, never calls close(). Arguments: cpu|webgpu [throw] */
import { testCpu, testWebGpu, TEST_KERNELS } from './backends.ts';
import { axpy, slowSum } from './kernels/index.ts';
import { useTestAdapter } from './software-vulkan.ts';

const [kind, mode] = process.argv.slice(2);
if (kind === 'webgpu') useTestAdapter();
const backend = kind === 'webgpu' ? await testWebGpu(TEST_KERNELS) : testCpu(2, TEST_KERNELS);
const handles = [backend.upload(Float64Array.of(1, 2)), backend.upload(new Float64Array(2))];
await backend.run(axpy, handles, { slope: 2, offset: 1 }, 0, 2);
if (mode === 'throw') {
  void backend.run(
    slowSum,
    [backend.upload(new Uint32Array(1e5).fill(1e5)), backend.upload(new Float64Array(1e5))],
    {},
    0,
    1e5,
  );
  setTimeout(() => {
    throw new Error('thrown on purpose');
  }, 100);
} else {
  console.log(`${backend.info.description}: ${[...(await backend.read(handles[1]))]}`);
}
