/** Euler characteristic: the numbers of Vitells and Gross (2011) and of their public code, and complexes of real lattices. */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { lnNormalTail, zFromLnP } from '../../../src/stats/normal.ts';
import { lnExpectedEuler, solveEuler } from '../../../src/toys/estimators/euler.ts';
import { eulerCharacteristic, windowComplex, type Complex } from '../../../src/toys/estimators/window-complex.ts';
import { ellipses, windowsOf } from '../model/helpers.ts';

interface Reference {
  readonly paper_example: Record<'u1' | 'u2' | 'Ephi1' | 'Ephi2' | 'N1' | 'N2', number> & {
    readonly global_p: Record<string, number>;
  };
  readonly notebook_example: Record<
    'u1' | 'u2' | 'Ephi1' | 'Ephi2' | 'N1' | 'N2' | 'Zlocal' | 'p_global' | 'Z_global',
    number
  >;
  readonly euler_tests: { readonly fig3: { readonly rows: readonly string[]; readonly phi: number } } & Record<
    'full_100x100' | 'split_vertical' | 'split_v_h_h' | 'with_hole',
    number
  >;
}

const FILE = '../shared/reference/lee2d_vitells_gross.json';
if (!existsSync(FILE) && process.env.CI) throw new Error(`${FILE} is missing`);

describe.skipIf(!existsSync(FILE))('Vitells and Gross', () => {
  const reference = existsSync(FILE) ? (JSON.parse(readFileSync(FILE, 'utf8')) as Reference) : ({} as Reference);

  test('the example of the paper', () => {
    const { u1, u2, Ephi1, Ephi2, N1, N2, global_p: globalP } = reference.paper_example;
    const found = solveEuler([u1, u2], [Ephi1, Ephi2], 1, false);
    expect(found.n1).toBeCloseTo(N1, 9);
    expect(found.n2).toBeCloseTo(N2, 8); // their P(chi2 > u) is an integral to 1e-10
    for (const [u, p] of Object.entries(globalP)) {
      expect(Math.exp(lnExpectedEuler(found, Number(u))) / p).toBeCloseTo(1, 9);
    }
  });

  test('the example of their notebook', () => {
    const { u1, u2, Ephi1, Ephi2, N1, N2, Zlocal, p_global: p, Z_global: z } = reference.notebook_example;
    const found = solveEuler([u1, u2], [Ephi1, Ephi2], 1, false);
    expect(found.n1).toBeCloseTo(N1, 8);
    expect(found.n2).toBeCloseTo(N2, 8);
    const lnP = lnExpectedEuler(found, Zlocal * Zlocal);
    expect(Math.exp(lnP)).toBeCloseTo(p, 6);
    expect(zFromLnP(lnP)).toBeCloseTo(z, 5);
  });

  test('phi of their pictures: the figure of the paper, a full plane, splits and holes', () => {
    const { fig3, ...pictures } = reference.euler_tests;
    const phiOf = (rows: readonly string[]) =>
      eulerCharacteristic(squares(rows.length, rows[0].length), Uint8Array.from([...rows.join('')].map(Number)));
    expect(phiOf(fig3.rows)).toBe(fig3.phi);
    const picture = (...off: ((row: number, column: number) => boolean)[]) =>
      Array.from(Array(100).keys(), (r) =>
        Array.from(Array(100).keys(), (c) => (off.some((f) => f(r, c)) ? '0' : '1')).join(''),
      );
    const vertical = (_: number, c: number) => c === 50;
    const horizontal = (at: number) => (r: number) => r === at;
    const hole = (r: number, c: number) => r > 10 && r < 20 && c > 10 && c < 20;
    expect(phiOf(picture())).toBe(pictures.full_100x100);
    expect(phiOf(picture(vertical))).toBe(pictures.split_vertical);
    expect(phiOf(picture(vertical, horizontal(30), horizontal(60)))).toBe(pictures.split_v_h_h);
    expect(phiOf(picture(vertical, horizontal(30), horizontal(60), hole))).toBe(pictures.with_hole);
  });
});

/** Square cells, corner by corner: neighbours left, right, up and down. */
function squares(rows: number, columns: number): Complex {
  const at = (r: number, c: number) => r * columns + c;
  const edges: number[] = [];
  const faces: number[] = [];
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      if (c + 1 < columns) edges.push(at(r, c), at(r, c + 1));
      if (r + 1 < rows) edges.push(at(r, c), at(r + 1, c));
      if (r + 1 < rows && c + 1 < columns) faces.push(at(r, c), at(r, c + 1), at(r + 1, c), at(r + 1, c + 1));
    }
  }
  return {
    vertices: rows * columns,
    edges: Uint32Array.from(edges),
    faces: Uint32Array.from(faces),
    rows: new Uint32Array(0),
  };
}

function phiOfAll(complex: Complex | string): number {
  if (typeof complex === 'string') throw new Error(complex);
  return eulerCharacteristic(complex, new Uint8Array(complex.vertices).fill(1));
}

