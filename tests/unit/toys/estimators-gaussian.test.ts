/**
 * Smooth Gaussian fields whose numbers are known: up-crossing rate by Rice's formula, Euler characteristic by the
 * Gaussian kinematic formula with the field's Lipschitz-Killing curvatures, and the dependence of crossings on the step.
 * Fields are made here from cosines (spectral method) and the tests' own random numbers.
 */
import { describe, expect, test } from 'vitest';
import { euler, lnExpectedEuler, meanEuler } from '../../../src/toys/estimators/euler.ts';
import { plainExcess } from '../../../src/toys/estimators/excess.ts';
import { gaussianFields, gaussianProcess } from '../../../src/toys/estimators/gaussian-fields.ts';
import type { FieldSource } from '../../../src/toys/estimators/toy-field.ts';
import { meanUpcrossings, scanLine, upcrossings } from '../../../src/toys/estimators/upcrossings.ts';
import { keptByLattice, keptCrossings, tooCoarse, tooSharp } from '../../../src/toys/estimators/validity.ts';
import { windowComplex } from '../../../src/toys/estimators/window-complex.ts';
import { lnNormalTail } from '../../../src/stats/normal.ts';
import { fillNormals } from '../../../src/stats/normal-draws.ts';
import { ellipses, intervals, normals, uniforms } from '../model/helpers.ts';

/** Points `step` apart on [0, length), as windows of a scan. */
function line(length: number, step: number) {
  const x = Array.from({ length: Math.round(length / step) }, (_, i) => i * step);
  return intervals(
    x,
    x.map(() => 1.5),
  );
}

/** Covariance exp(-d^2/2) in units of the correlation length: sums of cosines with normal frequencies. */
function smoothFields(x: Float64Array, y: Float64Array, count: number, seed: number, waves = 64): FieldSource {
  return {
    nWindows: x.length,
    count,
    at(i, out) {
      const uniform = uniforms(seed + 7919 * i);
      const normal = normals(uniform);
      const is2D = y.some((value) => value !== 0);
      out.fill(0);
      for (let k = 0; k < waves; k++) {
        const [kx, ky, phase] = [normal(), is2D ? normal() : 0, 2 * Math.PI * uniform()];
        const size = Math.sqrt((-2 * Math.log(1 - uniform())) / waves); // Rayleigh: the sum is normal at every point
        for (let w = 0; w < out.length; w++) out[w] += size * Math.cos(kx * x[w] + ky * y[w] + phase);
      }
    },
  };
}

