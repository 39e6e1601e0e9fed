/** Polynomial side bands against scipy and mpmath (tests/golden/polynomial.py), closed forms, and bad bands. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Card, Polynomial } from '../../../src/model/card.ts';
import { EMPTY_SCOPE } from '../../../src/model/expression.ts';
import { makeBands } from '../../../src/model/polynomial/bands.ts';
import type { BandFit } from '../../../src/model/polynomial/band-fit.ts';
import { fitBands } from '../../../src/model/polynomial/fit-window.ts';
import { polynomialComponent } from '../../../src/model/polynomial/polynomial-component.ts';
import { polynomialLimit, polynomialQ0 } from '../../../src/model/polynomial/profile.ts';
import { makeWindows } from '../../../src/model/windows.ts';

interface Golden extends Omit<BandFit, 'edges' | 'counts'> {
  edges: number[];
  counts: number[];
  n: number;
  sensitivity: number;
  level: number;
  b0: number | null;
  error: number;
  q0: number;
  limit: number;
  held: number;
}

const { cases } = JSON.parse(readFileSync('tests/golden/polynomial.json', 'utf8')) as { cases: Golden[] };

function bandsOf(golden: Pick<Golden, 'degree' | 'edges' | 'counts' | 'window' | 'binContent'>): BandFit {
  return { ...golden, edges: Float64Array.from(golden.edges), counts: Uint32Array.from(golden.counts) };
}

/** Bins of width 1 from 0 on, those of the window left out. */
function unitBins(degree: number, counts: readonly number[], window: readonly [number, number]): BandFit {
  const starts = counts.map((_, i) => (i < window[0] ? i : i + window[1] - window[0]));
  return {
    degree,
    edges: Float64Array.from(starts.flatMap((s) => [s, s + 1])),
    counts: Uint32Array.from(counts),
    window,
  };
}

describe('against scipy and mpmath', () => {
  const good = cases.filter((c) => c.b0 !== null);

  test('the cases are as varied as they should be', () => {
    expect(good.length).toBeGreaterThanOrEqual(30);
    expect(new Set(good.map((c) => c.degree)).size).toBe(8);
    expect(Math.max(...good.flatMap((c) => c.counts))).toBeGreaterThan(5e5);
    expect(good.filter((c) => c.held > 0).length).toBeGreaterThanOrEqual(5);
    expect(good.filter((c) => c.q0 === 0).length).toBeGreaterThanOrEqual(5);
    expect(cases.filter((c) => c.b0 === null).length).toBeGreaterThanOrEqual(1);
  });

  test.each(good.map((c, i) => [i, c] as const))('case %i: b0, error, q0 and limit to 1e-8', (_, golden) => {
    const bands = bandsOf(golden);
    const fit = fitBands(bands);
    // Newton steps end 1e-13 from the minimum in ln L: b0 moves by 1e-6 errors at most before the last, quadratic one.
    const near = (got: number | undefined, expected: number, name: string) => {
      const allowed = 1e-8 * Math.max(Math.abs(expected), 1e-6);
      expect(Math.abs(got! - expected), `${name}: got ${got}, expected ${expected}`).toBeLessThanOrEqual(allowed);
    };
    near(fit?.b0, golden.b0!, 'b0');
    near(fit?.error, golden.error, 'error');
    near(polynomialQ0(bands, golden.n).q0, golden.q0, 'q0');
    const limit = polynomialLimit(bands, golden.n, golden.sensitivity, golden.level);
    expect(limit.converged).toBe(true);
    near(limit.limit, golden.limit, 'limit');
    expect(fit!.fit.iterations).toBeLessThan(60);
  });

  test.each(cases.filter((c) => c.b0 === null).map((c, i) => [i, c] as const))(
    'bad case %i has an expectation in the window that is not above 0',
    (_, golden) => expect(fitBands(bandsOf(golden))).toBeUndefined(),
  );
});

describe('degree 0', () => {
  const counts = [3, 0, 7, 5, 2, 4, 6, 1];
  const bands = unitBins(0, counts, [3, 5]);
  const [nOff, tau] = [28, 4];

  test('is the rate of the bands, error from its count', () => {
    expect(fitBands(bands)!.b0).toBeCloseTo(nOff / tau, 12);
    expect(fitBands(bands)!.error).toBeCloseTo(Math.sqrt(nOff) / tau, 12);
  });

  test.each([8, 15, 40, 1000])('n = %i: q0 is Eq. 17 of Li and Ma (1983), tau = length of bands over window', (n) => {
    const all = n + nOff;
    const liMa = 2 * (n * Math.log((n * (1 + tau)) / all) + nOff * Math.log((nOff * (1 + tau)) / (tau * all)));
    expect(polynomialQ0(bands, n).q0 / liMa).toBeCloseTo(1, 11);
  });

  test.each([0, 3, 7, 12, 40])('n = %i: at the limit the on-off likelihood has lost z^2 / 2', (n) => {
    const { limit: U } = polynomialLimit(bands, n, 1, 0.95);
    // b^^ maximises n ln(U + b) - b + nOff ln b - tau b
    const [p, q] = [(1 + tau) * U - n - nOff, nOff * U];
    const lnL = (s: number, b: number) => (n ? n * Math.log(s + b) : 0) - s - b + nOff * Math.log(tau * b) - tau * b;
    const b = (-p + Math.sqrt(p * p + 4 * (1 + tau) * q)) / (2 * (1 + tau));
    const best = n > nOff / tau ? lnL(n - nOff / tau, nOff / tau) : lnL(0, (n + nOff) / (1 + tau));
    expect(2 * (best - lnL(U, b))).toBeCloseTo(1.6448536269514722 ** 2, 9);
  });

  test('a count at or below the expectation has q0 = 0', () => {
    expect(polynomialQ0(bands, 7)).toEqual({ q0: 0, converged: true });
    expect(polynomialQ0(bands, 0)).toEqual({ q0: 0, converged: true });
  });
});

