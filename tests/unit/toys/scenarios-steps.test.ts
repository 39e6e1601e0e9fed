/** Steps of auxiliary measurements, sizes in atoms, and the Latin hypercube both draw from. */
import { describe, expect, test } from 'vitest';
import { atomSizes, windowSums } from '../../../src/model/toys/atom-sizes.ts';
import { auxiliarySteps } from '../../../src/model/toys/auxiliary-steps.ts';
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
    const { weights, z, kind } = auxiliarySteps(model, { steps: 40, seed: 1 });
    expect([kind, weights.length, z.length]).toEqual(['draws', 40, 40]);
    expect(weights.every((w) => w === 1 / 40)).toBe(true);
    expect(z.every((values) => values[0] !== 0 && values[1] === 0 && values[2] !== 0)).toBe(true);
    expect(auxiliarySteps(model, { steps: 40, seed: 1 }).z).toEqual(z);
    expect(auxiliarySteps(model, { steps: 40, seed: 2 }).z).not.toEqual(z);
    expect(auxiliarySteps(model, { seed: 2 }).weights).toHaveLength(64);
  });

  test('nothing on the background: one step', () => {
    const none = nuisance('normal', effect('background', 0, 2));
    const { weights, z } = auxiliarySteps({ components: [component], nuisances: [none, signal] }, { seed: 1 });
    expect([[...weights], z.map((values) => [...values])]).toEqual([[1], [[0, 0]]]);
  });
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
