/** One call of a kernel with its buffers bound: submits ranges of work items, each on its own and waited for. */
import type { Kernel, ParamValues } from '../kernels/kernel.ts';
import type { DeviceBuffer, GpuDevice } from './device.ts';
import { itemsPerWorkgroup, packParams, uniformBytes } from './layout.ts';
import { pause } from './pause.ts';
import type { Pipeline } from './pipeline.ts';
import { BufferUsage } from './usage.ts';

/**
 * While a promise is pending the Node package polls at full speed on the main thread, which on a software driver steals
 * the cores that do the work. Submissions expected to take longer than this are first slept through for the most part.
 */
const SLEEP_FROM_MS = 5;
const SLEEP_SHARE = 0.85;

export class Dispatcher {
  readonly #owner: GpuDevice;
  readonly #device: GPUDevice;
  readonly #kernel: Kernel;
  readonly #pipeline: GPUComputePipeline;
  readonly #uniform: DeviceBuffer;
  readonly #bindGroup: GPUBindGroupDescriptor;

  constructor(
    owner: GpuDevice,
    device: GPUDevice,
    kernel: Kernel,
    pipeline: Pipeline,
    buffers: readonly DeviceBuffer[],
  ) {
    this.#owner = owner;
    this.#device = device;
    this.#kernel = kernel;
    this.#pipeline = pipeline.pipeline;
    this.#uniform = owner.allocate(uniformBytes(kernel), BufferUsage.UNIFORM | BufferUsage.COPY_DST);
    const entries = [...buffers, this.#uniform].map((buffer, binding) => ({ binding, resource: { buffer } }));
    this.#bindGroup = { layout: pipeline.layout, entries };
  }

  /** Work items [first, first + count), finished when this resolves. `expectedMs` only decides how to wait. */
  async submit(params: ParamValues, first: number, count: number, expectedMs: number): Promise<void> {
    await this.#owner.checked(`kernel ${this.#kernel.name}`, async () => {
      this.#device.queue.writeBuffer(this.#uniform, 0, packParams(this.#kernel, params, first, count));
      const encoder = this.#device.createCommandEncoder();
      const pass = encoder.beginComputePass();
      pass.setPipeline(this.#pipeline);
      pass.setBindGroup(0, this.#device.createBindGroup(this.#bindGroup));
      pass.dispatchWorkgroups(Math.ceil(count / itemsPerWorkgroup(this.#kernel)));
      pass.end();
      this.#device.queue.submit([encoder.finish()]);
      if (expectedMs > SLEEP_FROM_MS) await pause(SLEEP_SHARE * expectedMs);
      await this.#device.queue.onSubmittedWorkDone();
    });
  }

  destroy(): void {
    this.#owner.release(this.#uniform);
  }
}
