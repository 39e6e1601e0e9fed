import { describe, expect, it } from 'vitest';
import { binLimits, groupColumns } from '../../../src/report/limit-bins.ts';
import { topWindows } from '../../../src/model/top-windows.ts';
import { windowCells } from '../../../src/report/window-cells.ts';
import { toUnitCircle, windowsOfTable } from '../../../src/model/windows-of-table.ts';
import type { ResultTable } from '../../../src/model/result.ts';
import { syntheticScan } from '../../support/synthetic-scan.ts';

const area = (corners: readonly (readonly [number, number])[]) =>
  Math.abs(
    corners.reduce((sum, [x, y], k) => {
      const [nextX, nextY] = corners[(k + 1) % corners.length]!;
      return sum + x * nextY - nextX * y;
    }, 0),
  ) / 2;

function squareLattice(n: number, step: number, phiDeg: number): ResultTable {
  const [c, s] = [Math.cos((phiDeg * Math.PI) / 180), Math.sin((phiDeg * Math.PI) / 180)];
  const places = Array.from({ length: n * n }, (_, k) => [step * 2 * (k % n), step * Math.floor(k / n)] as const);
  const f64 = (name: string, f: (k: number) => number) => ({
    name,
    type: 'f64' as const,
    values: Float64Array.from(places, (_, k) => f(k)),
    description: name,
  });
  const columns = [
    f64('x', (k) => places[k]![0] * c - places[k]![1] * s),
    f64('y', (k) => places[k]![0] * s + places[k]![1] * c),
    f64('a', () => 2), f64('b', () => 1), f64('phi_deg', () => phiDeg),
    f64('z', (k) => k), f64('ln_p0', (k) => -k),
  ]; // prettier-ignore
  return { rowCount: n * n, columns };
}

describe('cells of a map', () => {
  it('fill the plane without overlap where the lattice is regular', () => {
    const cells = windowCells(squareLattice(7, 0.8, 30));
    // Inner cells are parallelograms of 2 step x step.
    for (let row = 1; row < 6; row++)
      for (let column = 1; column < 6; column++) expect(area(cells[row * 7 + column]!)).toBeCloseTo(2 * 0.8 * 0.8, 9);
  });

  it('stay inside reach at the border and equal the window when it is alone', () => {
    const [alone] = windowCells(squareLattice(1, 1, -20));
    // A regular polygon around the ellipse: between its area and that times 10 tan(pi/10) / pi = 1.035.
    expect(area(alone!) / (2 * Math.PI)).toBeCloseTo((10 * Math.tan(Math.PI / 10)) / Math.PI, 9);
    const corner = windowCells(squareLattice(7, 0.8, 30))[0]!;
    expect(area(corner)).toBeLessThan(2.0 * 2 * 0.8 * 0.8);
  });

  it('contain their own centre on a real lattice', () => {
    const { table } = syntheticScan({ step: 5 });
    const windows = windowsOfTable(table);
    const cells = windowCells(table);
    for (let i = 0; i < windows.count; i++) {
      const corners = cells[i]!.map(([x, y]) => toUnitCircle(windows, i, x, y));
      const turns = corners.map(([u, v], k) =>
        Math.sign(u * corners[(k + 1) % corners.length]![1] - v * corners[(k + 1) % corners.length]![0]),
      );
      expect(new Set(turns).size, `window ${i}`).toBe(1);
    }
  });
});

describe('top windows', () => {
  it('are ranked by Z and never overlap', () => {
    const table = squareLattice(7, 0.8, 0);
    const [first, second] = topWindows(table, 5);
    const windows = windowsOfTable(table);
    expect(first).toBe(48);
    expect(
      Math.hypot(...toUnitCircle(windows, first!, windows.x[second!]!, windows.y[second!]!)),
    ).toBeGreaterThanOrEqual(2);
  });
});

describe('limits projected on a mass', () => {
  it('have in each bin the median and the smallest of its windows', () => {
    const { table } = syntheticScan({ step: 8, injected: 5 });
    const column = (name: string) => table.columns.find((c) => c.name === name)!.values as Float64Array;
    const bins = binLimits(table, 'x', groupColumns(''), 10);
    expect(bins.reduce((sum, bin) => sum + bin.nWindows, 0)).toBe(table.rowCount);
    const { low, high, medianExpected, bestExpected, bestObserved } = bins[3]!;
    const inside = (name: string) =>
      [...column(name)]
        .filter((v, i) => column('x')[i]! >= low && column('x')[i]! < high && !Number.isNaN(v))
        .sort((a, b) => a - b);
    const expected = inside('limit_exp_0');
    expect(bestExpected).toBe(expected[0]);
    expect(medianExpected['0']).toBeCloseTo(
      (expected[(expected.length - 1) >> 1]! + expected[expected.length >> 1]!) / 2,
      12,
    );
    expect(bestObserved).toBe(inside('limit_obs')[0]);
  });
});
