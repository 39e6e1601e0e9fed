/**
 * The backends that parity tests compare: CPU twins in this thread, on two workers, and WGSL on the test adapter
 * (SwiftShader unless DARKSCAN_TEST_ADAPTER says otherwise). Callers close what they get.
 */
import type { Backend } from '../../src/engine/backend.ts';
import { CpuBackend } from '../../src/engine/cpu-backend.ts';
import { WebGpuBackend } from '../../src/engine/webgpu-backend.ts';
import type { WebGpuBackendOptions } from '../../src/engine/webgpu-backend.ts';
import { GpuDevice } from '../../src/gpu/device.ts';
import { loadWebGpu } from '../../src/node/webgpu.ts';
import { workerThreadSpawner } from '../../src/node/worker-threads.ts';
import { testSources } from './kernels/sources.ts';

/** For backends that know the kernels of tests/support/kernels instead of those of src/kernels. */
export const TEST_KERNELS: BackendSetup = {
  kernelsUrl: new URL('./kernels/index.ts', import.meta.url).href,
  sources: testSources,
};

export interface BackendSetup {
  readonly kernelsUrl?: string;
  readonly sources?: WebGpuBackendOptions['sources'];
}

/** The WebGPU entry point of the test adapter. */
export async function testGpu(): Promise<GPU> {
  const source = await loadWebGpu({ insist: true });
  if (source.gpu === undefined) throw new Error(`tests need WebGPU: ${source.reason}`);
  return source.gpu;
}

let adapterFound: Promise<boolean> | undefined;

/** Whether WGSL can run here. With REQUIRE_GPU=1 or in CI a missing adapter is an error, elsewhere tests may skip. */
export function hasTestGpu(): Promise<boolean> {
  adapterFound ??= testGpu()
    .then((gpu) => gpu.requestAdapter())
    .then((adapter) => adapter !== null)
    .catch(() => false)
    .then((found) => {
      const required = process.env.REQUIRE_GPU === '1' || Boolean(process.env.CI);
      if (!found && required) throw new Error('no WebGPU adapter, but REQUIRE_GPU or CI is set');
      return found;
    });
  return adapterFound;
}

export async function testWebGpu(
  setup: BackendSetup = {},
  more: Partial<WebGpuBackendOptions> = {},
): Promise<WebGpuBackend> {
  const gpu = await testGpu();
  const { sources } = setup;
  return WebGpuBackend.open({ openDevice: () => GpuDevice.open(gpu), ...(sources && { sources }), ...more });
}

export function testCpu(threads: number, { kernelsUrl }: BackendSetup = {}, shared?: boolean): CpuBackend {
  return new CpuBackend({ threads, spawn: workerThreadSpawner(kernelsUrl), shared });
}

/** CPU in this thread, CPU on two workers, and WebGPU where there is an adapter. */
export async function testBackends(setup: BackendSetup = {}): Promise<Backend[]> {
  const backends: Backend[] = [testCpu(1, setup), testCpu(2, setup)];
  if (await hasTestGpu()) backends.push(await testWebGpu(setup));
  return backends;
}
