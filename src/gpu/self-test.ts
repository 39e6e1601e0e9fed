/**
 * Precision self-test of an adapter, run once after opening it (one dispatch of 2048 items). Kernels rely on error-free
 * sums with the XOR barrier and on exact integers; log and exp must be as accurate as WGSL promises (15.7.4: log within
 * 2^-21 on [0.5, 2], else 3 ULP; exp within 3 + 2|x| ULP). What is only convenient is reported, not demanded.
 */
import type { Kernel, KernelArray } from '../kernels/kernel.ts';
import { toDevice } from './convert.ts';
import type { GpuDevice } from './device.ts';
import { shaderSource } from './shader-sources.ts';

export interface SelfTest {
  /** Kernels may be trusted on this adapter. */
  readonly passed: boolean;
  /** TwoSum with the XOR barrier is exact for every pair. */
  readonly sumBarrierExact: boolean;
  /** The same without the barrier (false where drivers reassociate). */
  readonly sumPlainExact: boolean;
  readonly productExact: boolean;
  readonly integersExact: boolean;
  /** Largest |error| of log on [0.5, 2]. */
  readonly logMaxAbsolute: number;
  /** Largest relative error of log for |x - 1| in [1e-4, 0.01]: why kernels carry their own log1p. */
  readonly logMaxRelativeNearOne: number;
  readonly logMaxUlp: number;
  /** Largest error of exp in units of what WGSL allows. */
  readonly expOfAllowed: number;
  readonly keepsDenormals: boolean;
}

const N_ITEMS = 2048;
const COLUMNS = 8;
const TINY = 2 ** -130; // a denormal in f32
const LOG_ALLOWED = 2 ** -21;
const LOG_ALLOWED_ULP = 3;
/** Rounding of the reference and of the last operation. */
const SLACK = 1.01;

/** The twin: the same numbers in f64, products and sums of f32 values split exactly. */
export const selfTestKernel: Kernel = {
  name: 'self_test',
  bindings: [
    { name: 'a', element: 'f64', access: 'read' },
    { name: 'b', element: 'f64', access: 'read' },
    { name: 'log_argument', element: 'f64', access: 'read' },
    { name: 'exp_argument', element: 'f64', access: 'read' },
    { name: 'values', element: 'f64', access: 'write' },
    { name: 'words', element: 'u32', access: 'write' },
  ],
  params: [{ name: 'tiny', type: 'f32' }],
  run([a, b, logArgument, expArgument, values, words], { tiny }, first, count) {
    const bits = new Uint32Array(Float32Array.of(0, 0).buffer);
    const pair = new Float32Array(bits.buffer);
    for (let item = first; item < first + count; item++) {
      const [x, y] = [a[item], b[item]];
      const sum = Math.fround(x + y);
      const product = Math.fround(x * y);
      const row = [sum, x + y - sum, x + y - sum, product, x * y - product];
      row.push(Math.log(logArgument[item]), Math.exp(expArgument[item]), 2 * tiny);
      values.set(row, COLUMNS * item);
      pair.set([x, y]);
      words[item] = Number((BigInt(bits[0]) * BigInt(bits[1])) >> 32n);
    }
  },
};

/** Inputs that f32 holds exactly, the same on every machine. */
export function selfTestInputs(): KernelArray[] {
  let state = 2463534242;
  const uniform = () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 2 ** 32;
  };
  const fill = (value: (item: number) => number) =>
    Float64Array.from({ length: N_ITEMS }, (_, i) => Math.fround(value(i)));
  const signed = () => (uniform() < 0.5 ? -1 : 1) * (1 + uniform()) * 2 ** Math.floor(20 * uniform() - 10);
  const logArguments = [
    () => 0.5 + 1.5 * uniform(),
    () => 1 + (uniform() < 0.5 ? -1 : 1) * (1e-4 + 0.0099 * uniform()),
    () => 10 ** (60 * uniform() - 30),
    () => 2 + 1e6 * uniform(),
  ];
  const logArgument = fill((item) => logArguments[item % logArguments.length]());
  return [fill(signed), fill(signed), logArgument, fill((item) => (item % 2 ? -80 : 1) * uniform())];
}

