/** Replica maps of simulated events: moments and correlations of windows, the Gamma process, negative binomial counts. */
import { describe, expect, test } from 'vitest';
import { windowSums } from '../../../src/model/toys/atom-sizes.ts';
import { predictiveCounts, upperTails } from '../../../src/model/toys/predictive-counts.ts';
import { replicaMaps, type SimulatedAtoms } from '../../../src/model/toys/replica-maps.ts';
import { toySources } from '../../../src/model/toys/toy-sources.ts';
import { gammaP } from '../../../src/stats/gamma.ts';
import { lnNegativeBinomialTail } from '../../../src/stats/poisson.ts';
import { hashWords } from './example-toys.ts';
import { covarianceOf, effect, linePlane, meanOf, nuisance, windowsOf } from './scenario-plane.ts';

const R = 4096;
/** Windows of four cells, a step of two: neighbours share two cells. */
const PLANE = linePlane(12, 4, 2);
const WEIGHTS = [0.5, 1, 2, 0.25];
/** 60 events of changing weights, five in each cell but the ninth, which has none; some outside of all windows. */
const SAMPLE: SimulatedAtoms = {
  atoms: Uint32Array.from({ length: 60 }, (_, i) => (i % 12) + 1).map((a) => (a === 9 ? 0 : a)),
  weights: Float64Array.from({ length: 60 }, (_, i) => WEIGHTS[i % 4] * (1 + (i % 5))),
};
const equal = Float64Array.from({ length: R }, () => 1 / R);

function sumsOf({ atoms, weights }: SimulatedAtoms, power: number): Float64Array {
  const sums = new Float64Array(PLANE.atoms.count);
  atoms.forEach((a, i) => (sums[a] += a > 0 ? weights[i] ** power : 0));
  return sums;
}

describe('windows over replicas', () => {
  const windows = replicaMaps(SAMPLE, PLANE.atoms.count, R, 11, 0).map((map) => windowSums(map, PLANE));
  const [means, variances] = [1, 2].map((power) => windowSums(sumsOf(SAMPLE, power), PLANE));
  const every = [...means.keys()];

  test('mean sum w: far closer than 1/sqrt(R), because replicas of an event are stratified', () => {
    // per event the error is that of a stratified mean of -ln u, about 1/R; weights add in quadrature: 10 sd
    for (const w of every) {
      const mean = meanOf(equal, (k) => windows[k][w]);
      expect(Math.abs(mean - means[w])).toBeLessThan((10 * Math.sqrt(variances[w])) / R);
    }
  });

  test('variance sum w^2 and covariance of overlapping windows, that of the events they share', () => {
    for (const v of every) {
      for (const w of every) {
        const shared = (power: number) =>
          sumsOf(SAMPLE, power).reduce((sum, value, a) => {
            const ids = PLANE.atoms.windows.subarray(PLANE.atoms.first[a], PLANE.atoms.first[a + 1]);
            return sum + (ids.includes(v) && ids.includes(w) ? value : 0);
          }, 0);
        const wanted = shared(2);
        // sd of a covariance of R free draws: sqrt((V_v V_w + C^2 + kappa_22) / R), the exponential's fourth cumulant is
        // 6; 5 sd, 15 pairs: false alarm below 1e-5, fixed seed
        const allowed = 5 * Math.sqrt((variances[v] * variances[w] + wanted * wanted + 6 * shared(4)) / R);
        expect(Math.abs(covarianceOf(equal, windows, v, w) - wanted)).toBeLessThan(allowed);
        if (Math.abs(v - w) === 1) expect(wanted).toBeGreaterThan(0.1 * variances[v]);
        if (Math.abs(v - w) > 1) expect(wanted).toBe(0);
      }
    }
  });
});

describe('equal weights', () => {
  const [N, weight] = [6, 0.7];
  const sample = { atoms: new Uint32Array(N).fill(2), weights: new Float64Array(N).fill(weight) };
  const maps = replicaMaps(sample, PLANE.atoms.count, R, 5, 1);

  test('a window with N of them is Gamma(N) times the weight', () => {
    const sums = maps.map((map) => map[2] / weight).toSorted((a, b) => a - b);
    // Kolmogorov: P(sqrt(R) D > 2.7) = 2 exp(-2 2.7^2) = 1e-6
    const distance = sums.map((g, k) => Math.max(gammaP(N, g) - k / R, (k + 1) / R - gammaP(N, g)));
    expect(Math.max(...distance)).toBeLessThan(2.7 / Math.sqrt(R));
  });

  test('its count is negative binomial', () => {
    const means = { factors: Float64Array.from(maps, (map) => map[2]), weights: equal };
    const tails = upperTails(predictiveCounts(1, means, 12));
    for (let n = 1; n <= 12; n++) {
      const wanted = Math.exp(lnNegativeBinomialTail(n, N, 1 / (1 + weight)));
      // the tail of a replica varies over replicas by less than sqrt(tail (1 - tail)): 5 sd of R free replicas
      expect(Math.abs(tails[n] - wanted)).toBeLessThan(5 * Math.sqrt((wanted * (1 - wanted)) / R));
    }
  });
});

