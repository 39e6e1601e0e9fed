/** Steps of auxiliary measurements, sizes in atoms, and the Latin hypercube both draw from. */
import { describe, expect, test } from 'vitest';
import { atomSizes, windowSums } from '../../../src/model/toys/atom-sizes.ts';
import { auxiliarySteps } from '../../../src/model/toys/auxiliary-steps.ts';
import { toyNuisances } from '../../../src/model/toys/toy-nuisances.ts';
import { latinHypercube } from '../../../src/stats/latin-hypercube.ts';
import { lnNormalTail } from '../../../src/stats/normal.ts';
import { effect, linePlane, meanOf, nuisance } from './scenario-plane.ts';

describe('Latin hypercube', () => {
  const [n, columns] = [1000, 5];
  const draws = latinHypercube(n, columns, 2 ** 45 + 9, 7);

  test('every column has one draw in each of n equiprobable parts', () => {
    for (let c = 0; c < columns; c++) {
      const parts = draws.map((z) => Math.floor(n * Math.exp(lnNormalTail(-z[c]))));
      expect(parts.toSorted((a, b) => a - b)).toEqual(Array.from({ length: n }, (_, i) => i));
    }
  });

  test('columns are independent of each other and of the order', () => {
    // correlation of n free pairs has sd 1/sqrt(n); 5 sd, 15 pairs: false alarm 1e-5, fixed seed
    const rows = Float64Array.from({ length: n }, (_, i) => (Math.sqrt(12) * (i - (n - 1) / 2)) / n);
    const all = [...draws[0].keys()].map((c) => Float64Array.from(draws, (z) => z[c]));
    all.push(rows);
    for (let a = 0; a <= columns; a++) {
      for (let b = 0; b < a; b++) {
        const product = all[a].reduce((sum, z, i) => sum + z * all[b][i], 0) / n;
        expect(Math.abs(product)).toBeLessThan(5 / Math.sqrt(n));
      }
    }
  });

  test('a column is a function of seed, stream and its number', () => {
    const first = (seed: number, stream: number, count = 1) => latinHypercube(8, count, seed, stream).map((z) => z[0]);
    expect(first(1, 7, 3)).toEqual(first(1, 7));
    expect(first(2, 7)).not.toEqual(first(1, 7));
    expect(first(1, 8)).not.toEqual(first(1, 7));
    expect(latinHypercube(3, 0, 1, 1)).toEqual([1, 2, 3].map(() => new Float64Array(0)));
  });
});

describe('auxiliary measurements', () => {
  const component = { name: 'a', kind: 'known', b0: Float64Array.of(10, 100) } as const;
  const shape = nuisance('normal', effect('background', [0.1, 0.2], 2));
  const signal = nuisance('lognormal', effect('efficiency', 0.1, 2));
  const other = nuisance('lognormal', effect('a', 0.05, 2), effect('luminosity', 0.05, 2));

  test('one nuisance: nodes with the moments of a normal, finer where windows move more', () => {
    const { weights, z, kind } = auxiliarySteps({ components: [component], nuisances: [signal, shape] }, { seed: 1 });
    expect(kind).toBe('nodes');
    expect(z.every((values) => values.length === 2 && values[0] === 0)).toBe(true);
    // 0.2 of 100 events: twice the width of their count per unit of z, half a width per step at most
    expect(z[1][1] - z[0][1]).toBeCloseTo(0.5 / (0.2 * Math.sqrt(101)), 12);
    [1, 0, 1, 0, 3].forEach((moment, power) => {
      expect(meanOf(weights, (k) => z[k][1] ** power)).toBeCloseTo(moment, 12);
    });
  });

  test('several: draws of equal weight, as many as asked for', () => {
    const model = { components: [component], nuisances: [shape, signal, other] };
    const { weights, z, kind } = auxiliarySteps(model, { scenarios: 40, seed: 1 });
    expect([kind, weights.length, z.length]).toEqual(['draws', 40, 40]);
    expect(weights.every((w) => w === 1 / 40)).toBe(true);
    expect(z.every((values) => values[0] !== 0 && values[1] === 0 && values[2] !== 0)).toBe(true);
    // 40 free pairs: sd 0.16, 5 sd
    expect(Math.abs(z.reduce((sum, values) => sum + values[0] * values[2], 0) / 40)).toBeLessThan(0.8);
    expect(auxiliarySteps(model, { scenarios: 40, seed: 1 }).z).toEqual(z);
    expect(auxiliarySteps(model, { scenarios: 40, seed: 2 }).z).not.toEqual(z);
    expect(auxiliarySteps(model, { seed: 2 }).weights).toHaveLength(64);
  });

  test('nothing on the background: one step', () => {
    const none = nuisance('normal', effect('background', 0, 2));
    const { weights, z } = auxiliarySteps({ components: [component], nuisances: [none, signal] }, { seed: 1 });
    expect([[...weights], z.map((values) => [...values])]).toEqual([[1], [[0, 0]]]);
  });
});

