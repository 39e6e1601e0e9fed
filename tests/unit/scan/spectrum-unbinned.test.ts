/** Unbinned spectra of a card: the same events in the likelihood, in the counts and in the picture. */
import { expect, test } from 'vitest';
import { findColumn, numbersOf } from '../../../src/model/result.ts';
import { gaussian } from '../../../src/model/spectrum/signal-shapes.ts';
import { makeUnbinnedPlan } from '../../../src/model/spectrum/unbinned.ts';
import { fitSpectrum } from '../../../src/scan/spectrum/fit-spectrum.ts';
import { prepare, scan } from '../../support/spectrum-cards.ts';

// 150 values that fall off between 0 and 30, 12 close to 14, and some outside
const VALUES = [
  ...Array.from({ length: 150 }, (_, i) => -12 * Math.log(1 - ((i + 0.5) / 150) * (1 - Math.exp(-2.5)))),
  ...Array.from({ length: 12 }, (_, i) => 13.5 + i / 12),
];
const OUTSIDE = [-1, 30.02, 44];
const FILES = { 'e.csv': `m\n${[...VALUES, 29.98, ...OUTSIDE].join('\n')}\n` };
const block = (bins: string) => `data: { file: e.csv }
x: { column: m, unit: GeV }
bins: ${bins}
hypotheses: { from: 8, to: 22, step: 1 }
resolution: 0.7
range: { half_width: 10 }
shape: { kind: gaussian }
background: { kind: chebyshev, degree: 2 }`;
const UNBINNED = '{ from: 0, to: 30.01, unbinned: true }';
const LIMITS = '{ method: cls-asymptotic, confidence: 0.95 }';

test('the fits of a card are those of an unbinned plan made by hand', async () => {
  const { table, summary } = await scan({ spectra: [block(UNBINNED)], limits: LIMITS }, FILES);
  const mass = [...numbersOf(table, 'mass')];
  const { plan, counts } = makeUnbinnedPlan(
    [...VALUES, 29.98],
    [0, 30.01],
    mass.map((m) => ({ mass: m, sigma: 0.7 })),
    {
      signalAt: (h) => gaussian(h.mass, h.sigma),
      background: { kind: 'chebyshev', degree: 2 },
      range: { halfWidth: 10 },
    },
  );
  const fits = fitSpectrum(plan, counts);
  expect([...numbersOf(table, 's_hat')]).toEqual(fits.map(({ sHat }) => sHat));
  expect([...numbersOf(table, 'z')]).toEqual(fits.map(({ z }) => z));
  expect(findColumn(table, 'status')!.values).toEqual(mass.map(() => 'ok'));
  expect(Math.abs(summary.best[0].mass - 14)).toBeLessThan(0.8);
  expect(summary.best[0].limitObs).toBeGreaterThan(summary.best[0].sHat);
  // the ranges end where the card says, not at bins
  const middle = mass.findIndex((m) => m > 14);
  expect(numbersOf(table, 'range_low')[middle]).toBe(mass[middle] - 7);
});

test('narrow bins give nearly the same numbers', async () => {
  const [unbinned, binned] = await Promise.all(
    [UNBINNED, '{ from: 0, to: 30, width: 0.02 }'].map((bins) => scan({ spectra: [block(bins)] }, FILES)),
  );
  const [a, b] = [unbinned, binned].map(({ table }) => [...numbersOf(table, 'z')]);
  a.forEach((z, h) => expect(Math.abs(z - b[h]), `hypothesis ${h}`).toBeLessThan(0.03));
});

test('events up to the end are used, the others are told', async () => {
  const { parts } = await prepare({ spectra: [block(UNBINNED)] }, FILES);
  const [{ rows, spectrum, unbinned }] = parts;
  expect(rows).toEqual({ read: 166, used: 163, rejected: { 'outside the bins': 3 } });
  expect(unbinned!.counts.reduce((sum, n) => sum + n)).toBe(163);
  expect(spectrum.counts.reduce((sum, n) => sum + n)).toBe(163);
  expect([spectrum.low[0], spectrum.high[spectrum.nBins - 1]]).toEqual([0, 30.01]);
});
