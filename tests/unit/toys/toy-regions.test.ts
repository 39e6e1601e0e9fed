/** Bands by the rule `cells`: atoms against loops over all cells and windows, both ways of counting, the data recounted. */
import { describe, expect, it } from 'vitest';
import type { Card } from '../../../src/model/card.ts';
import type { Events } from '../../../src/model/columns.ts';
import { quadraticForm } from '../../../src/model/ellipse.ts';
import { makeScope } from '../../../src/model/expression.ts';
import type { FineLattice } from '../../../src/model/fine-lattice.ts';
import { makeAtoms } from '../../../src/model/toys/atoms.ts';
import { toyDensities, toyLattice } from '../../../src/model/toys/toy-components.ts';
import { makeToyRegions, measuredComponent, type ToyRegions } from '../../../src/model/toys/toy-regions.ts';
import { makeWindows, type WindowSet } from '../../../src/model/windows.ts';
import { countRegions, observedExtreme } from '../../../src/toys/observed.ts';
import { sideBandRanks } from '../../../src/toys/rank-rows.ts';
import { cardWith, columnsOf, uniforms } from '../model/helpers.ts';

const BOX = { x: [0, 10], y: [0, 20] };
const PLANE = { resolution: { x: 0.4, y: 1, correlation: -0.8 }, half_axes: 2, step: 4, region: BOX };
const LINE = { resolution: { x: 0.1 }, half_axes: 2, step: 1, region: { x: [0, 10] } };

function planeOf(
  component: object,
  parts: Record<string, unknown> = {},
  axis?: 'sideBand' | 'complement',
  table?: object,
) {
  const card: Card = cardWith({
    windows: PLANE,
    background: { components: [{ name: 'b', ...component }] },
    toys: { density: { b: { density: 1 } } },
    ...parts,
  });
  const scope = makeScope(card);
  const windows = makeWindows(card, scope, table && columnsOf(table as never));
  const densities = toyDensities(card, scope, { tables: new Map(), samples: new Map() });
  const lattice = toyLattice(card, scope, windows, densities);
  const regions = makeToyRegions(windows, lattice, measuredComponent(card, scope), scope, axis);
  return { windows, lattice, regions };
}

/** Every cell: its centre, and its atom's regions as sets of windows and bands. */
function* cellsOf(lattice: FineLattice, regions: ToyRegions) {
  const { atoms, axis, nWindows } = regions;
  const everyWindow = Array.from({ length: nWindows }, (_, w) => w);
  for (let c = 0; c < lattice.slope.length; c++) {
    const x = (lattice.xEdges[c] + lattice.xEdges[c + 1]) / 2;
    for (let cell = lattice.firstCell[c]; cell < lattice.firstCell[c + 1]; cell++) {
      const y = lattice.is2D ? (lattice.yEdges[cell + c] + lattice.yEdges[cell + c + 1]) / 2 : 0;
      const ids = [...atoms.windows.subarray(atoms.first[atoms.ofCell[cell]], atoms.first[atoms.ofCell[cell] + 1])];
      const odd = ids.filter((id) => id % 2 === 1).map((id) => (id - 1) / 2);
      const isOpen = ids.includes(2 * nWindows);
      const bands = axis === 'complement' ? everyWindow.filter((w) => isOpen && !odd.includes(w)) : odd;
      if (axis === 'complement' && !isOpen) expect(odd).toEqual([]);
      yield { x, y, ids, bands, inWindows: ids.filter((id) => id % 2 === 0 && id < 2 * nWindows).map((id) => id / 2) };
    }
  }
}

type Holds = (x: number, y: number, x0: number, y0: number) => boolean;

