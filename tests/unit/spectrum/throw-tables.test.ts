/** Thresholds of thrown counts against Poisson sums in 60 digits, and counts thrown from them against the same sums. */
import fs from 'node:fs';
import { describe, expect, test } from 'vitest';
import { spectrumThrow } from '../../../src/kernels/spectrum_throw.ts';
import { makeThrowTables } from '../../../src/model/spectrum/throw-tables.ts';
import { gammaQ } from '../../../src/stats/gamma.ts';

interface Case {
  readonly mean: number;
  /** Beyond these less than 2^-64 is left. */
  readonly least: number;
  readonly last: number;
  /** n, floor(2^64 P(N <= n)) */
  readonly rows: readonly (readonly [number, string])[];
}
const golden = new URL('../../golden/spectrum_throw.json', import.meta.url);
const { cases } = JSON.parse(fs.readFileSync(golden, 'utf8')) as { readonly cases: readonly Case[] };
const ONE = 2n ** 64n;

describe.each(cases)('mean $mean', ({ mean, least, last, rows }) => {
  const { tables, thresholds } = makeThrowTables([17.5, mean]);

  test('probabilities are those of the sums to 1e-13 of themselves and 2^-64, to the last count', () => {
    const [place, first, size] = tables.subarray(3);
    // counts whose probability is about 2^-64 may be in or out
    expect(Math.abs(first - least)).toBeLessThanOrEqual(1);
    expect(Math.abs(first + size - 1 - last)).toBeLessThanOrEqual(1);
    for (const [n, text] of rows) {
      const exact = BigInt(text);
      const i = 2 * (place + n - first);
      if (n < first || n - first >= size) continue;
      const got = (BigInt(thresholds[i]) << 32n) | BigInt(thresholds[i + 1]);
      const tail = Number(exact < ONE - exact ? exact : ONE - exact);
      expect(Math.abs(Number(got - exact)), `P(N <= ${n})`).toBeLessThanOrEqual(2 + 1e-13 * tail);
    }
  });

  /** 20,000 toys; one test in 10^7 fails by chance. */
  test('thrown counts follow the sums', () => {
    const nToys = 20_000;
    const counts = new Uint32Array(2 * nToys);
    const params = { seed_low: 1, seed_high: 0, base_low: 0, base_high: 0, n_bins: 2, first_bin: 0 };
    spectrumThrow.run([tables, thresholds, counts], params, 0, counts.length);
    // cells end at the rows, joined until each expects 10
    const ends: number[] = [];
    const expected: number[] = [];
    let before = 0n;
    for (const [n, text] of rows) {
      const part = (nToys * Number(BigInt(text) - before)) / Number(ONE);
      if (part < 10 || nToys * (Number(ONE - BigInt(text)) / Number(ONE)) < 10) continue;
      ends.push(n);
      expected.push(part);
      before = BigInt(text);
    }
    expected.push((nToys * Number(ONE - before)) / Number(ONE));
    const seen = expected.map(() => 0);
    for (let toy = 0; toy < nToys; toy++) {
      const cell = ends.findIndex((end) => counts[2 * toy + 1] <= end);
      seen[cell < 0 ? ends.length : cell]++;
    }
    const chi2 = expected.reduce((sum, e, i) => sum + (seen[i] - e) ** 2 / e, 0);
    expect(ends.length).toBeGreaterThan(0);
    expect(gammaQ(ends.length / 2, chi2 / 2), `chi2 ${chi2} of ${ends.length}`).toBeGreaterThan(1e-7);
  });
});

/** Correlations of 100,000 pairs are within 5.5 of 1/sqrt(n): four tests in 10^7 fail by chance, of three. */
test('counts of neighbouring bins, toys and spectra are independent', () => {
  const [nToys, nBins, mean] = [25_000, 5, 40];
  const { tables, thresholds } = makeThrowTables(new Float64Array(nBins).fill(mean));
  const params = { seed_low: 9, seed_high: 2, base_low: 0, base_high: 0, n_bins: nBins, first_bin: 0 };
  const [counts, other] = [0, nBins].map((firstBin) => {
    const thrown = new Uint32Array(nBins * nToys);
    spectrumThrow.run([tables, thresholds, thrown], { ...params, first_bin: firstBin }, 0, thrown.length);
    return thrown;
  });
  const pull = (of: Uint32Array, i: number) => (of[i] - mean) / Math.sqrt(mean);
  const correlation = (partner: (i: number) => number) => {
    let [sum, n] = [0, 0];
    for (let i = 0; i + nBins < counts.length; i++) [sum, n] = [sum + pull(counts, i) * partner(i), n + 1];
    return sum / Math.sqrt(n);
  };
  expect(Math.abs(correlation((i) => pull(counts, i + 1)))).toBeLessThan(5.5);
  expect(Math.abs(correlation((i) => pull(counts, i + nBins)))).toBeLessThan(5.5);
  expect(Math.abs(correlation((i) => pull(other, i)))).toBeLessThan(5.5);
  expect(
    correlation((i) => pull(counts, i)),
    'the test sees what is the same',
  ).toBeGreaterThan(300);
});

test('no expected events: no event; what is no mean is an error that names the bin', () => {
  const { tables, thresholds } = makeThrowTables([0]);
  const counts = new Uint32Array(100).fill(7);
  const params = { seed_low: 1, seed_high: 0, base_low: 0, base_high: 0, n_bins: 1, first_bin: 0 };
  spectrumThrow.run([tables, thresholds, counts], params, 0, 100);
  expect(new Set(counts)).toEqual(new Set([0]));
  expect(() => makeThrowTables([3, -1])).toThrow(/-1 expected events in bin 1/);
  expect(() => makeThrowTables([NaN])).toThrow(/NaN expected events in bin 0/);
});
