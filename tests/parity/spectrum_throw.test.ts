/** spectrum_throw: WGSL and workers against the twin, word for word, and the twin against Random123's known answers. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Backend } from '../../src/engine/backend.ts';
import { spectrumThrow } from '../../src/kernels/spectrum_throw.ts';
import { makeThrowTables } from '../../src/model/spectrum/throw-tables.ts';
import { testBackends } from '../support/backends.ts';
import { POISON_WORD } from '../support/synthetic-toys.ts';

let backends: Backend[] = [];
beforeAll(async () => void (backends = await testBackends()));
afterAll(() => Promise.all(backends.map((backend) => backend.close())));

/** Items [first, n - 1) in two parts; the others stay poisoned. */
async function thrown(
  backend: Backend,
  tables: readonly Uint32Array[],
  params: Record<string, number>,
  n: number,
  first = 1,
) {
  const handles = [...tables, new Uint32Array(n).fill(POISON_WORD)].map((array) => backend.upload(array));
  try {
    const middle = (first + n) >> 1;
    await backend.run(spectrumThrow, handles, params, first, middle - first);
    await backend.run(spectrumThrow, handles, params, middle, n - 1 - middle);
    return (await backend.read(handles[2])) as Uint32Array;
  } finally {
    handles.forEach((handle) => backend.free(handle));
  }
}

/** Means of a falling spectrum, with empty bins and a million events. */
const EXPECTED = Array.from({ length: 53 }, (_, bin) => (bin % 17 === 3 ? 0 : 1e6 * Math.exp(-0.4 * bin)));

test.each([
  ['small toy numbers', { base_low: 7, base_high: 0, first_bin: 0 }],
  ['across 2^32', { base_low: 0xffffffff - 20, base_high: 5, first_bin: 0 }],
  ['the second spectrum of a toy', { base_low: 0, base_high: 0, first_bin: 1886 }],
])('%s: every backend throws the counts of the twin', async (_, base) => {
  const { tables, thresholds } = makeThrowTables(EXPECTED);
  const params = { seed_low: 0xfedcba98, seed_high: 6, n_bins: EXPECTED.length, ...base };
  const n = 100 * EXPECTED.length;
  const [twin, ...rest] = await Promise.all(
    backends.map((backend) => thrown(backend, [tables, thresholds], params, n)),
  );
  expect([twin[0], twin[n - 1]]).toEqual([POISON_WORD, POISON_WORD]);
  expect(twin[3]).toBe(0);
  expect(new Set(twin.filter((_count, i) => i % EXPECTED.length === 1)).size, 'toys differ').toBeGreaterThan(90);
  for (const result of rest) expect(result).toEqual(twin);
});

test('a toy is the same whatever it is thrown with', async () => {
  const { tables, thresholds } = makeThrowTables(EXPECTED);
  const nBins = EXPECTED.length;
  const params = { seed_low: 3, seed_high: 0, n_bins: nBins, first_bin: 0, base_high: 0 };
  for (const backend of backends) {
    const many = await thrown(backend, [tables, thresholds], { ...params, base_low: 0 }, 20 * nBins + 1, 0);
    const one = await thrown(backend, [tables, thresholds], { ...params, base_low: 13 }, nBins + 1, 0);
    expect(Array.from(one.subarray(0, nBins))).toEqual(Array.from(many.subarray(13 * nBins, 14 * nBins)));
  }
});

/**
 * Random123 kat_vectors: all-one counter and key give 408f276d 41c83b0e. Stream 0xffffffff is first_bin + bin, the draw of
 * totals 0xffffffff: the word lies between the thresholds around it.
 */
test('the word is the first two words of Philox, the first one above', async () => {
  const thresholds = Uint32Array.of(0x408f276d, 0x41c83b0e, 0x408f276d, 0x41c83b0f, 0x41c83b0e, 0);
  const tables = Uint32Array.of(0, 100, 3);
  const ones = 0xffffffff;
  const params = { seed_low: ones, seed_high: ones, base_low: ones, base_high: ones, n_bins: 1, first_bin: ones };
  for (const backend of backends) {
    const [count] = await thrown(backend, [tables, thresholds], params, 2, 0);
    expect(count, backend.info.description).toBe(101);
  }
});
