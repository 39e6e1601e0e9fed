import { describe, expect, it } from 'vitest';
import { containment, latticeCoverage } from '../../../src/model/coverage.ts';
import { EMPTY_SCOPE } from '../../../src/model/expression.ts';
import { makeRegion } from '../../../src/model/region.ts';
import { ellipses, intervals, normals, uniforms, windowsOf } from './helpers.ts';

const BOX = { x: [1, 9] as never, y: [0, 50] as never };

function lattice(step: number, half_axes: number | object, region: object = BOX) {
  return windowsOf({
    windows: { resolution: { x: 0.1, y: 0.8, correlation: -0.9 }, half_axes, step, region },
  });
}

/** Non-central chi-square: P(r <= k) = int_0^k r exp(-(r^2 + d^2)/2) I0(r d) dr, I0 by its series, midpoint rule. */
function containmentByBessel(k: number, d: number): number {
  const n = 20_000;
  let sum = 0;
  for (let i = 0; i < n; i++) {
    const r = (k * (i + 0.5)) / n;
    let [term, bessel] = [1, 1];
    for (let m = 1; m < 60; m++) bessel += term *= (r * d * (r * d)) / (4 * m * m);
    sum += r * Math.exp(-(r * r + d * d) / 2) * bessel;
  }
  return (sum * k) / n;
}

describe('efficiency between lattice points', () => {
  it('is 0.865 at the centre and 0.43 at 1.92 sigma for k = 2 (methods.md section 3)', () => {
    const w = lattice(2, 2);
    expect(containment(w, 0, 0, 0)).toBeCloseTo(1 - Math.exp(-2), 5);
    expect(containment(w, 0, 0.192, -0.9 * 0.8 * 1.92)).toBeCloseTo(0.43, 2);
  });

  it('is the non-central chi-square in any direction', () => {
    const w = lattice(2, 2.7);
    const u = uniforms(1);
    for (let t = 0; t < 20; t++) {
      const [p, q] = [3 * (u() - 0.5), 3 * (u() - 0.5)];
      const dy = 0.8 * (-0.9 * p + Math.sqrt(1 - 0.81) * q);
      expect(containment(w, 3, 0.1 * p, dy)).toBeCloseTo(containmentByBessel(2.7, Math.hypot(p, q)), 5);
    }
  });

  it('follows unequal half-axes: against a million Gaussian signals', () => {
    // Tolerance 4 binomial standard deviations of 1e6 draws: 0.002.
    const w = lattice(2, { x: 1.5, y: 3 });
    const normal = normals(uniforms(2));
    let n = 0;
    for (let t = 0; t < 1_000_000; t++) {
      const [p, q] = [normal(), normal()];
      const [dx, dy] = [0.1 * (p + 0.5), 0.8 * (-0.9 * p + Math.sqrt(1 - 0.81) * q) + 0.3];
      if (w.qxx[0] * dx * dx + 2 * w.qxy[0] * dx * dy + w.qyy[0] * dy * dy <= 1) n++;
    }
    expect(Math.abs(containment(w, 0, 0.05, 0.3) - n / 1e6)).toBeLessThan(0.002);
  });

  it('of intervals is the difference of two normal tails', () => {
    const windows = { resolution: { x: 0.1 }, half_axes: 2, step: 1, region: { x: [1, 5] } };
    const w = windowsOf({ y: undefined, windows });
    // Phi(2 - 0.5) - Phi(-2 - 0.5) = 0.9331928 - 0.0062097
    expect(containment(w, 0, 0.05, 0)).toBeCloseTo(0.926983, 5);
    const coverage = latticeCoverage(w, makeRegion({ x: [1, 5] as never }, false, EMPTY_SCOPE, 'region'), 1)!;
    expect(coverage.worstDistance).toBeCloseTo(0.5, 9);
    expect(coverage.atWorst).toBeCloseTo(0.926983, 5);
  });

  it('is worst at most step / sqrt(2) from a centre away from the edges, and found by brute force at the edges', () => {
    const step = 2;
    const w = lattice(step, 2);
    const coverage = latticeCoverage(w, makeRegion(BOX, true, EMPTY_SCOPE, 'region'), step)!;
    expect(coverage.cornerDistance).toBeCloseTo(step / Math.SQRT2, 12);
    expect(coverage.atCorner).toBeCloseTo(containmentByBessel(2, step / Math.SQRT2), 5);
    expect(coverage.atCentre).toBeCloseTo(0.864665, 5);
    expect(coverage.atWorst).toBeCloseTo(containmentByBessel(2, coverage.worstDistance), 5);
    // Random points of the region: none is farther than the reported worst by more than the spacing of the trial points.
    const u = uniforms(3);
    let inner = 0;
    let worst = 0;
    for (let t = 0; t < 4000; t++) {
      const [x, y] = [1 + 8 * u(), 50 * u()];
      let nearest = Infinity;
      for (let i = 0; i < w.count; i++) {
        const [p, dy] = [(x - w.x[i]) / 0.1, (y - w.y[i]) / 0.8];
        nearest = Math.min(nearest, (p * p + 1.8 * p * dy + dy * dy) / 0.19);
      }
      worst = Math.max(worst, Math.sqrt(nearest));
      if (x > 1.2 && x < 8.7 && y > 2 && y < 48) inner = Math.max(inner, Math.sqrt(nearest));
    }
    expect(inner).toBeLessThan(step / Math.SQRT2 + 1e-9);
    expect(inner).toBeGreaterThan(step / 2);
    expect(worst).toBeLessThan(coverage.worstDistance * 1.05);
    expect(worst).toBeGreaterThan(coverage.worstDistance * 0.8);
  });

  it('is not defined for windows from a table', () => {
    const region = makeRegion(BOX, true, EMPTY_SCOPE, 'region');
    expect(latticeCoverage(ellipses({ x: [2], y: [2], a: [1], b: [1], phi_deg: [0] }), region, 1)).toBeUndefined();
    expect(latticeCoverage(intervals([1], [1]), region, 1)).toBeUndefined();
  });
});
