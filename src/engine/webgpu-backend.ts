/**
 * The f32 backend: runs the WGSL kernels, one short submission after the other. Work interrupted by a lost device is
 * repeated on a new one (gpu-session.ts). After MAX_LOSSES in one call, and where the device has not the room or refuses a
 * kernel, it goes on with the CPU twins, with a warning.
 */
import { DarkscanError, isDarkscanError } from '../errors.ts';
import { checkFitsF32 } from '../gpu/convert.ts';
import { DeviceLost } from '../gpu/device.ts';
import type { GpuDevice } from '../gpu/device.ts';
import { pause } from '../gpu/pause.ts';
import { shaderSource } from '../gpu/shader-sources.ts';
import type { Kernel, KernelArray, ParamValues } from '../kernels/kernel.ts';
import type { Backend, BackendInfo, Handle, RunOptions } from './backend.ts';
import { checkCall } from './call.ts';
import { GpuSession } from './gpu-session.ts';
import type { GpuSessionOptions } from './gpu-session.ts';
import { gaveUpWarning, lostWarning } from './gpu-warnings.ts';
import { Resident } from './resident.ts';
import { Serial } from './serial.ts';

export interface WebGpuBackendOptions extends Partial<GpuSessionOptions> {
  readonly openDevice: () => Promise<GpuDevice>;
  /** Takes over when the device stays lost or cannot do it; without it that is an error. */
  readonly fallback?: () => Promise<Backend>;
  /** More for provenance: the self-test. */
  readonly details?: BackendInfo['details'];
}

const MAX_LOSSES = 3;
/** A driver that was reset needs a moment. */
const RETRY_PAUSE_MS = 100;

interface Substitute {
  readonly backend: Backend;
  readonly handles: Map<Handle, Handle>;
}

export class WebGpuBackend implements Backend {
  readonly warnings: string[] = [];
  readonly #options: WebGpuBackendOptions;
  readonly #session: GpuSession;
  readonly #info: BackendInfo;
  readonly #maxArrayBytes: number;
  readonly #residents = new Map<Handle, Resident>();
  readonly #serial = new Serial();
  #cpu: Substitute | undefined;
  /** Why the next call goes on with the CPU. */
  #refused: DarkscanError | undefined;
  #lastId = 0;
  #closed = false;

  private constructor(options: WebGpuBackendOptions, device: GpuDevice) {
    this.#options = options;
    this.#session = new GpuSession({ sources: shaderSource, ...options }, device);
    this.#maxArrayBytes = device.maxArrayBytes;
    this.#info = describe(device, options.details);
  }

  static async open(options: WebGpuBackendOptions): Promise<WebGpuBackend> {
    return new WebGpuBackend(options, await options.openDevice());
  }

  get info(): BackendInfo {
    return this.#cpu?.backend.info ?? this.#info;
  }

  get liveHandles(): number {
    return this.#residents.size;
  }

