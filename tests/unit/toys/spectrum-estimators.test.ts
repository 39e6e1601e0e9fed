/** Estimators beside toys of sliding-range fits: closed forms, Z of toys fitted in full, and each other at high counts. */
import { expect, test } from 'vitest';
import { gaussian } from '../../../src/model/spectrum/signal-shapes.ts';
import { fitSpectrum } from '../../../src/scan/spectrum/fit-spectrum.ts';
import { throwToys } from '../../../src/toys/campaign.ts';
import { countUpcrossings } from '../../../src/toys/estimators/upcrossings.ts';
import { compareSpectrumEstimators, hypothesisLine } from '../../../src/toys/spectrum/compare-spectrum.ts';
import { throwSpectrum } from '../../../src/toys/spectrum/fit-toys.ts';
import { signalResponses } from '../../../src/toys/spectrum/signal-response.ts';
import { gaussianZFields, neverNegative, zCorrelations } from '../../../src/toys/spectrum/z-fields.ts';
import { unitSpectrum } from '../../support/spectra.ts';
import { cpu } from './toy-setup.ts';
import { masses, partOf, setupOf, twoParts } from './spectrum-setup.ts';

test('on a flat background of unknown height Z is the covariance of counts and signal', () => {
  // weights 1/mu are equal: the part of the signal that is orthogonal to a constant is s_i less its mean
  const [n, mu, sigma] = [80, 2500, 3];
  const part = partOf(unitSpectrum(Array.from({ length: n }, () => mu)), [{ mass: 31.3, sigma }], {
    background: { kind: 'chebyshev', degree: 0 },
  });
  const [{ bins, weights }] = signalResponses(part.plan, part.spectrum.counts, new Float64Array(n).fill(mu));
  const shape = gaussian(31.3, sigma);
  const signal = Array.from({ length: n }, (_, i) => shape.integral(i, i + 1));
  const mean = signal.reduce((sum, s) => sum + s, 0) / n;
  const size = Math.sqrt(mu * signal.reduce((sum, s) => sum + (s - mean) ** 2, 0));
  expect(bins).toHaveLength(n);
  weights.forEach((weight, i) => expect(weight).toBeCloseTo((signal[i] - mean) / size, 12));
});

test('far from edges neighbours correlate as Gaussians of their distance, and a background makes far ones negative', () => {
  const expected = new Float64Array(400).fill(1000);
  const hypotheses = masses(150, 250, 10, 8);
  const part = partOf(unitSpectrum([...expected]), hypotheses, { background: { kind: 'chebyshev', degree: 0 } });
  const responses = signalResponses(part.plan, part.spectrum.counts, expected);
  const pairs = Uint32Array.from([0, 0, 4, 5, 4, 6, 0, 10]);
  const rho = zCorrelations(responses, expected, pairs);
  // of two Gaussians of unit length: exp(-d^2/(4 sigma^2)); a constant takes 1/(2 sqrt(pi) sigma) per 400 away: 7 %
  // (bins of width 1 add 1/12 to the variance)
  const variance = 64 + 1 / 12;
  const away = (2 * Math.sqrt(Math.PI * variance)) / 400;
  const closed = [1, 1, 2, 10].map((_, i) => {
    const d = [0, 10, 20, 100][i];
    return (Math.exp((-d * d) / (4 * variance)) - away) / (1 - away);
  });
  rho.forEach((value, i) => expect(value).toBeCloseTo(closed[i], 5));
  expect(rho[3]).toBeLessThan(0);
  expect(neverNegative(responses, expected)).toBe(false);
  expect(neverNegative(responses.slice(0, 2), expected)).toBe(true);
});

