/** Toys of a measurement of bias: those of the whole spectrum, with fits to the last step; whatever backend, and batch by order. */
import { expect, test } from 'vitest';
import { spectrumThrow } from '../../../src/kernels/spectrum_throw.ts';
import type { FitModel } from '../../../src/model/spectrum/fit-plan.ts';
import { pickHypotheses } from '../../../src/model/spectrum/pick-hypotheses.ts';
import { makeThrowTables } from '../../../src/model/spectrum/throw-tables.ts';
import { fitSpectrum } from '../../../src/scan/spectrum/fit-spectrum.ts';
import { chooseOrders, fitChosen, makeChoicePlans } from '../../../src/scan/spectrum/order-choice.ts';
import type { SpectrumPart } from '../../../src/scan/spectrum/part.ts';
import { fitExpected, ownRange, withSignal } from '../../../src/toys/spectrum/bias-range.ts';
import type { ToyEstimates } from '../../../src/toys/spectrum/bias-fits.ts';
import { throwEnsemble } from '../../../src/toys/spectrum/bias-toys.ts';
import { expectedBackground } from '../../../src/toys/spectrum/expected-background.ts';
import { firstBins } from '../../../src/toys/spectrum/joint-plan.ts';
import { testBackends } from '../../support/backends.ts';
import { unitSpectrum } from '../../support/spectra.ts';
import { cpu } from './toy-setup.ts';
import { masses, partOf, twoParts } from './spectrum-setup.ts';

const here = { quick: cpu(), f64: cpu() };
const SEED = 2 ** 40 + 3;
const WORD = 77;
const rangeOf = (parts: readonly SpectrumPart[], p: number, h: number) =>
  ownRange(parts[p], h, expectedBackground(parts), firstBins(parts)[p]);

/** Counts of the part p in toys of all spectra with the signal of hypothesis h, and what `fit` finds in them. */
function oneByOne(
  parts: readonly SpectrumPart[],
  [p, h]: readonly [number, number],
  { nToys, injected }: { nToys: number; injected: number },
) {
  const first = firstBins(parts)[p];
  const { spectrum, model, hypotheses } = parts[p];
  const expected = expectedBackground(parts).slice();
  const signal = model.signalAt(hypotheses[h]);
  spectrum.low.forEach((low, bin) => (expected[first + bin] += injected * signal.integral(low, spectrum.high[bin])));
  const { tables, thresholds } = makeThrowTables(expected);
  const counts = new Uint32Array(nToys * expected.length);
  const params = { seed_low: 3, seed_high: 256, base_low: 0, base_high: WORD, n_bins: expected.length, first_bin: 0 };
  spectrumThrow.run([tables, thresholds, counts], params, 0, counts.length);
  return Array.from({ length: nToys }, (_, toy) => {
    const at = toy * expected.length + first;
    return counts.slice(at, at + spectrum.nBins);
  });
}

function expectSame(found: ToyEstimates, fits: readonly { status: string; sHat: number; sErr: number; z: number }[]) {
  fits.forEach(({ status, sHat, sErr, z }, toy) => {
    const error = status === 'ok' || status === 'boundary' ? sErr : 0;
    const unit = error > 0 ? error : 1;
    expect(found.failed[toy]).toBe(status === 'not-converged' ? 1 : 0);
    // what quick fits promise
    expect(Math.abs(found.z[toy] - z), `z of toy ${toy}`).toBeLessThan(1e-3);
    expect(Math.abs(found.sHat[toy] - sHat) / unit, `S^ of toy ${toy}`).toBeLessThan(2e-3);
    expect(Math.abs(found.sErr[toy] - error) / unit, `error of toy ${toy}`).toBeLessThan(2e-3);
  });
}

test('toys of a range are those of the whole spectrum, and their fits those of the scan', async () => {
  const parts = twoParts();
  for (const [p, h, injected] of [
    [0, 26, 0],
    [0, 3, 12.5],
    [1, 11, 20],
  ] as const) {
    const ensemble = { seed: SEED, word: WORD, nToys: 150, injected };
    const found = await throwEnsemble(rangeOf(parts, p, h), ensemble, here);
    const own = pickHypotheses(parts[p].plan, [h]);
    const fits = oneByOne(parts, [p, h], ensemble).map((counts) => fitSpectrum(own, counts)[0]);
    expect(new Set(fits.map(({ status }) => status))).toContain('ok');
    expectSame(found, fits);
  }
});

