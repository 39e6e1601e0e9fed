/**
 * spectrum_quick: every backend gives the z of the f64 twin to 1e-3 where it has an answer (code 0), and has one wherever
 * it can; the whole chain of a toy, thrown, fitted and reduced on a backend, ends with the same hypothesis and z.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Backend } from '../../src/engine/backend.ts';
import { BEST, BEST_STRIDE, spectrumBest } from '../../src/kernels/spectrum_best.ts';
import {
  fitWithTwin,
  QUICK_CODE,
  QUICK_RESULT as R,
  QUICK_RESULT_STRIDE,
  spectrumQuick,
} from '../../src/kernels/spectrum_quick.ts';
import { spectrumThrow } from '../../src/kernels/spectrum_throw.ts';
import { makeQuickPlan, type QuickPlan } from '../../src/model/spectrum/quick-plan.ts';
import { gaussian } from '../../src/model/spectrum/signal-shapes.ts';
import { makeThrowTables } from '../../src/model/spectrum/throw-tables.ts';
import { testBackends } from '../support/backends.ts';
import { POISON } from '../support/kernel-parity.ts';
import { fallingCase, quickInputs, type QuickCase } from '../unit/spectrum/quick-cases.ts';

let backends: Backend[] = [];
beforeAll(async () => void (backends = await testBackends()));
afterAll(() => Promise.all(backends.map((backend) => backend.close())));

const SEED = { seed_low: 3, seed_high: 0, base_low: 0, base_high: 0 };

function thrown(expected: ArrayLike<number>, nToys: number): Uint32Array {
  const { tables, thresholds } = makeThrowTables(expected);
  const counts = new Uint32Array(nToys * expected.length);
  const params = { ...SEED, n_bins: expected.length, first_bin: 0 };
  spectrumThrow.run([tables, thresholds, counts], params, 0, counts.length);
  return counts;
}

/** By the f64 twin. */
function reference(plan: QuickPlan, counts: Uint32Array, nBins: number): Float64Array {
  const { arrays, params, nItems, result } = quickInputs(plan, counts, nBins);
  fitWithTwin(arrays, params, 0, nItems);
  return result;
}

/** Items [first, end) in parts of uneven sizes; poison elsewhere. */
async function fitted(backend: Backend, plan: QuickPlan, counts: Uint32Array, nBins: number, first = 0, spare = 0) {
  const { arrays, params, nItems } = quickInputs(plan, counts, nBins);
  const poisoned = [...arrays.slice(0, -1), new Float64Array(QUICK_RESULT_STRIDE * nItems).fill(POISON)];
  const handles = poisoned.map((array) => backend.upload(array));
  try {
    const ends = [first, Math.floor(0.3 * nItems) + 5, Math.floor(0.31 * nItems) + 6, nItems - spare];
    for (let i = 0; i + 1 < ends.length; i++)
      await backend.run(spectrumQuick, handles, params, ends[i], ends[i + 1] - ends[i]);
    return (await backend.read(handles[5])) as Float64Array;
  } finally {
    handles.forEach((handle) => backend.free(handle));
  }
}

const peaks = [
  { shape: gaussian(40, 3), expected: 150, error: 30 },
  { shape: gaussian(81, 2), expected: 20, error: 20 },
];
const threePeaks = [...peaks, { shape: gaussian(100, 4), expected: 90, error: 9 }];
const chebyshev = (degree: number) => ({ background: { kind: 'chebyshev', degree } }) as const;

/** Bins 20 - 22 and 80 - 83 twice as high, others 10 % lower. */
const bumps = (mean: number, bin: number) => mean * ([20, 21, 22, 80, 81, 82, 83].includes(bin) ? 2 : 0.9);

/**
 * WGSL: 1e-4 may be left by the last step, and mu, to 6e-8 of itself, moves t by less than 6e-8 sqrt(mu): 1.2e-4 for 2^22
 * events in a bin. CPU: f32 too, where there is WebAssembly; its steps end where z is certain to 1e-3. (S^ in errors.)
 */
