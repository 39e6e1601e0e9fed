/** Pseudo-data of a spectrum card: integrals of the density in closed form, and counts that are Poisson around them. */
import { describe, expect, test } from 'vitest';
import { EMPTY_SCOPE } from '../../../src/model/expression.ts';
import { gaussian } from '../../../src/model/spectrum/signal-shapes.ts';
import { expectedEvents, simulateSpectrum } from '../../../src/model/spectrum/simulate-spectrum.ts';
import type { SpectrumDensity } from '../../../src/model/card.ts';
import { gammaQ } from '../../../src/stats/gamma.ts';
import { prepare, refusalOf } from '../../support/spectrum-cards.ts';

const WHERE = 'spectra[0].data.simulate';
const edgesOf = (from: number, width: number, n: number) =>
  Float64Array.from({ length: n + 1 }, (_, i) => from + i * width);
const expected = (edges: Float64Array, spec: SpectrumDensity) => expectedEvents(edges, spec, WHERE, EMPTY_SCOPE);
const sum = (values: ArrayLike<number>) => Array.from(values).reduce((a, b) => a + b, 0);

function draw(edges: Float64Array, spec: SpectrumDensity, seed: number, firstBin = 0): Uint32Array {
  return simulateSpectrum(edges, spec, WHERE, EMPTY_SCOPE, (x) => gaussian(x, 0.5), seed, firstBin).counts;
}

/** Probability of a chi2 at least as large; both tails of it are a failure. */
function expectChi2(chi2: number, dof: number): void {
  const p = gammaQ(dof / 2, chi2 / 2);
  // fixed seeds: nothing fluctuates; a correct generator would fail for 2e-6 of them
  expect(p, `chi2 ${chi2} of ${dof}`).toBeGreaterThan(1e-6);
  expect(1 - p, `chi2 ${chi2} of ${dof}`).toBeGreaterThan(1e-6);
}

describe('expected events', () => {
  test.each([
    ['30*exp(-x/20)', (x: number) => -600 * Math.exp(-x / 20)],
    ['5', (x: number) => 5 * x],
    ['2 + 3*x^2 - 0.01*x^5', (x: number) => 2 * x + x ** 3 - (0.01 / 6) * x ** 6],
    ['1/(x + 1)', (x: number) => Math.log(x + 1)],
  ])('of %s are its integrals over the bins', (density, integral) => {
    const edges = edgesOf(0.5, 0.25, 20);
    expected(edges, { density }).forEach((events, i) => {
      const exact = integral(edges[i + 1]) - integral(edges[i]);
      // the difference of the closed form loses a few digits itself
      expect(Math.abs(events - exact), `bin ${i}`).toBeLessThan(1e-13 * Math.abs(integral(edges[i])) + 1e-13 * exact);
    });
  });

  test('are normalised to the total, where one is given', () => {
    const edges = edgesOf(0, 1, 40);
    const events = expected(edges, { density: 'exp(-x/10)', events: 5000 });
    expect(sum(events)).toBeCloseTo(5000, 9);
    const share = -Math.expm1(-0.1) / -Math.expm1(-4);
    expect(events[0]).toBeCloseTo(5000 * share, 8);
    expect(sum(expected(edges, { density: 7, events: 0 }))).toBe(0);
  });

  test.each([
    ['"3 - x"', /^card: card: spectra\[0\]\.data\.simulate\.density is -\S+ at x = 3\.\d+, expected a finite number of at least 0; correct it$/],
    ['"log(x - 2)"', /^card: card: spectra\[0\]\.data\.simulate\.density is NaN at x = 0\.\d+/],
    ['"1/x^400"', /^card: card: spectra\[0\]\.data\.simulate\.density is Infinity at x = 0\.\d+/],
    ['0, events: 10', /^card: card: spectra\[0\]\.data\.simulate\.density is 0 everywhere, expected events: 10$/],
    ['1, events: 1.0e+12', /^card: card: spectra\[0\]\.data\.simulate expects 5\d+\.?\d* events between 0 and 1, at most 1000000000 are drawn in a bin; lower them$/],
  ])('a density of %s is refused', async (density, message) => {
    const spectra = [BLOCK.replace('density: 100', `density: ${density}`)];
    expect(await refusalOf(() => prepare({ spectra }))).toMatch(message);
  }); // prettier-ignore
});

const BLOCK = `data: { simulate: { density: 100 } }
x: { label: m }
bins: { from: 0, to: 20, width: 1 }
hypotheses: { from: 5, to: 15, step: 1 }
resolution: 1
shape: { kind: gaussian }
range: { half_width: 5 }
background: { kind: chebyshev, degree: 1 }`;

