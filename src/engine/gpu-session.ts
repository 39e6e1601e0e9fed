/**
 * The device of a WebGpuBackend and what is on it. When the device is lost the session throws DeviceLost; its next use
 * opens a new one, stores all arrays anew from their last checkpoint and repeats the calls since then (the journal), so
 * that results do not depend on the loss.
 */
import { DeviceLost } from '../gpu/device.ts';
import type { DeviceBuffer, GpuDevice } from '../gpu/device.ts';
import { itemsPerWorkgroup, MAX_WORKGROUPS } from '../gpu/layout.ts';
import type { Kernel, KernelArray } from '../kernels/kernel.ts';
import type { RunOptions } from './backend.ts';
import { throwIfAborted } from './call.ts';
import { ChunkSizer } from './chunk-sizer.ts';
import type { JournalEntry, Resident } from './resident.ts';

export interface GpuSessionOptions {
  /** Opens the adapter anew, at the start and after each loss. */
  readonly openDevice: () => Promise<GpuDevice>;
  /** Kernel name -> WGSL text without bindings. */
  readonly sources: (kernelName: string) => string;
}

/** Calls after which arrays are saved to the host, bounding what a lost device can cost. */
const CHECKPOINT_CALLS = 64;
const CHECKPOINT_MS = 3000;
/** A GPU runs this many work items at once for the price of one. */
const FIRST_CHUNK = 8192;
/** A software adapter does not; while the duration is unknown, waiting steals a core from it, so learn it on few. */
const FIRST_CHUNK_SOFTWARE = 128;

export class GpuSession {
  readonly residents = new Set<Resident>();
  readonly #options: GpuSessionOptions;
  readonly #sizers = new Map<Kernel, ChunkSizer>();
  readonly #firstChunk: number;
  #device: GpuDevice | undefined;
  #journal: JournalEntry[] = [];
  #journalMs = 0;

  constructor(options: GpuSessionOptions, device: GpuDevice) {
    this.#options = options;
    this.#device = device;
    this.#firstChunk = device.adapter.isFallbackAdapter ? FIRST_CHUNK_SOFTWARE : FIRST_CHUNK;
  }

  /** Finished calls since the last checkpoint, oldest first. */
  get journal(): readonly JournalEntry[] {
    return this.#journal;
  }

  run(call: JournalEntry, options: RunOptions): Promise<void> {
    return this.#using(async (device) => {
      if (this.#journal.length >= CHECKPOINT_CALLS || this.#journalMs >= CHECKPOINT_MS) await this.#checkpoint(device);
      const started = performance.now();
      await this.#execute(device, call, options);
      this.#journal.push(call);
      this.#journalMs += performance.now() - started;
    });
  }

  read(resident: Resident): Promise<KernelArray> {
    return this.#using((device) => resident.read(device));
  }

  /** Forgets an array; its host copy lives on while a call that matters has used it. */
  release(resident: Resident): void {
    this.residents.delete(resident);
    resident.isFreed = true;
    resident.release(this.#device);
    this.#journal = callsThatMatter(this.#journal);
  }

  destroy(): void {
    this.#device?.destroy();
    this.#device = undefined;
    this.#journal = [];
    this.residents.clear();
  }

  /** Residents that are alive or that the journal still needs. */
  everything(): Set<Resident> {
    return new Set([...this.residents, ...this.#journal.flatMap((call) => call.residents)]);
  }

  async #using<T>(action: (device: GpuDevice) => Promise<T>): Promise<T> {
    try {
      return await action((this.#device ??= await this.#reopen()));
    } catch (error) {
      if (error instanceof DeviceLost) this.#abandon(this.#device);
      throw error;
    }
  }

  async #reopen(): Promise<GpuDevice> {
    const device = await this.#options.openDevice().catch((error: Error) => {
      throw new DeviceLost(error.message);
    });
    try {
      for (const call of this.#journal) await this.#execute(device, call, {});
    } catch (error) {
      this.#abandon(device);
      throw error;
    }
    for (const resident of this.everything()) if (resident.isFreed) resident.release(device);
    return device;
  }

  #abandon(device: GpuDevice | undefined): void {
    device?.destroy();
    this.#device = undefined;
    for (const resident of this.everything()) resident.forget();
    for (const sizer of this.#sizers.values()) sizer.shrink(); // perhaps it ran into a watchdog
  }

  async #execute(device: GpuDevice, call: JournalEntry, options: RunOptions): Promise<void> {
    const { kernel, residents, params, first, count } = call;
    const pipeline = await device.pipeline(kernel, this.#options.sources(kernel.name));
    const buffers = await onDevice(residents, device);
    const dispatcher = device.dispatcher(kernel, pipeline, buffers);
    const sizer = this.#sizer(kernel);
    try {
      for (let done = 0; done < count;) {
        throwIfAborted(options.signal, done, count);
        residents.forEach((resident, index) => (resident.isDirty ||= kernel.bindings[index].access === 'write'));
        const size = Math.min(sizer.size, count - done);
        const started = performance.now();
        await dispatcher.submit(params, first + done, size, sizer.expectedMs(size));
        sizer.record(size, performance.now() - started);
        done += size;
        options.onProgress?.(done);
      }
    } finally {
      dispatcher.destroy();
    }
  }

  async #checkpoint(device: GpuDevice): Promise<void> {
    const dirty = [...this.residents].filter((resident) => resident.isDirty);
    const saved: KernelArray[] = [];
    for (const resident of dirty) saved.push(await resident.read(device));
    dirty.forEach((resident, index) => resident.save(saved[index]));
    this.#journal = [];
    this.#journalMs = 0;
  }

  #sizer(kernel: Kernel): ChunkSizer {
    let sizer = this.#sizers.get(kernel);
    const limits = { start: this.#firstChunk, most: MAX_WORKGROUPS * itemsPerWorkgroup(kernel) };
    if (sizer === undefined) this.#sizers.set(kernel, (sizer = new ChunkSizer(limits)));
    return sizer;
  }
}

/** The buffers of all arrays, new ones filled at once; an array bound twice is stored once. */
async function onDevice(residents: readonly Resident[], device: GpuDevice): Promise<DeviceBuffer[]> {
  const distinct = [...new Set(residents)];
  const buffers = await Promise.all(distinct.map((resident) => resident.onDevice(device)));
  return residents.map((resident) => buffers[distinct.indexOf(resident)]);
}

/** Without the calls whose results are freed and went into nothing that is alive. */
function callsThatMatter(journal: readonly JournalEntry[]): JournalEntry[] {
  const needed = new Set<Resident>();
  const kept = journal.toReversed().filter(({ kernel, residents }) => {
    const matters = residents.some(
      (resident, index) => kernel.bindings[index].access === 'write' && (!resident.isFreed || needed.has(resident)),
    );
    if (matters) residents.forEach((resident) => needed.add(resident));
    return matters;
  });
  return kept.reverse();
}
