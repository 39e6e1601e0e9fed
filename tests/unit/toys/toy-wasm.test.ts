/**
 * toy_scan in WebAssembly and the twin against toys counted another way (estimators/toy-field.ts: events per atom, then
 * windows, then every rank), word for word; the committed module against its source.
 */
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { wasmText, WASM_FILE } from '../../../scripts/make-wasm.ts';
import { countMark, throwWithTwin, TOY_STRIDE } from '../../../src/kernels/toy_scan.ts';
import type { ToyArrays } from '../../../src/kernels/toys/lookup.ts';
import { throwWithWasm } from '../../../src/kernels/toys/wasm.ts';
import { makeToyThrower } from '../../../src/toys/estimators/toy-field.ts';
import { POISON_WORD, syntheticToys } from '../../support/synthetic-toys.ts';
import { hashWords } from './example-toys.ts';

const SEED = 2 ** 40 + 77;
const BASE = 2 ** 32 - 7;

function paramsOf(floor: number, fingerprint = 1): Record<string, number> {
  return {
    seed_low: 77,
    seed_high: 2 ** 8,
    base_low: BASE,
    base_high: 0,
    fingerprint,
    floor_rank: floor,
    count_bits: 16,
  };
}

/** [n][TOY_STRIDE] toys BASE, BASE + 1, ... from the counts of all windows. */
function plainWords(arrays: ToyArrays, n: number): Uint32Array {
  const [, , , , , rankFirst, ranks] = arrays;
  const counts = new Uint32Array(rankFirst.length - 1);
  const throwToy = makeToyThrower(arrays, SEED);
  const words = new Uint32Array(TOY_STRIDE * n);
  for (let i = 0; i < n; i++) {
    throwToy(BASE + i, counts);
    let [best, window, marks] = [0, 0xffffffff, 0];
    counts.forEach((count, w) => {
      if (count === 0) return;
      for (let k = 1; k <= count; k++) marks = (marks + countMark(w, k)) | 0;
      const rank = ranks[Math.min(rankFirst[w] + count, rankFirst[w + 1] - 1)];
      if (window === 0xffffffff || rank > best) [best, window] = [rank, w];
    });
    words.set([best, window, marks >>> 0, 0], TOY_STRIDE * i);
  }
  return words;
}

const medianRank = (words: Uint32Array) =>
  words.filter((_, at) => at % TOY_STRIDE === 0).sort()[words.length / TOY_STRIDE / 2];

const CASES = {
  'a line of windows': [{ windows: 300, atoms: 900, overlap: 3, events: [120] }, 200],
  'lists that are not gathered': [{ windows: 300, atoms: 900, overlap: 11, events: [700] }, 100],
  'two sources and a common factor': [{ windows: 500, atoms: 1000, overlap: 4, events: [60, 25], steps: 40 }, 200],
  'windows beyond 16 bits': [{ windows: 70_000, atoms: 80_000, overlap: 9, events: [400, 3] }, 20],
  'events beyond 16 bits': [{ windows: 40, atoms: 60, overlap: 5, events: [40_000] }, 12],
  'hardly any event': [{ windows: 50, atoms: 80, overlap: 2, events: [0.3] }, 400],
} as const;

describe.each(Object.entries(CASES))('%s', (_, [shape, n]) => {
  const { arrays, floorRank } = syntheticToys(shape);
  const expected = plainWords(arrays, n);
  test.each([
    ['floor of the tables', floorRank],
    ['no floor', 0],
    ['a floor that half of the toys reach', medianRank(expected)],
    ['a floor above everything', 2 ** 32 - 1],
  ])('%s', (_name, floor) => {
    for (const [name, run] of [
      ['twin', throwWithTwin],
      ['WebAssembly', throwWithWasm],
    ] as const) {
      const words = new Uint32Array(TOY_STRIDE * (n + 2)).fill(POISON_WORD);
      const params = { ...paramsOf(floor), base_low: BASE - 1 };
      const half = n >> 1;
      run([...arrays, words], params, 1, half);
      run([...arrays, words], params, 1 + half, n - half);
      expect(words.subarray(TOY_STRIDE, -TOY_STRIDE), name).toEqual(expected);
      for (const outside of [words.subarray(0, TOY_STRIDE), words.subarray(-TOY_STRIDE)]) {
        expect(Array.from(outside), name).toEqual(Array(TOY_STRIDE).fill(POISON_WORD));
      }
    }
  });
});

test('these toys are what they were when this was written', () => {
  const { arrays, floorRank } = syntheticToys({ windows: 900, atoms: 4000, overlap: 5, events: [150, 30], steps: 20 });
  const words = new Uint32Array(TOY_STRIDE * 20_000);
  expect(throwWithWasm([...arrays, words], paramsOf(floorRank), 0, 20_000)).toBe(true);
  expect(hashWords(words)).toBe('5f7e3880ed2c27cf');
});

test('several campaigns in turn, more than are kept', () => {
  const campaigns = [30, 60, 90, 120].map((events) =>
    syntheticToys({ windows: 100, atoms: 200, overlap: 2, events: [events] }),
  );
  const expected = campaigns.map(({ arrays }) => plainWords(arrays, 20));
  for (const which of [0, 1, 2, 3, 3, 0, 2, 1, 0]) {
    const words = new Uint32Array(TOY_STRIDE * 20);
    throwWithWasm([...campaigns[which].arrays, words], paramsOf(campaigns[which].floorRank), 0, 20);
    expect(words).toEqual(expected[which]);
  }
});

function forbidden(): never {
  throw new Error('unsafe-eval');
}

describe('without WebAssembly', () => {
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.resetModules();
  });
  const { arrays, floorRank } = syntheticToys({ windows: 300, atoms: 900, overlap: 3, events: [120] });
  test.each([
    ['not there', undefined],
    ['forbidden by the page', { Module: forbidden }],
  ])('%s: the twin throws the toys', async (_, stub) => {
    vi.resetModules();
    vi.stubGlobal('WebAssembly', stub);
    const { throwWithWasm: tryWasm } = await import('../../../src/kernels/toys/wasm.ts');
    const { toyScan } = await import('../../../src/kernels/toy_scan.ts');
    const words = new Uint32Array(TOY_STRIDE * 50);
    expect(tryWasm([...arrays, words], paramsOf(floorRank), 0, 50)).toBe(false);
    expect(words.every((word) => word === 0)).toBe(true);
    toyScan.run([...arrays, words], paramsOf(floorRank), 0, 50);
    expect(words).toEqual(plainWords(arrays, 50));
  });
});

test('the module is that of its source', { timeout: 60_000 }, async (context) => {
  const text = await wasmText();
  if (text === undefined) return context.skip('assemblyscript is not installed');
  expect(readFileSync(WASM_FILE, 'utf8')).toBe(text);
});
