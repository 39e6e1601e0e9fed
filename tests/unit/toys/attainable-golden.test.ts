/** Tables of p0 for toys against scipy (tests/golden/toys_p0.py), every method. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { BackgroundComponent, CountingModel, Nuisance } from '../../../src/model/counting-model.ts';
import type { P0Method } from '../../../src/scan/statistics.ts';
import { attainableByOff, attainableCounts } from '../../../src/toys/attainable-p0.ts';
import { shiftedModel } from '../../../src/toys/shifted-model.ts';

interface Row {
  /** n and ln p0. */
  readonly lnP: readonly (readonly [number, number])[];
}
interface Golden {
  readonly 'on-off': readonly (Row & { off: number; tau: number })[];
  readonly 'on-off-mid-p': Golden['on-off'];
  readonly 'li-ma': Golden['on-off'];
  readonly 'profile-normal': readonly (Row & { b0: number; r: number; a: number })[];
  readonly 'profile-sum': readonly (Row & { b0: number; r: number; error: number; k: number; a: number[] })[];
  readonly 'profile-simulation': readonly (Row & { sumW: number; sumW2: number; k: number; a: number })[];
  readonly 'marginal-gamma': readonly (Row & { b0: number; r: number })[];
  readonly 'marginal-mid-p-gamma': Golden['marginal-gamma'];
  readonly 'marginal-simulation': readonly (Row & { sumW: number; sumW2: number })[];
  readonly 'marginal-band-gamma': readonly (Row & { off: number; tau: number; r: number })[];
}
const golden: Golden = JSON.parse(readFileSync('tests/golden/toys_p0.json', 'utf8'));

const one = (value: number) => Float64Array.of(value);

function modelOf(component: Omit<BackgroundComponent, 'name'>, ...nuisances: Nuisance[]): CountingModel {
  const components = [{ name: 'b', ...component }];
  return { nWindows: 1, n: new Uint32Array(1), components, sensitivity: one(1), nuisances };
}

function nuisance(constraint: Nuisance['constraint'], r: number, target = 'background'): Nuisance {
  return { name: `${constraint} ${target}`, constraint, effects: [{ target, up: one(r), down: one(r) }] };
}

const bandModel = (off: number, tau: number, ...nuisances: Nuisance[]) =>
  modelOf({ kind: 'side-band', b0: one(off / tau), nOff: Uint32Array.of(off), tau: one(tau) }, ...nuisances);

const simulation = (sumW: number, sumW2: number, ...nuisances: Nuisance[]) =>
  modelOf(
    { kind: 'mc-stat', b0: one(sumW), sumW2: one(sumW2), entries: Uint32Array.of(9), meanWeight: 0.2 },
    ...nuisances,
  );

/** Measurements of one step. */
const measured = (...a: number[]) => ({ z: [Float64Array.from(a)], weights: one(1), kind: 'nodes' as const });

/** Largest |ln p0 - reference|; every count of the reference must be there. */
function compare(row: Float64Array, reference: Row['lnP'], allowed: number, label: string): void {
  expect(reference.length).toBeGreaterThan(2);
  for (const [n, lnP] of reference) {
    const found = `${label}, n = ${n}: got ${row[n]}, expected ${lnP}`;
    expect(n, found).toBeLessThan(row.length);
    expect(Math.abs(row[n] - lnP), found).toBeLessThan(allowed);
  }
}

async function rowAt(model: CountingModel, method: P0Method, off: number): Promise<Float64Array> {
  const [{ least, lnP }] = await attainableByOff(model, method, { low: one(off), high: one(off) }, 0);
  return lnP[off - least];
}

/** P(N >= n) term by term: from n up, or the complement of the sum below n. */
function poissonTail(n: number, b: number): number {
  if (!(b > 0)) return 0;
  let term = Math.exp(-b);
  let below = 0;
  for (let k = 0; k < n; term *= b / ++k) below += term;
  if (b > n) return 1 - below;
  let sum = 0;
  for (let k = n; term > 1e-18 * sum; term *= b / ++k) sum += term;
  return sum;
}

