/** An array of the WebGPU backend: its state at the last checkpoint on the host, and its buffer on the device. */
import { toDevice, toHost } from '../gpu/convert.ts';
import type { DeviceBuffer, GpuDevice } from '../gpu/device.ts';
import type { Kernel, KernelArray, ParamValues } from '../kernels/kernel.ts';
import type { Handle } from './backend.ts';
import type { WorkRange } from './call.ts';

/** A finished call that a new device would have to repeat. */
export interface JournalEntry extends WorkRange {
  readonly kernel: Kernel;
  readonly residents: readonly Resident[];
  readonly params: ParamValues;
}

export class Resident {
  readonly handle: Handle;
  /** Contents before the first call in the journal; f64, so that a fall-back to the CPU loses nothing. */
  host: KernelArray;
  buffer: DeviceBuffer | undefined;
  /** A kernel has written the buffer since `host` was taken. */
  isDirty = false;
  isFreed = false;

  constructor(handle: Handle, data: KernelArray) {
    this.handle = handle;
    this.host = data.slice();
  }

  /** The buffer, made and filled on first use. */
  async onDevice(device: GpuDevice): Promise<DeviceBuffer> {
    this.buffer ??= await device.store(toDevice(this.host));
    return this.buffer;
  }

  async read(device: GpuDevice): Promise<KernelArray> {
    const { element, length } = this.handle;
    if (this.buffer === undefined || !this.isDirty) return toHost(toDevice(this.host).buffer, element, length);
    return toHost(await device.read(this.buffer, 4 * length), element, length);
  }

  /** A checkpoint: the host copy is up to date. */
  save(data: KernelArray): void {
    this.host = data;
    this.isDirty = false;
  }

  release(device: GpuDevice | undefined): void {
    if (this.buffer !== undefined) device?.release(this.buffer);
    this.buffer = undefined;
  }

  /** The device is gone: back to the last checkpoint. */
  forget(): void {
    this.buffer = undefined;
    this.isDirty = false;
  }
}