test('as many bins as coefficients: the polynomial goes through the counts', () => {
  // Integrals of 3 x^2 + 2 x over unit bins: (i+1)^3 - i^3 + (i+1)^2 - i^2; window [1, 3] holds 26 + 8.
  const bands = unitBins(2, [2, 37 + 7, 61 + 9], [1, 3]);
  expect(fitBands(bands)!.b0).toBeCloseTo(34, 9);
});

test('counts of 1e9 per bin on a parabola are described exactly and q0 keeps its digits', () => {
  const density = (i: number) => 1e9 + 1e6 * (3 * i * i + 3 * i + 1);
  const all = Array.from({ length: 24 }, (_, i) => density(i));
  const bands = unitBins(2, [...all.slice(0, 11), ...all.slice(12)], [11, 12]);
  const { b0, error } = fitBands(bands)!;
  expect(b0 / all[11]).toBeCloseTo(1, 13);
  // far below one standard deviation of a count: q0 is that of two numbers with normal errors
  const excess = 30;
  const expected = (excess * excess) / (all[11] + error * error);
  expect(polynomialQ0(bands, all[11] + excess).q0 / expected).toBeCloseTo(1, 5);
});

test('the order of the bins and the unit of x change nothing', () => {
  const golden = cases.find((c) => c.degree === 5 && c.q0 > 0)!;
  const { b0, error } = fitBands(bandsOf(golden))!;
  const pairs = golden.counts.map((n, i) => ({ n, low: golden.edges[2 * i], high: golden.edges[2 * i + 1] })).reverse();
  const edges = pairs.flatMap(({ low, high }) => [1000 * low, 1000 * high]);
  const window = [1000 * golden.window[0], 1000 * golden.window[1]] as const;
  const moved = fitBands(bandsOf({ ...golden, edges, window, counts: pairs.map(({ n }) => n) }))!;
  expect(moved.b0 / b0).toBeCloseTo(1, 11);
  expect(moved.error / error).toBeCloseTo(1, 11);
});

describe('bands that say nothing about the window', () => {
  test.each([
    ['fewer bins than coefficients', unitBins(3, [4, 5, 6], [1, 2])],
    ['no bins', unitBins(0, [], [0, 1])],
    ['no events', unitBins(1, [0, 0, 0, 0], [2, 3])],
    ['a line that falls to 0 before the window', unitBins(1, [9000, 6000, 3000, 0, 0, 0], [6, 7])],
  ])('%s: no fit, and no number', (_, bands) => {
    expect(fitBands(bands)).toBeUndefined();
    expect(polynomialQ0(bands, 5)).toEqual({ q0: NaN, converged: false });
    expect(polynomialLimit(bands, 5, 1, 0.9)).toEqual({ limit: NaN, converged: false });
  });
});

