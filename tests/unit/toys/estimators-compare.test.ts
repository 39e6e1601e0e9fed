/** All estimators against full toys: a fine line of a hundred events per window, with and without a nuisance. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseCard } from '../../../src/io/card.ts';
import { countMark, toyScan, TOY_STRIDE } from '../../../src/kernels/toy_scan.ts';
import { makeScope } from '../../../src/model/expression.ts';
import { makeFineLattice } from '../../../src/model/fine-lattice.ts';
import { resolveNuisances } from '../../../src/model/nuisances.ts';
import type { PlaneFunction } from '../../../src/model/plane-function.ts';
import type { Region } from '../../../src/model/region.ts';
import { makeAtoms } from '../../../src/model/toys/atoms.ts';
import { factorNodes } from '../../../src/model/toys/factor-nodes.ts';
import { rankOf } from '../../../src/toys/rank-rows.ts';
import { overAtoms, toyDensities, toyLattice } from '../../../src/model/toys/toy-components.ts';
import { toySources } from '../../../src/model/toys/toy-sources.ts';
import { makeWindows } from '../../../src/model/windows.ts';
import { lnNormalTail } from '../../../src/stats/normal.ts';
import { rankOfLnP } from '../../../src/toys/estimators/attainable.ts';
import { compareEstimators } from '../../../src/toys/estimators/compare.ts';
import { plainExcess } from '../../../src/toys/estimators/excess.ts';
import type { EulerEstimator } from '../../../src/toys/estimators/euler.ts';
import { makeToyThrower, toyFields, Z_OF_CERTAINTY } from '../../../src/toys/estimators/toy-field.ts';
import { eulerCharacteristic, windowComplex } from '../../../src/toys/estimators/window-complex.ts';
import { pairCorrelations, yieldMoments } from '../../../src/toys/estimators/yield-moments.ts';
import { makeToyTables } from '../../../src/toys/toy-tables.ts';
import { windowsOf } from '../model/helpers.ts';
import { allRuns, binScan, type BinScan } from './bin-scan.ts';

const BINS = 160;
const WIDTH = 20;
const TOYS = 20_000;
const nuisance = factorNodes([{ constraint: 'normal', up: 0.06, down: 0.06 }], 5 * BINS);

/** [TOYS] best rank of every toy. */
function bestOfToys({ tables, runs }: BinScan, seed: number): Uint32Array {
  const counts = new Uint32Array(runs.length);
  const throwToy = makeToyThrower(tables.arrays, seed);
  return Uint32Array.from({ length: TOYS }, (_, i) => {
    throwToy(i, counts);
    return counts.reduce((best, n, w) => Math.max(best, rankOf(tables.ranks, w, n)), 0);
  });
}

describe.each([
  { name: 'fixed background', ensemble: 'fixed' as const, common: undefined },
  { name: 'background known to 6 %', ensemble: 'predictive' as const, common: nuisance },
])('$name', ({ ensemble, common }) => {
  const scan = binScan(new Float64Array(BINS).fill(5), allRuns(BINS, [WIDTH]), common);
  const best = bestOfToys(scan, 31);

  test.each([3, 3.5, 4])('local Z %f: the Gaussian process agrees with toys, up-crossings bound them', (z) => {
    const { ranks } = scan.tables;
    const rank = rankOfLnP(ranks, lnNormalTail(z));
    const k = best.reduce((n, r) => n + (r >= rank ? 1 : 0), 0);
    const compared = compareEstimators({
      ...scan,
      ensemble,
      lnPLocal: ranks.lnP[rank],
      toys: { toys: TOYS, exceedances: k },
      seed: 5,
      nFields: 500,
      nDraws: 60_000,
    });
    expect(compared.ensemble).toBe(ensemble);
    expect(compared.zLocal!).toBeGreaterThanOrEqual(z);
    const [toys, gaussian, crossings, euler, sidak, bonferroni] = compared.estimators;
    const width = (e: typeof toys) => (e.interval === null ? NaN : (e.interval.high - e.interval.low) / 2);
    const text = (e: typeof toys) =>
      `Z ${z}: ${e.name} ${e.pGlobal} +- ${width(e)}, toys ${toys.pGlobal} +- ${width(toys)} ${e.reason ?? ''}`;
    if (process.env.ESTIMATORS_REPORT) console.log(compared.estimators.map(text).join('\n'));
    expect(gaussian.status, gaussian.reason).toBe('ok');
    const off = Math.abs(gaussian.pGlobal! - toys.pGlobal!);
    const allowed = Math.max(3 * Math.hypot(width(gaussian), width(toys)), 0.2 * toys.pGlobal!);
    expect(off, text(gaussian)).toBeLessThan(allowed);
    // a window is a box: crossings are more than excesses, which is said, and a bound all the same
    expect(crossings).toMatchObject({ kind: 'bound', status: 'not-valid' });
    expect(crossings.reason).toMatch(/^sharp windows/);
    expect(crossings.pGlobal! + 3 * width(crossings), text(crossings)).toBeGreaterThan(toys.interval!.low);
    expect(crossings.interval!.low, text(crossings)).toBeLessThan(2 * toys.interval!.high);
    expect(euler).toMatchObject({ status: 'not-valid', pGlobal: null });
    expect(sidak.pGlobal!).toBeGreaterThan(toys.interval!.low);
    expect(bonferroni.pGlobal!).toBeGreaterThan(sidak.pGlobal!);
  });
});

