/** spectrum_best: every backend gives the words of the twin, the twin those counted by hand. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Backend } from '../../src/engine/backend.ts';
import { BEST_STRIDE, NO_HYPOTHESIS, QUICK_STRIDE, scoreOf, spectrumBest } from '../../src/kernels/spectrum_best.ts';
import { testBackends } from '../support/backends.ts';
import { spread } from '../support/counting.ts';
import { POISON_WORD } from '../support/synthetic-toys.ts';

let backends: Backend[] = [];
beforeAll(async () => void (backends = await testBackends()));
afterAll(() => Promise.all(backends.map((backend) => backend.close())));

/** Toys [first, n) of quick results, in two parts. */
async function best(backend: Backend, quick: Float64Array, nHypotheses: number, level: number, first = 0) {
  const n = quick.length / QUICK_STRIDE / nHypotheses;
  const handles = [quick, new Uint32Array(BEST_STRIDE * n).fill(POISON_WORD)].map((array) => backend.upload(array));
  try {
    const middle = (first + n) >> 1;
    const params = { n_hypotheses: nHypotheses, level };
    await backend.run(spectrumBest, handles, params, first, middle - first);
    await backend.run(spectrumBest, handles, params, middle, n - middle);
    return (await backend.read(handles[1])) as Uint32Array;
  } finally {
    handles.forEach((handle) => backend.free(handle));
  }
}

/** Rows of z; null: not decided, with a z that must not be used. */
function quickOf(toys: readonly (readonly (number | null)[])[]): Float64Array {
  return Float64Array.from(toys.flat().flatMap((z) => [z ?? 50, 1, 1, z === null ? 1 : 0]));
}

test('score, first of the best, undecided and up-crossings are those counted by hand', async () => {
  const cases: readonly (readonly [readonly (number | null)[], readonly number[]])[] = [
    [
      [0.5, 2, 0.9, 2, -3],
      [1 + 2 * 65536, 1, 0, 2],
    ],
    // from below through an undecided one; the first is above already
    [
      [3, 0.25, null, 1.5, null],
      [1 + 3 * 65536, 0, 2, 1],
    ],
    [
      [-1, -2, 0, -0.5, -7],
      [0, NO_HYPOTHESIS, 0, 0],
    ],
    [
      [null, null, null, null, null],
      [0, NO_HYPOTHESIS, 5, 0],
    ],
    // a q0 of the level itself is above it; strong deficits are q0 = 0
    [
      [-2, 1, -2, 0.99, 1],
      [1 + 65536, 1, 0, 2],
    ],
    [
      [2 ** -20, 0, 0, 0, 0],
      [1, 0, 0, 0],
    ],
    [
      [0, 0, 0, 0, 1e6],
      [1 + 65535 * 65536, 4, 0, 1],
    ],
  ];
  const quick = quickOf(cases.map(([z]) => z));
  for (const backend of backends) {
    const words = await best(backend, quick, 5, 1);
    cases.forEach(([z, expected], toy) =>
      expect(Array.from(words.subarray(BEST_STRIDE * toy, BEST_STRIDE * (toy + 1))), z.join(' ')).toEqual(expected),
    );
  }
});

test('every backend gives the words of the twin for z in f32, and writes only what it is asked for', async () => {
  const random = spread(11);
  const [nToys, nHypotheses] = [300, 71];
  const toys = Array.from({ length: nToys }, () =>
    Array.from({ length: nHypotheses }, () => (random() < 0.01 ? null : Math.fround(6 * random() - 3))),
  );
  const quick = quickOf(toys);
  const [twin, ...rest] = await Promise.all(backends.map((backend) => best(backend, quick, nHypotheses, 0.25, 1)));
  expect(Array.from(twin.subarray(0, BEST_STRIDE))).toEqual(Array(BEST_STRIDE).fill(POISON_WORD));
  toys.slice(1).forEach((row, i) => {
    const decided = row.map((z) => z ?? 0);
    expect(twin[BEST_STRIDE * (i + 1)]).toBe(scoreOf(Math.max(...decided)));
    expect(twin[BEST_STRIDE * (i + 1) + 1]).toBe(decided.indexOf(Math.max(...decided)));
  });
  for (const result of rest) expect(result).toEqual(twin);
});