describe('rows by n_off', () => {
  // f64 sums against scipy's incomplete beta, good to 1e-13 relative in p down to 1e-24
  test.each(['on-off', 'on-off-mid-p', 'li-ma'] as const)('%s', async (method) => {
    for (const { off, tau, lnP } of golden[method]) {
      // the counts of the data are others: rows are of what is thrown
      const row = await rowAt(bandModel(off + 2, tau), method, off);
      compare(row, lnP, 1e-9, `${method} ${off} ${tau}`);
    }
  });

  test('marginal with a band and a gamma constraint on it: the integral over the constraint', async () => {
    for (const { off, tau, r, lnP } of golden['marginal-band-gamma']) {
      const row = await rowAt(bandModel(off + 1, tau, nuisance('gamma', r, 'b')), 'marginal', off);
      compare(row, lnP, 1e-8, `${off} ${tau}`);
    }
  });
});

describe('one row per window', () => {
  test('marginal with a gamma constraint, plain and mid-p, is the negative binomial tail', async () => {
    for (const method of ['marginal', 'marginal-mid-p'] as const) {
      const key = method === 'marginal' ? 'marginal-gamma' : 'marginal-mid-p-gamma';
      for (const { b0, r, lnP } of golden[key]) {
        const [row] = await attainableCounts(modelOf({ kind: 'known', b0: one(b0) }, nuisance('gamma', r)), method);
        compare(row, lnP, 1e-9, `${method} ${b0} ${r}`);
      }
    }
  });

  test('marginal with a normal of 30 % on 30 events: Simpson over the constraint, whatever the count of the data', async () => {
    const model = modelOf({ kind: 'known', b0: one(30) }, nuisance('normal', 0.3));
    const [row] = await attainableCounts(model, 'marginal');
    for (const n of [12, 45, 90, 130, 165]) {
      // cut at 0 and renormalised: z from -1/0.3 on
      const [low, high, steps] = [-1 / 0.3, 14, 20_000];
      let [sum, mass] = [0, 0];
      for (let i = 0; i <= steps; i++) {
        const z = low + (i * (high - low)) / steps;
        const weight = Math.exp(-0.5 * z * z) * (i === 0 || i === steps ? 1 : i % 2 === 1 ? 4 : 2);
        sum += weight * poissonTail(n, 30 * (1 + 0.3 * z));
        mass += weight;
      }
      expect(Math.abs(row[n] - Math.log(sum / mass)), `n = ${n}`).toBeLessThan(1e-9);
    }
  });

  test('marginal with simulation statistics is the negative binomial tail of shape m^2/v + 1', async () => {
    for (const { sumW, sumW2, lnP } of golden['marginal-simulation']) {
      const [row] = await attainableCounts(simulation(sumW, sumW2), 'marginal');
      compare(row, lnP, 1e-9, `${sumW}`);
    }
  });
});

describe('profile with constraints centred at thrown measurements', () => {
  test('a normal: the closed form', async () => {
    for (const { b0, r, a, lnP } of golden['profile-normal']) {
      const model = modelOf({ kind: 'known', b0: one(b0) }, nuisance('normal', r));
      const [row] = await attainableCounts(shiftedModel(model, measured(a), 0), 'profile');
      compare(row, lnP, 1e-9, `${b0} ${r} ${a}`);
    }
  });

  // the reference is a minimum found to 1e-13 in q0, of which ln p0 changes by at most 5e-13 + rounding of the simplex
  test('a normal and the error of a table add in one target, a lognormal multiplies both', async () => {
    for (const { b0, r, error, k, a, lnP } of golden['profile-sum']) {
      const constraints = [nuisance('normal', r, 'b'), nuisance('lognormal', k)];
      const model = modelOf({ kind: 'error-given', b0: one(b0), error: one(error) }, ...constraints);
      // the golden order: normal, error, lognormal; nuisances first, then errors of tables
      const steps = measured(a[0], a[2], a[1]);
      const [row] = await attainableCounts(shiftedModel(model, steps, 0), 'profile');
      compare(row, lnP, 1e-6, `${a}`);
    }
  });

  test('a lognormal moves weights of simulated events, not their number', async () => {
    for (const { sumW, sumW2, k, a, lnP } of golden['profile-simulation']) {
      const model = simulation(sumW, sumW2, nuisance('lognormal', k));
      const [row] = await attainableCounts(shiftedModel(model, measured(a), 0), 'profile');
      compare(row, lnP, 1e-6, `${a}`);
    }
  });
});
