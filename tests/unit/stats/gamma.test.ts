import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DarkscanError } from '../../../src/errors.ts';
import {
  gammaP,
  gammaPInverse,
  gammaPInverseLn,
  gammaQ,
  gammaQInverse,
  gammaQInverseLn,
  lnGamma,
  lnGammaP,
  lnGammaQ,
  stirlingError,
} from '../../../src/stats/gamma.ts';
import { expectWithin, readTables, worstDeviation } from './tables.ts';

const tables = readTables('gamma');
/**
 * ln of a tail: 1e-13 absolute (that is, relative in the tail) and 2e-15 of the logarithm itself where it is large.
 * Next to 1 it is minus the other tail, so relative: 1e-13, and 4e-16 for each unit of ln of the other tail.
 */
const lnTolerance = (value: number, lnOther: number): number =>
  value < -0.7 ? 1e-13 - 2e-15 * value : -value * (1e-13 - 4e-16 * lnOther);

describe('gamma functions agree with mpmath', () => {
  it('lnGamma is right to 1e-15 relative, next to its zeros too', () => {
    expectWithin(
      worstDeviation(
        tables.lnGamma,
        ([x]) => lnGamma(x),
        (value) => 1e-15 * Math.abs(value),
      ),
    );
  });

  it('stirlingError is right to 1e-15', () => {
    expectWithin(
      worstDeviation(
        tables.stirlingError,
        ([n]) => stirlingError(n),
        () => 1e-15,
      ),
    );
  });

  it('lnGammaP is right to 1e-13, and to 1e-13 relative where P is next to 1', () => {
    expectWithin(
      worstDeviation(
        tables.lnGammaPQ,
        ([a, x]) => lnGammaP(a, x),
        (value, row) => lnTolerance(value, row[3]),
        2,
      ),
    );
  });

  it('lnGammaQ is right to 1e-13, and to 1e-13 relative where Q is next to 1', () => {
    expectWithin(
      worstDeviation(
        tables.lnGammaPQ,
        ([a, x]) => lnGammaQ(a, x),
        (value, row) => lnTolerance(value, row[2]),
        3,
      ),
    );
  });

  it('gammaP and gammaQ are the exponentials of their logarithms down to 1e-300', () => {
    const relative = (lnValue: number): number => Math.exp(lnValue) * (1e-13 + 4e-15 * Math.abs(lnValue)) + 1e-320;
    const p = { ...tables.lnGammaPQ, rows: tables.lnGammaPQ.rows.map((r) => [r[0], r[1], Math.exp(r[2]), r[2]]) };
    const q = { ...tables.lnGammaPQ, rows: tables.lnGammaPQ.rows.map((r) => [r[0], r[1], Math.exp(r[3]), r[3]]) };
    expectWithin(worstDeviation(p, ([a, x]) => gammaP(a, x), (_, row) => relative(row[3]), 2)); // prettier-ignore
    expectWithin(worstDeviation(q, ([a, x]) => gammaQ(a, x), (_, row) => relative(row[3]), 2)); // prettier-ignore
  });

  it('knows the upper tail at a = 1000, x = 1007.91, where a popular package says 0.4064', () => {
    expect(gammaQ(1000, 1007.91)).toBeCloseTo(0.397426520983591, 14);
  });
});

const shapes = fc.double({ min: -5, max: 14, noNaN: true }).map((u) => Math.exp(u));
const offsets = fc.double({ min: -7, max: 7, noNaN: true });
const xOf = (a: number, z: number): number => a * Math.exp(z / Math.sqrt(a + 0.5));