const Z_ERROR = { webgpu: 3e-4, cpu: 1e-3 };
/** Errors come from a Hessian before the end. */
const RELATIVE_ERROR_OF_ERROR = { webgpu: 1e-2, cpu: 5e-2 };

interface Case {
  readonly one: QuickCase;
  readonly nToys: number;
  /** Toys follow this instead of what the plan expects. */
  readonly truth?: (mean: number, bin: number) => number;
  readonly nParams?: number;
}
const CASES: readonly Case[] = [
  { one: fallingCase('100 events per bin', 100), nToys: 30, nParams: 5 },
  { one: fallingCase('a million events per bin', 1e6), nToys: 10 },
  { one: fallingCase('10 events per bin', 10), nToys: 30 },
  { one: fallingCase('1 event per bin', 1), nToys: 40 },
  { one: fallingCase('0.1 events per bin', 0.1), nToys: 80 },
  { one: fallingCase('signals of 40 standard deviations', 3000), nToys: 10, truth: bumps },
  { one: fallingCase('signals, few events', 8), nToys: 20, truth: bumps },
  { one: fallingCase('another slope', 60), nToys: 20, truth: (mean, bin) => mean * Math.exp((bin - 60) / 60) },
  { one: fallingCase('peaks with constraints', 100, { peaks }), nToys: 20, nParams: 7 },
  { one: fallingCase('Bernstein', 30, { background: { kind: 'bernstein', degree: 5 } }), nToys: 20 },
  { one: fallingCase('constant', 5, chebyshev(0)), nToys: 20, nParams: 2 },
  { one: fallingCase('line', 5, chebyshev(1)), nToys: 20, nParams: 3 },
  { one: fallingCase('12 parameters', 100, { ...chebyshev(7), peaks: threePeaks }), nToys: 10, nParams: 12 },
  {
    one: fallingCase('a vetoed range', 50, { range: { halfWidth: 11.4, excluded: [[50, 56]] } }),
    nToys: 20,
  },
];

test.each(CASES.map((row) => [row.one.name, row] as const))(
  '%s: z, S^ and its error are those of the twin',
  async (_, { one, nToys, truth, nParams }) => {
    const nBins = one.expected.length;
    const plan = makeQuickPlan(one.plan, one.expected);
    if (nParams !== undefined) expect(plan.maxParams).toBe(nParams);
    const counts = thrown(truth === undefined ? one.expected : Array.from(one.expected, truth), nToys);
    const twin = reference(plan, counts, nBins);
    for (const backend of backends) {
      const { kind } = backend.info;
      const result = await fitted(backend, plan, counts, nBins);
      const worst = { z: 0, sHat: 0, sErr: 0 };
      let [decided, missed] = [0, 0];
      for (let i = 0; i < twin.length; i += QUICK_RESULT_STRIDE) {
        const [z, sHat, sErr, code] = twin.subarray(i, i + QUICK_RESULT_STRIDE);
        const own = result.subarray(i, i + QUICK_RESULT_STRIDE);
        if (own[R.code] !== QUICK_CODE.ok) {
          expect(Array.from(own)).toEqual([0, 0, 0, QUICK_CODE.undecided]);
          if (code === QUICK_CODE.ok) missed++;
          continue;
        }
        expect(code, `item ${i / QUICK_RESULT_STRIDE} is decided in f64 too`).toBe(QUICK_CODE.ok);
        decided++;
        worst.z = Math.max(worst.z, Math.abs(own[R.z] - z));
        if (sErr === 0) continue;
        worst.sHat = Math.max(worst.sHat, Math.abs(own[R.sHat] - sHat) / sErr);
        worst.sErr = Math.max(worst.sErr, Math.abs(own[R.sErr] / sErr - 1));
      }
      expect(decided).toBeGreaterThan(30);
      expect(missed).toBe(0);
      expect(worst.z).toBeLessThan(Z_ERROR[kind]);
      expect(worst.sHat).toBeLessThan(Z_ERROR[kind]);
      expect(worst.sErr).toBeLessThan(RELATIVE_ERROR_OF_ERROR[kind]);
    }
  },
);

