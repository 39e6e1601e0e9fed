/** The spectrum toys are thrown from: fits of the ranges that hold a bin, stitched in mass. */
import { expect, test } from 'vitest';
import { fitCurves } from '../../../src/scan/spectrum/fit-curves.ts';
import { expectedBackground } from '../../../src/toys/spectrum/expected-background.ts';
import { stitchedBackground } from '../../../src/scan/spectrum/stitched-background.ts';
import { unitSpectrum } from '../../support/spectra.ts';
import { masses, partOf, twoParts } from './spectrum-setup.ts';

test('where all ranges are the whole spectrum it is the background-only fit', () => {
  const [{ spectrum }] = twoParts();
  const part = partOf(spectrum, masses(5, 55, 1, 1.5));
  const { background, bins } = fitCurves(part.plan, spectrum.counts, 20)!;
  expect(bins).toHaveLength(60);
  const found = stitchedBackground(part);
  found.forEach((mean, bin) => expect(Math.abs(mean / background[bin] - 1)).toBeLessThan(1e-9));
  // and a fit keeps the number of events
  const events = spectrum.counts.reduce((sum, n) => sum + n, 0);
  expect(Math.abs(found.reduce((sum, mean) => sum + mean, 0) / events - 1)).toBeLessThan(1e-9);
});

test('flat fits are the mean counts of their ranges, and between two masses it is linear', () => {
  const counts = Array.from({ length: 40 }, (_, i) => 20 + ((i * i) % 13));
  const hypotheses = [10, 20, 30].map((mass) => ({ mass, sigma: 1 }));
  const part = partOf(unitSpectrum(counts), hypotheses, {
    background: { kind: 'chebyshev', degree: 0 },
    range: { halfWidth: 7.5 },
  });
  const meanOf = (from: number, to: number) => counts.slice(from, to).reduce((sum, n) => sum + n, 0) / (to - from);
  // whole bins inside 10 +- 7.5, 20 +- 7.5, 30 +- 7.5
  const [a, b, c] = [meanOf(3, 17), meanOf(13, 27), meanOf(23, 37)];
  const expected = counts.map((_, bin) => {
    const x = bin + 0.5;
    if (x < 3 || x > 37) return 0;
    if (x < 13) return a;
    if (x < 17) return a + ((x - 10) / 10) * (b - a);
    if (x < 23) return b;
    if (x < 27) return b + ((x - 20) / 10) * (c - b);
    return c;
  });
  stitchedBackground(part).forEach((mean, bin) => expect(mean, `bin ${bin}`).toBeCloseTo(expected[bin], 9));
});

test('hypotheses without a fit do not count: their bins take the next one', () => {
  // nothing from 20 on: a range there has no event
  const counts = Array.from({ length: 40 }, (_, i) => (i < 20 ? 9 : 0));
  const part = partOf(unitSpectrum(counts), [5, 10, 35].map((mass) => ({ mass, sigma: 1 })), {
    background: { kind: 'chebyshev', degree: 0 },
    range: { halfWidth: 5 },
  }); // prettier-ignore
  expect(part.plan.statuses[2]).toBe('empty-range');
  stitchedBackground(part).forEach((mean, bin) => expect(mean, `bin ${bin}`).toBeCloseTo(bin < 15 ? 9 : 0, 9));
});

test('parts follow each other; given expectations are taken as they are, and checked', () => {
  const parts = twoParts();
  const all = expectedBackground(parts);
  expect(all).toHaveLength(90);
  expect(all.subarray(60)).toEqual(stitchedBackground(parts[1]));
  const flat = [new Float64Array(60).fill(2.5), new Float64Array(30).fill(0)];
  expect(expectedBackground(parts, flat)).toEqual(Float64Array.from([...flat[0], ...flat[1]]));
  expect(() => expectedBackground(parts, [flat[0]])).toThrow(/0 expected counts for part 1 of 30 bins/);
  expect(() => expectedBackground(parts, [flat[0], flat[1].fill(-1)])).toThrow(/bin 60 expects -1 events/);
});
