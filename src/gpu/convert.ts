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
  const index = data.findIndex((value) => Math.abs(value) >= F32_LIMIT && Number.isFinite(value));
  if (index < 0) return;
  const found = `element ${index} of ${data.length} is ${data[index]}`;
  throw new DarkscanError('numerical', `gpu: ${found}, allowed below 3.4e38 in f32; rescale it or use --backend cpu`);
}

export function toDevice(data: KernelArray): DeviceArray {
  return data instanceof Uint32Array ? Uint32Array.from(data) : Float32Array.from(data);
}

export function toHost(bytes: ArrayBuffer, element: ElementType, length: number): KernelArray {
  return element === 'u32' ? new Uint32Array(bytes, 0, length) : Float64Array.from(new Float32Array(bytes, 0, length));
}
