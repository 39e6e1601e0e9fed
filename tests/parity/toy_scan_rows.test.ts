/** toy_scan where p0 have rows, by n_off or by step: every backend and the twin against counts made from the lists of atoms. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Backend } from '../../src/engine/backend.ts';
import { countMark, throwWithTwin, toyScan, TOY_STRIDE } from '../../src/kernels/toy_scan.ts';
import { RESULT_CODE } from '../../src/kernels/plan-bindings.ts';
import type { Atoms } from '../../src/model/toys/atoms.ts';
import { CERTAIN, factorNodes } from '../../src/model/toys/factor-nodes.ts';
import type { RankTable } from '../../src/model/toys/rank-table.ts';
import { makeToyThrower } from '../../src/toys/estimators/toy-field.ts';
import { rankOf, rowRange, sideBandRanks, stepRanks } from '../../src/toys/rank-rows.ts';
import { tablesOf, type ToyTables } from '../../src/toys/toy-tables.ts';
import { testBackends } from '../support/backends.ts';
import { spread } from '../support/counting.ts';

let backends: Backend[] = [];
beforeAll(async () => void (backends = await testBackends()));
afterAll(() => Promise.all(backends.map((backend) => backend.close())));

type Axis = RankTable['axis'];
const SEED = 4711;

interface Case {
  readonly axis: Axis;
  readonly windows: number;
  readonly atoms: number;
  readonly events: number;
  /** Rows by n_off: how far around the mean. */
  readonly reach?: number;
}

/** Lists of regions of random atoms; p0 of random steps, many of them ties. */
function tablesFor({ axis, windows, atoms: count, events, reach = 40 }: Case): { tables: ToyTables; ranks: RankTable } {
  const next = spread(windows + 31 * count);
  const whole = (below: number) => Math.floor(next() * below);
  const banded = axis === 'sideBand' || axis === 'complement';
  const lists = Array.from({ length: count }, (_, a) => {
    if (a === 0) return [];
    const regions = new Set(Array.from({ length: 1 + whole(4) }, () => whole(banded ? 2 * windows : windows)));
    if (axis === 'complement' && a % 3 > 0) regions.add(2 * windows);
    return [...regions].sort((p, q) => p - q);
  });
  const first = new Uint32Array(count + 1);
  lists.forEach((list, a) => (first[a + 1] = first[a] + list.length));
  const atoms: Atoms = { count, ofCell: new Uint32Array(0), first, windows: Uint32Array.from(lists.flat()) };
  const perAtom = Float64Array.from({ length: count }, (_, a) => (a === 0 ? 0 : events / (count - 1)));
  const falling = (n: number) => {
    const lnP = new Float64Array(n);
    for (let i = 1; i < n; i++) lnP[i] = lnP[i - 1] - (1 + whole(3)) / 4;
    return lnP;
  };
  const steps = factorNodes([{ constraint: 'normal', up: 0.2, down: 0.2 }], 4);
  const inBand = (w: number) => {
    const mean = (list: (regions: number[]) => boolean) => (lists.filter(list).length * events) / (count - 1);
    if (axis === 'sideBand') return mean((l) => l.includes(2 * w + 1));
    return mean((l) => l.includes(2 * windows)) - mean((l) => l.includes(2 * w + 1));
  };
  const means = banded && windows < 1000 ? Array.from({ length: windows }, (_, w) => inBand(w)) : [];
  const ranks = banded
    ? sideBandRanks(
        axis,
        windows,
        (w) => {
          const least = Math.max(0, Math.floor((means[w] ?? 0) - reach));
          return { least, lnP: Array.from({ length: 2 * reach + 1 }, () => falling(4 + whole(8))) };
        },
        -0.6,
      )
    : stepRanks(windows, steps.factors.length, () => Array.from(steps.factors, () => falling(4 + whole(8))));
  const common = axis === 'step' ? steps : CERTAIN;
  const sources = { sources: [{ name: 'all', atoms: perAtom, nodes: CERTAIN }], common };
  return { tables: tablesOf(sources, [], atoms, windows, ranks), ranks };
}

const paramsOf = (tables: ToyTables) => ({
  seed_low: SEED,
  seed_high: 0,
  base_low: 0,
  base_high: 0,
  fingerprint: 1,
  floor_rank: tables.floorRank,
  count_bits: tables.countBits,
});

async function thrown(backend: Backend, tables: ToyTables, n: number): Promise<Uint32Array> {
  const handles = [...tables.arrays, new Uint32Array(TOY_STRIDE * n)].map((array) => backend.upload(array));
  try {
    await backend.run(toyScan, handles, paramsOf(tables), 0, n);
    return (await backend.read(handles[7])) as Uint32Array;
  } finally {
    handles.forEach((handle) => backend.free(handle));
  }
}