/** Ranges of hardly an event: bounded fits, fits without an error, and no event at all. */
const sparse = () => [
  partOf(unitSpectrum(Array.from({ length: 20 }, (_, i) => (i % 4 === 1 ? 1 : 0))), masses(6, 14, 2, 1), {
    range: { halfWidth: 6 },
    background: { kind: 'chebyshev', degree: 1 },
  }),
];

test('with few events too: toys at the boundary, without an error and without an event are kept', async () => {
  const parts = sparse();
  const ensemble = { seed: SEED, word: WORD, nToys: 400, injected: 0 };
  const found = await throwEnsemble(rangeOf(parts, 0, 2), ensemble, here);
  const fits = oneByOne(parts, [0, 2], ensemble).map((counts) => fitSpectrum(parts[0].plan, counts)[2]);
  const statuses = new Set(fits.map(({ status }) => status));
  for (const status of ['ok', 'boundary', 'no-error', 'empty-range'] as const)
    expect([...statuses], [...statuses].join()).toContain(status);
  expectSame(found, fits);
});

test('exponential backgrounds, and orders that are chosen anew in every toy', async () => {
  const counts = Array.from({ length: 40 }, (_, i) => Math.round(80 * Math.exp(-i / 30)));
  const hypotheses = masses(10, 30, 5, 1.5);
  const exponential = partOf(unitSpectrum(counts), hypotheses, { background: { kind: 'exponential', degree: 1 } });
  const ensemble = { seed: SEED, word: WORD, nToys: 60, injected: 15 };
  const found = await throwEnsemble(rangeOf([exponential], 0, 2), ensemble, here);
  const toys = oneByOne([exponential], [0, 2], ensemble);
  expectSame(found, toys.map((toy) => fitSpectrum(exponential.plan, toy)[2])); // prettier-ignore

  const model: FitModel = { ...exponential.model, background: { kind: 'chebyshev', degree: 3 } };
  const choice = makeChoicePlans(exponential.spectrum, hypotheses, model, { rule: 'aic', from: 1, to: 3 });
  const plan = choice.planOf(chooseOrders(choice, exponential.spectrum.counts));
  const chosen: SpectrumPart = { ...exponential, model, plan, choice };
  const byChoice = await throwEnsemble(rangeOf([chosen], 0, 2), ensemble, here);
  const fits = oneByOne([chosen], [0, 2], ensemble).map((toy) => fitChosen(choice, toy)[2]);
  expect(new Set(fits.map(({ degree }) => degree)).size).toBeGreaterThan(1);
  expectSame(byChoice, fits);
});

test('threads and the GPU do not matter', async () => {
  const range = rangeOf(twoParts(), 0, 26);
  const ensemble = { seed: 1, word: 3, nToys: 60, injected: 7 };
  const alone = await throwEnsemble(range, ensemble, here);
  const backends = await testBackends();
  try {
    expect(backends.length).toBeGreaterThan(1);
    for (const backend of backends) {
      const f64 = backend.info.precision === 'f64' ? backend : here.f64;
      const found = await throwEnsemble(range, ensemble, { quick: backend, f64 });
      const { description } = backend.info;
      alone.z.forEach((z, toy) => expect(Math.abs(found.z[toy] - z), description).toBeLessThan(1e-3));
      expect(Math.abs(mean(found.sHat) - mean(alone.sHat)) / mean(alone.sErr), description).toBeLessThan(1e-4);
    }
  } finally {
    await Promise.all(backends.map((backend) => backend.close()));
  }
});

const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length;

test('the error that is expected is that of the Asimov fit, sqrt of the inverse Fisher information', () => {
  // flat background known in shape, Gaussian signal: F = sum a a^T / nu
  const [b, n] = [50, 40];
  const part = partOf(unitSpectrum(Array.from({ length: n }, () => b)), masses(20, 20, 1, 2), {
    background: { kind: 'chebyshev', degree: 0 },
  });
  const range = rangeOf([part], 0, 0);
  const squares = range.shares.reduce((sum, share) => sum + share * share, 0);
  const all = range.shares.reduce((sum, share) => sum + share, 0);
  const { sErr, sHat } = fitExpected(range, range.expected)!;
  expect(sErr).toBeCloseTo(1 / Math.sqrt((squares - (all * all) / n) / b), 6);
  expect(Math.abs(sHat)).toBeLessThan(1e-6);
  const injected = fitExpected(range, withSignal(range, 33))!;
  expect(injected.sHat).toBeCloseTo(33, 6);
});
