/**
 * Every hypothesis of ten scans of public spectra against MIGRAD and scipy (tests/golden/spectrum_fits.py): numbers, and
 * which of them have no minimum with a density that is nowhere negative.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { makeFitPlan, type Background } from '../../../src/model/spectrum/fit-plan.ts';
import { hypothesesInSteps } from '../../../src/model/spectrum/hypotheses.ts';
import { gaussian } from '../../../src/model/spectrum/signal-shapes.ts';
import { fitSpectrum, type SpectrumResult } from '../../../src/scan/spectrum/fit-spectrum.ts';
import { hasShared } from '../../support/fixtures.ts';
import { dimuonSpectrum, publishedSpectrum } from '../../support/spectra.ts';

type Row = readonly [nBins: number, events: number, flag: number, sHat: number, sErr: number, twice: number];
interface Scan {
  name: string;
  sigma: number;
  first: number;
  last: number;
  step: number;
  half: number;
  background: Background;
  fits: (Row | readonly [number, number])[];
}
const { scans } = JSON.parse(readFileSync('tests/golden/spectrum_fits.json', 'utf8')) as { scans: Scan[] };
const scanOf = (name: string) => scans.find((scan) => scan.name === name)!;
const isFit = (row: Scan['fits'][number]): row is Row => row.length === 6;

const SPECTRA = {
  dimuon: dimuonSpectrum,
  'dimuon-narrow': dimuonSpectrum,
  'dimuon-degree-7': dimuonSpectrum,
  diphoton: () => publishedSpectrum('cms_diphoton_EBEB_13TeV.csv'),
  dijet: () => publishedSpectrum('cms_dijet_13TeV.csv'),
  'diphoton-2015': () => publishedSpectrum('atlas_diphoton_2015_13TeV_digitised.csv'),
  'diphoton-2015-function': () => publishedSpectrum('atlas_diphoton_2015_13TeV_digitised.csv'),
  'diphoton-function': () => publishedSpectrum('cms_diphoton_EBEB_13TeV.csv'),
  'dijet-function': () => publishedSpectrum('cms_dijet_13TeV.csv'),
  'dimuon-exponential': dimuonSpectrum,
} as const;

function fits(name: keyof typeof SPECTRA, background: Background = scanOf(name).background) {
  const { sigma, first, last, step, half } = scanOf(name);
  const spectrum = SPECTRA[name]();
  const hypotheses = hypothesesInSteps((mass) => sigma * mass, first, last, step);
  const signalAt = (h: { mass: number; sigma: number }) => gaussian(h.mass, h.sigma);
  const plan = makeFitPlan(spectrum, hypotheses, { signalAt, background, range: { halfWidth: half } });
  return { hypotheses, plan, results: fitSpectrum(plan, spectrum.counts) };
}

test('the cases are as varied as they should be', () => {
  const rows = scans.flatMap((scan) => scan.fits.filter(isFit));
  expect(rows.length).toBeGreaterThan(1900);
  expect(rows.filter(([, , flag]) => flag > 0).length).toBeGreaterThan(150);
  expect(rows.filter(([, events]) => events < 30).length).toBeGreaterThan(100);
  expect(Math.max(...rows.map(([, events]) => events))).toBeGreaterThan(1e6);
  expect(rows.filter(([, , , sHat]) => sHat < 0).length).toBeGreaterThan(500);
});

describe.skipIf(!hasShared)('against MIGRAD and scipy', () => {
  test.each(Object.keys(SPECTRA) as (keyof typeof SPECTRA)[])('%s', (name) => {
    const golden = scanOf(name).fits;
    const { hypotheses, plan, results } = fits(name);
    expect(results.length).toBe(golden.length);
    const wrong: string[] = [];
    results.forEach((got, i) => {
      const row = golden[i];
      const fail = (what: string, found: unknown, expected: unknown) =>
        wrong.push(`${hypotheses[i].mass}: ${what} is ${String(found)}, expected ${String(expected)}`);
      if (plan.ranges[i].bins.length !== row[0]) fail('bins', plan.ranges[i].bins.length, row[0]);
      if (isFit(row)) compare(got, row, fail);
      else if (got.status === 'ok') fail('status', got.status, 'one that says why there is no fit');
    });
    expect(wrong).toEqual([]);
  });

  /** The tolerances: they are those of the reference, which ends up to 1e-7 above its minimum. */
  function compare(
    got: SpectrumResult,
    row: Row,
    fail: (what: string, found: unknown, expected: unknown) => void,
  ): void {
    const [, , flag, sHat, sErr, twice] = row;
    if ((got.status === 'ok') !== (flag === 0)) fail('status', got.status, flag);
    if (!(Math.abs(got.sHat - sHat) <= 1e-3 * (sErr || 1))) fail('S^', got.sHat, sHat);
    if (!(Math.abs(got.sErr - sErr) <= 1e-3 * sErr)) fail('error', got.sErr, sErr);
    const z = Math.sign(sHat) * Math.sqrt(Math.max(0, twice));
    if (!(Math.abs(got.z - z) <= 1e-3)) fail('Z', got.z, z);
    if (!(Math.abs(got.z * got.z - twice) <= 2e-4)) fail('2 dlnL', got.z * got.z, twice);
    if (got.status === 'ok' && !(got.edm >= 0 && got.edm < 1e-12)) fail('edm', got.edm, '< 1e-12');
  }

  test('no number of any scan is NaN or infinite', () => {
    for (const name of Object.keys(SPECTRA) as (keyof typeof SPECTRA)[])
      for (const result of fits(name).results)
        for (const [key, value] of Object.entries(result))
          if (key !== 'status') expect(Number.isFinite(value), `${name} ${key} is ${String(value)}`).toBe(true);
  });

  test('Bernstein and Chebyshev polynomials are the same densities', () => {
    const [a, b] = [fits('dimuon-degree-7').results, fits('dimuon-degree-7', { kind: 'bernstein', degree: 7 }).results];
    a.forEach((one, i) => {
      expect(b[i].status).toBe(one.status);
      // the bounded fit ends within 1e-9 of its minimum in ln L, that is 5e-5 errors from it
      const allowed = one.status === 'ok' ? 1e-7 : 1e-4;
      expect(Math.abs(b[i].sHat - one.sHat)).toBeLessThanOrEqual(allowed * one.sErr);
      expect(Math.abs(b[i].z - one.z)).toBeLessThanOrEqual(allowed);
    });
  });

  test('the 2015 diphoton spectrum has its local 3.3 to 3.7 sigma near 750 GeV, and nothing above', () => {
    const { hypotheses, results } = fits('diphoton-2015-function');
    const best = results.reduce((most, { z }, i) => (z > results[most].z ? i : most), 0);
    expect(Math.abs(hypotheses[best].mass - 750)).toBeLessThan(25);
    expect(results[best].z).toBeGreaterThan(3.3);
    expect(results[best].z).toBeLessThan(3.7);
  });

  test('the largest excesses are the J/psi and the Upsilon(1S), at the masses and Z of a published oracle', () => {
    const { hypotheses, results } = fits('dimuon');
    const best = (from: number, to: number) =>
      results
        .map((result, i) => ({ ...result, mass: hypotheses[i].mass }))
        .filter(({ mass }) => mass > from && mass < to)
        .reduce((a, b) => (b.z > a.z ? b : a));
    const [jpsi, upsilon] = [best(2.5, 3.5), best(9, 10)];
    expect(Math.abs(jpsi.mass - 3.0959)).toBeLessThan(0.0085 * 3.1 * 0.5);
    expect(jpsi.z).toBeGreaterThan(24.5);
    expect(jpsi.z).toBeLessThan(26);
    expect(Math.abs(upsilon.mass - 9.443)).toBeLessThan(0.0085 * 9.4 * 0.5);
    expect(upsilon.z).toBeGreaterThan(5.9);
    expect(upsilon.z).toBeLessThan(6.6);
  });
});
