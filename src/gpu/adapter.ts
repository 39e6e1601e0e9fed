/** What an adapter says about itself, as plain data for provenance and `darkscan doctor`. */

/** Where `navigator.gpu` or its Node counterpart comes from; without one, the reason in words. */
export type GpuSource = { readonly gpu: GPU } | { readonly gpu?: undefined; readonly reason: string };

export interface AdapterSummary {
  /** One line for people: "NVIDIA H200", "SwiftShader Device (LLVM 10.0.0)". */
  readonly name: string;
  readonly vendor: string;
  readonly architecture: string;
  readonly device: string;
  readonly description: string;
  /** A software adapter: right numbers, no speed. `auto` ignores it. */
  readonly isFallbackAdapter: boolean;
  readonly features: readonly string[];
  readonly limits: Readonly<Record<string, number>>;
}

const REPORTED_LIMITS = [
  'maxBufferSize',
  'maxStorageBufferBindingSize',
  'maxStorageBuffersPerShaderStage',
  'maxComputeInvocationsPerWorkgroup',
  'maxComputeWorkgroupsPerDimension',
  'maxComputeWorkgroupStorageSize',
] as const;

export function describeAdapter(adapter: GPUAdapter): AdapterSummary {
  const { vendor, architecture, device, description, isFallbackAdapter } = adapter.info;
  const name =
    description.split(':')[0].trim() || device || [vendor, architecture].filter(Boolean).join(' ') || 'unnamed';
  const limits = Object.fromEntries(REPORTED_LIMITS.map((limit) => [limit, adapter.limits[limit]]));
  const features = [...adapter.features].sort();
  return {
    name,
    vendor,
    architecture,
    device,
    description,
    isFallbackAdapter: isFallbackAdapter === true,
    features,
    limits,
  };
}

/** The fast adapter if there is one; null where only a CPU could answer and none is installed. */
export function requestAdapter(gpu: GPU): Promise<GPUAdapter | null> {
  return gpu.requestAdapter({ powerPreference: 'high-performance' });
}

/** Every distinct adapter that WebGPU can be asked for. */
export async function listAdapters(gpu: GPU): Promise<AdapterSummary[]> {
  const requests: GPURequestAdapterOptions[] = [
    { powerPreference: 'high-performance' },
    { powerPreference: 'low-power' },
    { forceFallbackAdapter: true },
  ];
  const found = new Map<string, AdapterSummary>();
  for (const request of requests) {
    const adapter = await gpu.requestAdapter(request);
    if (adapter === null) continue;
    const summary = describeAdapter(adapter);
    found.set(`${summary.vendor}/${summary.device}/${summary.description}`, summary);
  }
  return [...found.values()];
}