  /** The array reaches the device with the first kernel that uses it. */
  upload(data: KernelArray): Handle {
    this.#checkOpen();
    if (this.#cpu === undefined) this.#checkFits(data);
    const handle: Handle = {
      id: ++this.#lastId,
      element: data instanceof Uint32Array ? 'u32' : 'f64',
      length: data.length,
    };
    const resident = new Resident(handle, data);
    this.#residents.set(handle, resident);
    if (this.#cpu === undefined) this.#session.residents.add(resident);
    else this.#cpu.handles.set(handle, this.#cpu.backend.upload(data));
    return handle;
  }

  async run(
    kernel: Kernel,
    handles: readonly Handle[],
    params: ParamValues,
    first: number,
    count: number,
    options: RunOptions = {},
  ): Promise<void> {
    this.#checkOpen();
    const residents = handles.map((handle) => this.#resident(handle));
    checkCall(kernel, handles, params, { first, count });
    await this.#attempt(
      () => this.#session.run({ kernel, residents, params, first, count }, options),
      (cpu, mapped) => cpu.run(kernel, handles.map(mapped), params, first, count, options),
    );
  }

  async read(handle: Handle): Promise<KernelArray> {
    this.#checkOpen();
    const resident = this.#resident(handle);
    return this.#attempt(
      () => this.#session.read(resident),
      (cpu, mapped) => cpu.read(mapped(handle)),
    );
  }

  /** The memory goes when the calls before have finished. */
  free(handle: Handle): void {
    const resident = this.#resident(handle);
    this.#residents.delete(handle);
    void this.#serial.run(() => {
      this.#session.release(resident);
      const onCpu = this.#cpu?.handles.get(handle);
      if (onCpu === undefined) return;
      this.#cpu?.handles.delete(handle);
      this.#cpu?.backend.free(onCpu);
    });
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#serial.run(async () => {
      this.#session.destroy();
      await this.#cpu?.backend.close();
    });
    this.#residents.clear();
  }

  /** Size and range of an array for the device; with a fallback what does not fit goes to that instead. */
  #checkFits(data: KernelArray): void {
    try {
      const bytes = 4 * data.length;
      if (bytes > this.#maxArrayBytes) {
        const allowed = `allowed ${this.#maxArrayBytes} (maxStorageBufferBindingSize)`;
        const message = `gpu: an array of ${bytes} bytes, ${allowed}; use --backend cpu or fewer windows`;
        throw new DarkscanError('resource', message);
      }
      checkFitsF32(data);
    } catch (error) {
      if (this.#options.fallback === undefined) throw error;
      this.#refused ??= error as DarkscanError;
    }
  }

  #attempt<T>(
    onGpu: () => Promise<T>,
    onCpu: (cpu: Backend, mapped: (handle: Handle) => Handle) => Promise<T>,
  ): Promise<T> {
    return this.#serial.run(async () => {
      for (let losses = 0; this.#cpu === undefined;) {
        try {
          if (this.#refused !== undefined) throw this.#refused;
          return await onGpu();
        } catch (error) {
          if (!(error instanceof DeviceLost)) {
            if (this.#options.fallback === undefined || !isRefusal(error)) throw error;
            this.#cpu = await this.#fallBack(error);
            break;
          }
          losses++;
          this.warnings.push(lostWarning(error.message, losses, MAX_LOSSES));
          if (losses < MAX_LOSSES) await pause(RETRY_PAUSE_MS * losses);
          else this.#cpu = await this.#fallBack(error);
        }
      }
      const { backend, handles } = this.#cpu;
      return onCpu(backend, (handle) => handles.get(handle) as Handle);
    });
  }

  /** The CPU backend with the arrays of the last checkpoint and the calls since then repeated. */
  async #fallBack(cause: DeviceLost | DarkscanError): Promise<Substitute> {
    if (this.#options.fallback === undefined) {
      throw new DarkscanError('gpu', `gpu: device lost ${MAX_LOSSES} times (${cause.message}); use --backend cpu`, {
        cause,
      });
    }
    const backend = await this.#options.fallback();
    const why = cause instanceof DeviceLost ? `${MAX_LOSSES} losses (${cause.message})` : cause.message;
    this.warnings.push(gaveUpWarning(this.#info.description, why, backend.info.description));
    const residents = this.#session.everything();
    const handles = new Map([...residents].map(({ handle, host }) => [handle, backend.upload(host)]));
    for (const { kernel, residents: used, params, first, count } of this.#session.journal) {
      const mapped = used.map(({ handle }) => handles.get(handle) as Handle);
      await backend.run(kernel, mapped, params, first, count);
    }
    for (const { handle, isFreed } of residents) {
      if (!isFreed) continue;
      backend.free(handles.get(handle) as Handle);
      handles.delete(handle);
    }
    this.#session.destroy();
    return { backend, handles };
  }

  #resident(handle: Handle): Resident {
    const resident = this.#residents.get(handle);
    if (resident !== undefined) return resident;
    throw new DarkscanError('internal', `backend: handle ${handle.id} is freed or of another backend`);
  }

  #checkOpen(): void {
    if (this.#closed) throw new DarkscanError('internal', 'backend: used after close()');
  }
}

/** The device has not the room, or would not compile or run a kernel. */
function isRefusal(error: unknown): error is DarkscanError {
  return isDarkscanError(error) && ['gpu', 'resource', 'numerical'].includes(error.kind);
}

function describe({ adapter }: GpuDevice, more: BackendInfo['details'] = {}): BackendInfo {
  const { vendor, architecture, device, description, isFallbackAdapter, limits } = adapter;
  const details = { vendor, architecture, device, driver: description, isFallbackAdapter, ...limits, ...more };
  return { kind: 'webgpu', description: `${adapter.name}, WebGPU (f32)`, precision: 'f32', details };
}
