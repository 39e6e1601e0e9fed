/**
 * toy_scan where p0 have rows, word for word against toys counted event by event (support/region-toys.ts): twin,
 * WebAssembly (which must not hand over to the twin) and every backend.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Backend } from '../../src/engine/backend.ts';
import { countMark, throwWithTwin, toyScan, TOY_STRIDE } from '../../src/kernels/toy_scan.ts';
import { RESULT_CODE } from '../../src/kernels/plan-bindings.ts';
import { throwWithWasm } from '../../src/kernels/toys/wasm.ts';
import { testBackends } from '../support/backends.ts';
import { bestOf, countedToy, regionToys, type RegionShape, type RegionToys } from '../support/region-toys.ts';
import { POISON_WORD } from '../support/synthetic-toys.ts';

let backends: Backend[] = [];
beforeAll(async () => void (backends = await testBackends()));
afterAll(() => Promise.all(backends.map((backend) => backend.close())));

const SEED = 2 ** 40 + 4711;
/** Toy numbers cross 2^32. */
const BASE = 2 ** 32 - 9;

const paramsOf = (tables: RegionToys['tables'], bits: number = tables.countBits, floor = tables.floorRank) => ({
  seed_low: 4711,
  seed_high: 2 ** 8,
  base_low: BASE,
  base_high: 0,
  fingerprint: 1,
  floor_rank: floor,
  count_bits: bits,
});

/** What the kernel must write for one toy, and the count that fills its bits on a GPU, if any. */
interface Wanted {
  readonly words: readonly number[];
  readonly most: number;
  readonly below: boolean;
  readonly above: boolean;
}

function wantedOf(toys: RegionToys, i: number): Wanted {
  const { ranks } = toys.tables;
  const counted = countedToy(toys, SEED, BASE + i);
  const { lnP, window, below, above } = bestOf(toys, counted);
  let marks = 0;
  for (const [region, n] of counted.counts.entries()) {
    for (let k = 1; k <= n; k++) marks = (marks + countMark(region, k)) >>> 0;
  }
  const code = below || above ? RESULT_CODE.notConverged : RESULT_CODE.ok;
  const packed = counted.counts.subarray(0, toys.shape.axis === 'step' ? undefined : 2 * toys.shape.windows);
  const most = packed.reduce((largest, n) => Math.max(largest, n), 0);
  return { words: [ranks.lnP.indexOf(lnP), window, marks, code], most, below, above };
}

async function thrown(backend: Backend, toys: RegionToys, n: number, bits?: number): Promise<Uint32Array> {
  const arrays = [...toys.tables.arrays, new Uint32Array(TOY_STRIDE * n).fill(POISON_WORD)];
  const handles = arrays.map((array) => backend.upload(array));
  try {
    await backend.run(toyScan, handles, paramsOf(toys.tables, bits), 0, n);
    return (await backend.read(handles[7])) as Uint32Array;
  } finally {
    handles.forEach((handle) => backend.free(handle));
  }
}

