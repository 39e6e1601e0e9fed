/**
 * Which backend a run gets. `auto` takes a real GPU that passes the precision self-test, else the CPU workers; the
 * reasons are part of the result. Asked for by name, WebGPU accepts software adapters too, and its absence is an error.
 */
import { DarkscanError } from '../errors.ts';
import type { AdapterSummary, GpuSource } from '../gpu/adapter.ts';
import { GpuDevice } from '../gpu/device.ts';
import { runSelfTest } from '../gpu/self-test.ts';
import type { SelfTest } from '../gpu/self-test.ts';
import type { Backend } from './backend.ts';
import { CpuBackend } from './cpu-backend.ts';
import { WebGpuBackend } from './webgpu-backend.ts';
import type { SpawnWorker } from './worker-link.ts';

export type BackendName = 'auto' | 'webgpu' | 'cpu';

export interface BackendRequest {
  readonly backend: BackendName;
  /** CPU threads; default: all cores. Also those of a fall-back from the GPU. */
  readonly threads?: number;
}

/** What the surroundings (Node, a page, a test) provide; src/node/platform.ts is Node's. */
export interface Platform {
  readonly cores: number;
  readonly spawn?: SpawnWorker;
  /** @param insist try even where nothing hints at a driver */
  loadGpu(options: { readonly insist: boolean }): Promise<GpuSource>;
}

export interface BackendChoice {
  readonly backend: Backend;
  /** Why this one, in the order of the decisions; for doctor, --verbose and the run record. */
  readonly reasons: readonly string[];
}

/** A GPU that can be used, or why there is none. */
export type GpuCandidate =
  | { readonly gpu: GPU; readonly device: GpuDevice; readonly selfTest: SelfTest }
  | {
      readonly gpu?: undefined;
      readonly adapter?: AdapterSummary;
      readonly selfTest?: SelfTest;
      readonly reason: string;
    };

export async function chooseBackend(request: BackendRequest, platform: Platform): Promise<BackendChoice> {
  const threads = request.threads ?? platform.cores;
  const cpu = () => new CpuBackend({ threads, spawn: platform.spawn });
  if (request.backend === 'cpu') return chooseCpu(cpu(), ['cpu: asked for']);
  const wanted = request.backend === 'webgpu';
  const candidate = await findGpu(platform, { insist: wanted, acceptSoftware: wanted });
  if (candidate.gpu === undefined) {
    if (!wanted) return chooseCpu(cpu(), [`webgpu: ${candidate.reason}`, 'cpu: chosen instead']);
    throw new DarkscanError('gpu', `webgpu: ${candidate.reason}; use --backend cpu or see darkscan doctor`);
  }
  const { gpu, device, selfTest } = candidate;
  let first: GpuDevice | undefined = device;
  const openDevice = async () => {
    const opened = first ?? (await GpuDevice.open(gpu));
    first = undefined;
    return opened;
  };
  const details = Object.fromEntries(Object.entries(selfTest).map(([name, value]) => [`selfTest.${name}`, value]));
  const backend = await WebGpuBackend.open({ openDevice, details, fallback: async () => cpu() });
  const reasons = [wanted ? 'webgpu: asked for' : `webgpu: ${device.adapter.name} passed the precision self-test`];
  if (device.adapter.isFallbackAdapter) {
    backend.warnings.push(`webgpu: ${device.adapter.name} is a software adapter; --backend cpu is faster`);
  }
  if (!selfTest.passed) {
    backend.warnings.push(
      `webgpu: ${device.adapter.name} FAILED the precision self-test; results may be wrong, use --backend cpu`,
    );
  }
  return { backend, reasons };
}

/** Opens the adapter and tests it; a candidate that is refused is closed again. */
export async function findGpu(
  platform: Platform,
  { insist, acceptSoftware }: { readonly insist: boolean; readonly acceptSoftware: boolean },
): Promise<GpuCandidate> {
  const source = await platform.loadGpu({ insist });
  if (source.gpu === undefined) return { reason: source.reason };
  let device: GpuDevice | undefined;
  try {
    device = await GpuDevice.open(source.gpu);
    const { adapter } = device;
    if (adapter.isFallbackAdapter && !acceptSoftware) {
      device.destroy();
      return { adapter, reason: `${adapter.name} is a software adapter, slower than CPU workers` };
    }
    const selfTest = await runSelfTest(device);
    if (selfTest.passed || acceptSoftware) return { gpu: source.gpu, device, selfTest };
    device.destroy();
    return { adapter, selfTest, reason: `${adapter.name} failed the precision self-test` };
  } catch (error) {
    device?.destroy();
    return { reason: (error as Error).message.replace(/^gpu: /, '') };
  }
}

function chooseCpu(backend: CpuBackend, reasons: readonly string[]): BackendChoice {
  backend.warmUp();
  return { backend, reasons };
}
