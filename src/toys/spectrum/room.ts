/** Room for a result on a backend, made anew where its size changes. */
import type { Backend, Handle } from '../../engine/backend.ts';
import type { KernelArray } from '../../kernels/kernel.ts';

export class Room {
  private readonly backend: Backend;
  private readonly make: (length: number) => KernelArray;
  private handle: Handle | undefined;

  constructor(backend: Backend, make: (length: number) => KernelArray) {
    this.backend = backend;
    this.make = make;
  }

  of(length: number): Handle {
    if (this.handle?.length === length) return this.handle;
    this.free();
    return (this.handle = this.backend.upload(this.make(length)));
  }

  free(): void {
    if (this.handle !== undefined) this.backend.free(this.handle);
    this.handle = undefined;
  }
}
