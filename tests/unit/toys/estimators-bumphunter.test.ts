/**
 * pyBumpHunter's example in one dimension (scikit-hep/pyBumpHunter, test/test_BumpHunter.py: 60 bins on [0, 20], windows
 * of 2 to 6 bins at every bin, 285 of them, 10,000 pseudo-experiments, reference taken as exact): best window bins 16 to
 * 19, local p 0.0001734, global p 0.0177, so 0.0013 of statistical error.
 */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { rankOf } from '../../../src/toys/rank-rows.ts';
import { compareEstimators } from '../../../src/toys/estimators/compare.ts';
import { makeToyThrower } from '../../../src/toys/estimators/toy-field.ts';
import { normals, uniforms } from '../model/helpers.ts';
import { allRuns, bestRanks, binScan } from './bin-scan.ts';

const FILE = '../shared/reference/pybumphunter/example1d_60bins.csv';
if (!existsSync(FILE) && process.env.CI) throw new Error(`${FILE} is missing`);

/** Exact Poisson numbers: products of uniforms, split by gamma numbers above 30. */
function poisson(mean: number, uniform: () => number, normal: () => number): number {
  if (mean < 30) {
    const limit = Math.exp(-mean);
    let n = 0;
    for (let product = uniform(); product > limit; product *= uniform()) n++;
    return n;
  }
  // Ahrens and Dieter (1974): a gamma number of shape m below the mean leaves a Poisson rest, above it a binomial one
  const m = Math.floor((7 * mean) / 8);
  const x = gamma(m, uniform, normal);
  if (x <= mean) return m + poisson(mean - x, uniform, normal);
  let n = 0;
  for (let i = 0; i < m - 1; i++) if (uniform() < mean / x) n++;
  return n;
}

/** G. Marsaglia, W. W. Tsang (2000). */
function gamma(shape: number, uniform: () => number, normal: () => number): number {
  const d = shape - 1 / 3;
  for (;;) {
    const x = normal();
    const v = (1 + x / Math.sqrt(9 * d)) ** 3;
    if (v > 0 && Math.log(1 - uniform()) < 0.5 * x * x + d - d * v + d * Math.log(v)) return d * v;
  }
}

describe.skipIf(!existsSync(FILE))("pyBumpHunter's example", () => {
  const rows = existsSync(FILE)
    ? readFileSync(FILE, 'utf8')
        .split('\n')
        .filter((line) => /^\d/.test(line))
        .map((line) => line.split(',').map(Number))
    : [];
  const background = rows.map((row) => row[3]);
  const data = rows.map((row) => row[4]);
  const runs = allRuns(rows.length, [2, 3, 4, 5, 6]);
  const sum = (values: readonly number[]) => values.reduce((total, v) => total + v, 0);
  const observed = Uint32Array.from(runs, ([from, to]) => sum(data.slice(from, to)));
  const scan = binScan(background, runs, undefined, observed);
  const { ranks } = scan.tables;
  const best = runs.reduce((b, _, w) => (rankOf(ranks, w, observed[w]) > rankOf(ranks, b, observed[b]) ? w : b), 0);
  const rank = rankOf(ranks, best, observed[best]);

  test('the same 285 windows, the same best one, the same local p', () => {
    expect(runs.length).toBe(285);
    expect(rows[runs[best][0]][1]).toBeCloseTo(5.33, 2);
    expect(rows[runs[best][1] - 1][2]).toBeCloseTo(6.67, 2);
    expect(Math.exp(ranks.lnP[rank])).toBeCloseTo(1.7341e-4, 8);
  });

  test('the global p-value agrees within 3 standard deviations', () => {
    // ranks of the tables over pseudo-experiments that have nothing of the toys: a Poisson number per bin
    const many = 40_000;
    const uniform = uniforms(2024);
    const normal = normals(uniform);
    const running = new Float64Array(background.length + 1);
    let hits = 0;
    for (let i = 0; i < many; i++) {
      background.forEach((b, bin) => (running[bin + 1] = running[bin] + poisson(b, uniform, normal)));
      if (runs.some(([from, to], w) => rankOf(ranks, w, running[to] - running[from]) >= rank)) hits++;
    }
    expect(Math.abs(hits / many - 0.0177), `${hits} of ${many}`).toBeLessThan(3 * Math.hypot(0.0013, 0.00066));

    const toys = 800;
    const counts = new Uint32Array(runs.length);
    const throwToy = makeToyThrower(scan.tables.arrays, 1);
    let k = 0;
    for (let i = 0; i < toys; i++) {
      throwToy(i, counts);
      if (counts.some((n, w) => rankOf(ranks, w, n) >= rank)) k++;
    }
    const p = hits / many;
    expect(Math.abs(k / toys - p), `${k} of ${toys} toys`).toBeLessThan(3 * Math.sqrt(p / toys));
    const { estimators } = compareEstimators({
      ...scan,
      ensemble: 'fixed',
      lnPLocal: ranks.lnP[rank],
      toys: { toys, exceedances: k },
      seed: 1,
      nFields: 50,
      nDraws: 20_000,
    });
    const byName = new Map(estimators.map((e) => [e.name, e]));
    expect(byName.get('toys')!.pGlobal).toBeCloseTo((k + 1) / (toys + 1), 12);
    // a quarter of the bins expect fewer than 20 events: said, though the number is right all the same
    const process = byName.get('gaussian-process')!;
    expect(process).toMatchObject({ status: 'not-valid', reason: expect.stringMatching(/^low counts/) });
    expect(Math.abs(process.pGlobal! / 0.0177 - 1)).toBeLessThan(0.25);
    expect(byName.get('upcrossings')!.reason).toMatch(/several widths/);
    expect(byName.get('euler')!.reason).toMatch(/^wrong dimension/);
    expect(byName.get('sidak')!.pGlobal!).toBeGreaterThan(p);
    expect(byName.get('bonferroni')!.pGlobal!).toBeLessThan(285 * 1.7341e-4);
  });

  test('the kernel throws the same toys', () => {
    const counts = new Uint32Array(runs.length);
    const throwToy = makeToyThrower(scan.tables.arrays, 1);
    bestRanks(scan, 1, 0, 8).forEach((kernel, i) => {
      throwToy(i, counts);
      expect(Math.max(...counts.map((n, w) => rankOf(ranks, w, n)))).toBe(kernel);
    });
  });
});