test('items that are not asked for are not touched; hypotheses without bins have the code of the plan', async () => {
  const { plan: fits, expected } = fallingCase('10 events per bin', 10);
  const plan = makeQuickPlan(fits, expected);
  const words = plan.hypotheses.slice();
  words.set([0, 0, 0, 0, 0, 0], 6 * 3);
  words.set([0, 0, 0, 0, 0, 1], 6 * 5);
  const holes = { ...plan, hypotheses: words };
  const counts = thrown(expected, 6);
  counts.fill(0, expected.length, 2 * expected.length); // toy 1 has no event
  for (const backend of backends) {
    const result = await fitted(backend, holes, counts, expected.length, 1, 1);
    const row = (toy: number, h: number) => Array.from(result.slice(4 * (toy * plan.nHypotheses + h)).subarray(0, 4));
    for (const value of [...row(0, 0), ...row(5, plan.nHypotheses - 1)]) expect(value).toBeLessThan(0.99 * POISON);
    for (const value of result.subarray(4, result.length - 4)) expect(value).toBeGreaterThan(0.99 * POISON);
    expect(row(4, 3)).toEqual([0, 0, 0, QUICK_CODE.ok]);
    expect(row(4, 5)).toEqual([0, 0, 0, QUICK_CODE.undecided]);
    expect(row(1, 7)).toEqual([0, 0, 0, QUICK_CODE.undecided]);
    expect(row(2, 7)[R.sErr]).toBeGreaterThan(0);
  }
});

/** Throws, fits and reduces `nToys` on a backend without reading in between. */
async function chain(backend: Backend, { plan: fits, expected }: QuickCase, nToys: number): Promise<Uint32Array> {
  const plan = makeQuickPlan(fits, expected);
  const nBins = expected.length;
  const { arrays, params, nItems } = quickInputs(plan, new Uint32Array(nToys * nBins), nBins);
  const { tables, thresholds } = makeThrowTables(expected);
  const [counts, ...rest] = arrays.map((array) => backend.upload(array));
  const own = [tables, thresholds, new Uint32Array(BEST_STRIDE * nToys)].map((array) => backend.upload(array));
  const result = rest[rest.length - 1];
  try {
    const throwParams = { ...SEED, n_bins: nBins, first_bin: 0 };
    await backend.run(spectrumThrow, [own[0], own[1], counts], throwParams, 0, nToys * nBins);
    await backend.run(spectrumQuick, [counts, ...rest], params, 0, nItems);
    const bestParams = { n_hypotheses: plan.nHypotheses, level: 0.5 };
    await backend.run(spectrumBest, [result, own[2]], bestParams, 0, nToys);
    return (await backend.read(own[2])) as Uint32Array;
  } finally {
    [counts, ...rest, ...own].forEach((handle) => backend.free(handle));
  }
}

test('thrown, fitted and reduced: every backend has the best hypothesis of the twins and its z', async () => {
  const nToys = 60;
  const one = fallingCase('20 events per bin', 20);
  const [twin, ...rest] = await Promise.all(backends.map((backend) => chain(backend, one, nToys)));
  const best = (words: Uint32Array, toy: number) => words.subarray(BEST_STRIDE * toy, BEST_STRIDE * (toy + 1));
  expect(new Set(Array.from({ length: nToys }, (_, toy) => best(twin, toy)[BEST.hypothesis])).size).toBeGreaterThan(10);
  let crossings = 0;
  for (const words of rest)
    for (let toy = 0; toy < nToys; toy++) {
      const [own, f64] = [best(words, toy), best(twin, toy)];
      expect(own[BEST.hypothesis]).toBe(f64[BEST.hypothesis]);
      expect(Math.abs(own[BEST.score] - f64[BEST.score]) / 65536).toBeLessThan(1e-3);
      expect(f64[BEST.score] / 65536, 'a largest Z of 21').toBeGreaterThan(0.3);
      expect(own[BEST.nUndecided]).toBe(0);
      expect(own[BEST.upCrossings]).toBe(f64[BEST.upCrossings]);
      crossings += own[BEST.upCrossings];
    }
  expect(crossings).toBeGreaterThan(nToys);
});
