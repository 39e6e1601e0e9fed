/** Where events of toys lie: densities per window, simulated and control samples, what the card says and must say. */
import { describe, expect, it } from 'vitest';
import { parseCard } from '../../../src/io/card.ts';
import { makeBackground } from '../../../src/model/background.ts';
import type { Columns, Events } from '../../../src/model/columns.ts';
import { quadraticForm } from '../../../src/model/ellipse.ts';
import { makeScope } from '../../../src/model/expression.ts';
import { controlComponent } from '../../../src/model/toys/control-atoms.ts';
import { overAtoms, toyDensities, toyLattice, type NamedDensity } from '../../../src/model/toys/toy-components.ts';
import { makeToyRegions, measuredComponent } from '../../../src/model/toys/toy-regions.ts';
import { makeWindows } from '../../../src/model/windows.ts';
import { prepareScan } from '../../../src/scan/prepare.ts';
import { regionMeans } from '../../../src/toys/region-means.ts';
import { cardWith, uniforms } from '../model/helpers.ts';
import { edit, LINE_TOYS } from './toy-setup.ts';

const BOX = { x: [0, 10], y: [0, 20] };
const PLANE = { resolution: { x: 0.4, y: 1, correlation: -0.8 }, half_axes: 2, step: 4, region: BOX };
const LINE = { resolution: { x: 0.1 }, half_axes: 2, step: 1, region: { x: [0, 10] } };

interface Inputs {
  readonly b0?: readonly number[] | ((w: number) => number);
  readonly tables?: ReadonlyMap<string, Columns>;
  readonly sample?: Events;
}

/** Expected events of every window and band (2 w, 2 w + 1) of a card with one component. */
function meansOf(component: object, density: unknown, parts: Record<string, unknown> = {}, inputs: Inputs = {}) {
  const card = cardWith({
    windows: PLANE,
    background: { components: [{ name: 'b', ...component }] },
    ...(density === undefined ? {} : { toys: { density: { b: density } } }),
    ...parts,
  });
  const scope = makeScope(card);
  const windows = makeWindows(card, scope);
  const { b0 = () => 1, tables = new Map(), sample } = inputs;
  const numbers = Float64Array.from({ length: windows.count }, (_, w) => (typeof b0 === 'function' ? b0(w) : b0[w]));
  const samples = new Map(sample === undefined ? [] : [['b', sample]]);
  const [named] = toyDensities(card, scope, { tables, samples }, { windows, b0: [numbers] });
  const lattice = toyLattice(card, scope, windows, [named]);
  const regions = makeToyRegions(windows, lattice, measuredComponent(card, scope), scope);
  const events = overAtoms(named, lattice, regions.atoms);
  const means = regionMeans(events.atoms, regions.atoms, regions.nRegions);
  const { idsPerWindow } = regions;
  const n = Float64Array.from({ length: windows.count }, (_, w) => means[idsPerWindow * w]);
  const nOff = Float64Array.from({ length: windows.count }, (_, w) => means[idsPerWindow * w + 1]);
  return { card, scope, windows, density: named, lattice, regions, events, means, n, nOff };
}

const sum = (values: ArrayLike<number>) => Array.from(values).reduce((total, v) => total + v, 0);

const BAND = { side_band: { inner: 3, outer: 6, tau: 'area' } };
const NO_EVENTS: Events = { x: new Float64Array(0), y: new Float64Array(0) };

