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
  /** Copies `data`; also the way to make room for results. Too large or not in f32: DarkscanError resource, numerical. */
  upload(data: KernelArray): Handle;
  /**
   * Computes work items [first, first + count); calls run one after the other in the order they were made. When it
   * rejects (stopped: kind `interrupted`; kernel failed), what the kernel writes in that range is undefined.
   */
  run(
    kernel: Kernel,
    handles: readonly Handle[],
    params: ParamValues,
    first: number,
    count: number,
    options?: RunOptions,
  ): Promise<void>;
  /** A copy, after the calls made before. */
  read(handle: Handle): Promise<KernelArray>;
  /** The handle is invalid from now on; its memory goes when the calls made before are done. */
  free(handle: Handle): void;
  /** Warnings since the start (device lost and retried, fallback taken), for the run record. */
  readonly warnings: readonly string[];
  /** Ends workers and device. A process that forgets it still ends by itself. */
  close(): Promise<void>;
}