const LATTICE = { step: 0.5, half_axes: 2, resolution: { x: '0.2 + 0.03*x', y: '0.3 + 0.05*y' } };
const lattice = (where: string | undefined, resolution: object = LATTICE.resolution) =>
  windowsOf({
    windows: {
      ...LATTICE,
      resolution,
      region: { x: [0, 10], y: [0, 8], ...(where === undefined ? {} : { where }) },
    },
  });

describe('the complex of a window lattice', () => {
  test('a region without holes has phi 1, whatever the resolution does', () => {
    expect(phiOfAll(windowComplex(lattice(undefined)))).toBe(1);
    expect(phiOfAll(windowComplex(lattice('y < 1 + 0.6*x')))).toBe(1);
    const sheared = { x: 0.25, y: 0.4, correlation: 0.8 };
    expect(phiOfAll(windowComplex(lattice(undefined, sheared)))).toBe(1);
  });

  test('each hole takes one away, each separate part adds one', () => {
    const hole = '(x - 3)^2 + (y - 3)^2 > 1.5';
    expect(phiOfAll(windowComplex(lattice(hole)))).toBe(0);
    expect(phiOfAll(windowComplex(lattice(`${hole} && (x - 7)^2 + (y - 5)^2 > 2`)))).toBe(-1);
    expect(phiOfAll(windowComplex(lattice('x < 4 || x > 6')))).toBe(2);
    expect(phiOfAll(windowComplex(lattice('(x < 4 || x > 6) && (y < 3 || y > 5)')))).toBe(4);
  });

  test('edges join neighbours only, every vertex inside has about six', () => {
    const windows = lattice(undefined);
    const complex = windowComplex(windows);
    if (typeof complex === 'string') throw new Error(complex);
    // V - E + F = 1 with three edges per vertex and two triangles per vertex in the bulk
    expect(complex.edges.length / 2 / complex.vertices).toBeGreaterThan(2.7);
    expect(complex.edges.length / 2 / complex.vertices).toBeLessThan(3);
    const keys = new Set<number>();
    for (let e = 0; e < complex.edges.length; e += 2) {
      const [i, j] = [complex.edges[e], complex.edges[e + 1]];
      keys.add(Math.min(i, j) * windows.count + Math.max(i, j));
      expect(Math.abs(windows.x[i] - windows.x[j])).toBeLessThan(1.6 * 0.5 * 0.5);
    }
    expect(keys.size).toBe(complex.edges.length / 2);
    for (let f = 0; f < complex.faces.length; f += 4) {
      const [i, j, k] = [...complex.faces.subarray(f, f + 3)].sort((p, q) => p - q);
      for (const [p, q] of [
        [i, j],
        [j, k],
        [i, k],
      ]) {
        expect(keys.has(p * windows.count + q)).toBe(true);
      }
    }
  });

  test('excursion sets are counted: islands, a ring, a point', () => {
    const windows = lattice(undefined);
    const complex = windowComplex(windows);
    if (typeof complex === 'string') throw new Error(complex);
    const where = (inside: (x: number, y: number) => boolean) =>
      eulerCharacteristic(
        complex,
        Uint8Array.from({ length: windows.count }, (_, w) => (inside(windows.x[w], windows.y[w]) ? 1 : 0)),
      );
    const disc = (x: number, y: number, x0: number, y0: number, r: number) => (x - x0) ** 2 + (y - y0) ** 2 < r * r;
    expect(where(() => false)).toBe(0);
    expect(where((x, y) => disc(x, y, 2, 2, 1) || disc(x, y, 7, 2, 1.2) || disc(x, y, 5, 6.5, 1))).toBe(3);
    expect(where((x, y) => disc(x, y, 5, 4, 3) && !disc(x, y, 5, 4, 1.5))).toBe(0);
    const point = Math.floor(windows.count / 2);
    expect(where((x, y) => x === windows.x[point] && y === windows.y[point])).toBe(1);
  });

  test('intervals, scattered ellipses and single windows are no lattice', () => {
    const n = 50;
    const at = (f: (i: number) => number) => Array.from({ length: n }, (_, i) => f(i));
    const scattered = ellipses({
      x: at((i) => Math.sin(i)),
      y: at((i) => Math.cos(3 * i)),
      a: at(() => 1),
      b: at(() => 1),
      phi_deg: at(() => 0),
    });
    expect(windowComplex(scattered)).toMatch(/do not stand in columns/);
    const single = ellipses({ x: [0], y: [0], a: [1], b: [1], phi_deg: [0] });
    expect(windowComplex(single)).toMatch(/no lattice to count on/);
  });
});

test('the one-sided tail is half of the two-sided one', () => {
  const coefficients = { n1: 0, n2: 0, phi: 1, oneSided: true };
  expect(lnExpectedEuler(coefficients, 9)).toBeCloseTo(lnNormalTail(3), 12);
  expect(lnExpectedEuler({ ...coefficients, oneSided: false }, 9)).toBeCloseTo(lnNormalTail(3) + Math.log(2), 12);
});