describe('a flat density', () => {
  it.each([
    // a window of 2 sigma has some 200 cells of a quarter, of which those on its edge go either way
    ['whole', BOX, {}, 0.06, 0.01],
    // every window along the slanted edge is cut by the same half rows of cells: 3 % at once, less with finer cells
    ['cut', { ...BOX, where: 'y < 2*x' }, { blind: [{ x: [4, 6], y: [5, 9] }] }, 0.12, 0.04],
  ])('in the region gives every band tau times the events of its window: %s', (_, region, parts, worst, mean) => {
    const given = { density: 3, support: region };
    const { card, scope, windows, n, nOff } = meansOf(BAND, given, { windows: { ...PLANE, region }, ...parts });
    const [{ component }] = makeBackground(card, scope, windows, { events: NO_EVENTS });
    const tau = component.tau!;
    const whole = 3 * Math.PI * 4 * 0.4 * 0.6;
    const some = [...windows.x.keys()].filter((w) => n[w] > 0.25 * whole);
    expect(some.length).toBeGreaterThan(20);
    for (const w of some) expect(Math.abs(nOff[w] / (tau[w] * n[w]) - 1), `window ${w}`).toBeLessThan(worst);
    expect(Math.abs(sum(some.map((w) => nOff[w])) / sum(some.map((w) => tau[w] * n[w])) - 1)).toBeLessThan(mean);
  });

  it('has its integral over windows and bands, and over all that any band may have', () => {
    const { windows, n, nOff } = meansOf(
      BAND,
      { density: 3 },
      { windows: { ...PLANE, region: { x: [0, 20], y: [0, 60] } } },
    );
    // bands around centres 6 resolutions from the edge are whole: 3 pi (6^2 - 3^2) sqrt(det V), windows 3 pi 2^2 sqrt(det V)
    const area = Math.PI * 0.4 * 0.6;
    const inner = [...windows.x.keys()].filter(
      (w) => Math.abs(windows.x[w] - 10) < 7.5 && Math.abs(windows.y[w] - 30) < 23.5,
    );
    expect(inner.length).toBeGreaterThan(50);
    const mean = (values: Float64Array) => sum(inner.map((w) => values[w])) / inner.length;
    expect(mean(n) / (3 * 4 * area)).toBeCloseTo(1, 2);
    expect(mean(nOff) / (3 * 27 * area)).toBeCloseTo(1, 2);
    const where = { side_band: { where: 'y > 10', tau: 1 } };
    const open = meansOf(where, { density: 3 });
    expect(open.regions.axis).toBe('complement');
    // the upper half of a box of 10 x 20, to half a cell of 0.15 of 10 in height
    expect(open.means[2 * open.windows.count] / (3 * 100)).toBeCloseTo(1, 1);
    expect(sum(open.events.atoms)).toBeCloseTo(
      sum(open.events.atoms.filter((_, a) => open.regions.atoms.first[a + 1] > open.regions.atoms.first[a])),
      9,
    );
  });

  it('normalised to a number of events has that many in its support', () => {
    const support = { x: [2, 8], y: [4, 16] };
    const { events } = meansOf(BAND, { density: 'exp(-x/3)', events: 500, support });
    // the bands of 6 resolutions leave nothing of the support out
    expect(sum(events.atoms) / 500).toBeCloseTo(1, 2);
  });
});