describe('scenarios of simulated components', () => {
  const component = { name: 'mc', atoms: sumsOf(SAMPLE, 1) };
  const other = { name: 'flat', atoms: component.atoms.map((_, a) => (a === 0 ? 0 : 3)) };
  const samples = new Map([['mc', SAMPLE]]);
  const plan = { ensemble: 'predictive', plane: PLANE, samples, seed: 11 } as const;

  test('replicas beside a density and a normalisation that stays a factor', () => {
    const norm = nuisance('normal', effect('background', 0.1, PLANE.nWindows));
    const { sources, common, scenarios } = toySources([other, component], [norm], { ...plan, scenarios: R });
    expect([sources.length, common.factors.length, scenarios!.kind]).toEqual([1, 1, 'draws']);
    expect(sources[0].nodes.factors.length).toBeGreaterThan(1);
    const direct = replicaMaps(SAMPLE, PLANE.atoms.count, R, 11, 0);
    for (const r of [0, 77, R - 1]) {
      expect(scenarios!.atoms[0][r]).toEqual(direct[r].map((events, a) => events + other.atoms[a]));
    }
  });

  test('a nuisance on the component multiplies its replicas', () => {
    const sizes = Array.from({ length: PLANE.nWindows }, (_, w) => 0.1 + 0.05 * w);
    const shape = nuisance('lognormal', effect('mc', sizes, PLANE.nWindows));
    const { scenarios } = toySources([component], [shape], { ...plan, scenarios: R });
    const windows = windowsOf(scenarios!, PLANE);
    const s = Math.log(1.1);
    // cells 1 and 2 are in window 0 only: its size is theirs; all factors of mean exp(s^2 / 2)
    const inCells = scenarios!.atoms[0].map((events) => events[1] + events[2]);
    const mean = meanOf(scenarios!.weights, (r) => inCells[r]);
    const wanted = (component.atoms[1] + component.atoms[2]) * Math.exp((s * s) / 2);
    const squares = [1, 2].reduce((sum, a) => sum + sumsOf(SAMPLE, 2)[a], 0);
    // factor and replica are independent: 5 sd of the product over R draws at most
    expect(Math.abs(mean - wanted)).toBeLessThan(5 * 0.1 * Math.sqrt(squares / R));
    expect(windows.every((b) => b.every((events) => events > 0))).toBe(true);
  });

  test('an atom without simulated events has none in any scenario', () => {
    const { scenarios } = toySources([component], [], plan);
    expect(scenarios!.atoms[0]).toHaveLength(64);
    expect(scenarios!.atoms[0].every((events) => events[9] === 0 && events[0] === 0)).toBe(true);
  });
});

test('the same seed gives the bits it gave when this hash was written; seed and sample change them', () => {
  const words = (seed: number, sample: number) =>
    hashWords(...replicaMaps(SAMPLE, 13, 50, seed, sample).map((map) => new Uint32Array(map.buffer)));
  expect(words(11, 0)).toBe('8d0d819d9fd5f64e');
  expect(new Set([words(11, 0), words(12, 0), words(2 ** 40 + 11, 0), words(11, 1)]).size).toBe(4);
});

test('the weight of an event depends on its number, not on which others are inside', () => {
  const some = { ...SAMPLE, atoms: SAMPLE.atoms.map((a) => (a <= 6 ? a : 0)) };
  const [all, part] = [SAMPLE, some].map((sample) => replicaMaps(sample, 13, 20, 1, 0));
  all.forEach((map, k) => expect(part[k].subarray(0, 7)).toEqual(map.subarray(0, 7)));
});

test('negative weights keep the sum, and no atom is below 0', () => {
  const weights = SAMPLE.weights.map((w, i) => (i % 7 === 0 ? -0.5 * w : w));
  const maps = replicaMaps({ ...SAMPLE, weights }, 13, R, 2, 0);
  const sum = SAMPLE.atoms.reduce((total, a, i) => total + (a > 0 ? weights[i] : 0), 0);
  expect(maps.every((map) => map.every((events) => events >= 0))).toBe(true);
  const found = meanOf(equal, (k) => maps[k].reduce((total, events) => total + events, 0));
  expect(Math.abs(found / sum - 1)).toBeLessThan(1e-2);
});

test('one replica, and an empty sample', () => {
  expect(replicaMaps(SAMPLE, 13, 1, 1, 0)).toHaveLength(1);
  const none = { atoms: new Uint32Array(0), weights: new Float64Array(0) };
  expect(replicaMaps(none, 3, 2, 1, 0)).toEqual([new Float64Array(3), new Float64Array(3)]);
});
