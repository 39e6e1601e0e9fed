/** The f32 fits in WebAssembly against the f64 twin; ranges of work items; pages without WebAssembly. */
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { QUICK_MODULE, wasmText } from '../../../scripts/make-wasm.ts';
import { fitWithWasm } from '../../../src/kernels/quick/wasm.ts';
import { fitWithTwin, QUICK_RESULT_STRIDE as STRIDE } from '../../../src/kernels/spectrum_quick.ts';
import { hypothesesInSteps } from '../../../src/model/spectrum/hypotheses.ts';
import { joinQuickPlans, makeQuickPlan } from '../../../src/model/spectrum/quick-plan.ts';
import { gaussian } from '../../../src/model/spectrum/signal-shapes.ts';
import { hasShared } from '../../support/fixtures.ts';
import { dimuonSpectrum, publishedSpectrum } from '../../support/spectra.ts';
import { fallingCase, quickCase, quickFits, quickInputs, throwToys, type QuickCase } from './quick-cases.ts';

const peaks = [
  { shape: gaussian(40, 3), expected: 150, error: 30 },
  { shape: gaussian(81, 2), expected: 20, error: 20 },
];
const chebyshev = (degree: number) => ({ background: { kind: 'chebyshev', degree } }) as const;

const SYNTHETIC: readonly Parameters<typeof fallingCase>[] = [
  ['4 million events in the first bin', 9e5],
  ['10,000 events per bin', 1e4],
  ['1000 events per bin', 1e3],
  ['100 events per bin', 100],
  ['10 events per bin', 10],
  ['1 event per bin', 1],
  ['0.1 events per bin', 0.1],
  ['constant', 5, chebyshev(0)],
  ['straight line', 30, chebyshev(1)],
  ['parabola', 30, chebyshev(2)],
  ['degree 4', 100, chebyshev(4)],
  ['degree 5', 100, chebyshev(5)],
  ['degree 6', 100, chebyshev(6)],
  ['degree 7 and peaks', 1000, { ...chebyshev(7), peaks }],
  ['peaks with constraints', 100, { peaks }],
  ['Bernstein', 30, { background: { kind: 'bernstein', degree: 5 } }],
  ['a vetoed range', 50, { range: { halfWidth: 11.4, excluded: [[50, 56]] } }],
];

/** Largest deviations where both decide, and how often one does not. */
function compare(one: QuickCase, nToys: number) {
  const counts = throwToys(one.expected, nToys, 5);
  const [twin, wasm] = [fitWithTwin, fitWithWasm].map((run) => quickFits(one, counts, run));
  const worst = { z: 0, sHat: 0, sErr: 0 };
  let [decided, differ] = [0, 0];
  for (let i = 0; i < twin.length; i += STRIDE) {
    const [z, sHat, sErr, code] = wasm.subarray(i, i + STRIDE);
    expect([z, sHat, sErr, code].every(Number.isFinite)).toBe(true);
    if (code !== twin[i + 3]) differ++;
    if (code !== 0 || one.plan.statuses[(i / STRIDE) % one.plan.nHypotheses] !== 'ok')
      expect([z, sHat, sErr]).toEqual([0, 0, 0]);
    else if (twin[i + 3] === 0) {
      decided++;
      worst.z = Math.max(worst.z, Math.abs(z - twin[i]));
      worst.sHat = Math.max(worst.sHat, Math.abs(sHat - twin[i + 1]) / twin[i + 2]);
      worst.sErr = Math.max(worst.sErr, Math.abs(sErr / twin[i + 2] - 1));
    }
  }
  return { worst, decided, differ, all: twin.length / STRIDE };
}

function check(one: QuickCase, nToys: number): void {
  const { worst, decided, differ, all } = compare(one, nToys);
  expect(decided).toBeGreaterThan(20);
  expect(worst.z).toBeLessThan(1e-3);
  expect(worst.sHat).toBeLessThan(1e-3);
  expect(worst.sErr).toBeLessThan(5e-3);
  expect(differ).toBeLessThanOrEqual(2e-3 * all);
}

test.each(SYNTHETIC.map((args) => [args[0], args] as const))('%s', (_, args) => check(fallingCase(...args), 30));

const steps = (sigma: number, from: number, to: number, step: number) =>
  hypothesesInSteps((mass) => sigma * mass, from, to, step);

test.skipIf(!hasShared)('real spectra', () => {
  const model = (halfWidth: number) => ({ ...chebyshev(3), range: { halfWidth } });
  check(quickCase('dimuon', dimuonSpectrum(), steps(0.0085, 2.1, 100, 6), model(10)), 6);
  check(quickCase('dijet', publishedSpectrum('cms_dijet_13TeV.csv'), steps(0.05, 2000, 7000, 1), model(5)), 12);
  check(
    quickCase('diphoton', publishedSpectrum('cms_diphoton_EBEB_13TeV.csv'), steps(0.012, 520, 2500, 4), model(10)),
    12,
  );
});

