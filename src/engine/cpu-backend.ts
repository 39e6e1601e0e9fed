/**
 * The f64 backend: runs the CPU twins of the kernels, in this thread or over workers. Arrays lie in shared memory where
 * the platform has it; otherwise workers get copies, once each, and what a part changed in them is merged.
 */
import { DarkscanError } from '../errors.ts';
import type { Binding, Kernel, KernelArray, ParamValues } from '../kernels/kernel.ts';
import type { Backend, BackendInfo, Handle, RunOptions } from './backend.ts';
import { checkCall, throwIfAborted } from './call.ts';
import { applyChanges } from './changes.ts';
import { ChunkSizer } from './chunk-sizer.ts';
import { Serial } from './serial.ts';
import type { SpawnWorker } from './worker-link.ts';
import { WorkerPool } from './worker-pool.ts';
import type { Part, PoolArray, PoolJob } from './worker-pool.ts';

export interface CpuBackendOptions {
  /** 0 or 1: everything in this thread. */
  readonly threads: number;
  /** Needed for more than one thread. */
  readonly spawn?: SpawnWorker;
  /** Use shared memory between threads; default: where the platform has it. */
  readonly shared?: boolean;
}

const FIRST_CHUNK = 16;
/** Towards the end parts get smaller, so that all workers finish together: at least this many parts each... */
const PARTS_PER_WORKER = 4;
/** ...but not so small that the message to the worker (0.2 ms) shows. */
const SHORTEST_PART_MS = 2;

export class CpuBackend implements Backend {
  readonly info: BackendInfo;
  readonly warnings: readonly string[] = [];
  readonly #pool: WorkerPool | undefined;
  readonly #shared: boolean;
  readonly #arrays = new Map<Handle, Stored>();
  readonly #sizers = new Map<Kernel, ChunkSizer>();
  readonly #serial = new Serial();
  #lastId = 0;
  #closed = false;

  constructor({ threads, spawn, shared = typeof SharedArrayBuffer !== 'undefined' }: CpuBackendOptions) {
    const workers = spawn === undefined || threads <= 1 ? 0 : threads;
    if (spawn !== undefined && workers > 0) this.#pool = new WorkerPool(workers, spawn);
    this.#shared = shared && workers > 0;
    const description = workers === 0 ? 'CPU, this thread (f64)' : `${workers} CPU workers (f64)`;
    this.info = {
      kind: 'cpu',
      description,
      precision: 'f64',
      details: { threads: Math.max(1, workers), shared: this.#shared },
    };
  }

  /** Starts the workers in the background, so that they are there when the first kernel runs. */
  warmUp(): void {
    this.#pool?.start();
  }

  get liveHandles(): number {
    return this.#arrays.size;
  }

  upload(data: KernelArray): Handle {
    this.#checkOpen();
    const element = data instanceof Uint32Array ? 'u32' : 'f64';
    const handle: Handle = { id: ++this.#lastId, element, length: data.length };
    this.#arrays.set(handle, { id: handle.id, version: 0, data: this.#shared ? sharedCopy(data) : data.slice() });
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
    const arrays = handles.map((handle) => this.#stored(handle));
    checkCall(kernel, handles, params, { first, count });
    const call = { kernel, arrays, params, first, count, options };
    return this.#serial.run(() => (this.#pool === undefined ? this.#runHere(call) : this.#runInPool(call, this.#pool)));
  }

  async read(handle: Handle): Promise<KernelArray> {
    this.#checkOpen();
    const { data } = this.#stored(handle);
    // a copy in ordinary memory: shared views may not be transferred, hashed or written to files everywhere
    return this.#serial.run(() => (data instanceof Uint32Array ? new Uint32Array(data) : new Float64Array(data)));
  }

  free(handle: Handle): void {
    const { id } = this.#stored(handle);
    this.#arrays.delete(handle);
    void this.#serial.run(() => this.#pool?.forget(id));
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#arrays.clear();
    await this.#pool?.close();
  }

  async #runHere({ kernel, arrays, params, first, count, options }: Call): Promise<void> {
    const sizer = this.#sizer(kernel);
    const data = arrays.map((stored) => stored.data);
    for (let done = 0; done < count;) {
      throwIfAborted(options.signal, done, count);
      const size = Math.min(sizer.size, count - done);
      const started = performance.now();
      kernel.run(data, params, first + done, size);
      sizer.record(size, performance.now() - started);
      done += size;
      options.onProgress?.(done);
      if (done < count) await new Promise((resolve) => setTimeout(resolve)); // lets timers and Ctrl-C in
    }
  }

  async #runInPool({ kernel, arrays, params, first, count, options }: Call, pool: WorkerPool): Promise<void> {
    const sizer = this.#sizer(kernel);
    const sent = arrays.map((stored, index) => this.#forWorkers(stored, kernel.bindings[index]));
    let [handedOut, done] = [0, 0];
    const job: PoolJob = {
      next: () => {
        throwIfAborted(options.signal, done, count);
        const rest = count - handedOut;
        const fairShare = Math.ceil(rest / (PARTS_PER_WORKER * pool.size));
        const size = Math.min(rest, sizer.size, Math.max(sizer.itemsFor(SHORTEST_PART_MS), fairShare));
        handedOut += size;
        return size === 0 ? undefined : { first: first + handedOut - size, count: size };
      },
      task: (part: Part) => ({ kernelName: kernel.name, arrays: sent, params, ...part, shared: this.#shared }),
      done: (part, changes, elapsedMs) => {
        sizer.record(part.count, elapsedMs);
        changes.forEach((change) => applyChanges(arrays[change.binding].data, change));
        done += part.count;
        options.onProgress?.(done);
      },
    };
    try {
      await pool.run(job);
    } finally {
      // each worker has changed its own copy in its own way
      if (!this.#shared) arrays.forEach((stored, i) => kernel.bindings[i].access !== 'read' && stored.version++);
    }
  }

  #sizer(kernel: Kernel): ChunkSizer {
    let sizer = this.#sizers.get(kernel);
    if (sizer === undefined) this.#sizers.set(kernel, (sizer = new ChunkSizer({ start: FIRST_CHUNK, most: Infinity })));
    return sizer;
  }

  /** Without shared memory each worker makes its own scratch. */
  #forWorkers(stored: Stored, { access, element }: Binding): PoolArray {
    if (this.#shared || access !== 'scratch') return { ...stored };
    return { ...stored, data: { element, length: stored.data.length } };
  }

  #stored(handle: Handle): Stored {
    const stored = this.#arrays.get(handle);
    if (stored !== undefined) return stored;
    throw new DarkscanError('internal', `backend: handle ${handle.id} is freed or of another backend`);
  }

  #checkOpen(): void {
    if (this.#closed) throw new DarkscanError('internal', 'backend: used after close()');
  }
}

interface Call extends Part {
  readonly kernel: Kernel;
  readonly arrays: readonly Stored[];
  readonly params: ParamValues;
  readonly options: RunOptions;
}

/** An array; workers have copies of a version of it. */
interface Stored {
  readonly id: number;
  version: number;
  readonly data: KernelArray;
}

function sharedCopy(data: KernelArray): KernelArray {
  const memory = new SharedArrayBuffer(data.byteLength);
  const copy = data instanceof Uint32Array ? new Uint32Array(memory) : new Float64Array(memory);
  copy.set(data);
  return copy;
}
