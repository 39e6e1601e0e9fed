import { describe, expect, it } from 'vitest';
import { DarkscanError } from '../../../src/errors.ts';
import { makeScope } from '../../../src/model/expression.ts';
import { makeFineLattice } from '../../../src/model/fine-lattice.ts';
import { pointByPoint } from '../../../src/model/plane-function.ts';
import { makeRegion } from '../../../src/model/region.ts';
import { makeResolution } from '../../../src/model/resolution.ts';
import { makeWindows } from '../../../src/model/windows.ts';
import { cardWith, columnsOf, ellipses, intervals, uniforms, windowsOf } from './helpers.ts';

const REGION = { x: [1, 9], y: [0, 81], where: 'y < x^2' };

function lattice(resolution: object, rest: object = {}) {
  return { windows: { resolution, half_axes: 2, step: 2, region: REGION, ...rest } };
}

function errorOf(run: () => unknown): DarkscanError {
  try {
    run();
  } catch (error) {
    expect(error).toBeInstanceOf(DarkscanError);
    return error as DarkscanError;
  }
  throw new Error('expected an error');
}

describe('ellipses from a resolution', () => {
  it('are d^T V^-1 d <= k^2 with the correlation: boundary points by the formula of methods.md section 3', () => {
    const w = windowsOf(lattice({ x: '0.1 + 0.01*x', y: '0.5', correlation: -0.9 }));
    const u = uniforms(1);
    for (let t = 0; t < 200; t++) {
      const i = Math.floor(w.count * u());
      const [sx, sy, rho] = [0.1 + 0.01 * w.x[i], 0.5, -0.9];
      const [dx, dy] = [(u() - 0.5) * sx, (u() - 0.5) * sy];
      const d2 = (dx ** 2 / sx ** 2 - (2 * rho * dx * dy) / (sx * sy) + dy ** 2 / sy ** 2) / (1 - rho ** 2);
      const q = w.qxx[i] * dx * dx + 2 * w.qxy[i] * dx * dy + w.qyy[i] * dy * dy;
      expect(q * 4).toBeCloseTo(d2, 9);
    }
  });

  it('have principal axes k sqrt(eigenvalues) and tan 2 phi = 2 rho sx sy / (sx^2 - sy^2)', () => {
    const w = windowsOf(lattice({ x: 0.3, y: 0.4, correlation: 0.5 }));
    // Eigenvalues of [[0.09, 0.06], [0.06, 0.16]]: 0.125 +- sqrt(0.035^2 + 0.06^2) = 0.125 +- 0.069462
    expect(w.a[0]).toBeCloseTo(2 * Math.sqrt(0.125 + 0.0694622), 6);
    expect(w.b[0]).toBeCloseTo(2 * Math.sqrt(0.125 - 0.0694622), 6);
    expect(Math.tan((2 * w.phiDeg[0] * Math.PI) / 180)).toBeCloseTo((2 * 0.5 * 0.12) / (0.09 - 0.16), 9);
    expect(w.phiDeg[0]).toBeGreaterThan(45);
  });

  it('scale the sigmas, not the boundary, when the half-axes differ', () => {
    const w = windowsOf(lattice({ x: 0.3, y: 0.4, correlation: 0.5 }, { half_axes: { x: 2, y: 3 } }));
    const same = windowsOf(lattice({ x: 0.6, y: 1.2, correlation: 0.5 }, { half_axes: 1, step: 1 }));
    expect(w.a[0]).toBeCloseTo(same.a[0], 12);
    expect(w.b[0]).toBeCloseTo(same.b[0], 12);
    expect(w.phiDeg[0]).toBeCloseTo(same.phiDeg[0], 12);
  });

  it('with a rotation have the two sigmas along the rotated axes', () => {
    const w = windowsOf(lattice({ x: 0.6, y: 0.2, rotation: Math.PI / 6 }));
    expect(w.a[0]).toBeCloseTo(1.2, 12);
    expect(w.b[0]).toBeCloseTo(0.4, 12);
    expect(w.phiDeg[0]).toBeCloseTo(30, 10);
  });

  it('given by their own principal axes again are the same ellipses', () => {
    const w = windowsOf(lattice({ x: '0.05*x', y: '0.3', correlation: -0.93 }));
    const again = ellipses({ x: w.x, y: w.y, a: w.a, b: w.b, phi_deg: w.phiDeg });
    for (let i = 0; i < w.count; i += 7) {
      expect(again.qxx[i] / w.qxx[i]).toBeCloseTo(1, 11);
      expect(again.qxy[i] / w.qxy[i]).toBeCloseTo(1, 11);
      expect(again.qyy[i] / w.qyy[i]).toBeCloseTo(1, 11);
    }
  });
});