describe('one dimension', () => {
  const windows = line(40, 0.1);
  const fields = smoothFields(windows.x, windows.y, 2000, 11);
  const scan = scanLine(windows);
  if (typeof scan === 'string') throw new Error(scan);

  test.each([0, 1, 2.25, 4])('crossings of q0 = %f follow the formula of Rice', (c0) => {
    // length / (2 pi) exp(-c0/2) for correlation length 1
    const { mean, error } = meanUpcrossings(scan, fields, c0);
    const rice = (39.9 / (2 * Math.PI)) * Math.exp(-c0 / 2);
    expect(error).toBeLessThan(0.05 * rice);
    // 64 random frequencies have a root mean square 0.4 % low on average, the step of 0.1 loses below 0.2 %
    expect(Math.abs(mean - rice), `mean ${mean} +- ${error}, Rice ${rice}`).toBeLessThan(3 * error + 0.006 * rice);
  });

  test('the estimator is Rice + p_local, with an interval that holds it', () => {
    const z = 4;
    const lnPLocal = lnNormalTail(z);
    const found = upcrossings({ windows, fields, lnPLocal });
    const rice = (39.9 / (2 * Math.PI)) * Math.exp(-(z * z) / 2) + Math.exp(lnPLocal);
    expect(found.status).toBe('ok');
    expect(found.interval95!.low).toBeLessThan(rice);
    expect(found.interval95!.high).toBeGreaterThan(rice);
    expect(found.interval!.high / found.interval!.low).toBeLessThan(1.1);
  });

  test('a field of Gaussian draws reaches Z = 2.5 as often as the estimator says, or a little less', () => {
    const lnPLocal = lnNormalTail(2.5);
    const draws = gaussianProcess({ fields: smoothFields(windows.x, windows.y, 6000, 5), lnPLocal });
    const bound = upcrossings({ windows, fields, lnPLocal });
    // E[N] + p_local counts a draw with two excesses twice: p <= bound, and bound <= -ln(1 - p) for clumps at random
    expect(draws.interval95!.low).toBeLessThan(bound.pGlobal!);
    expect(draws.interval95!.high).toBeGreaterThan(1 - Math.exp(-bound.interval95!.low));
  });

  test('holes make disjoint intervals: each may start above the level', () => {
    const x = Array.from({ length: 60 }, (_, i) => 0.5 * i).filter((value) => value < 8 || value > 16);
    const holed = scanLine(
      intervals(
        x,
        x.map(() => 1),
      ),
    );
    if (typeof holed === 'string') throw new Error(holed);
    expect(holed.intervals).toBe(2);
    const up = new Float64Array(60).fill(3);
    expect(
      meanUpcrossings(holed, { nWindows: x.length, count: 2, at: (_, out) => out.set(up.subarray(0, x.length)) }, 1)
        .mean,
    ).toBe(0);
    const low = upcrossings({
      windows: intervals(
        x,
        x.map(() => 1),
      ),
      fields: { nWindows: x.length, count: 100, at: (_, out) => out.fill(0) },
      lnPLocal: lnNormalTail(3),
    });
    expect(low.pGlobal).toBeCloseTo(2 * Math.exp(lnNormalTail(3)), 12);
    // no crossing in 100 fields is no proof of none
    expect(low.interval!.high).toBeGreaterThan(low.pGlobal! + 0.018 * Math.exp(-4));
  });

  test('what a coarse lattice keeps of the crossings is measured on its own draws', () => {
    // correlated walk with correlation r between neighbours: P(Z1 < z <= Z2) is exact in keptCrossings
    const [r, z] = [0.6, 2.5];
    const noise = new Float64Array(400_001);
    fillNormals(noise, noise.length, 3, 0, 0);
    let [value, crossings] = [noise[0], 0];
    for (let i = 1; i < noise.length; i++) {
      const next = r * value + Math.sqrt(1 - r * r) * noise[i];
      if (value < z && next >= z) crossings++;
      value = next;
    }
    const theta = Math.acos(r);
    const expected = 400_000 * (theta / (2 * Math.PI)) * Math.exp(-(z * z) / 2) * keptCrossings(z, theta);
    expect(Math.abs(crossings - expected), `${crossings}, expected ${expected}`).toBeLessThan(3 * Math.sqrt(expected));
    expect(expected).toBeLessThan(0.85 * 400_000 * (theta / (2 * Math.PI)) * Math.exp(-(z * z) / 2));
    expect(keptByLattice(Float64Array.of(r, r), 1, z)).toBeCloseTo(
      keptCrossings(z, theta) / keptCrossings(1, theta),
      12,
    );
    expect(tooCoarse(Float64Array.of(r), 1, 4, 1)).toMatch(/^coarse lattice: at local Z 4.00/);
    expect(tooCoarse(Float64Array.of(0.99), 1, 4, 1)).toBeUndefined();
  });

  test('windows with sharp edges are told from smooth fields by their correlations at one and two steps', () => {
    const triangle = (d: number) => Float64Array.of(1 - d / 10);
    const smooth = (d: number) => Float64Array.of(Math.exp(-0.5 * (d / 4) ** 2));
    expect(tooSharp(triangle(1), triangle(2))).toMatch(/^sharp windows: .*straightness 0.71/);
    expect(tooSharp(smooth(1), smooth(2))).toBeUndefined();
    expect(tooSharp(new Float64Array(0), new Float64Array(0))).toBeUndefined();
  });

  test('the wrong dimension, windows inside one another and a low Z are said', () => {
    const plane = ellipses({ x: [0, 0], y: [0, 1], a: [1, 1], b: [1, 1], phi_deg: [0, 0] });
    const common = { fields, lnPLocal: -10 };
    expect(upcrossings({ windows: plane, ...common })).toMatchObject({ status: 'not-valid', pGlobal: null });
    expect(upcrossings({ windows: plane, ...common }).reason).toMatch(/^wrong dimension/);
    expect(upcrossings({ windows: intervals([0, 0.1], [1, 3]), ...common }).reason).toMatch(/several widths/);
    expect(upcrossings({ windows, fields, lnPLocal: -0.5 }).reason).toMatch(/not above the level/);
  });
});