describe('any range of work items', () => {
  const one = fallingCase('20 events per bin', 20);
  const quick = makeQuickPlan(one.plan, one.expected);
  const H = quick.nHypotheses;
  const counts = throwToys(one.expected, 71);
  const { arrays, params, nItems, result } = quickInputs(quick, counts, one.expected.length);
  fitWithWasm(arrays, params, 0, nItems);
  test.each([
    ['all', 0, nItems],
    ['inside a toy', 5 * H + 3, 7],
    ['one item', 32 * H + 1, 1],
    ['a whole toy', 31 * H, H],
    ['parts of two toys', 5 * H + 3, H],
    ['parts of toys at both ends', 2 * H + 9, 40 * H + 1],
    ['from the start of a toy', 4 * H, 9 * H + 5],
    ['to the end of a toy', 4 * H - 1, 2 * H + 1],
    ['nothing', 17, 0],
  ])('%s: the same bits, and nothing outside', (_, first, count) => {
    const part = new Float64Array(result.length).fill(-7);
    expect(fitWithWasm([...arrays.slice(0, 5), part], params, first, count)).toBe(true);
    const [from, to] = [STRIDE * first, STRIDE * (first + count)];
    expect(part.subarray(from, to)).toEqual(result.subarray(from, to));
    expect(part.subarray(0, from).every((value) => value === -7)).toBe(true);
    expect(part.subarray(to).every((value) => value === -7)).toBe(true);
  });

  test('a toy does not depend on its neighbours', () => {
    const nBins = one.expected.length;
    const alone = quickInputs(quick, counts.slice(37 * nBins, 38 * nBins), nBins);
    fitWithWasm(alone.arrays, alone.params, 0, H);
    expect(alone.result).toEqual(result.subarray(STRIDE * 37 * H, STRIDE * 38 * H));
    const mixed = counts.slice(36 * nBins, 40 * nBins);
    mixed.fill(0, 0, nBins);
    mixed.fill(3_000_000_000, 2 * nBins, 3 * nBins);
    const among = quickInputs(quick, mixed, nBins);
    fitWithWasm(among.arrays, among.params, 0, 4 * H);
    expect(among.result.subarray(STRIDE * H, STRIDE * 2 * H)).toEqual(alone.result);
    expect(among.result.every(Number.isFinite)).toBe(true);
  });
});

test('hypotheses that are not fitted, and toys without events, have codes and no numbers', () => {
  const one = fallingCase('20 events per bin', 20, { range: { halfWidth: 11.4, clip: [30, 90] } });
  expect(one.plan.statuses.filter((status) => status !== 'ok').length).toBeGreaterThan(3);
  const counts = new Uint32Array(2 * one.expected.length);
  for (const run of [fitWithTwin, fitWithWasm]) {
    const result = quickFits(one, counts, run);
    one.plan.statuses.forEach((status, h) =>
      expect(Array.from(result.subarray(STRIDE * h, STRIDE * (h + 1)))).toEqual([0, 0, 0, status === 'ok' ? 1 : 0]),
    );
  }
});

test('spectra joined to one have the results of each', () => {
  const [a, b] = [fallingCase('a', 30), fallingCase('b', 200, { peaks, range: { halfWidth: 8 } })];
  const plans = [a, b].map(({ plan, expected }) => makeQuickPlan(plan, expected));
  const nBins = a.expected.length;
  const toys = [a, b].map(({ expected }, k) => throwToys(expected, 3, k));
  const counts = Uint32Array.from({ length: 6 * nBins }, (_, i) => {
    const [toy, bin] = [Math.floor(i / (2 * nBins)), i % (2 * nBins)];
    return toys[bin < nBins ? 0 : 1][toy * nBins + (bin % nBins)];
  });
  const joined = quickInputs(joinQuickPlans(plans, [nBins, nBins]), counts, 2 * nBins);
  fitWithTwin(joined.arrays, joined.params, 0, joined.nItems);
  const [first, second] = [a, b].map((one, k) => quickFits(one, toys[k], fitWithTwin));
  const [H, H2] = plans.map(({ nHypotheses }) => STRIDE * nHypotheses);
  for (let toy = 0; toy < 3; toy++) {
    const own = joined.result.subarray(toy * (H + H2), (toy + 1) * (H + H2));
    expect(own.subarray(0, H)).toEqual(first.subarray(toy * H, (toy + 1) * H));
    expect(own.subarray(H)).toEqual(second.subarray(toy * H2, (toy + 1) * H2));
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
  test.each([
    ['not there', undefined],
    ['forbidden by the page', { Module: forbidden }],
  ])('%s: the twin fits the toys', async (_, stub) => {
    const one = fallingCase('20 events per bin', 20);
    const counts = throwToys(one.expected, 4);
    const expected = quickFits(one, counts, fitWithTwin);
    vi.resetModules();
    vi.stubGlobal('WebAssembly', stub);
    const { fitWithWasm: tryWasm } = await import('../../../src/kernels/quick/wasm.ts');
    const { spectrumQuick } = await import('../../../src/kernels/spectrum_quick.ts');
    let isDone = true;
    quickFits(one, counts, (...call) => (isDone = tryWasm(...call)));
    expect(isDone).toBe(false);
    expect(quickFits(one, counts, spectrumQuick.run.bind(spectrumQuick))).toEqual(expected);
  });
});

test('the module is that of its source', { timeout: 60_000 }, async (context) => {
  const text = await wasmText(QUICK_MODULE);
  if (text === undefined) return context.skip('assemblyscript is not installed');
  expect(readFileSync(QUICK_MODULE.file, 'utf8')).toBe(text);
});
