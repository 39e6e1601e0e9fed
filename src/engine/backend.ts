/**
 * The one interface through which scans compute. Handles stay resident between kernels; every kernel accepts a range
 * of work items: the single mechanism for workers, GPU submissions, cancellation and shards.
 */
import type { ElementType, Kernel, KernelArray, ParamValues } from '../kernels/kernel.ts';

export interface Handle {
  readonly id: number;
  readonly element: ElementType;
  readonly length: number;
}

export interface BackendInfo {
  readonly kind: 'webgpu' | 'cpu';
  /** One line for people: "NVIDIA ... (vulkan)", "2 CPU workers (f64)". */
  readonly description: string;
  /** Floating-point type the kernels run in. */
  readonly precision: 'f32' | 'f64';
  /** vendor, architecture, device, driver text, limits, threads... whatever provenance should keep. */
  readonly details: Readonly<Record<string, string | number | boolean>>;
}

export interface RunOptions {
  readonly signal?: AbortSignal;
  /** Called after each submitted part with work items done so far in this call. */
  readonly onProgress?: (done: number) => void;
}

export interface Backend {
  readonly info: BackendInfo;
  upload(data: KernelArray): Handle;
  run(
    kernel: Kernel,
    handles: readonly Handle[],
    params: ParamValues,
    first: number,
    count: number,
    options?: RunOptions,
  ): Promise<void>;
  read(handle: Handle): Promise<KernelArray>;
  free(handle: Handle): void;
  /** Warnings since the start (device lost and retried, fallback taken), for the run record. */
  readonly warnings: readonly string[];
  close(): Promise<void>;
}
