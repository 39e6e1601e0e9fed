/** Scenarios of shape nuisances: moments in closed form, tails against counts of a constant nuisance, cuts, seeds. */
import { describe, expect, test } from 'vitest';
import type { Nuisance } from '../../../src/model/counting-model.ts';
import { factorNodes } from '../../../src/model/toys/factor-nodes.ts';
import { predictiveCounts, upperTails } from '../../../src/model/toys/predictive-counts.ts';
import { makeScenarios, type ToyScenarios } from '../../../src/model/toys/scenarios.ts';
import { gammaFactor } from '../../../src/model/toys/target-factor.ts';
import { toySources, type ToyPlan } from '../../../src/model/toys/toy-sources.ts';
import { normalQuantile } from '../../../src/stats/latin-hypercube.ts';
import { lnNormalTail } from '../../../src/stats/normal.ts';
import { hashWords } from './example-toys.ts';
import { covarianceOf, effect, linePlane, meanOf, nuisance, windowsOf } from './scenario-plane.ts';

/** Three disjoint windows of two cells: the size in a cell is that of its window. */
const DISJOINT = linePlane(6, 2, 2);
const A = { name: 'a', atoms: Float64Array.of(0, 4, 6, 10, 10, 3, 2) };
const B = { name: 'b', atoms: Float64Array.of(0, 1, 1, 4, 4, 20, 10) };
const IN_A = [10, 20, 5];
const IN_B = [2, 8, 30];
const plan = (changes: Partial<ToyPlan> = {}): ToyPlan => ({
  ensemble: 'predictive',
  plane: DISJOINT,
  seed: 3,
  ...changes,
});
const scenariosOf = (parts: (typeof A)[], nuisances: Nuisance[], changes: Partial<ToyPlan> = {}): ToyScenarios => {
  const { scenarios } = toySources(parts, nuisances, plan(changes));
  if (scenarios === undefined) throw new Error('no scenarios');
  return scenarios;
};
const PAIRS = [0, 1, 2].flatMap((v) => [0, 1, 2].map((w) => [v, w]));

describe('one nuisance: nodes', () => {
  // the trapezoid rule is right to exp(-2 pi^2 / 0.25^2), what is beyond 8.5 sigma adds 1e-14
  const allowed = 1e-12;

  test('a normal of changing size keeps means, and all windows move together by their sizes', () => {
    const sizes = [0.05, -0.03, 0.1];
    const scenarios = scenariosOf([A], [nuisance('normal', effect('background', sizes, 3))]);
    const windows = windowsOf(scenarios, DISJOINT);
    expect(scenarios.kind).toBe('nodes');
    expect(Math.abs(meanOf(scenarios.weights, () => 1) - 1)).toBeLessThan(allowed);
    for (const [v, w] of PAIRS) {
      const wanted = sizes[v] * IN_A[v] * sizes[w] * IN_A[w];
      expect(Math.abs(covarianceOf(scenarios.weights, windows, v, w) / wanted - 1)).toBeLessThan(allowed);
      expect(Math.abs(meanOf(scenarios.weights, (r) => windows[r][w]) / IN_A[w] - 1)).toBeLessThan(allowed);
    }
  });

  test('a lognormal of changing size has its mean and covariances', () => {
    const sizes = [0.05, -0.1, 0.4];
    const s = sizes.map((r) => Math.log(1 + r));
    const scenarios = scenariosOf([A], [nuisance('lognormal', effect('a', sizes, 3))]);
    const windows = windowsOf(scenarios, DISJOINT);
    const means = IN_A.map((b, w) => b * Math.exp((s[w] * s[w]) / 2));
    for (const [v, w] of PAIRS) {
      expect(Math.abs(meanOf(scenarios.weights, (r) => windows[r][w]) / means[w] - 1)).toBeLessThan(allowed);
      const wanted = means[v] * means[w] * Math.expm1(s[v] * s[w]);
      expect(Math.abs(covarianceOf(scenarios.weights, windows, v, w) / wanted - 1)).toBeLessThan(1e-10);
    }
  });

  test('gammas of one nuisance have mean 1 and their own widths', () => {
    const widths = [0.1, 0.3, 0.5];
    const scenarios = scenariosOf([A], [nuisance('gamma', effect('background', widths, 3))]);
    const windows = windowsOf(scenarios, DISJOINT);
    widths.forEach((r, w) => {
      expect(Math.abs(meanOf(scenarios.weights, (k) => windows[k][w]) / IN_A[w] - 1)).toBeLessThan(1e-10);
      expect(Math.abs(covarianceOf(scenarios.weights, windows, w, w) / (r * IN_A[w]) ** 2 - 1)).toBeLessThan(1e-10);
    });
  });

  test('components that move against each other have the same z', () => {
    const both = nuisance('normal', effect('a', 0.06, 3), effect('b', -0.04, 3));
    const windows = windowsOf(scenariosOf([A, B], [both]), DISJOINT);
    const scenarios = scenariosOf([A, B], [both]);
    const shift = IN_A.map((a, w) => 0.06 * a - 0.04 * IN_B[w]);
    for (const [v, w] of PAIRS) {
      const found = covarianceOf(scenarios.weights, windows, v, w);
      expect(Math.abs(found / (shift[v] * shift[w]) - 1)).toBeLessThan(1e-10);
    }
  });

  test('upward and downward sizes are told apart', () => {
    const kinked = nuisance('normal', effect('background', [0.1, 0.2, 0.3], 3, [0.05, 0.1, -0.1]));
    const scenarios = scenariosOf([A], [kinked]);
    const windows = windowsOf(scenarios, DISJOINT);
    // E[r(z) z] = (r+ - r-) / sqrt(2 pi); the half-step grid is right to step^2 / 24 of it
    [0.05, 0.1, 0.4].forEach((difference, w) => {
      const wanted = IN_A[w] * (1 + difference / Math.sqrt(2 * Math.PI));
      const found = meanOf(scenarios.weights, (r) => windows[r][w]);
      expect(Math.abs(found - wanted)).toBeLessThan((IN_A[w] * difference * 0.25 ** 2) / 24 / 2);
    });
  });

  // [constraint, size, window, wanted]: the last one is cut at 0, which a trapezoid rule places to a part of a step only
  test.each([
    ['normal', 0.1, 1, 1e-10],
    ['lognormal', 0.3, 2, 1e-10],
    ['normal', 0.5, 1, 5e-3],
  ] as const)(
    '%s of constant size %s: tails of a count are those of its predictive distribution',
    (kind, r, w, wanted) => {
      const { weights, atoms } = makeScenarios([[A]], [nuisance(kind, effect('background', r, 3))], plan());
      const windows = windowsOf({ weights, atoms, kind: 'nodes' }, DISJOINT);
      const most = 120;
      const constant = factorNodes([{ constraint: kind, up: r, down: r }], 35);
      const expected = upperTails(predictiveCounts(IN_A[w], constant, most));
      const mixture = upperTails(
        predictiveCounts(1, { factors: Float64Array.from(windows, (b) => b[w]), weights }, most),
      );
      let compared = 0;
      for (let n = 1; n < most && expected[n] > 1e-14; n++, compared++) {
        expect(Math.abs(Math.log(mixture[n] / expected[n]))).toBeLessThan(wanted);
      }
      expect(compared).toBeGreaterThan(30);
    },
  );
});

