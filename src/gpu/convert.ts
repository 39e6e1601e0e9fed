/**
 * The only place where f64 becomes f32 and back. Rounding is to nearest; NaN and infinities stay what they are (tests
 * poison outputs with them); values below 1.2e-38 may become 0 on devices that flush denormals.
 */
import { DarkscanError } from '../errors.ts';
import type { ElementType, KernelArray } from '../kernels/kernel.ts';

export type DeviceArray = Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>;

/** Largest double that still rounds to a finite float. */
const F32_LIMIT = (2 - 2 ** -24) * 2 ** 127;

/** A finite value that would overflow to infinity is an error at upload, never passed on silently. */
export function checkFitsF32(data: KernelArray): void {
  if (data instanceof Uint32Array) return;
  let index = 0; // a plain loop: arrays of millions of elements pass here
  while (index < data.length && !(Math.abs(data[index]) >= F32_LIMIT && Number.isFinite(data[index]))) index++;
  if (index === data.length) return;
  const found = `element ${index} of ${data.length} is ${data[index]}`;
  throw new DarkscanError('numerical', `gpu: ${found}, allowed below 3.4e38 in f32; rescale it or use --backend cpu`);
}

export function toDevice(data: KernelArray): DeviceArray {
  return data instanceof Uint32Array ? new Uint32Array(data) : new Float32Array(data);
}

export function toHost(bytes: ArrayBuffer, element: ElementType, length: number): KernelArray {
  return element === 'u32' ? new Uint32Array(bytes, 0, length) : new Float64Array(new Float32Array(bytes, 0, length));
}