test('the Z of the expected spectrum is that of its fit, constraints of peaking backgrounds included', () => {
  const shape = gaussian(30, 1.5);
  // 400 events of a peak more than its measurement of 3000 +- 150 says
  const expected = Float64Array.from({ length: 60 }, (_, i) => 9000 - 60 * i + 3400 * shape.integral(i, i + 1));
  const spectrum = unitSpectrum([...expected].map(Math.round));
  const part = partOf(spectrum, masses(26, 34, 2, 2), { peaks: [{ shape, expected: 3000, error: 150 }] });
  const responses = signalResponses(part.plan, spectrum.counts, expected);
  const fits = fitSpectrum(part.plan, spectrum.counts);
  expect(fits[2].z).toBeGreaterThan(0.5);
  responses.forEach(({ mean }, h) => expect(Math.abs(mean - fits[h].z)).toBeLessThan(0.03));
});

test.each([
  ['polynomials', { kind: 'chebyshev', degree: 2 }],
  ['exponentials', { kind: 'exponential', degree: 1 }],
] as const)('%s: at high counts the linear Z of a toy is the fitted one', (_, background) => {
  const expected = Float64Array.from({ length: 60 }, (__, i) => 40_000 * Math.exp(-i / 50));
  const spectrum = unitSpectrum([...expected].map(Math.round));
  const part = partOf(spectrum, masses(10, 50, 4, 2.5), { background, range: { halfWidth: 8 } });
  const responses = signalResponses(part.plan, spectrum.counts, expected);
  let [worst, largest] = [0, 0];
  for (let toy = 0; toy < 20; toy++) {
    // counts two standard deviations up and down, by a fixed pattern: enough to make Z of 3
    const counts = Uint32Array.from(expected, (mean, i) =>
      Math.round(mean + 2 * Math.sin(7 * i + 3.1 * toy * i + toy) * Math.sqrt(mean)),
    );
    const fits = fitSpectrum(part.plan, counts);
    fits.forEach(({ z }, h) => {
      const { bins, weights, mean } = responses[h];
      const change = weights.reduce((sum, weight, k) => sum + weight * (counts[bins[k]] - expected[bins[k]]), 0);
      worst = Math.max(worst, Math.abs(z - mean - change));
      largest = Math.max(largest, Math.abs(z));
    });
  }
  expect(largest).toBeGreaterThan(2);
  // the next order is Z^2/sqrt(events) and the like
  expect(worst).toBeLessThan(0.06);
});

test('the line of hypotheses is cut between parts and where windows do not touch', () => {
  const at = (part: number, x: number, sigma = 1) => ({ id: 0, part, spectrum: '', mass: 0, x, sigma });
  const line = hypothesisLine([at(0, 1), at(0, 2), at(0, 5.9), at(0, 10), at(1, 3), at(1, 4)]);
  expect([...line.starts]).toEqual([1, 0, 0, 1, 1, 0]);
  expect(line.intervals).toBe(3);
  expect(countUpcrossings(line, Float64Array.from([0, 2, 0, 2, 2, 2]), 1)).toBe(1);
});

test('fields of toys are the Z of their fits', async () => {
  const setup = await setupOf(twoParts());
  const fields = setup.fields(6);
  const out = new Float64Array(setup.tested.length);
  for (const toy of [0, 1, 5]) {
    fields.at(toy, out);
    const counts = new Uint32Array(setup.counts.length);
    throwSpectrum(setup.tables, 1, toy, counts);
    fitSpectrum(setup.plan, counts).forEach(({ z }, h) => {
      // what f64 repeats has no sign below 0
      expect(Math.abs(Math.max(0, out[h]) - Math.max(0, z)), `${toy} ${h}`).toBeLessThan(1e-3);
    });
  }
});