describe('bins', () => {
  const lattice = { resolution: { x: 0.25 }, half_axes: 2, step: 2, region: { x: [0, 8] } };
  const cardOf = (more: object = {}) => ({ x: { column: 'x' }, windows: lattice, ...more }) as unknown as Card;
  const x = Float64Array.from({ length: 801 }, (_, i) => i / 100);
  const make = (spec: Polynomial, more?: object) => {
    const card = cardOf(more);
    const windows = makeWindows(card, EMPTY_SCOPE);
    const component = polynomialComponent('b', card, spec, 'here', EMPTY_SCOPE, windows, { x });
    return { windows, component, fits: component.fits! };
  };

  test('are whole, inside the ranges, and end at the window', () => {
    const { windows, fits } = make({ degree: 1, ranges: [[1, 7]], bin_width: 0.4 });
    const i = windows.x.indexOf(4);
    expect(fits[i].window).toEqual([3.5, 4.5]);
    expect(fits[i].edges.length).toBe(24);
    expect([fits[i].edges[0], fits[i].edges[11], fits[i].edges[12], fits[i].edges[23]]).toEqual([
      expect.closeTo(1.1, 12),
      3.5,
      4.5,
      expect.closeTo(6.9, 12),
    ]);
    expect([...fits[i].counts]).toEqual(Array.from({ length: 12 }, () => 40));
  });

  test('hold every event of the bands once and none of the window', () => {
    const { windows, fits } = make({ degree: 1, ranges: [[0, 8]], bin_width: 0.25 });
    const n = fits.map((fit) => fit.counts.reduce((sum, count) => sum + count, 0));
    windows.x.forEach((centre, i) => {
      const beside = x.filter((value) => Math.abs(value - centre) > 0.5).length;
      expect(n[i]).toBe(beside);
    });
  });

  test('inner and outer count in resolutions and stay inside windows.region', () => {
    const { windows, fits } = make({ degree: 0, inner: 4, outer: 8, bin_width: 0.25 });
    const i = windows.x.indexOf(1.5);
    expect([...fits[i].edges]).toEqual([0, 0.25, 0.25, 0.5, 2.5, 2.75, 2.75, 3, 3, 3.25, 3.25, 3.5]);
  });

  test('that reach into a blind region are left out, with its events', () => {
    const { windows, fits } = make({ degree: 0, ranges: [[0, 8]], bin_width: 0.25 }, { blind: [{ x: [2.1, 3] }] });
    const i = windows.x.indexOf(4);
    expect([...fits[i].edges]).not.toContain(2.25);
    expect([...fits[i].edges.subarray(14, 20)]).toEqual([1.75, 2, 3, 3.25, 3.25, 3.5]);
    // (3 itself is blind)
    expect([...fits[i].counts.subarray(7, 10)]).toEqual([25, 24, 25]);
  });

  test('in a blind region that says so count all the same', () => {
    const spec: Polynomial = { degree: 0, ranges: [[0, 8]], bin_width: 0.25 };
    const { fits } = make(spec, { blind: [{ x: [2.1, 3], in_bands: true }] });
    expect(fits).toEqual(make(spec).fits);
  });

  test('a window without enough bins has no number, the others keep theirs', () => {
    const { windows, component } = make({ degree: 1, inner: 2, outer: 4, bin_width: 0.5 });
    const isBad = (centre: number) => centre < 1 || centre > 7; // a bin on one side only
    expect([...component.b0].map((b) => Number.isNaN(b))).toEqual([...windows.x].map(isBad));
    expect([...component.error!].map((e) => Number.isNaN(e))).toEqual([...windows.x].map(isBad));
    expect(component.b0[windows.x.indexOf(4)]).toBeCloseTo(100, 9);
  });

  test.each([
    ['a plane', { degree: 1, ranges: [[0, 8]], bin_width: 1 }, { y: { column: 'y' } }, 'needs a card without y'],
    ['nothing to say where', { degree: 1, bin_width: 1 }, {}, 'expected ranges or outer'],
    ['two ways to say where', { degree: 1, bin_width: 1, outer: 5, ranges: [[0, 8]] }, {}, 'one of the two'],
    ['outer below inner', { degree: 1, bin_width: 1, inner: 4, outer: 3 }, {}, 'inner < outer'],
    ['inner inside the window', { degree: 1, bin_width: 1, inner: 1, outer: 3 }, {}, 'edge of the window'],
    ['a range upside down', { degree: 1, bin_width: 1, ranges: [[8, 0]] }, {}, 'low < high'],
    [
      'bins wider than the bands',
      { degree: 1, bin_width: 9, ranges: [[0, 8]] },
      {},
      'no window has more than 0 whole bins',
    ],
    [
      'fewer bins than coefficients everywhere',
      { degree: 3, bin_width: 3, ranges: [[0, 8]] },
      {},
      'expected 4 or more',
    ],
    ['a width of 0', { degree: 1, bin_width: 'x - x', ranges: [[0, 8]] }, {}, 'bin_width is 0'],
    ['a million bins', { degree: 1, bin_width: 1e-6, ranges: [[0, 8]] }, {}, 'at most 10000'],
  ])('%s is one clear line', (_, spec, more, text) => {
    const card = cardOf(more);
    const windows = makeWindows(cardOf(), EMPTY_SCOPE);
    const build = () => polynomialComponent('b', card, spec as Polynomial, 'here', EMPTY_SCOPE, windows, { x });
    expect(build).toThrow(text);
    expect(build).toThrow(/^card: here[^\n]*$/);
  });
});

test('every window of many gets its bands, the same as alone', () => {
  const card = {
    x: { column: 'x' },
    windows: { resolution: { x: '0.01*x' }, half_axes: 2, step: 1, region: { x: [1, 9] } },
  };
  const windows = makeWindows(card as unknown as Card, EMPTY_SCOPE);
  const x = Float64Array.from({ length: 5000 }, (_, i) => 1 + 8 * ((i * 0.6180339887498949) % 1));
  const spec: Polynomial = { degree: 1, inner: 3, outer: 12, bin_width: '0.005*x' };
  const fits = makeBands(card as unknown as Card, spec, 'here', EMPTY_SCOPE, windows, x);
  expect(fits.length).toBeGreaterThan(200);
  for (let i = 0; i < fits.length; i += 17) {
    const { edges, counts } = fits[i];
    counts.forEach((n, k) => {
      const [low, high] = [edges[2 * k], edges[2 * k + 1]];
      expect(n).toBe(x.filter((v) => (high < windows.x[i] ? v >= low && v < high : v > low && v <= high)).length);
    });
  }
});
