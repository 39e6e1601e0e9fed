/** Counts of spectrum_throw in WebAssembly against the twin, word for word; pages without WebAssembly. */
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { THROW_MODULE, wasmText } from '../../../scripts/make-wasm.ts';
import { throwWithTwin } from '../../../src/kernels/spectrum_throw.ts';
import { throwWithWasm } from '../../../src/kernels/throw/wasm.ts';
import { makeThrowTables } from '../../../src/model/spectrum/throw-tables.ts';
import { POISON_WORD } from '../../support/synthetic-toys.ts';

const SEED = { seed_low: 0xfedcba98, seed_high: 0x87654321 };
const poisoned = (length: number) => new Uint32Array(length).fill(POISON_WORD);

/** Means of a falling spectrum with empty bins; sizes of tables 0, 1, 2, ... 20,000. */
const means = (nBins: number) =>
  Array.from({ length: nBins }, (_, bin) => (bin % 7 === 3 ? 0 : 1e6 * Math.exp((-30 * bin) / nBins)));

test.each([
  ['small toy numbers', 53, { base_low: 7, base_high: 0, first_bin: 0 }],
  ['across 2^32', 54, { base_low: 0xffffffff - 20, base_high: 5, first_bin: 0 }],
  ['the end of all toys', 55, { base_low: 0xffffffff - 20, base_high: 0xffffffff, first_bin: 0xfffffff0 }],
  ['one bin', 1, { base_low: 0, base_high: 0, first_bin: 3 }],
  ['more bins than a call has', 33_001, { base_low: 0, base_high: 0, first_bin: 0 }],
])('%s: the counts of the twin', (_, nBins, base) => {
  const expected = means(nBins).map((mean) => (nBins > 1000 ? 0.2 : mean));
  const { tables, thresholds } = makeThrowTables(expected);
  const nCounts = Math.max(4000 * (nBins > 1 ? 10 : 1), 3 * nBins + 7);
  const params = { ...SEED, ...base, n_bins: nBins };
  const [twin, wasm] = [poisoned(nCounts), poisoned(nCounts)];
  throwWithTwin([tables, thresholds, twin], params, 0, nCounts);
  // ranges that begin and end inside a toy
  const ends = [0, 5, Math.floor(0.4 * nCounts), nCounts - 2 * nBins, nCounts];
  for (let i = 0; i + 1 < ends.length; i++)
    if (!throwWithWasm([tables, thresholds, wasm], params, ends[i], ends[i + 1] - ends[i]))
      throwWithTwin([tables, thresholds, wasm], params, ends[i], ends[i + 1] - ends[i]);
  expect(throwWithWasm([tables, thresholds, poisoned(nCounts)], params, 0, nCounts)).toBe(true);
  expect(wasm).toEqual(twin);
});

test('writes nothing outside of the range, and leaves a few counts to the twin', () => {
  const { tables, thresholds } = makeThrowTables([3, 4, 5]);
  const params = { ...SEED, base_low: 0, base_high: 0, first_bin: 0, n_bins: 3 };
  const counts = poisoned(300);
  expect(throwWithWasm([tables, thresholds, counts], params, 0, 1)).toBe(false);
  expect(new Set(counts)).toEqual(new Set([POISON_WORD]));
  expect(throwWithWasm([tables, thresholds, counts], params, 100, 100)).toBe(true);
  expect(new Set([...counts.subarray(0, 100), ...counts.subarray(200)])).toEqual(new Set([POISON_WORD]));
  expect(counts.subarray(100, 200)).not.toContain(POISON_WORD);
});

function forbidden(): never {
  throw new Error('Refused to compile or instantiate WebAssembly module');
}

describe('without WebAssembly', () => {
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.resetModules();
  });
  test.each([
    ['not there', undefined],
    ['forbidden by the page', { Module: forbidden }],
  ])('%s: the twin throws', async (_, stub) => {
    const { tables, thresholds } = makeThrowTables([3, 40, 0.1]);
    const params = { ...SEED, base_low: 0, base_high: 0, first_bin: 0, n_bins: 3 };
    const expected = poisoned(300);
    throwWithTwin([tables, thresholds, expected], params, 0, 300);
    vi.resetModules();
    vi.stubGlobal('WebAssembly', stub);
    const { throwWithWasm: tryWasm } = await import('../../../src/kernels/throw/wasm.ts');
    const { spectrumThrow } = await import('../../../src/kernels/spectrum_throw.ts');
    const counts = poisoned(300);
    expect(tryWasm([tables, thresholds, counts], params, 0, 300)).toBe(false);
    spectrumThrow.run([tables, thresholds, counts], params, 0, 300);
    expect(counts).toEqual(expected);
  });
});

test('the module is that of its source', { timeout: 60_000 }, async (context) => {
  const text = await wasmText(THROW_MODULE);
  if (text === undefined) return context.skip('assemblyscript is not installed');
  expect(readFileSync(THROW_MODULE.file, 'utf8')).toBe(text);
});