describe('counts', () => {
  test('of many bins scatter around their means as Poisson numbers do', () => {
    const edges = edgesOf(0, 0.2, 1000);
    const spec: SpectrumDensity = { density: '20000*exp(-x/40)', inject: [{ x: 100, events: 3000 }] };
    const means = expected(edges, spec).map((b, i) => b + 3000 * gaussian(100, 0.5).integral(edges[i], edges[i + 1]));
    const counts = draw(edges, spec, 11);
    expect(Math.min(...means)).toBeGreaterThan(10);
    expectChi2(sum(means.map((mu, i) => (counts[i] - mu) ** 2 / mu)), 1000);
  });

  test.each([0.3, 3, 400])('of one bin over seeds are Poisson numbers of mean %d', (mean) => {
    const edges = edgesOf(0, 1, 1);
    const n = 1000;
    const seen = new Map<number, number>();
    for (let seed = 0; seed < n; seed++) {
      const [count] = draw(edges, { density: mean }, seed);
      seen.set(count, (seen.get(count) ?? 0) + 1);
    }
    // classes of at least 10 expected: P(N <= k) by the recursion of the Poisson distribution
    let [chi2, classes, inClass, observed, p] = [0, 0, 0, 0, Math.exp(-mean)];
    let rest = n;
    let unseen = n;
    for (let k = 0; rest - inClass > 10; k++, p *= mean / k) {
      inClass += n * p;
      observed += seen.get(k) ?? 0;
      if (inClass < 10) continue;
      chi2 += (observed - inClass) ** 2 / inClass;
      classes++;
      rest -= inClass;
      unseen -= observed;
      [inClass, observed] = [0, 0];
    }
    chi2 += (unseen - rest) ** 2 / rest;
    expect(classes).toBeGreaterThan(1);
    expectChi2(chi2, classes);
  });

  test('of neighbouring bins, seeds and spectra do not know each other', () => {
    const edges = edgesOf(0, 1, 1500);
    const [one, other, next] = [draw(edges, { density: 50 }, 1), draw(edges, { density: 50 }, 2), draw(edges, { density: 50 }, 1, 1500)]; // prettier-ignore
    const correlation = (a: ArrayLike<number>, b: ArrayLike<number>) =>
      sum(Array.from(a, (n, i) => ((n - 50) * (b[i] - 50)) / 50)) / a.length;
    // N(0, 1/1500): 5 standard deviations are 0.13, false alarm 6e-7 each
    for (const [a, b] of [
      [one.subarray(1), one.subarray(0, -1)],
      [one, other],
      [one, next],
    ])
      // prettier-ignore
      expect(Math.abs(correlation(a, b))).toBeLessThan(0.13);
    expect(correlation(one, one)).toBeGreaterThan(0.8);
  });

  test('are a function of card and seed', () => {
    const edges = edgesOf(0, 1, 100);
    expect(draw(edges, { density: 50 }, 5)).toEqual(draw(edges, { density: 50 }, 5));
    expect(draw(edges, { density: 50 }, 5)).not.toEqual(draw(edges, { density: 50 }, 6));
    expect(sum(draw(edges, { density: 0 }, 5))).toBe(0);
    // what a bin gets does not depend on the bins before it
    expect(draw(edges, { density: 50 }, 5).subarray(40)).toEqual(draw(edges.subarray(40), { density: 50 }, 5, 40));
  });
});

describe('in a card', () => {
  test('every spectrum gets its own events, those of the seed', async () => {
    const spectra = [`name: a\n${BLOCK}`, `name: b\n${BLOCK}`];
    const [first, again, other] = await Promise.all([1, 1, 2].map((seed) => prepare({ spectra }, {}, seed)));
    const countsOf = ({ parts }: typeof first) => parts.map(({ spectrum }) => [...spectrum.counts]);
    expect(countsOf(first)).toEqual(countsOf(again));
    expect(countsOf(first)[0]).not.toEqual(countsOf(first)[1]);
    expect(countsOf(first)[0]).not.toEqual(countsOf(other)[0]);
    expect(first.parts[0].rows).toEqual({ read: sum(countsOf(first)[0]), used: sum(countsOf(first)[0]), rejected: {} });
  });

  test.each([
    ['of the formula', 'resolution: 1', ''],
    ['of the nearest row of a table', '', 'hypotheses: { table: { file: p.csv, columns: { x: x, sigma: s } } }'],
  ])('an injected signal has the resolution %s', async (_, resolution, hypotheses) => {
    const block = BLOCK.replace('density: 100', 'density: 0, inject: [{ x: 10.2, events: 100000 }]')
      .replace('resolution: 1', resolution)
      .replace(/hypotheses.*/, (line) => hypotheses || line);
    const { parts } = await prepare({ spectra: [block] }, { 'p.csv': 'x,s\n5,2\n10,1\n15,3\n' });
    const { counts, low, high } = parts[0].spectrum;
    const used = [...counts.keys()].filter((i) => Math.abs(low[i] - 10) < 4);
    const means = used.map((i) => 100_000 * gaussian(10.2, 1).integral(low[i], high[i]));
    expectChi2(sum(used.map((i, k) => (counts[i] - means[k]) ** 2 / means[k])), used.length);
  });
});
