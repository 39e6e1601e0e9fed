import { describe, expect, test } from 'vitest';
import { GpuDevice } from '../../../src/gpu/device.ts';
import { judgeSelfTest, runSelfTest, selfTestInputs, selfTestKernel } from '../../../src/gpu/self-test.ts';
import { hasTestGpu, testGpu } from '../../support/backends.ts';

const N = 2048;
const TINY = 2 ** -130;

/** What a perfect f32 device would answer, to be spoilt. */
function perfectAnswer() {
  const inputs = selfTestInputs();
  const [values, words] = [new Float64Array(8 * N), new Uint32Array(N)];
  selfTestKernel.run([...inputs, values, words], { tiny: TINY }, 0, N);
  return { inputs, values: Float32Array.from(values), words };
}

test('a perfect device passes', () => {
  const { inputs, values, words } = perfectAnswer();
  expect(judgeSelfTest(inputs, values, words)).toMatchObject({
    passed: true,
    sumPlainExact: true,
    keepsDenormals: true,
  });
});

const spoil: [string, (values: Float32Array, words: Uint32Array) => void, object][] = [
  ['a lost sum error', (v) => (v[8 * 77 + 1] = 0), { sumBarrierExact: false }],
  ['a wrong product', (v) => (v[8 * 3 + 4] += 1), { productExact: false }],
  ['a wrong high word', (_, w) => (w[5] ^= 1), { integersExact: false }],
  ['an inaccurate log', (v) => (v[8 * 4 + 5] += 1e-6), { integersExact: true }],
  ['a missing exp', (v) => (v[8 * 9 + 6] = NaN), { expOfAllowed: Infinity }],
];

for (const [what, change, finding] of spoil) {
  test(`${what} fails the test`, () => {
    const { inputs, values, words } = perfectAnswer();
    change(values, words);
    expect(judgeSelfTest(inputs, values, words)).toMatchObject({ passed: false, ...finding });
  });
}

test('the integers of the twin are those of BigInt arithmetic done apart', () => {
  const { inputs, words } = perfectAnswer();
  const [a, b] = [Float32Array.from(inputs[0]), Float32Array.from(inputs[1])];
  const bits = (array: Float32Array, i: number) => BigInt(new DataView(array.buffer).getUint32(4 * i, true));
  for (let i = 0; i < N; i += 101) expect(BigInt(words[i])).toBe((bits(a, i) * bits(b, i)) >> 32n);
});

describe.skipIf(!(await hasTestGpu()))('on the test adapter', () => {
  test('error-free sums and products, integers, log and exp are usable, and nothing stays allocated', async () => {
    const device = await GpuDevice.open(await testGpu());
    expect(await runSelfTest(device)).toMatchObject({ passed: true, sumBarrierExact: true, productExact: true });
    expect(device.liveBuffers).toBe(0);
    device.destroy();
  });
});
