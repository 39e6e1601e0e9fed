/**
 * What a kernel changed in an array, for platforms without shared memory: a worker computes on copies and sends back
 * only the elements that differ, so that parts of one call can be merged in any order.
 */
import type { KernelArray } from '../kernels/kernel.ts';

export interface Changes {
  /** Which binding of the kernel. */
  readonly binding: number;
  readonly indices: Uint32Array<ArrayBuffer>;
  readonly values: KernelArray;
}

/** Bit for bit up to the payload of NaN: -0 and 0 differ, NaN equals NaN. */
export function findChanges(binding: number, before: KernelArray, after: KernelArray): Changes {
  const indices: number[] = [];
  for (let index = 0; index < after.length; index++) if (!Object.is(before[index], after[index])) indices.push(index);
  const values = after instanceof Uint32Array ? new Uint32Array(indices.length) : new Float64Array(indices.length);
  indices.forEach((index, at) => (values[at] = after[index]));
  return { binding, indices: Uint32Array.from(indices), values };
}

export function applyChanges(array: KernelArray, { indices, values }: Changes): void {
  for (let at = 0; at < indices.length; at++) array[indices[at]] = values[at];
}
