/**
 * One GPU device with everything it owns. Errors that WebGPU would only print are rejections here: validation, memory
 * and internal errors as DarkscanError, a lost device as DeviceLost (the engine retries those).
 */
import { DarkscanError } from '../errors.ts';
import type { Kernel } from '../kernels/kernel.ts';
import { describeAdapter, requestAdapter } from './adapter.ts';
import type { AdapterSummary } from './adapter.ts';
import { Dispatcher } from './dispatcher.ts';
import { pause } from './pause.ts';
import { createPipeline } from './pipeline.ts';
import type { Pipeline } from './pipeline.ts';
import type { DeviceArray } from './convert.ts';
import { BufferUsage, MAP_READ_MODE } from './usage.ts';

/** The device went away (driver reset, unplugged, destroy()); nothing on it can be read any more. */
export class DeviceLost extends Error {}

/** Owned by the GpuDevice that made it; other rooms only hand it back. */
export type DeviceBuffer = GPUBuffer;

const SCOPES: readonly GPUErrorFilter[] = ['out-of-memory', 'internal', 'validation'];
const LOSS_GRACE_MS = 100;
const SMALLEST_BUFFER = 16;

export class GpuDevice {
  readonly adapter: AdapterSummary;
  /** Largest array in bytes that a kernel may bind. */
  readonly maxArrayBytes: number;
  readonly #device: GPUDevice;
  readonly #lost: Promise<never>;
  readonly #pipelines = new Map<Kernel, Promise<Pipeline>>();
  readonly #buffers = new Set<DeviceBuffer>();
  #lossReason: string | undefined;
  #uncaptured: GPUError | undefined;

  private constructor(device: GPUDevice, adapter: AdapterSummary) {
    this.#device = device;
    this.adapter = adapter;
    this.maxArrayBytes = Math.min(device.limits.maxStorageBufferBindingSize, device.limits.maxBufferSize);
    device.onuncapturederror = (event) => (this.#uncaptured ??= event.error);
    this.#lost = device.lost.then(({ reason, message }) => {
      this.#lossReason = [reason, message].filter(Boolean).join(': ');
      throw new DeviceLost(this.#lossReason);
    });
    this.#lost.catch(() => undefined); // only those who race against it care
  }

  /** A new adapter and device with default limits, so that what works here works everywhere. */
  static async open(gpu: GPU): Promise<GpuDevice> {
    const adapter = await requestAdapter(gpu);
    if (adapter === null)
      throw new DarkscanError('gpu', 'gpu: no adapter found, no Vulkan, Metal or D3D12 driver answered');
    const summary = describeAdapter(adapter);
    const device = await adapter.requestDevice({ label: 'darkscan' }).catch((cause: Error) => {
      throw new DarkscanError('gpu', `gpu: ${summary.name} gives no device (${cause.message})`, { cause });
    });
    return new GpuDevice(device, summary);
  }

  /** Buffer in use now; for tests of leaks and for memory reports. */
  get liveBuffers(): number {
    return this.#buffers.size;
  }

  /** The compiled kernel, made once per device. */
  pipeline(kernel: Kernel, source: string): Promise<Pipeline> {
    let pipeline = this.#pipelines.get(kernel);
    if (pipeline === undefined) {
      pipeline = this.checked(`kernel ${kernel.name}`, () => createPipeline(this.#device, kernel, source));
      pipeline.catch(() => this.#pipelines.delete(kernel));
      this.#pipelines.set(kernel, pipeline);
    }
    return pipeline;
  }

  /** A storage buffer holding `data`; the caller destroys it with `release`. */
  async store(data: DeviceArray): Promise<DeviceBuffer> {
    return this.checked(`buffer of ${data.byteLength} bytes`, () => {
      const buffer = this.allocate(data.byteLength, BufferUsage.STORAGE | BufferUsage.COPY_DST | BufferUsage.COPY_SRC);
      this.#device.queue.writeBuffer(buffer, 0, data);
      return buffer;
    });
  }

  async read(buffer: DeviceBuffer, byteLength: number): Promise<ArrayBuffer> {
    if (byteLength === 0) return new ArrayBuffer(0);
    const staging = this.allocate(byteLength, BufferUsage.MAP_READ | BufferUsage.COPY_DST);
    try {
      await this.checked('read', () => {
        const encoder = this.#device.createCommandEncoder();
        encoder.copyBufferToBuffer(buffer, 0, staging, 0, byteLength);
        this.#device.queue.submit([encoder.finish()]);
        return staging.mapAsync(MAP_READ_MODE);
      });
      return staging.getMappedRange(0, byteLength).slice(0);
    } finally {
      this.release(staging);
    }
  }

  /** Everything bound for one call of a kernel; submissions of parts of it go through the Dispatcher. */
  dispatcher(kernel: Kernel, pipeline: Pipeline, buffers: readonly DeviceBuffer[]): Dispatcher {
    return new Dispatcher(this, this.#device, kernel, pipeline, buffers);
  }

  /** A buffer whose errors surface in the enclosing `checked` call or as an uncaptured error of the next one. */
  allocate(byteLength: number, usage: GPUBufferUsageFlags): DeviceBuffer {
    const buffer = this.#device.createBuffer({ size: Math.max(SMALLEST_BUFFER, byteLength), usage });
    this.#buffers.add(buffer);
    return buffer;
  }

  release(buffer: DeviceBuffer): void {
    this.#buffers.delete(buffer);
    buffer.destroy();
  }

  /** Runs `work` (its synchronous part under error scopes) and rejects for whatever went wrong on the device. */
  async checked<T>(what: string, work: () => T | Promise<T>): Promise<T> {
    if (this.#lossReason !== undefined) throw new DeviceLost(this.#lossReason);
    for (const scope of SCOPES) this.#device.pushErrorScope(scope);
    let started: T | Promise<T>;
    let scopes: Promise<(GPUError | null)[]>;
    try {
      started = work();
    } finally {
      scopes = Promise.all(SCOPES.map(() => this.#device.popErrorScope()));
      scopes.catch(() => undefined);
    }
    let outcome: [(GPUError | null)[], T];
    try {
      outcome = await Promise.race([Promise.all([scopes, started]), this.#lost]);
    } catch (error) {
      throw await this.#translate(what, error as Error);
    }
    const error = outcome[0].find((candidate) => candidate !== null) ?? this.#uncaptured;
    this.#uncaptured = undefined;
    if (error) throw describeError(what, error);
    return outcome[1];
  }

  /** Ends the device on purpose: waits for a running dispatch, frees every buffer. */
  destroy(): void {
    for (const buffer of this.#buffers) buffer.destroy();
    this.#buffers.clear();
    this.#device.destroy();
  }

  /** A lost device first shows as some other rejection: give `device.lost` the time to explain it. */
  async #translate(what: string, error: Error): Promise<Error> {
    if (error instanceof DeviceLost || error instanceof DarkscanError) return error;
    await Promise.race([this.#lost, pause(LOSS_GRACE_MS)]).catch(() => undefined);
    return this.#lossReason === undefined ? describeError(what, error) : new DeviceLost(this.#lossReason);
  }
}

function describeError(what: string, error: Error | GPUError): DarkscanError {
  const text = error.message.split('\n')[0];
  // by name: the Node package puts no error classes on globalThis
  const outOfMemory = error.constructor.name === 'GPUOutOfMemoryError';
  if (!outOfMemory) return new DarkscanError('gpu', `gpu: ${what}: ${text}`, { cause: error });
  return new DarkscanError('resource', `gpu: ${what}: out of memory (${text}); use --backend cpu`, { cause: error });
}