describe('simulated samples in the ensemble auxiliary', () => {
  const K = 4096;
  const plane = linePlane(6, 4, 2);
  // cells 3 and 4 are shared by both windows; the last event is in none
  const sample = { atoms: Uint32Array.of(1, 3, 3, 4, 6, 0), weights: Float64Array.of(2, 1, 3, 0.5, 0.5, 9) };
  const b0 = [6.5, 5];
  const sumW2 = [14.25, 10.5];
  const mc = { name: 'mc', kind: 'mc-stat', meanWeight: 2, b0: Float64Array.from(b0) } as const;
  const known = { name: 'flat', kind: 'known', b0: Float64Array.of(1, 1) } as const;
  const shape = nuisance('normal', effect('background', [0.1, 0.2], 2));
  const model = { components: [known, mc], nuisances: [shape] };
  const plan = { plane, samples: new Map([['mc', sample]]), scenarios: K, seed: 8 };
  const { weights, z, kind, components } = auxiliarySteps(model, plan);

  test('sums of a thrown sample are compound Poisson: moments from its weights', () => {
    expect([kind, weights.length, z.length, components!.length]).toEqual(['draws', K, K, K]);
    [0, 1].forEach((w) => {
      const thrown = components!.map(([, c]) => c.b0[w]);
      const mean = meanOf(weights, (k) => thrown[k]);
      expect(Math.abs(mean - b0[w])).toBeLessThan(5 * Math.sqrt(sumW2[w] / K));
      const variance = meanOf(weights, (k) => (thrown[k] - mean) ** 2);
      // fourth cumulant sum w^4 < 100: sd of the variance sqrt((100 + 2 V^2) / K) < 0.36; 5 sd
      expect(Math.abs(variance - sumW2[w])).toBeLessThan(1.8);
      const squares = meanOf(weights, (k) => components![k][1].sumW2![w]);
      expect(Math.abs(squares - sumW2[w])).toBeLessThan(5 * Math.sqrt(100 / K));
    });
    // the shared events: weights 1, 3, 0.5
    const [first, second] = [0, 1].map((w) => components!.map(([, c]) => c.b0[w] - b0[w]));
    expect(Math.abs(meanOf(weights, (k) => first[k] * second[k]) - 10.25)).toBeLessThan(1.5);
  });

  test('number of entries is Poisson; a window that lost them all has no b0 and no sum w^2', () => {
    const entries = components!.map(([, c]) => c.entries![1]);
    // four events: P(0) = e^-4 = 0.018; 5 sd of a binomial
    const share = entries.filter((n) => n === 0).length / K;
    expect(Math.abs(share - Math.exp(-4))).toBeLessThan(5 * Math.sqrt(Math.exp(-4) / K));
    for (const [flat, c] of components!) {
      expect(flat).toBe(known);
      expect(c.meanWeight).toBe(2);
      c.b0.forEach((b, w) => expect([c.sumW2![w] > 0, c.entries![w] > 0]).toEqual([b > 0, b > 0]));
    }
  });

  test('negative weights: a window whose sum is not above 0 is one without simulated events', () => {
    const two = { atoms: Uint32Array.of(1, 1), weights: Float64Array.of(1, -1) };
    const thrown = auxiliarySteps(model, { ...plan, samples: new Map([['mc', two]]) }).components!;
    const empty = thrown.filter(([, c]) => c.b0[0] === 0);
    expect(empty.every(([, c]) => c.entries![0] === 0 && c.sumW2![0] === 0)).toBe(true);
    // P(m <= m') = (1 + e^-2 I_0(2)) / 2 = 0.65425 for two Poisson(1) counts; 5 sd of a binomial
    expect(Math.abs(empty.length / K - 0.65425)).toBeLessThan(5 * Math.sqrt(0.23 / K));
  });

  test('without a plane the background stays that of the data', () => {
    expect(auxiliarySteps(model, { seed: 1 }).components).toBeUndefined();
    expect(auxiliarySteps({ ...model, nuisances: [] }, { ...plan, scenarios: 5 }).z).toHaveLength(5);
  });
});

test('errors of background tables are normals of their windows, after the nuisances of the card', () => {
  const table = { name: 't', kind: 'error-given', b0: Float64Array.of(10, 0), error: Float64Array.of(2, 1) } as const;
  const shape = nuisance('normal', effect('background', [0.1, 0.2], 2));
  const found = toyNuisances({ nuisances: [shape], components: [table] });
  expect(found[0]).toBe(shape);
  expect(found.slice(1)).toEqual([{ ...nuisance('normal', effect('t', [0.2, 0], 2)), name: 'error of t' }]);
});

describe('sizes in atoms', () => {
  test('the mean over the windows an atom is in', () => {
    const plane = linePlane(8, 4, 2);
    const { up, down, isConstant } = atomSizes(effect('a', [1, 2, 6], 3, [0, 1, 0]), plane);
    // cells 1, 2: window 0; 3, 4: 0 and 1; 5, 6: 1 and 2; 7, 8: 2; outside: all
    expect([...up]).toEqual([3, 1, 1, 1.5, 1.5, 4, 4, 6, 6]);
    expect([...down].slice(1)).toEqual([0, 0, 0.5, 0.5, 0.5, 0.5, 0, 0]);
    expect(isConstant).toBe(false);
    expect([...atomSizes(effect('a', 0.1, 3), plane).up]).toEqual(Array.from({ length: 9 }, () => 0.1));
  });

  test('with bands: windows first, bands where there is no window, all windows elsewhere', () => {
    // windows 0 and 1 of ids 0, 2, bands 1, 3; id 4 is the allowed plane
    const windows = Uint32Array.of(0, 4, 0, 3, 4, 3, 4, 1, 3, 4, 4);
    const atoms = { count: 6, first: Uint32Array.of(0, 0, 2, 5, 7, 10, 11), windows };
    const plane = { atoms, nWindows: 2, idsPerWindow: 2 } as const;
    expect([...atomSizes(effect('a', [2, 8], 2), plane).up]).toEqual([5, 2, 2, 8, 5, 5]);
    expect([...windowSums(Float64Array.of(0, 1, 2, 4, 8, 16), plane)]).toEqual([3, 0]);
  });
});