/** Compares every cell with loops over all windows; the pairs of cell and band there are. */
function expectBands(
  { windows, lattice, regions }: { windows: WindowSet; lattice: FineLattice; regions: ToyRegions },
  inner: number,
  outer: number,
  holds: Holds,
): number {
  const { count, x: wx, y: wy, qxx, qxy, qyy, rxx, rxy, ryy } = windows;
  let pairs = 0;
  for (const { x, y, ids, bands, inWindows } of cellsOf(lattice, regions)) {
    const [wantedWindows, wantedBands]: number[][] = [[], []];
    for (let w = 0; w < count; w++) {
      const [dx, dy] = [x - wx[w], y - wy[w]];
      const isInside = quadraticForm(qxx[w], qxy[w], qyy[w], dx, dy) <= 1;
      const r = quadraticForm(rxx[w], rxy[w], ryy[w], dx, dy);
      if (isInside) wantedWindows.push(w);
      if (r > inner * inner && r <= outer * outer && !isInside && holds(x, y, wx[w], wy[w])) wantedBands.push(w);
    }
    pairs += wantedBands.length;
    if (String(inWindows) !== String(wantedWindows)) expect(inWindows, `windows at ${x}, ${y}`).toEqual(wantedWindows);
    if (String(bands) !== String(wantedBands)) expect(bands, `bands at ${x}, ${y}`).toEqual(wantedBands);
    expect(ids.every((id, k) => k === 0 || id > ids[k - 1])).toBe(true);
  }
  return pairs;
}

const inBox: Holds = (x, y) => x >= 0 && x <= 10 && y >= 0 && y <= 20;

describe('the band of a window has the cells that a loop finds', () => {
  const cases: [string, object, 'sideBand' | 'complement', number, number, Holds][] = [
    ['a ring', { outer: 6 }, 'sideBand', 3, 6, () => true],
    ['half a ring', { inner: 2.5, outer: 5, where: 'x < x0' }, 'sideBand', 2.5, 5, (x, _, x0) => x < x0],
    ['a part of the plane', { where: 'y > 12 || x < 1' }, 'complement', 3, Infinity, (x, y) => y > 12 || x < 1],
    ['a stripe', { where: 'abs(y - y0) < 1' }, 'sideBand', 3, Infinity, (_, y, __, y0) => Math.abs(y - y0) < 1],
    [
      'all but a stripe',
      { where: 'abs(y - y0) > 1' },
      'complement',
      3,
      Infinity,
      (_, y, __, y0) => Math.abs(y - y0) > 1,
    ],
  ];
  it.each(cases)('%s', (_, band, axis, inner, outer, holds) => {
    const plane = planeOf({ side_band: { tau: 1, ...band } });
    expect(plane.regions).toMatchObject({ axis, idsPerWindow: 2, controlShift: 0 });
    expect(plane.regions.nRegions).toBe(2 * plane.windows.count + (axis === 'complement' ? 1 : 0));
    const pairs = expectBands(plane, inner, outer, (x, y, x0, y0) => inBox(x, y, x0, y0) && holds(x, y, x0, y0));
    expect(pairs).toBeGreaterThan(20 * plane.windows.count);
  });

  it('beside a blind region and a slanted edge of the region', () => {
    const parts = { windows: { ...PLANE, region: { ...BOX, where: 'y < 2*x' } }, blind: [{ x: [4, 6], y: [5, 9] }] };
    const holds: Holds = (x, y) => inBox(x, y, 0, 0) && y < 2 * x && !(x >= 4 && x <= 6 && y >= 5 && y <= 9);
    for (const axis of ['sideBand', 'complement'] as const) {
      const plane = planeOf({ side_band: { outer: 8, tau: 1 } }, parts, axis);
      expect(expectBands(plane, 3, 8, holds)).toBeGreaterThan(1000);
    }
  });

  it('of intervals, where the band begins at the edge of the window', () => {
    const line = planeOf({ side_band: { inner: 2, outer: 5, tau: 1 } }, { y: undefined, windows: LINE });
    expect(expectBands(line, 2, 5, (x) => x >= 0 && x <= 10)).toBeGreaterThan(1000);
  });

  it('of windows from a table, whose bands reach beyond all windows', () => {
    const columns = { x: 'x', half_width: 'h' };
    const parts = { y: undefined, windows: { table: { file: 'windows.csv', columns } } };
    const table = { x: [3, 4.5], h: [0.4, 0.5] };
    const line = planeOf({ side_band: { inner: 1.5, outer: 3, tau: 1 } }, parts, undefined, table);
    const { xEdges } = line.lattice;
    expect([xEdges[0], xEdges[xEdges.length - 1]]).toEqual([3 - 3 * 0.4, 6]);
    expect(expectBands(line, 1.5, 3, () => true)).toBeGreaterThan(500);
    const endless = { side_band: { where: 'x > x0', tau: 1 } };
    expect(() => planeOf(endless, parts, undefined, table)).toThrow(/^card: .*side_band has no end.*; give outer$/);
  });
});