describe('the lattice', () => {
  it('has the number of windows that the area in units of the resolution asks for', () => {
    // Area under y = x^2 from 1 to 9: (729 - 1)/3; cells step^2 sx sy sqrt(1 - rho^2). Edges add about half a perimeter.
    const w = windowsOf(lattice({ x: 0.05, y: 0.5, correlation: -0.9 }, { step: 1 }));
    const cells = 728 / 3 / (0.05 * 0.5 * Math.sqrt(1 - 0.81));
    expect(w.count / cells).toBeGreaterThan(1);
    expect(w.count / cells).toBeLessThan(1.02);
  });

  it('keeps every centre inside the region and numbers them column by column', () => {
    const w = windowsOf(lattice({ x: '0.02*x', y: '1', correlation: '-0.5' }));
    for (let i = 0; i < w.count; i++) {
      expect(w.x[i] >= 1 && w.x[i] <= 9 && w.y[i] >= 0 && w.y[i] < w.x[i] ** 2).toBe(true);
      if (i > 0) expect(w.x[i] > w.x[i - 1] || (w.x[i] === w.x[i - 1] && w.y[i] > w.y[i - 1])).toBe(true);
    }
  });

  it('follows a region that begins in the middle of a column', () => {
    const w = windowsOf(
      lattice({ x: 0.5, y: 2 }, { region: { x: [1, 9], y: [0, 81], where: 'y > 20 && y < 30 || y > 50' } }),
    );
    const column = Array.from(w.y).filter((_, i) => w.x[i] === w.x[0]);
    expect(column[0]).toBeCloseTo(20, 9);
    expect(column).toContainEqual(expect.closeTo(50, 9));
    expect(column.every((y) => (y > 20 && y < 30) || y > 50)).toBe(true);
  });

  it('steps intervals by step times the resolution at the last centre', () => {
    const card = { resolution: { x: '0.01*x' }, half_axes: 2, step: 0.5, region: { x: [1, 2] } };
    const w = windowsOf({ y: undefined, windows: card });
    expect(w.kind).toBe('intervals');
    expect(w.count).toBe(1 + Math.floor(Math.log(2) / Math.log(1.005)));
    expect(w.x[10]).toBeCloseTo(1.005 ** 10, 12);
    expect(w.a[10]).toBeCloseTo(0.02 * 1.005 ** 10, 12);
  });

  it('makes 100,000 windows in well under a second', () => {
    const start = performance.now();
    const w = windowsOf(lattice({ x: '0.02', y: '0.14', correlation: '-0.5' }, { step: 1 }));
    expect(w.count).toBeGreaterThan(95_000);
    expect(performance.now() - start).toBeLessThan(2000);
  });
});

describe('bad windows', () => {
  it('a billion windows are refused at once, by an estimate', () => {
    const start = performance.now();
    const error = errorOf(() => windowsOf(lattice({ x: 1e-4, y: 1e-3 }, { step: 1 })));
    expect(error.kind).toBe('resource');
    expect(error.message).toMatch(/windows: 2\d{9} windows, at most 5000000 are allowed; take a larger step/);
    expect(performance.now() - start).toBeLessThan(500);
  });

  it('a lattice that hides its size from the estimate is stopped while it grows', () => {
    const narrow = { x: 'x < 1.05 ? 1e-12 : 1', y: 1 };
    const region = { x: [1, 9], y: [0, 81] };
    expect(errorOf(() => windowsOf(lattice(narrow, { region }))).kind).toBe('resource');
  });

  it('a step lost in the rounding of the centre is an endless lattice', () => {
    expect(errorOf(() => windowsOf(lattice({ x: 1e-30, y: 1 }))).kind).toBe('resource');
  });

  it.each([
    [{ x: 0, y: 1 }, /resolution\.x is 0 at x = .*, expected a finite number above 0; correct the formula/],
    [{ x: 'x - 5', y: 1 }, /resolution\.x is -.* at x = /],
    [{ x: 1, y: 'sqrt(y - 40)' }, /resolution\.y is NaN at x = /],
    [{ x: 1, y: 1, correlation: 1 }, /resolution\.correlation is 1 at .*, expected a number between -1 and 1/],
    [{ x: 1, y: 1, correlation: 'x' }, /resolution\.correlation is /],
    [{ x: 1, y: 1, rotation: 'log(0)' }, /resolution\.rotation is -Infinity at .*, expected a finite angle/],
    [{ x: 1 }, /resolution\.y is missing/],
  ])('resolution %j is an error with its point', (resolution, message) => {
    const error = errorOf(() => windowsOf(lattice(resolution)));
    expect(error.kind).toBe('card');
    expect(error.message).toMatch(message);
  });

  it('a region without a centre, an upside-down range and a missing y range are errors', () => {
    const none = lattice({ x: 1, y: 1 }, { region: { ...REGION, where: 'y > 100' } });
    expect(errorOf(() => windowsOf(none)).message).toMatch(/region holds no window centre/);
    const upside = lattice({ x: 1, y: 1 }, { region: { x: [9, 1], y: [0, 1] } });
    expect(errorOf(() => windowsOf(upside)).message).toMatch(/region\.x is \[9, 1\], expected \[low, high\]/);
    const flat = lattice({ x: 1, y: 1 }, { region: { x: [1, 9] } });
    expect(errorOf(() => windowsOf(flat)).message).toMatch(/region\.y is missing/);
  });

  it('a table row with a bad number is named', () => {
    const table = { x: [1, 2], y: [1, 2], a: [1, 0], b: [1, 1], phi_deg: [0, 0] };
    const error = errorOf(() => ellipses(table));
    expect(error.kind).toBe('data');
    expect(error.message).toMatch(/windows\.csv: window 1 has x 2, y 2, a 0, b 1, phi_deg 0, expected finite numbers/);
    expect(errorOf(() => ellipses({ ...table, a: [1, NaN] })).kind).toBe('data');
    expect(errorOf(() => ellipses({ ...table, a: [1, 1e7] })).kind).toBe('data');
    expect(errorOf(() => intervals([1], [-1])).kind).toBe('data');
    expect(errorOf(() => intervals([], [])).message).toMatch(/no rows/);
  });

  it('a table without a column, or for the other dimension, is an error', () => {
    const columns = { x: 'x', y: 'y', a: 'a', b: 'b', phi_deg: 'angle' };
    const card = cardWith({ windows: { table: { file: 'w.csv', columns } } });
    const table = columnsOf({ x: [1], y: [1], a: [1], b: [1], phi_deg: [1] });
    expect(errorOf(() => makeWindows(card, makeScope(card), table)).message).toMatch(/w\.csv: no column 'angle'/);
    const flat = cardWith({ y: undefined, windows: card.windows });
    expect(errorOf(() => makeWindows(flat, makeScope(flat), table)).message).toMatch(/expected x, half_width/);
  });
});