describe('several nuisances: draws', () => {
  const R = 4096;
  const slope = nuisance('normal', effect('background', [0.02, 0.05, 0.1], 3));
  const bump = nuisance('lognormal', effect('a', [0.1, 0.2, 0.05], 3));

  test('moments are those of the product of factors', () => {
    const scenarios = scenariosOf([A], [slope, bump], { scenarios: R });
    expect([scenarios.kind, scenarios.weights.length]).toEqual(['draws', R]);
    const windows = windowsOf(scenarios, DISJOINT);
    const r = [0.02, 0.05, 0.1];
    const s = [0.1, 0.2, 0.05].map((size) => Math.log(1 + size));
    for (const [v, w] of PAIRS) {
      const means = [v, w].map((i) => IN_A[i] * Math.exp((s[i] * s[i]) / 2));
      // stratified: the error of a mean is far below sd / sqrt(R) = 0.2 / 64
      expect(Math.abs(meanOf(scenarios.weights, (k) => windows[k][w]) / means[1] - 1)).toBeLessThan(5e-4);
      const wanted = means[0] * means[1] * ((1 + r[v] * r[w]) * Math.exp(s[v] * s[w]) - 1);
      // 5 sd of a covariance of R free normal draws, sqrt(2 / R) of it: false alarm below 1e-6 per pair, fixed seed
      expect(Math.abs(covarianceOf(scenarios.weights, windows, v, w) / wanted - 1)).toBeLessThan(5 * Math.sqrt(2 / R));
    }
  });

  test('a normal of constant size adds to one that changes: it is no factor beside it', () => {
    const flat = nuisance('normal', effect('background', 0.1, 3));
    const tilt = nuisance('normal', effect('background', [0, 0.1, 0.2], 3));
    const found = toySources([A], [flat, tilt], plan({ scenarios: 200 }));
    expect(found.sources[0].nodes.factors).toHaveLength(1);
    const windows = windowsOf(found.scenarios!, DISJOINT);
    // 1 + 0.1 z1 + 0.2 z2 less 1 + 0.1 z1: one z2 in each of 200 equiprobable parts; with a product it is (1 + 0.1 z1) z2
    const parts = windows.map((b) => {
      const z = (b[2] / IN_A[2] - b[0] / IN_A[0]) / 0.2;
      return Math.floor(200 * Math.exp(lnNormalTail(-z)));
    });
    expect(parts.toSorted((i, j) => i - j)).toEqual(Array.from({ length: 200 }, (_, i) => i));
  });

  test('a lognormal of constant size stays a factor, with all its nodes', () => {
    const flat = nuisance('lognormal', effect('background', 0.1, 3));
    const found = toySources([A], [flat, slope], plan());
    expect(found.sources[0].nodes).toEqual(factorNodes([{ constraint: 'lognormal', up: 0.1, down: 0.1 }], 35));
    expect(found.scenarios!.kind).toBe('nodes');
    expect(found.scenarios!.atoms[0]).toHaveLength(found.scenarios!.weights.length);
  });

  test('a source that nothing touches has one array', () => {
    const onA = nuisance('normal', effect('a', [0.1, 0.2, 0.3], 3));
    const flatB = nuisance('lognormal', effect('b', 0.2, 3));
    const { sources, scenarios } = toySources([A, B], [onA, flatB], plan());
    expect(sources.map((s) => s.name)).toEqual(['b', 'a']);
    expect(new Set(scenarios!.atoms[0]).size).toBe(1);
    expect(scenarios!.atoms[0][0]).toEqual(B.atoms);
    expect(new Set(scenarios!.atoms[1]).size).toBe(scenarios!.weights.length);
  });

  test('the seed decides, and the same seed gives the bits it gave when this hash was written', () => {
    const words = (seed: number) =>
      hashWords(...scenariosOf([A], [slope, bump], { seed }).atoms[0].map((b) => new Uint32Array(b.buffer)));
    expect(words(3)).toBe('f5cee24bbf10880a');
    expect(words(4)).not.toBe(words(3));
  });

  test('what is below 0 is cut, and no scenario is empty', () => {
    const wide = nuisance('normal', effect('background', [0.2, 0.9, 0.2], 3));
    const other = nuisance('normal', effect('background', [0.3, 0.8, 0.2], 3));
    const { weights, atoms } = scenariosOf([A], [wide, other], { scenarios: 500 });
    expect(weights.length).toBeLessThanOrEqual(500);
    expect(atoms[0].some((b) => b[3] === 0)).toBe(true);
    for (const b of atoms[0]) {
      expect(b.every((events) => events >= 0)).toBe(true);
      expect(b.some((events) => events > 0)).toBe(true);
    }
  });
});

