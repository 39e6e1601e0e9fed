/** Published significances of a counting with polynomial side bands (arXiv:2502.14036), from the card of the example. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { CpuBackend } from '../../../src/engine/cpu-backend.ts';
import { parseCard } from '../../../src/io/card.ts';
import { numbersOf, type ScanResult } from '../../../src/model/result.ts';
import { openDataFiles } from '../../../src/node/data-files.ts';
import { polynomialLimit, polynomialQ0 } from '../../../src/model/polynomial/profile.ts';
import { prepareScan, type PreparedScan } from '../../../src/scan/prepare.ts';
import { scanWindows } from '../../../src/scan/window-scan.ts';

const DATA = '../shared/data';
const FILE = `${DATA}/cms-dimuon-2016-antiiso/upsilon_antiiso_OS.csv.gz`;
const SLIDING_FILE = `${DATA}/cms-dimuon-2010/MuRun2010B_0.csv.gz`;
for (const file of [FILE, SLIDING_FILE]) {
  if (!existsSync(file) && process.env.CI) throw new Error(`${file} is missing`);
}
const CARD = readFileSync('examples/upsilon-counting/card.yaml', 'utf8');

const FILES = openDataFiles({ cardFolder: 'examples/upsilon-counting', searchPath: DATA });

function scan(text: string): Promise<ScanResult> {
  return scanWindows(parseCard(text, 'card.yaml'), { backend: new CpuBackend({ threads: 1 }), files: FILES });
}

function prepare(text: string): Promise<PreparedScan> {
  return prepareScan(parseCard(text, 'card.yaml').card, { files: FILES, seed: 1, unblind: false });
}

/** Count of the only window and its Z = sqrt(q0). */
async function counting(text: string): Promise<{ n: number; z: number }> {
  const { n, components } = (await prepare(text)).model;
  const { q0, converged } = polynomialQ0(components[0].fits![0], n[0]);
  expect(converged).toBe(true);
  return { n: n[0], z: Math.sqrt(q0) };
}

function cardWith(degree: number, nBins: number): string {
  const text = CARD.replace('n_bins: 16', `n_bins: ${nBins}`).replace('degree: 5', `degree: ${degree}`);
  expect(text.match(/degree: (\d)/)![1] + text.match(/n_bins: (\d+)/)![1]).toBe(`${degree}${nBins}`);
  return text;
}

describe.skipIf(!existsSync(FILE))('upsilon-counting', () => {
  test.each([
    [3, 8, 1.0853],
    [3, 12, 1.1189],
    [3, 16, 1.0868],
    [5, 8, 1.457],
    [5, 12, 1.5956],
    [5, 16, 1.5039],
  ])('degree %i, n_bins %i: Z = %f as published', async (degree, nBins, published) => {
    const { n, z } = await counting(cardWith(degree, nBins));
    expect(n).toBe(1692);
    // Four digits, rounded, and the stop of the simplex search behind them.
    expect(Math.abs(z - published)).toBeLessThan(6e-5);
  });

  // Published 1.22, 1.28, 1.50: the simplex search stopped before the minimum, which scipy's Newton methods find.
  test.each([
    [8, 1.054],
    [12, 1.142],
    [16, 1.139],
  ])('degree 7, n_bins %i: Z = %f at the true minimum', async (nBins, minimum) => {
    const { z } = await counting(cardWith(7, nBins));
    expect(Math.abs(z - minimum)).toBeLessThan(6e-4);
  });

  test('with bin integrals Z moves by 0.0005, and by five times as much in bins of twice the width', async () => {
    const shift = async (nBins: number) => {
      const centre = cardWith(5, nBins);
      const integral = centre.replace(/bin_content: centre/, 'bin_content: integral');
      return (await counting(integral)).z - (await counting(centre)).z;
    };
    // scipy: 1.50389 -> 1.50445, 1.45700 -> 1.45954
    expect(await shift(16)).toBeCloseTo(0.00056, 4);
    expect(await shift(8)).toBeCloseTo(0.00254, 4);
  });

  test('profile limit as scipy finds it; marginal p0 and Bayesian limit agree, as they must at 1600 events', async () => {
    const { model } = await prepare(CARD);
    const { limit } = polynomialLimit(model.components[0].fits![0], 1692, 1, 0.95);
    expect(limit).toBeCloseTo(191.7297, 4); // brentq over trust-exact fits
    const text = CARD.replace('[profile, marginal]', 'marginal').replace(/\n.*method: profile.*/, '');
    const { table } = await scan(text);
    const at = (name: string) => numbersOf(table, name)[0];
    expect(at('bkg')).toBeCloseTo(1600.481, 2);
    expect(at('bkg_err')).toBeCloseTo(44.883, 2);
    // one is the tail of a Poisson, the other that of a normal distribution: 1/sqrt(1600) of skewness
    expect(Math.abs(at('z') - 1.50389)).toBeLessThan(0.03);
    expect(Math.abs(at('limit_obs') / limit - 1)).toBeLessThan(0.03);
  });
});

/** J/psi of 2010 at 3.09 GeV in windows of +-2 resolutions, a parabola beside each. */
const SLIDING = `
schema: darkscan/card/1
name: sliding
scan: windows
functions: { sigma(m): '0.0085*m' }
data: { file: MuRun2010B_0.csv.gz, select: ['Q1*Q2 < 0'] }
x: { column: M }
windows: { resolution: { x: 'sigma(x)' }, half_axes: 2, step: 0.5, region: { x: [2.2, 7.9] } }
background:
  components:
    - { name: beside, polynomial: { degree: 2, inner: 3.5, outer: 12, bin_width: '0.5*sigma(x)' } }
signal: { poi: { name: S, unit: events }, efficiency: 0.9545 }
statistics: { p0: marginal, limits: [{ method: bayes, credibility: 0.9, poi_max: 10000 }], expected: percent }
`;

describe.skipIf(!existsSync(SLIDING_FILE))('a sliding scan with a fit beside every window', () => {
  test(
    'finds the J/psi above 10 sigma, and gives every window a number or a reason',
    { timeout: 120_000 },
    async () => {
      const { table, summary } = await scan(SLIDING);
      const [x, z, limit] = ['x', 'z', 'limit_obs'].map((name) => numbersOf(table, name));
      expect(table.rowCount).toBe(302);
      const best = z.indexOf(Math.max(...z.filter((value) => !Number.isNaN(value))));
      expect(Math.abs(x[best] - 3.0969)).toBeLessThan(0.02);
      expect(z[best]).toBeGreaterThan(10);
      // two windows at the end of the region have bands on one side only and a parabola that falls below 0
      expect(summary.status).toEqual({ ok: 300, 'bad-background': 2 });
      expect([...limit].filter((value) => value > 0).length).toBe(300);
    },
  );

  test('has a profile likelihood in every window that has a fit', async () => {
    const { model, windows } = await prepare(SLIDING);
    const { fits, b0 } = model.components[0];
    let best = { x: 0, q0: 0 };
    fits!.forEach((fit, i) => {
      const { q0, converged } = polynomialQ0(fit, model.n[i]);
      expect(converged).toBe(b0[i] > 0);
      if (q0 > best.q0) best = { x: windows.x[i], q0 };
      if (!converged || i % 10 > 0) return;
      const { limit } = polynomialLimit(fit, model.n[i], 1, 0.9);
      expect(limit).toBeGreaterThan(model.n[i] - b0[i]);
      expect(limit).toBeGreaterThan(0);
    });
    expect(Math.abs(best.x - 3.0969)).toBeLessThan(0.02);
    expect(best.q0).toBeGreaterThan(100);
  });
});