describe('counts', () => {
  const events = (seed: number, n: number): Events => {
    const u = uniforms(seed);
    return {
      x: Float64Array.from({ length: n }, () => 12 * u() - 1),
      y: Float64Array.from({ length: n }, () => 24 * u() - 2),
    };
  };

  it('through the complement are those counted directly, where the outer edge is beyond everything', () => {
    for (const where of [undefined, 'y > 5', 'abs(y - y0) > 1']) {
      const direct = planeOf({ side_band: { outer: 1e4, where, tau: 1 } });
      const through = planeOf({ side_band: { where, tau: 1 } }, {}, 'complement');
      expect(direct.regions.axis).toBe('sideBand');
      expect(through.lattice).toEqual(direct.lattice);
      const data = events(1, 3000);
      const [a, b] = [direct, through].map(({ lattice, regions }) => countRegions(data, lattice, regions));
      expect([...b.n]).toEqual([...a.n]);
      expect([...b.nOff!]).toEqual([...a.nOff!]);
      expect(Math.min(...a.nOff!)).toBeGreaterThan(500);
    }
  });

  it('are those of the events whose cells are in the band, and near those of the events themselves', () => {
    const plane = planeOf({ side_band: { outer: 6, where: 'x < x0', tau: 1 } });
    const { lattice, regions, windows } = plane;
    const data = events(2, 4000);
    const { n, nOff } = countRegions(data, lattice, regions);
    const [inCells, inBandCells, exact] = [0, 1, 2].map(() => new Uint32Array(windows.count));
    const cells = [...cellsOf(lattice, regions)];
    for (let i = 0; i < data.x.length; i++) {
      const [x, y] = [data.x[i], data.y![i]];
      let cell = -1;
      for (let c = 0; c < lattice.slope.length && cell < 0; c++) {
        if (!(x >= lattice.xEdges[c] && x < lattice.xEdges[c + 1])) continue;
        const v = y - lattice.slope[c] * (x - (lattice.xEdges[c] + lattice.xEdges[c + 1]) / 2);
        for (let k = lattice.firstCell[c]; k < lattice.firstCell[c + 1]; k++) {
          if (v >= lattice.yEdges[k + c] && v < lattice.yEdges[k + c + 1]) cell = k;
        }
      }
      for (const w of cell < 0 ? [] : cells[cell].inWindows) inCells[w]++;
      for (const w of cell < 0 ? [] : cells[cell].bands) inBandCells[w]++;
      for (let w = 0; w < windows.count; w++) {
        const r = quadraticForm(windows.rxx[w], windows.rxy[w], windows.ryy[w], x - windows.x[w], y - windows.y[w]);
        if (r > 9 && r <= 36 && x < windows.x[w] && inBox(x, y, 0, 0)) exact[w]++;
      }
    }
    expect([...n]).toEqual([...inCells]);
    expect([...nOff!]).toEqual([...inBandCells]);
    const sum = (counts: Uint32Array) => counts.reduce((total, k) => total + k, 0);
    // events in cells on an edge: a few percent of a band go in, as many go out
    expect(sum(nOff!) / sum(exact)).toBeCloseTo(1, 1);
    expect(sum(exact)).toBeGreaterThan(3000);
  });

  it('of a control sample are its own events in the cells of the window', () => {
    const plain = planeOf({ density: 1 });
    const { lattice, regions, windows } = planeOf({ control: { file: 'control.csv', transfer: 0.5 } });
    expect(lattice).toEqual(plain.lattice);
    const [data, control] = [events(3, 2000), events(4, 5000)];
    const { n, nOff } = countRegions(data, lattice, regions, control);
    expect([...n]).toEqual([...countRegions(data, lattice, plain.regions).n]);
    expect([...nOff!]).toEqual([...countRegions(control, lattice, plain.regions).n]);
    expect(nOff).not.toEqual(n);
    expect(regions.atoms.count).toBe(2 * plain.regions.atoms.count - 1);
    expect(regions.nRegions).toBe(2 * windows.count);
    expect(() => countRegions(data, lattice, regions)).toThrow(/^toys: the control sample was not read/);
  });

  it('without a side band are the windows alone, in the same atoms', () => {
    const { windows, lattice, regions } = planeOf({ density: 1 });
    expect(regions).toEqual({
      axis: 'none',
      idsPerWindow: 1,
      nRegions: windows.count,
      nWindows: windows.count,
      controlShift: 0,
      atoms: makeAtoms(windows, lattice),
    });
    expect(countRegions(events(5, 100), lattice, regions).nOff).toBeUndefined();
  });

  it('of the data find the best window by n and n_off', () => {
    const lnP = (n: number, nOff: number) => -n / (1 + nOff);
    const rowsOf = () => ({
      least: 0,
      lnP: Array.from({ length: 9 }, (_, nOff) => Float64Array.from({ length: 9 }, (__, n) => lnP(n, nOff))),
    });
    const ranks = sideBandRanks('sideBand', 4, rowsOf);
    const tables = { ranks, b0: Float64Array.of(1, 1, 1, 1.5) };
    const exact = { n: Uint32Array.of(4, 3, 0, 2), b0: new Float64Array(4).fill(1), nOff: Uint32Array.of(6, 1, 0, 1) };
    const seen = observedExtreme(Uint32Array.of(4, 3, 0, 3), tables, exact, Uint32Array.of(6, 1, 0, 1));
    // p0 grows with n_off: 4/7 against 3/2 twice, of which the first counts
    expect(seen).toMatchObject({ window: 1, lnPLocal: -1.5, nDifferent: 1, largestB0Change: 0.5 });
    expect([...seen.nOff!]).toEqual([6, 1, 0, 1]);
    const other = observedExtreme(Uint32Array.of(4, 3, 0, 2), tables, exact, Uint32Array.of(6, 2, 1, 1));
    expect(other).toMatchObject({ window: 1, lnPLocal: -1, nDifferent: 2 });
  });
});

it('lists that do not fit are refused with what to do', () => {
  const { windows, lattice } = planeOf({ density: 1 });
  const { length } = makeAtoms(windows, lattice).windows;
  expect(makeAtoms(windows, lattice, undefined, length).windows.length).toBe(length);
  expect(() => makeAtoms(windows, lattice, undefined, length - 1)).toThrow(
    new RegExp(`^toys: more than ${length - 1} pairs of cell and window, expected .*; use fewer or smaller windows$`),
  );
});

it('two components measured beside the windows are refused', () => {
  const components = [
    { name: 'a', side_band: { outer: 6, tau: 1 } },
    { name: 'flat', density: 1 },
    { name: 'c', control: { file: 'control.csv', transfer: 1 } },
  ];
  const card = cardWith({ windows: PLANE, background: { components } });
  expect(() => measuredComponent(card, makeScope(card))).toThrow(
    /^card: background\.components\[2\] \(c\) is measured beside the windows, and so is a, expected one.*; describe/,
  );
});