describe('ensembles and refusals', () => {
  const slope = nuisance('normal', effect('background', [0.02, 0.05, 0.1], 3));

  test.each(['fixed', 'auxiliary'] as const)('%s: true nuisances are nominal', (ensemble) => {
    const flat = nuisance('normal', effect('background', 0.2, 3));
    const samples = new Map([['a', { atoms: Uint32Array.of(1), weights: Float64Array.of(1) }]]);
    const { sources, common, scenarios } = toySources([A, B], [slope, flat], plan({ ensemble, samples }));
    expect(scenarios).toBeUndefined();
    expect([sources.length, sources[0].nodes.factors.length, common.factors.length]).toEqual([1, 1, 1]);
  });

  test('without a plane, too many scenarios and too wide nuisances are refused in one line', () => {
    expect(() => toySources([A], [slope])).toThrow(
      /^card: nuisances\[0\]\.on\.background changes over the plane; .*give/,
    );
    const unlike = nuisance('normal', effect('a', 0.1, 3), effect('b', 0.2, 3));
    expect(() => toySources([A, B], [unlike])).toThrow(
      /^card: nuisances\[0\] .* moves some components together, not all/,
    );
    const many = { atoms: new Float64Array(1e6), name: 'a' };
    const plane = { ...DISJOINT, atoms: { ...DISJOINT.atoms, count: 1e6, first: new Uint32Array(1e6 + 1) } };
    const two = [slope, nuisance('lognormal', effect('a', [0.1, 0.2, 0.3], 3))];
    expect(() => toySources([many], two, plan({ plane }))).toThrow(/^toys: 64 scenarios need \d+ MB, at most 256; use/);
    const large = { name: 'a', atoms: A.atoms.map((b) => 1e8 * b) };
    expect(() => toySources([large], [slope], plan())).toThrow(
      /^toys: nuisance 'normal of background' moves windows by/,
    );
  });
});

test('quantiles of the normal and the gamma distribution agree with scipy 1.17.1', () => {
  const normal = [
    [1e-12, -7.034483825301131],
    [1e-5, -4.264890793922825],
    [0.01, -2.3263478740408408],
    [0.3, -0.5244005127080409],
    [0.75, 0.6744897501960817],
    [0.999, 3.090232306167813],
  ];
  for (const [p, z] of normal) expect(Math.abs(normalQuantile(p) - z)).toBeLessThan(1e-14 * Math.max(1, Math.abs(z)));
  const gamma = [
    [-6, 0.3, 0.07374858214690261],
    [-2, 0.5, 0.2644915017202001],
    [0, 0.2, 0.9866987346795366],
    [1.5, 0.5, 1.8284319656669608],
    [7, 0.3, 4.700019888517282],
    [3, 0.001, 1.0030026668329755],
    [3, 0.0009, 1.0027021601212651],
    [-4, 0.0005, 0.9980012498749332],
  ];
  // below r = 1e-3 by a series good to r^4 z^5
  for (const [z, r, f] of gamma) expect(Math.abs(gammaFactor(z, r) / f - 1)).toBeLessThan(1e-11);
});