describe('windows', () => {
  it('that do not overlap get their own expected events', () => {
    const windows = { ...LINE, step: 10 };
    const b0 = (w: number) => 2 + w;
    const { n, windows: set } = meansOf(BAND, 'windows', { y: undefined, windows }, { b0 });
    expect(set.count).toBeGreaterThan(8);
    n.forEach((value, w) => {
      // 16 cells of a quarter resolution; the window at the edge is half outside the region
      expect(Math.abs(value / b0(w) - 1), `window ${w} at ${set.x[w]}`).toBeLessThan(1 / 8);
    });
    // its own density is that of its band too: 6 cells wide on either side, tau = 6 / 4
    const { nOff } = meansOf(BAND, 'windows', { y: undefined, windows }, { b0 });
    // the windows at the two ends are cut in half
    for (let w = 2; w + 2 < set.count; w++) {
      const halves = [w - 1, w, w + 1].map((v) => b0(v) / 0.4);
      // edges of bands of neighbours are 1 apart: out to 0.5 the nearest is w, beyond its neighbour
      const expected = 2 * 0.2 * halves[1] + 0.1 * (halves[0] + halves[2]);
      expect(Math.abs(nOff[w] / expected - 1), `band ${w}`).toBeLessThan(1 / 8);
    }
  });

  it('that overlap give the mean of theirs', () => {
    const b0 = [4, 12, 20, 8];
    const windows = { ...LINE, step: 2, region: { x: [0, 0.65] } };
    const { lattice, events, regions } = meansOf({ table: {} }, 'windows', { y: undefined, windows }, { b0 });
    const centres = [0, 0.2, 0.4, 0.6];
    const expected = new Float64Array(regions.atoms.count);
    for (let c = 0; c < lattice.slope.length; c++) {
      const x = (lattice.xEdges[c] + lattice.xEdges[c + 1]) / 2;
      const inside = centres.flatMap((x0, w) => (Math.abs(x - x0) <= 0.2 ? [b0[w] / 0.4] : []));
      const width = lattice.xEdges[c + 1] - lattice.xEdges[c];
      if (inside.length > 0) expected[regions.atoms.ofCell[c]] += (width * sum(inside)) / inside.length;
    }
    events.atoms.forEach((value, a) => expect(value).toBeCloseTo(expected[a], 12));
    // all events, by hand: 10, 20, 40, 35, 20 per unit, each over 0.2
    expect(sum(events.atoms)).toBeCloseTo(0.2 * (10 + 20 + 40 + 35 + 20), 0);
  });

  it('of a side band have nothing outside the region, of other backgrounds they have', () => {
    const region = { ...BOX, where: 'y < 2*x' };
    const [cut, other] = [BAND, { table: {} }].map((component) => {
      const planned = meansOf(component, 'windows', { windows: { ...PLANE, region } });
      return { ...planned, at: (x: number, y: number) => valueOf(planned.density, x, y) };
    });
    const { windows, n } = cut;
    const whole = Math.PI * 4 * 0.4 * 0.6;
    let beyond = 0;
    for (let w = 0; w < windows.count; w++) {
      const [x, y] = [windows.x[w], windows.y[w]];
      expect(cut.at(x, y)).toBeGreaterThan(0);
      // the conjugate of x in the ellipse: (dx, dy) = (-0.7 sx, 1.5 sy) has r = 2 for rho = -0.8
      const [px, py] = [x - 0.7 * 0.4, y + 1.5];
      if (py < 2 * px || py > 20 || px < 0) continue;
      beyond++;
      expect(cut.at(px, py)).toBe(0);
      expect(other.at(px, py)).toBeGreaterThan(0.99 / whole);
    }
    expect(beyond).toBeGreaterThan(3);
    // b0 = 1 over the allowed part of the window, in it: 1, but for overlaps and cells on edges
    expect(sum(n) / windows.count).toBeCloseTo(1, 1);
    // in a band, beside all windows: the nearest
    expect(cut.at(9.99, 0.01)).toBeGreaterThan(0.5 / whole);
    expect(other.at(-0.9, 25)).toBe(0);
  });
});

function valueOf({ at }: NamedDensity, x: number, y: number): number {
  const out = new Float64Array(1);
  at(Float64Array.of(x), Float64Array.of(y), 1, out);
  return out[0];
}

describe('a simulated sample', () => {
  const u = uniforms(7);
  const n = 3000;
  const x = Float64Array.from({ length: n }, () => 12 * u() - 1);
  const y = Float64Array.from({ length: n }, () => 24 * u() - 2);

  it('has the weights of its events in the windows whose cells they are in', () => {
    const weight = Float64Array.from({ length: n }, () => 0.5 + u());
    const { windows, lattice, means } = meansOf(
      { sample: { file: 'mc.root', scale: 0.25 } },
      undefined,
      {},
      { sample: { x, y, weight } },
    );
    const expected = new Float64Array(windows.count);
    for (let i = 0; i < n; i++) {
      for (let c = 0; c < lattice.slope.length; c++) {
        if (!(x[i] > lattice.xEdges[c] && x[i] <= lattice.xEdges[c + 1])) continue;
        const centre = (lattice.xEdges[c] + lattice.xEdges[c + 1]) / 2;
        const v = y[i] - lattice.slope[c] * (x[i] - centre);
        for (let k = lattice.firstCell[c] + c; k < lattice.firstCell[c + 1] + c; k++) {
          if (!(v > lattice.yEdges[k] && v <= lattice.yEdges[k + 1])) continue;
          const middle = (lattice.yEdges[k] + lattice.yEdges[k + 1]) / 2;
          for (let w = 0; w < windows.count; w++) {
            const { qxx, qxy, qyy } = windows;
            const q = quadraticForm(qxx[w], qxy[w], qyy[w], centre - windows.x[w], middle - windows.y[w]);
            if (q <= 1) expected[w] += 0.25 * weight[i];
          }
        }
      }
    }
    expect(means.length).toBe(windows.count);
    means.forEach((value, w) => expect(value).toBeCloseTo(expected[w], 10));
    expect(sum(means)).toBeGreaterThan(100);
  });

  it('without weights has its events; negative weights keep the sum and no atom is negative', () => {
    const plain = meansOf({ sample: { file: 'mc.root' } }, undefined, {}, { sample: { x, y } });
    plain.means.forEach((value) => expect(Number.isInteger(value)).toBe(true));
    const weight = x.map((_, i) => (i % 3 === 0 ? -1 : 1));
    const signed = meansOf({ sample: { file: 'mc.root' } }, undefined, {}, { sample: { x, y, weight } });
    expect(signed.events.atoms.every((value) => value >= 0)).toBe(true);
    const { atoms } = signed.regions;
    const inRegions = [...x.keys()].filter((i) => {
      const one = { x: x.subarray(i, i + 1), y: y.subarray(i, i + 1) };
      return sum(meansOfSample(one, signed.lattice, atoms)) > 0;
    });
    expect(sum(signed.events.atoms)).toBeCloseTo(sum(inRegions.map((i) => weight[i])), 8);
  });

  it('takes the density the card gives instead, if it gives one', () => {
    const own = meansOf({ sample: { file: 'mc.root' } }, { density: 2 }, {}, { sample: { x, y } });
    expect(sum(own.means) / own.windows.count).toBeCloseTo(2 * Math.PI * 4 * 0.4 * 0.6, 0);
  });
});

