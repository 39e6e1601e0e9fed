/** Signal shapes against quadrature in mpmath (tests/golden/spectrum_shapes.py), their total, and what is refused. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  crystalBall,
  gaussian,
  template,
  type SignalShape,
  type Tail,
} from '../../../src/model/spectrum/signal-shapes.ts';
import { voigt } from '../../../src/model/spectrum/voigt.ts';
import { lnNormalTail } from '../../../src/stats/normal.ts';

interface Golden {
  kind: 'crystal-ball' | 'voigt';
  sigma: number;
  width: number;
  low: [number, number] | null;
  high: [number, number] | null;
  bins: [number, number, number][];
  densities: [number, number][];
}
const { shapes } = JSON.parse(readFileSync('tests/golden/spectrum_shapes.json', 'utf8')) as { shapes: Golden[] };
const tailOf = (t: [number, number] | null): Tail | undefined => (t ? { alpha: t[0], n: t[1] } : undefined);

test.each(shapes.map((shape, i) => [`${i} ${shape.kind}`, shape] as const))('%s', (_, golden) => {
  const { sigma, width, bins, densities } = golden;
  const shape =
    golden.kind === 'voigt'
      ? voigt(0, sigma, width)
      : crystalBall(0, sigma, { low: tailOf(golden.low), high: tailOf(golden.high) });
  expect(bins.length).toBe(9);
  // Crystal Ball: a few roundings and the cancellation in narrow bins. Voigt: Weideman's 48 terms, absolute.
  for (const [low, high, share] of bins) {
    const allowed = golden.kind === 'voigt' ? 1e-12 : 1e-13 * share + 1e-17;
    const got = shape.integral(low, high);
    expect(Math.abs(got - share), `${low} to ${high}: got ${got}, expected ${share}`).toBeLessThanOrEqual(allowed);
  }
  expect(densities.length).toBe(10);
  for (const [m, density] of densities) {
    // Crystal Ball: relative, but for the rounding of its powers; Voigt: Weideman, absolute in units of its height
    const allowed = golden.kind === 'voigt' ? 1e-12 / sigma : 1e-13 * density;
    const got = shape.density(m);
    expect(Math.abs(got - density), `at ${m}: got ${got}, expected ${density}`).toBeLessThanOrEqual(allowed);
  }
});

describe('of the whole signal', () => {
  const all: [string, SignalShape, number][] = [
    ['gaussian', gaussian(10, 2), 1e-15],
    ['crystal ball', crystalBall(10, 2, { low: { alpha: 1, n: 3 }, high: { alpha: 2, n: 4 } }), 1e-6], // u^-2 at 2000 sigma
    ['voigt', voigt(10, 2, 0.5), 1e-4], // its tails fall as width/(pi m)
    ['template', template({ edges: [-3, 0, 1, 3], contents: [1, 5, 2] }, 10, 2), 0],
  ];
  test.each(all)('%s is 1, and halves add up', (name, shape, allowed) => {
    const reach = name === 'template' ? 6 : 4000;
    const whole = shape.integral(10 - reach, 10 + reach);
    expect(Math.abs(whole - 1)).toBeLessThanOrEqual(allowed);
    expect(shape.integral(10 - reach, 9.7) + shape.integral(9.7, 10 + reach)).toBeCloseTo(whole, 12);
  });

  test.each(all)('the density of %s is the derivative of its integral', (_, shape) => {
    for (const m of [4.1, 5.2, 8.3, 9.99, 10.2, 12.9, 15.7]) {
      // central differences: h^2/6 of the third derivative, and rounding of the integral over h
      const slope = shape.integral(m - 1e-3, m + 1e-3) / 2e-3;
      expect(Math.abs(shape.density(m) - slope), `at ${m}`).toBeLessThan(1e-7);
    }
  });
});

test('a Gaussian keeps its relative precision 30 sigma out, on both sides', () => {
  const expected = Math.exp(lnNormalTail(30)) - Math.exp(lnNormalTail(31));
  expect(gaussian(0, 0.5).integral(15, 15.5) / expected).toBeCloseTo(1, 12);
  expect(gaussian(0, 0.5).integral(-15.5, -15) / expected).toBeCloseTo(1, 12);
});

test('a Voigt profile of width 0 is the Gaussian', () => {
  expect(voigt(1, 0.3, 0).integral(0.8, 1.3)).toBe(gaussian(1, 0.3).integral(0.8, 1.3));
});

test('a template is flat within its bins, moved and stretched', () => {
  const shape = template({ edges: [-1, 0, 2], contents: [1, 3] }, 100, 10);
  expect(shape.integral(90, 100)).toBeCloseTo(0.25, 15);
  expect(shape.integral(105, 115)).toBeCloseTo(0.375, 15);
  expect(shape.integral(95, 100.5)).toBeCloseTo(0.125 + 0.01875, 15);
  expect([89.9, 90, 99.9, 100, 119.9, 120].map((m) => shape.density(m))).toEqual([0, 0.025, 0.025, 0.0375, 0.0375, 0]);
});

test('a template is 0 beyond empty ends, and refused beyond others', () => {
  expect(template({ edges: [0, 1, 2, 3], contents: [0, 1, 0] }).integral(-5, 1.5)).toBe(0.5);
  const cut = template({ edges: [0, 1, 2], contents: [0, 1] });
  expect(cut.integral(-5, 2)).toBe(1);
  expect(() => cut.integral(1, 2.5)).toThrow('signal template: it ends at 0 and 2 with events at the end');
});

test.each([
  [() => gaussian(1, 0), 'signal: sigma is 0, expected a finite number above 0'],
  [() => crystalBall(1, 1, { low: { alpha: 0, n: 2 } }), 'signal: alpha is 0'],
  [() => crystalBall(1, 1, { high: { alpha: 1, n: 1 } }), 'signal: n is 1, expected a finite number above 1'],
  [() => voigt(1, 0, 1), 'signal: sigma 0 and width 1'],
  [() => template({ edges: [0, 1], contents: [] }), 'signal template: 2 edges and 0 contents'],
  [() => template({ edges: [0, 1, 1], contents: [1, 1] }), 'signal template: edges 1, 1, expected ascending'],
  [() => template({ edges: [0, 1], contents: [-1] }), 'signal template: content -1 in bin 0'],
  [() => template({ edges: [0, 1], contents: [0] }), 'signal template: no content'],
])('bad input %#', (make, message) => expect(make).toThrow(message));