/** Name, shape, toys, and whether n_off of some of them have no row. */
const CASES: readonly (readonly [string, RegionShape, number, boolean])[] = [
  ['bands', { axis: 'sideBand', windows: 60, atoms: 400, events: [70, 20], rows: [0, 40] }, 200, false],
  [
    'bands, and toys of 30 steps',
    { axis: 'sideBand', windows: 60, atoms: 400, events: [90], steps: 30, rows: [0, 40] },
    200,
    false,
  ],
  ['no outer edge', { axis: 'complement', windows: 60, atoms: 400, events: [70, 20], rows: [20, 120] }, 200, false],
  ['bands, n_off outside', { axis: 'sideBand', windows: 4, atoms: 400, events: [8], rows: [1, 3] }, 200, true],
  [
    'no outer edge, n_off outside',
    { axis: 'complement', windows: 9, atoms: 400, events: [120], rows: [88, 26] },
    200,
    true,
  ],
  ['bands over tiles', { axis: 'sideBand', windows: 20_000, atoms: 30_000, events: [900], rows: [0, 6] }, 24, false],
  [
    'no outer edge, over tiles',
    { axis: 'complement', windows: 9000, atoms: 12_000, events: [300], rows: [220, 130] },
    24,
    false,
  ],
  [
    'over tiles, n_off outside',
    { axis: 'complement', windows: 9000, atoms: 12_000, events: [300], rows: [275, 20] },
    24,
    true,
  ],
  [
    'regions beyond 16 bits',
    { axis: 'complement', windows: 33_000, atoms: 40_000, events: [60], rows: [20, 70] },
    12,
    false,
  ],
  ['events beyond 16 bits', { axis: 'sideBand', windows: 3, atoms: 9, events: [40_000], rows: [0, 40_000] }, 6, false],
  ['hardly any event', { axis: 'complement', windows: 30, atoms: 80, events: [0.3], rows: [0, 4] }, 200, false],
  ['steps', { axis: 'step', windows: 80, atoms: 300, events: [60, 9], steps: 25 }, 300, false],
  ['steps over tiles', { axis: 'step', windows: 20_000, atoms: 30_000, events: [500], steps: 3 }, 24, false],
  ['steps, hardly any event', { axis: 'step', windows: 30, atoms: 80, events: [0.3], steps: 7 }, 200, false],
];

describe.each(CASES)('%s', (_, shape, n, isOutside) => {
  const toys = regionToys(shape);
  const wanted = Array.from({ length: n }, (_v, i) => wantedOf(toys, i));
  const expected = Uint32Array.from(wanted.flatMap(({ words }) => words));

  test('the toys are worth the comparison', () => {
    expect(new Set(wanted.map(({ words }) => words.join())).size).toBeGreaterThan(shape.events[0] < 1 ? 5 : n / 2);
    if (shape.events[0] < 1) expect(wanted.some(({ words }) => words[1] === 0xffffffff)).toBe(true);
    // toys in which n_off are below the rows and not above them, and the other way round
    expect(wanted.some(({ below, above }) => below && !above)).toBe(isOutside);
    expect(wanted.some(({ below, above }) => above && !below)).toBe(isOutside);
    expect(wanted.some(({ below, above }) => below || above)).toBe(isOutside);
  });

  test.each([
    ['floor of the tables', toys.tables.floorRank],
    ['no floor', 0],
    ['a floor above everything', 2 ** 32 - 1],
  ])('twin and WebAssembly, %s', (_name, floor) => {
    const params = paramsOf(toys.tables, 16, floor);
    const [twin, wasm] = [new Uint32Array(TOY_STRIDE * n), new Uint32Array(TOY_STRIDE * n)];
    throwWithTwin([...toys.tables.arrays, twin], params, 0, n);
    expect(throwWithWasm([...toys.tables.arrays, wasm], params, 0, n)).toBe(true);
    expect(twin).toEqual(expected);
    expect(wasm).toEqual(expected);
  });

  test('every backend', async () => {
    for (const backend of backends) expect(await thrown(backend, toys, n), backend.info.kind).toEqual(expected);
  });
});

test('a GPU says which toys have a full count, of window or band, and no others', async () => {
  const shape = { axis: 'complement', windows: 3, atoms: 9, events: [395], rows: [0, 900] } as const;
  const toys = regionToys(shape);
  const wanted = Array.from({ length: 80 }, (_, i) => wantedOf(toys, i));
  const isFull = wanted.map(({ most }) => most > 255);
  expect(new Set(isFull).size, 'some are full, some are not').toBe(2);
  for (const backend of backends) {
    const words = await thrown(backend, toys, 80, 8);
    const isGpu = backend.info.kind === 'webgpu';
    wanted.forEach((toy, i) => {
      const own = Array.from(words.subarray(TOY_STRIDE * i, TOY_STRIDE * (i + 1)));
      if (isGpu && isFull[i]) expect(own[3]).toBe(RESULT_CODE.repeatInF64);
      else expect(own).toEqual(toy.words);
    });
  }
});