describe('the resolution at many points', () => {
  // Two ways to say it, each without a value above an edge in y.
  const ways = [
    { x: '0.1 + 0.02*x', y: 'sqrt(40 - y)', correlation: '-0.9 + x/100' },
    { x: '0.1 + 0.02*x', y: 'sqrt(40 - y)', rotation: 'x - y' },
  ];

  it.each(ways)('is the one at each point, NaN where there is none: %o', (formulas) => {
    const card = cardWith(lattice(formulas));
    const resolution = makeResolution(card.windows as never, true, makeScope(card));
    const u = uniforms(3);
    const n = 1300;
    const x = Float64Array.from({ length: n }, () => 1 + 8 * u());
    const y = Float64Array.from({ length: n }, () => 81 * u());
    const [xx, xy, det] = [0, 1, 2].map(() => new Float64Array(n));
    resolution.sigmaMany(x, y, n, { xx, xy, det });
    const expected = Array.from(x, (px, i) => resolution.tryAt(px, y[i])?.sigma);
    expect([...xx]).toEqual(expected.map((sigma) => sigma?.xx ?? NaN));
    const valid = [...x.keys()].filter((i) => expected[i] !== undefined);
    expect(valid.length).toBeGreaterThan(400);
    expect(valid.length).toBeLessThan(900);
    expect(valid.map((i) => [xy[i], det[i]])).toEqual(valid.map((i) => [expected[i]!.xy, expected[i]!.det]));
  });

  it('makes fine cells of its size, beyond its edge of the last size below, coarse ones where no event can be', () => {
    const card = cardWith(lattice(ways[0]));
    const resolution = makeResolution(card.windows as never, true, makeScope(card));
    const support = makeRegion({ x: [1, 9], y: [0, 81] }, true, makeScope(card), 'support');
    const cells = makeFineLattice(
      support,
      pointByPoint((_, y) => (y < 60 ? 1 : 0)),
      true,
      resolution,
      1,
    );
    const height = (x: number, y: number): number => {
      const { xx, det } = resolution.tryAt(x, y)!.sigma;
      return Math.sqrt(det / xx);
    };
    for (let c = 0; c < cells.slope.length; c++) {
      const x = (cells.xEdges[c] + cells.xEdges[c + 1]) / 2;
      const edges = cells.yEdges.subarray(cells.firstCell[c] + c, cells.firstCell[c + 1] + c + 1);
      expect([edges[0], edges.at(-1)]).toEqual([0, 81]);
      let last = NaN;
      for (let k = 0; k + 2 < edges.length; k++) {
        if (edges[k] < 40) last = height(x, edges[k]);
        expect(edges[k + 1] - edges[k]).toBeCloseTo(edges[k] < 60 ? last : 81 / 1024, 12);
      }
    }
    // The narrowest resolution in x at the left edge of each column sets its width.
    expect(cells.xEdges[1] - cells.xEdges[0]).toBeCloseTo(0.1 + 0.02 * cells.xEdges[0], 12);
  });
});
