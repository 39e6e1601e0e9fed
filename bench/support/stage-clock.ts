/** A backend that adds up how long each kernel takes (upload, run, read), in front of the one that computes. */
import type { Backend, BackendInfo, Handle, RunOptions } from '../../src/engine/backend.ts';
import type { Kernel, KernelArray, ParamValues } from '../../src/kernels/kernel.ts';

export class StageClock implements Backend {
  /** Milliseconds since the last `restart`: kernel name, `upload`, `read`. */
  readonly stages = new Map<string, number>();
  readonly #inner: Backend;

  constructor(inner: Backend) {
    this.#inner = inner;
  }

  get info(): BackendInfo {
    return this.#inner.info;
  }

  get warnings(): readonly string[] {
    return this.#inner.warnings;
  }

  restart(): void {
    this.stages.clear();
  }

  upload(data: KernelArray): Handle {
    const started = performance.now();
    const handle = this.#inner.upload(data);
    this.#add('upload', started);
    return handle;
  }

  async run(
    kernel: Kernel,
    handles: readonly Handle[],
    params: ParamValues,
    first: number,
    count: number,
    options?: RunOptions,
  ): Promise<void> {
    const started = performance.now();
    await this.#inner.run(kernel, handles, params, first, count, options);
    this.#add(kernel.name, started);
  }

  async read(handle: Handle): Promise<KernelArray> {
    const started = performance.now();
    const data = await this.#inner.read(handle);
    this.#add('read', started);
    return data;
  }

  free(handle: Handle): void {
    this.#inner.free(handle);
  }

  close(): Promise<void> {
    return this.#inner.close();
  }

  #add(stage: string, started: number): void {
    this.stages.set(stage, (this.stages.get(stage) ?? 0) + performance.now() - started);
  }
}