export async function runSelfTest(device: GpuDevice): Promise<SelfTest> {
  const inputs = selfTestInputs();
  const outputs = [new Float64Array(COLUMNS * N_ITEMS).fill(NaN), new Uint32Array(N_ITEMS)];
  const buffers = await Promise.all([...inputs, ...outputs].map((data) => device.store(toDevice(data))));
  const pipeline = await device.pipeline(selfTestKernel, shaderSource(selfTestKernel.name));
  const dispatcher = device.dispatcher(selfTestKernel, pipeline, buffers);
  try {
    await dispatcher.submit({ tiny: TINY }, 0, N_ITEMS, 0);
    const values = new Float32Array(await device.read(buffers[4], 4 * COLUMNS * N_ITEMS));
    const words = new Uint32Array(await device.read(buffers[5], 4 * N_ITEMS));
    return judgeSelfTest(inputs, values, words);
  } finally {
    dispatcher.destroy();
    buffers.forEach((buffer) => device.release(buffer));
  }
}

export function judgeSelfTest(inputs: readonly KernelArray[], values: Float32Array, words: Uint32Array): SelfTest {
  const expected = new Float64Array(COLUMNS * N_ITEMS);
  const expectedWords = new Uint32Array(N_ITEMS);
  selfTestKernel.run([...inputs, expected, expectedWords], { tiny: TINY }, 0, N_ITEMS);
  const isExact = (...columns: number[]) =>
    columns.every((column) => everyItem((i) => at(values, i, column) === at(expected, i, column)));
  const [, , logArgument, expArgument] = inputs;
  const test = {
    sumBarrierExact: isExact(0, 1),
    sumPlainExact: isExact(0, 2),
    productExact: isExact(3, 4),
    integersExact: everyItem((item) => words[item] === expectedWords[item]),
    logMaxAbsolute: 0,
    logMaxRelativeNearOne: 0,
    logMaxUlp: 0,
    expOfAllowed: 0,
    keepsDenormals: at(values, 0, 7) === 2 * TINY,
  };
  for (let item = 0; item < N_ITEMS; item++) {
    const x = logArgument[item];
    const log = at(expected, item, 5);
    const logError = errorOf(at(values, item, 5), log);
    if (x >= 0.5 && x <= 2) test.logMaxAbsolute = Math.max(test.logMaxAbsolute, logError);
    else test.logMaxUlp = Math.max(test.logMaxUlp, logError / ulp(log));
    if (Math.abs(x - 1) < 0.01)
      test.logMaxRelativeNearOne = Math.max(test.logMaxRelativeNearOne, logError / Math.abs(log));
    const exp = at(expected, item, 6);
    const allowed = (3 + 2 * Math.abs(expArgument[item])) * ulp(exp);
    test.expOfAllowed = Math.max(test.expOfAllowed, errorOf(at(values, item, 6), exp) / allowed);
  }
  const accurate =
    test.logMaxAbsolute <= SLACK * LOG_ALLOWED &&
    test.logMaxUlp <= SLACK * LOG_ALLOWED_ULP &&
    test.expOfAllowed <= SLACK;
  return { passed: accurate && test.sumBarrierExact && test.productExact && test.integersExact, ...test };
}

function at(table: ArrayLike<number>, item: number, column: number): number {
  return table[COLUMNS * item + column];
}

function everyItem(holds: (item: number) => boolean): boolean {
  return Array.from({ length: N_ITEMS }, (_, item) => item).every(holds);
}

/** |got - expected|, infinite for NaN: a missing number is never accurate. */
function errorOf(got: number, expected: number): number {
  return Number.isNaN(got) ? Infinity : Math.abs(got - expected);
}

/** Distance between neighbouring f32 values at |value|. */
function ulp(value: number): number {
  return 2 ** (Math.max(-126, Math.floor(Math.log2(Math.abs(value)))) - 23);
}