describe('two dimensions', () => {
  const [side, step] = [12, 0.25];
  const points = Math.round(side / step) + 1;
  const x = Array.from({ length: points * points }, (_, i) => step * Math.floor(i / points));
  const y = Array.from({ length: points * points }, (_, i) => step * (i % points));
  const ones = x.map(() => 1);
  const plane = ellipses({ x, y, a: ones, b: ones, phi_deg: x.map(() => 0) });
  const complex = windowComplex(plane);
  if (typeof complex === 'string') throw new Error(complex);
  const fields = smoothFields(plane.x, plane.y, 400, 23);
  // Lipschitz-Killing curvatures of a square, correlation length 1: L0 = 1, L1 = half the perimeter, L2 = area
  const kinematic = (z: number) =>
    Math.exp(lnNormalTail(z)) +
    ((2 * side) / (2 * Math.PI)) * Math.exp(-0.5 * z * z) +
    ((side * side) / (2 * Math.PI) ** 1.5) * z * Math.exp(-0.5 * z * z);

  test('the mean Euler characteristic is the Gaussian kinematic formula', () => {
    const levels = [1, 2.25, 4, 6.25];
    const { mean, covariance } = meanEuler(complex, fields, levels);
    levels.forEach((u, k) => {
      const error = Math.sqrt(covariance[k][k]);
      const exact = kinematic(Math.sqrt(u));
      // triangles of side 0.25 see a little less than the smooth field: at most 4 % here
      expect(Math.abs(mean[k] - exact), `u ${u}: ${mean[k]} +- ${error}, exact ${exact}`).toBeLessThan(
        3 * error + 0.04 * exact,
      );
    });
  });

  test('N1 and N2 from two levels extrapolate to Z = 4 and 5', () => {
    for (const z of [4, 5]) {
      const found = euler({ complex, fields, lnPLocal: lnNormalTail(z) });
      const exact = kinematic(z);
      expect(found.status, found.reason).toBe('ok');
      expect(found.coefficients!.phi).toBe(1);
      const text = `${found.pGlobal} in ${JSON.stringify(found.interval95)}, exact ${exact}`;
      expect(found.interval95!.low, text).toBeLessThan(exact * 1.05);
      expect(found.interval95!.high, text).toBeGreaterThan(exact / 1.05);
      expect(found.interval95!.high / found.interval95!.low).toBeLessThan(2);
      expect(Math.exp(lnExpectedEuler(found.coefficients!, z * z))).toBeCloseTo(found.pGlobal!, 12);
    }
  });

  test('a field of draws reaches Z = 3.2 as often as the estimator says', () => {
    const lnPLocal = lnNormalTail(3.2);
    const draws = gaussianProcess({ fields: smoothFields(plane.x, plane.y, 800, 777), lnPLocal });
    const found = euler({ complex, fields, lnPLocal });
    expect(draws.interval95!.low).toBeLessThan(found.interval95!.high);
    expect(draws.interval95!.high).toBeGreaterThan(1 - Math.exp(-found.interval95!.low));
  });

  test('a level below the excursions and the wrong dimension are said', () => {
    expect(euler({ complex, fields, lnPLocal: lnNormalTail(1.5) }).reason).toMatch(/not above the level/);
    const lined = windowComplex(line(4, 1));
    expect(euler({ complex: lined, fields, lnPLocal: -10 })).toMatchObject({ status: 'not-valid', pGlobal: null });
    expect(euler({ complex, fields, lnPLocal: lnNormalTail(2.1) }).reason).toMatch(/only when small/);
  });
});

test('gaussian fields of atoms have the covariance of shared events and nuisances', () => {
  // three windows over four atoms; window 1 shares atoms with both others; one nuisance moves all
  const atoms = {
    count: 5,
    ofCell: new Uint32Array(0),
    first: Uint32Array.of(0, 0, 1, 3, 5, 6),
    windows: Uint32Array.of(0, 0, 1, 1, 2, 2),
  };
  const shift = Float64Array.of(3, 2, 1);
  const atomVariance = Float64Array.of(0, 4, 3, 2, 5);
  const variance = Float64Array.of(7 + 9, 5 + 4, 7 + 1);
  const moments = { nWindows: 3, atomVariance, shifts: [shift], variance, largestFactor: 0.1 };
  const count = 40_000;
  const fields = gaussianFields(moments, atoms, plainExcess(3), 9, 0, count);
  const out = new Float64Array(3);
  const sums = [0, 0, 0, 0, 0, 0];
  for (let i = 0; i < count; i++) {
    fields.at(i, out);
    [0, 1, 2].forEach((w) => (sums[w] += out[w] * out[w]));
    [0, 1].forEach((w) => (sums[3 + w] += out[w] * out[w + 1]));
    sums[5] += out[0] * out[2];
  }
  const expected = [1, 1, 1, (3 + 6) / 12, (2 + 2) / Math.sqrt(72), 3 / Math.sqrt(128)];
  // scatter of a mean product of unit normals: at most sqrt(2/40000) = 0.007; 3.5 of them
  sums.forEach((sum, k) => expect(Math.abs(sum / count - expected[k])).toBeLessThan(0.025));
});

test('normal draws have the moments and the tail of the normal distribution', () => {
  const n = 400_000;
  const values = new Float64Array(n);
  fillNormals(values, n, 12345, 7, 99);
  const moment = (k: number) => values.reduce((sum, v) => sum + v ** k, 0) / n;
  // variances of the mean of v^k: 1, 2, 15, 96 over n
  expect(Math.abs(moment(1))).toBeLessThan(3.5 * Math.sqrt(1 / n));
  expect(Math.abs(moment(2) - 1)).toBeLessThan(3.5 * Math.sqrt(2 / n));
  expect(Math.abs(moment(3))).toBeLessThan(3.5 * Math.sqrt(15 / n));
  expect(Math.abs(moment(4) - 3)).toBeLessThan(3.5 * Math.sqrt(96 / n));
  const beyond = values.reduce((k, v) => k + (v >= 3 ? 1 : 0), 0);
  expect(Math.abs(beyond - n * 1.3498980316301e-3)).toBeLessThan(3.5 * Math.sqrt(n * 1.35e-3));
  const again = new Float64Array(5);
  fillNormals(again, 5, 12345, 7, 99);
  expect([...again]).toEqual([...values.subarray(0, 5)]);
  fillNormals(again, 5, 12345, 7, 100);
  expect(again[0]).not.toBe(values[0]);
});