test('a plane of a hundred events per window, with a hole: the Gaussian process agrees with toys', () => {
  const scan = planeScan();
  const { windows, tables } = scan;
  const [n, z] = [3000, 3.3];
  const rank = rankOfLnP(tables.ranks, lnNormalTail(z));
  const throwToy = makeToyThrower(tables.arrays, 3);
  const counts = new Uint32Array(windows.count);
  let k = 0;
  for (let i = 0; i < n; i++) {
    throwToy(i, counts);
    if (counts.some((c, w) => rankOf(tables.ranks, w, c) >= rank)) k++;
  }
  const compared = compareEstimators({
    ...scan,
    ensemble: 'fixed',
    lnPLocal: tables.ranks.lnP[rank],
    toys: { toys: n, exceedances: k },
    seed: 1,
    nFields: 200,
    nDraws: 3000,
  });
  const [toys, gaussian, crossings, euler, sidak] = compared.estimators;
  const width = (e: typeof toys) => (e.interval!.high - e.interval!.low) / 2;
  const text = `${gaussian.pGlobal} +- ${width(gaussian)}, toys ${toys.pGlobal} +- ${width(toys)}`;
  expect(gaussian.status, gaussian.reason).toBe('ok');
  expect(Math.abs(gaussian.pGlobal! - toys.pGlobal!), text).toBeLessThan(
    Math.max(3 * Math.hypot(width(gaussian), width(toys)), 0.2 * toys.pGlobal!),
  );
  expect(crossings.reason).toMatch(/^wrong dimension/);
  // windows one resolution apart: the smooth formula is too high, and says that its lattice is coarse
  expect(euler).toMatchObject({ status: 'not-valid', reason: expect.stringMatching(/^coarse lattice/) });
  expect(euler.pGlobal!).toBeGreaterThan(toys.interval!.low);
  expect(euler.pGlobal!).toBeLessThan(2 * toys.interval!.high);
  expect((euler as EulerEstimator).coefficients!.phi).toBe(0);
  expect(sidak.pGlobal!).toBeGreaterThan(toys.interval!.low);
  if (process.env.ESTIMATORS_REPORT) console.log(text, euler.pGlobal, sidak.pGlobal);
});

test('the dark Higgsstrahlung example says that nothing Gaussian holds there', () => {
  const card = parseCard(readFileSync('examples/dark-higgsstrahlung/card.yaml', 'utf8'), 'card.yaml').card;
  const scope = makeScope(card);
  const windows = makeWindows(card, scope);
  const densities = toyDensities(card, scope, { tables: new Map(), samples: new Map() });
  const lattice = toyLattice(card, scope, windows, densities);
  const atoms = makeAtoms(windows, lattice);
  const components = densities.map((density) => overAtoms(density, lattice, atoms));
  const sources = toySources(components, resolveNuisances(card, windows, scope));
  const tables = makeToyTables(sources, [], atoms, windows.count, new Uint32Array(windows.count));
  const rank = rankOfLnP(tables.ranks, lnNormalTail(4));
  const lnPLocal = tables.ranks.lnP[rank];
  const input = { windows, atoms, sources, tables, lnPLocal, seed: 1, nFields: 30, nDraws: 300 };
  const { estimators } = compareEstimators({ ...input, ensemble: 'predictive' });
  const said = Object.fromEntries(estimators.map(({ name, status, reason }) => [name, `${status} ${reason ?? ''}`]));
  expect(said['gaussian-process']).toMatch(/^not-valid low counts: \d+ of \d+ windows expect fewer than 20 events/);
  expect(said.euler).toMatch(/^not-valid low counts/);
  expect(said.upcrossings).toMatch(/^not-valid wrong dimension/);
  expect(said.sidak).toBe('ok ');
  // what each window can reach is far less than windows times local p
  const bound = estimators.find(({ name }) => name === 'sidak')!.pGlobal!;
  expect(bound).toBeLessThan(0.5 * windows.count * Math.exp(lnPLocal));
  const complex = windowComplex(windows);
  if (typeof complex === 'string') throw new Error(complex);
  expect(eulerCharacteristic(complex, new Uint8Array(windows.count).fill(1))).toBe(1);
});

