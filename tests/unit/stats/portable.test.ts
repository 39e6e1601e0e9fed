import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as portable from '../../../src/stats/portable.ts';
import { expectWithin, readTables, ulp, worstDeviation } from './tables.ts';

const tables = readTables('elementary');

describe('portable math agrees with mpmath', () => {
  // a correctly rounded reference is within 0.5 ulp of the truth: below 1 ulp of error is at most 1 ulp from the table
  const one = { exp: 1, expm1: 1, log: 1, log1p: 1, log10: 1, sin: 1, cos: 1, atan: 1, tan: 2 } as const;
  for (const name of Object.keys(one) as (keyof typeof one)[]) {
    it(`${name} is within ${one[name]} ulp over its range`, () => {
      expectWithin(
        worstDeviation(
          tables[name],
          ([x]) => portable[name](x),
          (value) => one[name] * ulp(value),
        ),
      );
    });
  }

  it('pow is within 1 ulp, also for exponents of thousands', () => {
    expectWithin(
      worstDeviation(
        tables.pow,
        ([x, y]) => portable.pow(x, y),
        (value) => ulp(value),
      ),
    );
  });

  it('atan2 is within 2 ulp in all four quadrants', () => {
    expectWithin(
      worstDeviation(
        tables.atan2,
        ([y, x]) => portable.atan2(y, x),
        (value) => 2 * ulp(value),
      ),
    );
  });
});

describe('portable math at special arguments', () => {
  const special = [-Infinity, -3, -2.5, -1, -0, 0, 0.5, 1, 2, 3, 2 ** 53, Infinity, NaN];
  const same = (got: number, expected: number): boolean =>
    Object.is(got, expected) || Math.abs(got - expected) <= 2 * ulp(expected);

  it('answers like Math for zeros, infinities, NaN and negative numbers', () => {
    for (const name of ['exp', 'expm1', 'log', 'log1p', 'log10', 'sin', 'cos', 'atan'] as const) {
      for (const x of special) {
        if (x === 2 ** 53 && (name === 'sin' || name === 'cos')) continue; // beyond the documented range
        expect(same(portable[name](x), Math[name](x)), `${name}(${x}) = ${portable[name](x)}`).toBe(true);
      }
    }
  });

  it('pow, atan2 and hypot answer like Math for every pair of special arguments', () => {
    for (const name of ['pow', 'atan2', 'hypot'] as const) {
      for (const x of special) {
        for (const y of special) {
          const expected = Math[name](x, y);
          expect(same(portable[name](x, y), expected), `${name}(${x}, ${y}) = ${portable[name](x, y)}`).toBe(true);
        }
      }
    }
  });

  it('overflows and underflows where doubles end', () => {
    expect(portable.exp(709.7827128933841)).toBeGreaterThan(1.797e308);
    expect(portable.exp(709.782712893385)).toBe(Infinity);
    expect(portable.exp(-745.1332191019411)).toBe(5e-324);
    expect(portable.exp(-745.1332191019413)).toBe(0);
    expect(portable.hypot(3e307, 4e307)).toBe(5e307);
  });

  it('log10 is exact at powers of ten and log2-like pow at powers of two', () => {
    for (let k = -300; k <= 300; k++) expect(portable.log10(Number(`1e${k}`))).toBe(k);
    for (let k = -1000; k <= 1000; k++) expect(portable.pow(2, k)).toBe(2 ** k);
  });

  it('sin and cos stay in [-1, 1] for any finite argument', () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (x) => {
        expect(Math.abs(portable.sin(x))).toBeLessThanOrEqual(1);
        expect(Math.abs(portable.cos(x))).toBeLessThanOrEqual(1);
      }),
      { seed: 1, numRuns: 2000 },
    );
  });
});

describe('portable math keeps its promises between neighbours', () => {
  const doubles = fc.double({ min: -700, max: 700, noNaN: true });

  it('exp and log are inverse to each other', () => {
    fc.assert(
      fc.property(doubles, (x) => {
        expect(Math.abs(portable.log(portable.exp(x)) - x)).toBeLessThanOrEqual(4e-16 + ulp(x));
      }),
      { seed: 2, numRuns: 2000 },
    );
  });

  it('exp and log are monotone to the next double', () => {
    fc.assert(
      fc.property(doubles, (x) => {
        const next = x + ulp(x);
        expect(portable.exp(next)).toBeGreaterThanOrEqual(portable.exp(x));
        const y = Math.abs(x) + 1e-300;
        expect(portable.log(y + ulp(y))).toBeGreaterThanOrEqual(portable.log(y));
      }),
      { seed: 3, numRuns: 5000 },
    );
  });
});