function meansOfSample(
  events: Events,
  lattice: Parameters<typeof overAtoms>[1],
  atoms: Parameters<typeof overAtoms>[2],
) {
  return overAtoms({ name: 'one', at: () => {}, simulated: { events, scale: 1 } }, lattice, atoms).atoms;
}

describe('a control sample', () => {
  it('is thrown as a source of its own: tau times the background in every window', () => {
    const control = { control: { file: 'c.csv', transfer: 0.25 } };
    const { windows, regions, events, n } = meansOf(control, 'windows', {}, { b0: (w) => 1 + (w % 5) });
    const tau = new Float64Array(windows.count).fill(4);
    const own = controlComponent(events, regions, tau);
    const means = regionMeans(own.atoms, regions.atoms, regions.nRegions);
    n.forEach((value, w) => {
      expect(means[2 * w]).toBe(0);
      expect(means[2 * w + 1]).toBeCloseTo(4 * value, 10);
    });
    const changing = controlComponent(
      events,
      regions,
      windows.x.map((x) => 2 + x),
    );
    const others = regionMeans(changing.atoms, regions.atoms, regions.nRegions);
    // windows of 2 resolutions overlap neighbours whose centres are 2 x 0.8 away at most
    n.forEach((value, w) => expect(Math.abs(others[2 * w + 1] / value - (2 + windows.x[w]))).toBeLessThan(1.6));
    expect(own.name).toBe('control sample of b');
  });

  it('is refused where there is none', () => {
    const { regions, events, windows } = meansOf({ density: 1 }, undefined);
    const tau = new Float64Array(windows.count).fill(1);
    expect(() => controlComponent(events, regions, tau)).toThrow(/^toys: there is no control sample of b/);
  });
});

it('a map of toys.density is read and used', async () => {
  const card = edit(
    LINE_TOYS,
    [
      "{ name: fall, density: 'exp(-x)', events: 120, support: { x: [0.8, 3.2] } }",
      '{ name: b, side_band: { outer: 6, tau: area } }',
    ],
    ['data: { simulate: true }', 'data: { file: events.csv }'],
    ['statistics:', 'toys: { density: { b: { map: { file: map.csv } } } }\nstatistics:'],
  );
  const contents: Record<string, string> = {
    'events.csv': 'm\n1.2\n1.7\n2.4\n',
    'map.csv': 'x_low,x_high,events\n0,2,10\n2,4,30\n',
  };
  const read = async (name: string) => {
    const bytes = new TextEncoder().encode(contents[name]);
    return { name, bytes, storedBytes: bytes.length, sha256: name };
  };
  const scan = await prepareScan(parseCard(card, 'card.yaml').card, { files: { read }, seed: 1, unblind: false });
  expect(scan.files.map(({ name }) => name).toSorted()).toEqual(['events.csv', 'map.csv']);
  const { card: parsed, scope, sources } = scan;
  const [density] = toyDensities(parsed, scope, sources);
  const out = new Float64Array(3);
  density.at(Float64Array.of(1, 3, 5), new Float64Array(3), 3, out);
  expect([...out]).toEqual([5, 15, 0]);
});