test('at high counts the Gaussian process agrees with toys, and up-crossings are a close bound', async () => {
  const counts = Array.from({ length: 120 }, (_, i) => Math.round(2000 * Math.exp(-i / 80)));
  [32, 60, 60, 32].forEach((more, k) => (counts[60 + k] += more));
  const part = partOf(unitSpectrum(counts), masses(10, 110, 1, 2), {
    background: { kind: 'chebyshev', degree: 3 },
    range: { halfWidth: 12 },
  });
  const setup = await setupOf([part]);
  const toys = 1200;
  const { tally } = await throwToys(setup, cpu(), { from: 0, to: toys });
  const estimators = compareSpectrumEstimators(setup, {
    toys: { toys, exceedances: tally.nExceedances },
    nFields: 200,
    nDraws: 4000,
  });
  const of = (name: string) => estimators.find((estimator) => estimator.name === name)!;
  expect(estimators.map(({ name }) => name)).toEqual([
    'toys',
    'gaussian-process',
    'upcrossings',
    'sidak',
    'bonferroni',
  ]);
  const [p, process, crossings] = [of('toys'), of('gaussian-process'), of('upcrossings')];
  expect(p.pGlobal).toBeGreaterThan(0.02);
  // 4.5 standard errors of both (7e-6), and 10 % for Z that are not normal to all orders
  const error = Math.sqrt((p.pGlobal! / toys) * (1 - p.pGlobal!) + (p.pGlobal! / 4000) * (1 - p.pGlobal!));
  expect(Math.abs(process.pGlobal! - p.pGlobal!)).toBeLessThan(4.5 * error + 0.1 * p.pGlobal!);
  expect([process.status, process.reason]).toEqual(['ok', undefined]);
  expect(crossings.pGlobal).toBeGreaterThan(p.pGlobal! - 4.5 * error);
  expect(crossings.pGlobal).toBeLessThan(1.6 * p.pGlobal! + 4.5 * error);
  expect(of('sidak').pGlobal).toBeGreaterThan(p.pGlobal!);
  expect(of('sidak').reason).toMatch(/^not proven/);
  expect(of('bonferroni').pGlobal).toBeCloseTo(Math.min(1, 101 * Math.exp(setup.observed.lnPLocal)), 12);
});

test('low counts, a choice of orders and data without an excess are reasons', async () => {
  const few = Array.from({ length: 40 }, (_, i) => (i % 3 === 0 ? 2 : 1) + (i === 20 ? 6 : 0));
  const sparse = await setupOf([partOf(unitSpectrum(few), masses(10, 30, 2, 1))]);
  for (const { name, reason } of compareSpectrumEstimators(sparse, { nFields: 4, nDraws: 100 }))
    expect(reason, name).toMatch(/low counts: 11 of 11/);
  const flat = await setupOf([
    partOf(unitSpectrum(few.map((n) => 100 * n + (n === 7 ? -600 : 0))), masses(20, 20, 1, 1)),
  ]);
  expect(flat.observed.z).toBeLessThan(0);
  const [process, crossings] = compareSpectrumEstimators(flat, { nFields: 4 });
  expect(process.reason).toMatch(/no hypothesis of the data has an excess/);
  expect(crossings.reason).toMatch(/not above the level/);
});

test('Gaussian fields have the covariance of the responses', async () => {
  const setup = await setupOf(twoParts());
  const responses = signalResponses(setup.plan, setup.counts, setup.expected);
  const n = 3000;
  const fields = gaussianZFields(responses, setup.expected, 7, n);
  const pairs = [
    [20, 20],
    [20, 21],
    [20, 23],
    [20, 60],
  ];
  const sums = pairs.map(() => 0);
  const out = new Float64Array(setup.tested.length);
  for (let i = 0; i < n; i++) {
    fields.at(i, out);
    pairs.forEach(([h, g], k) => (sums[k] += out[h] * out[g]));
  }
  const rho = zCorrelations(responses, setup.expected, Uint32Array.from(pairs.flat()));
  // 4.5 standard errors of a sample covariance, sqrt((1 + rho^2)/n)
  rho.forEach((value, k) =>
    expect(Math.abs(sums[k] / n - value)).toBeLessThan(4.5 * Math.sqrt((1 + value * value) / n)),
  );
  expect(rho[3]).toBe(0);
});
