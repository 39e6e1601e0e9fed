import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { erfc, erfcx, lnNormalTail, zFromLnP } from '../../../src/stats/normal.ts';
import { expectWithin, readTables, worstDeviation } from './tables.ts';

const tables = readTables('normal');

describe('normal tail agrees with mpmath', () => {
  it('erfc is right to 1e-15 relative down to 1e-306', () => {
    expectWithin(
      worstDeviation(
        tables.erfc,
        ([x]) => erfc(x),
        (value) => 1e-15 * Math.abs(value),
      ),
    );
  });

  it('erfcx is right to 1e-15 relative, at negative arguments too', () => {
    expectWithin(
      worstDeviation(
        tables.erfcx,
        ([x]) => erfcx(x),
        (value) => 1e-15 * Math.abs(value),
      ),
    );
  });

  it('lnNormalTail is right to 1e-15 relative from z = -38 to 1e5', () => {
    expectWithin(
      worstDeviation(
        tables.lnNormalTail,
        ([z]) => lnNormalTail(z),
        (value) => 1e-15 * Math.abs(value),
      ),
    );
  });

  it('zFromLnP is right to 1e-15 from p next to 1 to ln p = -1e9', () => {
    expectWithin(
      worstDeviation(
        tables.zFromLnP,
        ([lnP]) => zFromLnP(lnP),
        (value) => 1e-15 * Math.max(1, Math.abs(value)),
      ),
    );
  });
});

describe('significance', () => {
  it('of p = 1e-15 is 7.941345326170997, where a popular quantile is off by 1e-5', () => {
    expect(zFromLnP(-34.538776394910684)).toBeCloseTo(7.941345326170997, 14);
  });

  it('is minus infinity for p = 1 and infinity for p = 0', () => {
    expect(zFromLnP(0)).toBe(-Infinity);
    expect(zFromLnP(-Infinity)).toBe(Infinity);
  });

  it('of a p that rounded to 1 comes from the complement', () => {
    expect(zFromLnP(0, -1e6)).toBe(-zFromLnP(-1e6));
    expect(zFromLnP(-1e-300, -1000)).toBe(-zFromLnP(-1000));
  });

  it('refuses ln p above 0 and NaN', () => {
    expect(() => zFromLnP(1e-9)).toThrow(/lnP <= 0/);
    expect(() => zFromLnP(NaN)).toThrow(/lnP <= 0/);
  });

  it('returns to the z it came from', () => {
    fc.assert(
      fc.property(fc.double({ min: -8, max: 1e4, noNaN: true }), (z) => {
        // one ulp of ln p moves z by ulp / hazard; for z < 0 the hazard is small
        const lnP = lnNormalTail(z);
        const slope = Math.sqrt(2 / Math.PI) / erfcx(z / Math.SQRT2);
        expect(Math.abs(zFromLnP(lnP) - z)).toBeLessThanOrEqual(
          4e-16 * Math.abs(lnP / slope) + 1e-15 * Math.max(1, Math.abs(z)),
        );
      }),
      { seed: 4, numRuns: 2000 },
    );
  });

  it('falls as p grows', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -1e6, max: -1e-12, noNaN: true }),
        fc.double({ min: 1e-9, max: 1, noNaN: true }),
        (lnP, step) => {
          expect(zFromLnP(lnP * (1 + step))).toBeGreaterThan(zFromLnP(lnP));
        },
      ),
      { seed: 5, numRuns: 1000 },
    );
  });
});
