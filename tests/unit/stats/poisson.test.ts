import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DarkscanError } from '../../../src/errors.ts';
import { betaI, lnBetaI } from '../../../src/stats/beta.ts';
import { zFromLnP } from '../../../src/stats/normal.ts';
import {
  bd0,
  lnNegativeBinomialPmf,
  lnNegativeBinomialTail,
  lnPoissonPmf,
  lnPoissonTail,
} from '../../../src/stats/poisson.ts';
import { expectWithin, readTables, worstDeviation } from './tables.ts';

const gamma = readTables('gamma');
const beta = readTables('beta');
const lnTolerance = (value: number): number => Math.min(1e-13, 1e-13 * Math.abs(value)) + 2e-15 * Math.abs(value);

describe('Poisson probabilities agree with mpmath', () => {
  it('the deviance is right to 2e-15 relative, however close n and mean are', () => {
    expectWithin(
      worstDeviation(
        gamma.bd0,
        ([x, mean]) => bd0(x, mean),
        (value) => 2e-15 * value,
      ),
    );
  });

  it('lnPoissonPmf is right to 1e-13 up to n = 1e6', () => {
    expectWithin(worstDeviation(gamma.lnPoissonPmf, ([n, mean]) => lnPoissonPmf(n, mean), lnTolerance));
  });

  it('probabilities add up to the tail', () => {
    for (const mean of [1e-3, 0.7, 12, 300]) {
      for (const n of [0, 1, 5, 40, 280]) {
        let below = 0;
        for (let k = 0; k < n; k++) below += Math.exp(lnPoissonPmf(k, mean));
        expect(Math.exp(lnPoissonTail(n, mean))).toBeCloseTo(1 - below, 13);
      }
    }
  });

  it('mean 0 has all its probability at n = 0', () => {
    expect([lnPoissonPmf(0, 0), lnPoissonPmf(2, 0), lnPoissonTail(0, 0), lnPoissonTail(2, 0)]).toEqual([
      -0,
      -Infinity,
      0,
      -Infinity,
    ]);
  });
});

describe('incomplete beta function', () => {
  it('agrees with mpmath to 1e-13 in ln I for a, b up to 4e5', () => {
    // x is exact and 1 - x is exact, so nothing but the function errs
    expectWithin(
      worstDeviation(
        beta.lnBetaI,
        ([x, a, b]) => lnBetaI(x, a, b),
        (value) => Math.min(1e-13, 1e-13 * Math.abs(value)) + 2e-15 * Math.abs(value),
      ),
    );
  });

  it('is 0.51 at (0.3; 1, 2) and 0.5 at (0.5; 2, 2), where a popular package says 0.50945 and 0.50056', () => {
    expect(betaI(0.3, 1, 2)).toBeCloseTo(0.51, 15);
    expect(betaI(0.5, 2, 2)).toBe(0.5);
  });

  it('gives the published on-off significance p_Bi of (4, 5, tau = 5): Z = 1.66', () => {
    expect(zFromLnP(lnBetaI(1 / 6, 4, 6))).toBeCloseTo(1.66, 2); // Cousins, Linnemann, Tucker 2008, Table 1
  });

  const sizes = fc.double({ min: -4, max: 13.8, noNaN: true }).map((u) => Math.exp(u));

  it('I_x(a, b) + I_y(b, a) = 1', () => {
    fc.assert(
      fc.property(sizes, sizes, fc.double({ min: -6, max: 6, noNaN: true }), (a, b, z) => {
        const odds = (a / b) * Math.exp(z * Math.sqrt(1 / a + 1 / b));
        const x = odds / (1 + odds);
        const y = 1 / (1 + odds);
        expect(Math.abs(betaI(x, a, b, y) + betaI(y, b, a, x) - 1)).toBeLessThanOrEqual(4e-16);
      }),
      { seed: 11, numRuns: 1000 },
    );
  });

  it('obeys I_x(a, b) - I_x(a+1, b) = x^a y^b Gamma(a+b) / (Gamma(a+1) Gamma(b))', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 60 }),
        fc.double({ min: 0.01, max: 0.99, noNaN: true }),
        (a, b, x) => {
          let step = x ** a * (1 - x) ** b; // times (a+b-1)! / (a! (b-1)!)
          for (let k = 1; k <= a; k++) step *= (b - 1 + k) / k;
          expect(Math.abs(betaI(x, a, b) - betaI(x, a + 1, b) - step)).toBeLessThanOrEqual(3e-14 * step + 3e-15);
        },
      ),
      { seed: 12, numRuns: 1000 },
    );
  });

  it('has its limits at the edges and refuses the rest', () => {
    expect([betaI(0, 2, 3), betaI(1, 2, 3), betaI(0.4, 0, 3), betaI(0.4, 3, 0)]).toEqual([0, 1, 1, 0]);
    for (const [x, a, b] of [
      [-0.1, 1, 1],
      [1.1, 1, 1],
      [0.5, -1, 1],
      [0.5, 1, NaN],
      [NaN, 1, 1],
      [0.5, 0, 0],
    ]) {
      expect(() => betaI(x, a, b)).toThrow(DarkscanError);
      expect(() => lnBetaI(x, a, b)).toThrow(DarkscanError);
    }
  });
});

describe('negative binomial distribution', () => {
  // p and q miss 1 together by a rounding, which changes ln p^shape q^n by up to eps * (shape + n) * (their mismatch)
  const tolerance = (value: number, row: readonly number[]): number =>
    lnTolerance(value) + 3e-16 * Math.abs(row[0] - row[1] * (row[3] / row[2]));

  it('agrees with mpmath for shapes from 1e-12 to 1e12', () => {
    expectWithin(
      worstDeviation(beta.lnNegativeBinomial, ([n, r, p, q]) => lnNegativeBinomialPmf(n, r, p, q), tolerance, 4),
    );
  });

  it('has tails that agree with mpmath for shapes from 1e-12 to 1e12', () => {
    expectWithin(
      worstDeviation(beta.lnNegativeBinomial, ([n, r, p, q]) => lnNegativeBinomialTail(n, r, p, q), tolerance, 5),
    );
  });

  it('is the Poisson distribution for a large shape', () => {
    for (const n of [0, 3, 40]) {
      const mean = 8;
      const shape = 1e12;
      const got = lnNegativeBinomialPmf(n, shape, shape / (shape + mean), mean / (shape + mean));
      expect(Math.abs(got - lnPoissonPmf(n, mean))).toBeLessThan(2e-9); // (n - mean)^2 / (2 shape)
    }
  });

  it('refuses shape 0 and p outside (0, 1]', () => {
    expect(() => lnNegativeBinomialPmf(1, 0, 0.5)).toThrow(DarkscanError);
    expect(() => lnNegativeBinomialPmf(1, 1, 0)).toThrow(DarkscanError);
    expect(() => lnNegativeBinomialTail(1, 1, NaN)).toThrow(DarkscanError);
  });
});
