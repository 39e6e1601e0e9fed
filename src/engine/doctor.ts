/** What `darkscan doctor` prints: the adapters there are, how precise the first is, and what `auto` would take. */
import type { AdapterSummary } from '../gpu/adapter.ts';
import { listAdapters } from '../gpu/adapter.ts';
import type { SelfTest } from '../gpu/self-test.ts';
import { chooseBackend, findGpu } from './choose-backend.ts';
import type { Platform } from './choose-backend.ts';

export interface DoctorReport {
  readonly cores: number;
  readonly sharedMemory: boolean;
  readonly adapters: readonly AdapterSummary[];
  /** Why there is no adapter. */
  readonly noAdapter?: string;
  /** Of the adapter that `--backend webgpu` would use. */
  readonly selfTest?: SelfTest;
  /** What `auto` takes. */
  readonly auto: { readonly description: string; readonly reasons: readonly string[] };
}

export async function doctorReport(platform: Platform): Promise<DoctorReport> {
  const source = await platform.loadGpu({ insist: true });
  const adapters = source.gpu === undefined ? [] : await listAdapters(source.gpu);
  const candidate = adapters.length === 0 ? undefined : await findGpu(platform, { insist: true, acceptSoftware: true });
  if (candidate?.gpu !== undefined) candidate.device.destroy();
  const { backend, reasons } = await chooseBackend({ backend: 'auto' }, platform);
  const auto = { description: backend.info.description, reasons };
  await backend.close();
  const report = { cores: platform.cores, sharedMemory: typeof SharedArrayBuffer !== 'undefined', adapters, auto };
  if (candidate === undefined)
    return { ...report, noAdapter: source.gpu === undefined ? source.reason : 'no adapter found' };
  return { ...report, selfTest: candidate.selfTest };
}