/** Ellipses one resolution apart with a hole in the middle, a flat density. */
function planeScan() {
  const region = { x: [0, 8], y: [0, 6], where: '(x-3)^2 + (y-3)^2 > 1' };
  const windows = windowsOf({
    windows: { step: 1, half_axes: 2, resolution: { x: '0.3 + 0.02*x', y: '0.35' }, region },
  });
  const flat: PlaneFunction = (_x, _y, count, out) => out.fill(60, 0, count);
  const box: Region = { x: [-1, 9], y: [-1, 7], hasCondition: false, contains: () => true };
  const lattice = makeFineLattice(box, flat, true, undefined, 4);
  const atoms = makeAtoms(windows, lattice);
  const sources = toySources([overAtoms({ name: 'flat', at: flat }, lattice, atoms)], []);
  return {
    windows,
    atoms,
    sources,
    tables: makeToyTables(sources, [], atoms, windows.count, new Uint32Array(windows.count)),
  };
}

describe('fields of single toys', () => {
  const means = Array.from({ length: 30 }, (_, i) => 4 * Math.exp(-i / 12));
  const scan = binScan(means, allRuns(30, [1, 2, 3]), nuisance);

  test('are the toys of the kernel: the fingerprints of all counts are equal', () => {
    const [n, first] = [200, 2 ** 32 - 100]; // across the carry of the toy number
    const result = new Uint32Array(TOY_STRIDE * n);
    const params = { seed_low: 77, seed_high: 3, base_low: first, base_high: 0, fingerprint: 1 };
    toyScan.run([...scan.tables.arrays, result], params, 0, n);
    const counts = new Uint32Array(scan.runs.length);
    const throwToy = makeToyThrower(scan.tables.arrays, 3 * 2 ** 32 + 77);
    for (let i = 0; i < n; i++) {
      throwToy(first + i, counts);
      let mark = 0;
      counts.forEach((count, w) => {
        for (let c = 1; c <= count; c++) mark = (mark + countMark(w, c)) | 0;
      });
      expect(mark >>> 0).toBe(result[TOY_STRIDE * i + 2]);
    }
  });

  test('hold Z of every count, and the stand-in for p0 = 1 below every level', () => {
    const fields = toyFields(scan.tables, 1, 0, 50);
    const field = new Float64Array(fields.nWindows);
    const counts = new Uint32Array(fields.nWindows);
    const throwToy = makeToyThrower(scan.tables.arrays, 1);
    let empty = 0;
    for (let i = 0; i < 50; i++) {
      fields.at(i, field);
      throwToy(i, counts);
      counts.forEach((n, w) => {
        if (n === 0) {
          empty++;
          expect(field[w]).toBe(Z_OF_CERTAINTY);
        } else {
          const lnP = scan.tables.ranks.lnP[rankOf(scan.tables.ranks, w, n)];
          expect(Math.abs(lnNormalTail(field[w]) - lnP)).toBeLessThan(1e-9);
        }
      });
    }
    expect(empty).toBeGreaterThan(100);
  });

  test('have the covariance that the Gaussian process uses', () => {
    const wide = binScan(
      new Float64Array(24).fill(30),
      allRuns(24, [8]),
      factorNodes([{ constraint: 'lognormal', up: 0.2, down: 0.2 }], 720),
    );
    const moments = yieldMoments(wide.sources, wide.atoms, plainExcess(wide.runs.length));
    const pairs = Uint32Array.of(0, 1, 0, 4, 0, 12);
    const expected = pairCorrelations(moments, wide.atoms, pairs);
    const counts = new Uint32Array(wide.runs.length);
    const throwToy = makeToyThrower(wide.tables.arrays, 8);
    const n = 8000;
    const sample = Array.from({ length: n }, (_, i) => {
      throwToy(i, counts);
      return Array.from(counts);
    });
    const mean = (f: (c: number[]) => number) => sample.reduce((sum, c) => sum + f(c), 0) / n;
    const covariance = (i: number, j: number) => mean((c) => c[i] * c[j]) - mean((c) => c[i]) * mean((c) => c[j]);
    expect(covariance(0, 0) / moments.variance[0]).toBeGreaterThan(0.93); // scatter 2 %
    expect(covariance(0, 0) / moments.variance[0]).toBeLessThan(1.07);
    expected.forEach((rho, p) => {
      const [i, j] = [pairs[2 * p], pairs[2 * p + 1]];
      const found = covariance(i, j) / Math.sqrt(covariance(i, i) * covariance(j, j));
      expect(Math.abs(found - rho), `pair ${i} ${j}: ${found}, expected ${rho}`).toBeLessThan(0.02);
    });
  });
});