/** Rank, window, marks and code of one toy from the counts of its regions. */
function expectedWords(ranks: RankTable, counts: Uint32Array, step: number): number[] {
  const { axis, nWindows } = ranks;
  let [best, window, code] = [0, 0xffffffff, RESULT_CODE.ok as number];
  for (let w = 0; w < nWindows; w++) {
    const banded = axis === 'sideBand' || axis === 'complement';
    const n = counts[banded ? 2 * w : w];
    if (n === 0) continue;
    const band = axis === 'complement' ? counts[2 * nWindows] - counts[2 * w + 1] : counts[2 * w + 1];
    const row = banded ? band : step;
    const [from, to] = rowRange(ranks, w);
    if (row < from || row >= to) {
      code = RESULT_CODE.notConverged;
      continue;
    }
    const rank = rankOf(ranks, w, n, row);
    if (rank > best) [best, window] = [rank, w];
  }
  let marks = 0;
  counts.forEach((n, region) => {
    for (let k = 1; k <= n; k++) marks = (marks + countMark(region, k)) | 0;
  });
  return [best, window, marks >>> 0, code];
}

const CASES: readonly (readonly [string, Case, number])[] = [
  ['rows by n_off', { axis: 'sideBand', windows: 60, atoms: 400, events: 90 }, 200],
  ['bands without outer edge', { axis: 'complement', windows: 60, atoms: 400, events: 90 }, 200],
  ['n_off often outside', { axis: 'sideBand', windows: 60, atoms: 400, events: 300, reach: 4 }, 200],
  ['counts of 16 bits', { axis: 'complement', windows: 12, atoms: 40, events: 1500, reach: 200 }, 40],
  ['more regions than a workgroup holds', { axis: 'sideBand', windows: 9000, atoms: 20_000, events: 500 }, 30],
  ['toys without events', { axis: 'sideBand', windows: 20, atoms: 50, events: 0.4 }, 100],
];

describe.each(CASES)('%s', (_, shape, n) => {
  const { tables, ranks } = tablesFor(shape);

  test('the twin finds what the counts say', () => {
    const words = new Uint32Array(TOY_STRIDE * n);
    throwWithTwin([...tables.arrays, words], paramsOf(tables), 0, n);
    const counts = new Uint32Array(2 * shape.windows + 1);
    const throwToy = makeToyThrower(tables.arrays, SEED);
    for (let toy = 0; toy < n; toy++) {
      throwToy(toy, counts);
      expect(Array.from(words.subarray(TOY_STRIDE * toy, TOY_STRIDE * (toy + 1)))).toEqual(
        expectedWords(ranks, counts, 0),
      );
    }
    const codes = new Set(Array.from({ length: n }, (_v, i) => words[TOY_STRIDE * i + 3]));
    expect(codes.has(RESULT_CODE.notConverged)).toBe(shape.reach === 4);
  });

  test('every backend throws the toys of the twin', async () => {
    const [twin, ...rest] = await Promise.all(backends.map((backend) => thrown(backend, tables, n)));
    const own = new Uint32Array(TOY_STRIDE * n);
    throwWithTwin([...tables.arrays, own], paramsOf(tables), 0, n);
    expect(twin).toEqual(own);
    for (const result of rest) expect(result).toEqual(twin);
  });
});

describe('rows by step', () => {
  const { tables, ranks } = tablesFor({ axis: 'step', windows: 80, atoms: 300, events: 60 });
  const n = 300;

  test('every backend throws the toys of the twin, whose ranks are those of some step', async () => {
    const results = await Promise.all(backends.map((backend) => thrown(backend, tables, n)));
    const own = new Uint32Array(TOY_STRIDE * n);
    throwWithTwin([...tables.arrays, own], paramsOf(tables), 0, n);
    for (const result of results) expect(result).toEqual(own);
    const counts = new Uint32Array(80);
    const throwToy = makeToyThrower(tables.arrays, SEED);
    const steps = new Set<number>();
    for (let toy = 0; toy < n; toy++) {
      const step = throwToy(toy, counts);
      steps.add(step);
      expect(Array.from(own.subarray(TOY_STRIDE * toy, TOY_STRIDE * (toy + 1)))).toEqual(
        expectedWords(ranks, counts, step),
      );
    }
    expect(steps.size).toBeGreaterThan(10);
  });
});

test('a full count is handed back to the CPU, bands as well', async () => {
  const { tables } = tablesFor({ axis: 'sideBand', windows: 3, atoms: 8, events: 4000, reach: 2000 });
  const narrow = { ...tables, countBits: 8 as const };
  for (const backend of backends) {
    const words = await thrown(backend, narrow, 10);
    const expected = backend.info.kind === 'webgpu' ? RESULT_CODE.repeatInF64 : RESULT_CODE.ok;
    expect(Array.from({ length: 10 }, (_, i) => words[TOY_STRIDE * i + 3])).toEqual(Array(10).fill(expected));
  }
});