describe('incomplete gamma functions', () => {
  it('P + Q = 1', () => {
    fc.assert(
      fc.property(shapes, offsets, (a, z) => {
        expect(Math.abs(gammaP(a, xOf(a, z)) + gammaQ(a, xOf(a, z)) - 1)).toBeLessThanOrEqual(7e-16);
      }),
      { seed: 6, numRuns: 2000 },
    );
  });

  it('obey P(a, x) - P(a+1, x) = x^a e^-x / Gamma(a+1) across all methods', () => {
    fc.assert(
      fc.property(shapes, offsets, (a, z) => {
        const x = xOf(a, z);
        const step = Math.exp(a * Math.log(x) - x - lnGamma(a + 1)); // loses eps * a ln a: the tolerance
        const allowed = 1e-15 + step * (1e-14 + 1e-15 * a * Math.abs(Math.log(x)) + 1e-15 * x);
        expect(Math.abs(gammaP(a, x) - gammaP(a + 1, x) - step)).toBeLessThanOrEqual(allowed);
      }),
      { seed: 7, numRuns: 2000 },
    );
  });

  it('P grows with x and falls with a, up to rounding', () => {
    fc.assert(
      fc.property(shapes, offsets, fc.double({ min: 1e-6, max: 0.5, noNaN: true }), (a, z, step) => {
        const x = xOf(a, z);
        const slack = 1e-13;
        expect(lnGammaP(a, x * (1 + step))).toBeGreaterThanOrEqual(lnGammaP(a, x) * (1 + slack) - slack);
        expect(lnGammaP(a * (1 + step), x)).toBeLessThanOrEqual(lnGammaP(a, x) * (1 - slack) + slack);
        expect(lnGammaQ(a, x * (1 + step))).toBeLessThanOrEqual(lnGammaQ(a, x) * (1 - slack) + slack);
      }),
      { seed: 8, numRuns: 2000 },
    );
  });

  it('have their limits at the edges', () => {
    expect([gammaP(3, 0), gammaQ(3, 0), gammaP(3, Infinity), gammaQ(3, Infinity)]).toEqual([0, 1, 1, 0]);
    expect([gammaP(0, 2), gammaQ(0, 2), lnGammaP(0, 2), lnGammaQ(3, 0)]).toEqual([1, 0, 0, 0]);
    expect(lnGammaP(3, 0)).toBe(-Infinity);
  });

  it('refuse arguments outside the domain instead of answering NaN', () => {
    for (const [a, x] of [
      [-1, 1],
      [1, -1],
      [NaN, 1],
      [1, NaN],
      [Infinity, 1],
    ]) {
      for (const f of [gammaP, gammaQ, lnGammaP, lnGammaQ]) expect(() => f(a, x)).toThrow(DarkscanError);
    }
    expect(() => lnGamma(0)).toThrow(/x > 0/);
    expect(() => lnGamma(NaN)).toThrow(/x > 0/);
    expect(() => gammaPInverse(2, 1.5)).toThrow(DarkscanError);
    expect(() => gammaQInverseLn(2, NaN)).toThrow(DarkscanError);
  });
});

describe('inverse incomplete gamma functions', () => {
  /** One rounding of ln p moves x by x |ln p| eps / slope; 1e-15 of x is the rounding of x itself. */
  const allowed = (x: number, lnTail: number, slope: number): number =>
    x * (2e-15 + (1e-13 + 4e-16 * Math.abs(lnTail)) / slope);
  const slopeOf = (lnTail: (a: number, x: number) => number, a: number, x: number): number =>
    Math.abs(lnTail(a, x * 1.0001) - lnTail(a, x / 1.0001)) / 2e-4;

  it('return to the x they came from, by the smaller tail', () => {
    fc.assert(
      fc.property(shapes, fc.double({ min: -30, max: 30, noNaN: true }), (a, z) => {
        const x = xOf(a, z);
        if (x < 1e-290) return;
        const upper = gammaQ(a, x) < 0.5;
        const lnTail = upper ? lnGammaQ(a, x) : lnGammaP(a, x);
        const back = upper ? gammaQInverseLn(a, lnTail) : gammaPInverseLn(a, lnTail);
        const slope = slopeOf(upper ? lnGammaQ : lnGammaP, a, x);
        expect(Math.abs(back - x) / allowed(x, lnTail, slope), `a=${a} x=${x} got ${back}`).toBeLessThanOrEqual(1);
      }),
      { seed: 9, numRuns: 2000 },
    );
  });

  it('agree with mpmath to 2e-15 plus the width that rounding ln p to a double leaves', () => {
    expectWithin(
      worstDeviation(
        tables.gammaInverse,
        ([a, p, upper]) => (upper === 1 ? gammaQInverse(a, p) : gammaPInverse(a, p)),
        (x, [a, p, upper]) => allowed(x, Math.log(p), slopeOf(upper === 1 ? lnGammaQ : lnGammaP, a, x)),
      ),
    );
  });

  it('solve the published upper limits: n = 0 and 3 at 90 % are 2.30 and 6.68 events', () => {
    expect(gammaQInverse(1, 0.1)).toBeCloseTo(2.302585092994046, 14);
    expect(gammaQInverse(4, 0.1)).toBeCloseTo(6.68, 2); // PDG review of statistics, table of Poisson limits
  });

  it('P and Q inverses agree on the same probability', () => {
    fc.assert(
      fc.property(shapes, fc.double({ min: 0.001, max: 0.999, noNaN: true }), (a, p) => {
        const x = gammaPInverse(a, p);
        if (x < 1e-290 || gammaQInverse(a, p) < 1e-290) return; // subnormal x has fewer digits
        expect(Math.abs(gammaP(a, x) - p)).toBeLessThanOrEqual(1e-13 * (1 + 0.01 * Math.sqrt(a)));
        expect(Math.abs(gammaQ(a, gammaQInverse(a, p)) - p)).toBeLessThanOrEqual(1e-13 * (1 + 0.01 * Math.sqrt(a)));
      }),
      { seed: 10, numRuns: 1000 },
    );
  });

  it('reach 0 and infinity at certain probabilities', () => {
    expect([gammaPInverse(2, 0), gammaPInverse(2, 1), gammaQInverse(2, 0), gammaQInverse(2, 1)]).toEqual([
      0,
      Infinity,
      Infinity,
      0,
    ]);
    expect(gammaQInverseLn(1, -1e6)).toBe(1e6);
  });
});
