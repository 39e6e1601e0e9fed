/** toy_scan: WGSL and workers against the twin, word for word: only integers are compared, so equality is exact. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Backend } from '../../src/engine/backend.ts';
import { toyScan, TOY_STRIDE } from '../../src/kernels/toy_scan.ts';
import { RESULT_CODE } from '../../src/kernels/plan-bindings.ts';
import { testBackends } from '../support/backends.ts';
import { POISON_WORD, syntheticToys, type SyntheticToys } from '../support/synthetic-toys.ts';

let backends: Backend[] = [];
beforeAll(async () => void (backends = await testBackends()));
afterAll(() => Promise.all(backends.map((backend) => backend.close())));

/** Toys [1, n - 1) in two parts; the first and the last stay poisoned. */
async function thrown(backend: Backend, toys: SyntheticToys, params: Record<string, number>, n: number) {
  const arrays = [...toys.arrays, new Uint32Array(TOY_STRIDE * n).fill(POISON_WORD)];
  const handles = arrays.map((array) => backend.upload(array));
  try {
    const half = n >> 1;
    await backend.run(toyScan, handles, params, 1, half - 1);
    await backend.run(toyScan, handles, params, half, n - 1 - half);
    return (await backend.read(handles[7])) as Uint32Array;
  } finally {
    handles.forEach((handle) => backend.free(handle));
  }
}

const CASES: readonly (readonly [string, SyntheticToys, number])[] = [
  ['a line of 300 windows', syntheticToys({ windows: 300, atoms: 900, overlap: 3, events: [120] }), 300],
  [
    'two sources and a common factor of 40 steps',
    syntheticToys({ windows: 500, atoms: 1000, overlap: 4, events: [60, 25], steps: 40 }),
    300,
  ],
  [
    'more windows than a workgroup holds',
    syntheticToys({ windows: 20_000, atoms: 30_000, overlap: 2, events: [400] }),
    60,
  ],
  ['counts of 16 bits', syntheticToys({ windows: 40, atoms: 60, overlap: 5, events: [9000], bits: 16 }), 40],
  ['no event at all in most toys', syntheticToys({ windows: 50, atoms: 80, overlap: 2, events: [0.3] }), 200],
];

describe.each(CASES)('%s', (_, toys, n) => {
  test.each([
    ['small toy numbers', { base_low: 7, base_high: 0 }],
    ['across 2^32', { base_low: 0xffffffff - 20, base_high: 5 }],
  ])('%s: every backend throws the toys of the twin', async (_name, base) => {
    const params = {
      seed_low: 12345,
      seed_high: 6,
      fingerprint: 1,
      floor_rank: toys.floorRank,
      count_bits: toys.countBits,
      ...base,
    };
    const [twin, ...rest] = await Promise.all(backends.map((backend) => thrown(backend, toys, params, n)));
    expect(Array.from(twin.subarray(0, TOY_STRIDE))).toEqual(Array(TOY_STRIDE).fill(POISON_WORD));
    expect(Array.from(twin.subarray(-TOY_STRIDE))).toEqual(Array(TOY_STRIDE).fill(POISON_WORD));
    const differentMarks = new Set(Array.from({ length: n - 2 }, (_v, i) => twin[TOY_STRIDE * (i + 1) + 2]));
    expect(differentMarks.size, 'toys differ').toBeGreaterThan(n / 20);
    for (const result of rest) expect(result).toEqual(twin);
  });
});

test('a count that fills its bits on the GPU is handed back, never wrapped', async () => {
  const toys = syntheticToys({ windows: 4, atoms: 8, overlap: 2, events: [1500] });
  const params = { seed_low: 1, seed_high: 0, base_low: 0, base_high: 0, fingerprint: 0, floor_rank: 0, count_bits: 8 };
  for (const backend of backends) {
    const words = await thrown(backend, toys, params, 12);
    const codes = Array.from({ length: 10 }, (_, i) => words[TOY_STRIDE * (i + 1) + 3]);
    const expected = backend.info.kind === 'webgpu' ? RESULT_CODE.repeatInF64 : RESULT_CODE.ok;
    expect(codes).toEqual(Array(10).fill(expected));
  }
});
