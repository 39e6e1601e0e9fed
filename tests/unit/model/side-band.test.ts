/** Bands of any shape: counts against loops over all events, areas, densities and leaks against closed forms and scipy. */
import { readFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import { makeBackground } from '../../../src/model/background.ts';
import type { Events } from '../../../src/model/columns.ts';
import type { BackgroundComponent } from '../../../src/model/counting-model.ts';
import { quadraticForm } from '../../../src/model/ellipse.ts';
import { makeScope } from '../../../src/model/expression.ts';
import { makeWindows, type WindowSet } from '../../../src/model/windows.ts';
import { cardWith, columnsOf, uniforms } from './helpers.ts';

interface Golden {
  readonly cases: readonly { name: string; area: number; density: number; leak: number }[];
}
const GOLDEN = JSON.parse(readFileSync('tests/golden/bands.json', 'utf8')) as Golden;

const BOX = { x: [0, 10], y: [0, 20] };
const PLANE = { resolution: { x: 0.4, y: 1, correlation: -0.8 }, half_axes: 2, step: 2, region: BOX };
const LINE = { resolution: { x: 0.1 }, half_axes: 2, step: 1, region: { x: [0, 10] } };
const NONE: Events = { x: new Float64Array(0), y: new Float64Array(0) };

function band(sideBand: object, parts: Record<string, unknown> = {}, events: Events = NONE, table?: object) {
  const card = cardWith({ windows: PLANE, background: { components: [{ name: 'b', side_band: sideBand }] }, ...parts });
  const scope = makeScope(card);
  const windows = makeWindows(card, scope, table && columnsOf(table as never));
  return { windows, component: makeBackground(card, scope, windows, { events })[0].component };
}

/** The lattice of one window centred at (x, y); the region is what the tests say. */
function at(x: number, y: number, sideBand: object, parts: Record<string, unknown> = {}) {
  const all = band(sideBand, parts);
  const { windows, component } = all;
  const distance = (i: number) => Math.abs(windows.x[i] - x) + Math.abs(windows.y[i] - y);
  const i = windows.x.reduce((best, _, k) => (distance(k) < distance(best) ? k : best), 0);
  return { ...all, i, tau: component.tau![i], leak: component.leak?.[i] ?? NaN };
}

function randomEvents(seed: number, n: number): Events {
  const u = uniforms(seed);
  return {
    x: Float64Array.from({ length: n }, () => 11 * u() - 0.5),
    y: Float64Array.from({ length: n }, () => 21 * u() - 0.5),
  };
}

/** Events that satisfy a plain TypeScript condition, one by one. */
function countBrute(
  windows: WindowSet,
  events: Events,
  inner: number,
  outer: number,
  holds: (x: number, y: number, x0: number, y0: number) => boolean,
): number[] {
  const { rxx, rxy, ryy, x, y } = windows;
  return Array.from({ length: windows.count }, (_, i) => {
    let n = 0;
    for (let j = 0; j < events.x.length; j++) {
      const [ex, ey] = [events.x[j], events.y?.[j] ?? 0];
      const r = quadraticForm(rxx[i], rxy[i], ryy[i], ex - x[i], ey - y[i]);
      if (r > inner * inner && r <= outer * outer && holds(ex, ey, x[i], y[i])) n++;
    }
    return n;
  });
}

describe('counts', () => {
  const inBox = (x: number, y: number) => x >= 0 && x <= 10 && y >= 0 && y <= 20;

  it.each([
    ['a ring', { outer: 6, tau: 1 }, 3, 6, () => true],
    [
      'the left half',
      { inner: 2.5, outer: 5, where: 'x < x0', tau: 1 },
      2.5,
      5,
      (x: number, _: number, x0: number) => x < x0,
    ],
    [
      'a stripe without an end',
      { where: 'abs(y - y0) < 1 && !(x < 2)', tau: 1 },
      3,
      Infinity,
      (x: number, y: number, _: number, y0: number) => Math.abs(y - y0) < 1 && x >= 2,
    ],
  ] as const)('of %s are those of a loop over all events', (_, spec, inner, outer, holds) => {
    const events = randomEvents(3, 4000);
    const { windows, component } = band(spec, {}, events);
    const expected = countBrute(windows, events, inner, outer, (x, y, x0, y0) => inBox(x, y) && holds(x, y, x0, y0));
    expect([...component.nOff!]).toEqual(expected);
    expect(Math.max(...expected)).toBeGreaterThan(50);
  });

  it('leave out blind regions and what lies beyond a slanted edge of the region', () => {
    const events = randomEvents(4, 4000);
    const windows = { ...PLANE, region: { ...BOX, where: 'y < 2*x' } };
    const blind = [{ x: [4, 6], y: [5, 9] }];
    const { windows: set, component } = band({ where: 'x > x0', outer: 8, tau: 1 }, { windows, blind }, events);
    const expected = countBrute(set, events, 3, 8, (x, y, x0) => {
      const isBlind = x >= 4 && x <= 6 && y >= 5 && y <= 9;
      return inBox(x, y) && y < 2 * x && !isBlind && x > x0;
    });
    expect([...component.nOff!]).toEqual(expected);
  });

  it('take the background from blind regions too where these say so', () => {
    const events = randomEvents(4, 4000);
    const everywhere = [{ x: [-1e30, 1e30], y: [-1e30, 1e30], in_bands: true }];
    const open = band({ tau: 'area' }, {}, events).component;
    const { component } = band({ tau: 'area' }, { blind: everywhere }, events);
    expect([...component.nOff!]).toEqual([...open.nOff!]);
    expect([...component.b0]).toEqual([...open.b0]);
  });

  it('of a ring written as a condition are those of the ring, and so is its tau', () => {
    const events = randomEvents(5, 6000);
    // squared distance in units of the resolution, correlation -0.8
    const r2 = '(((x - x0)/0.4)^2 + 1.6*(x - x0)/0.4*(y - y0) + (y - y0)^2) / 0.36';
    const ring = band({ inner: 3.5, outer: 6, tau: 'area' }, {}, events);
    const written = band({ inner: 3, where: `${r2} > 12.25 && ${r2} <= 36`, tau: 'area' }, {}, events);
    expect([...written.component.nOff!]).toEqual([...ring.component.nOff!]);
    ring.component.tau!.forEach((tau, i) => expect(written.component.tau![i] / tau).toBeCloseTo(1, 4));
    ring.component.leak!.forEach((leak, i) => expect(written.component.leak![i] / leak).toBeCloseTo(1, 4));
  });

  it('never hold an event of the window itself, edge to edge', () => {
    // centres on multiples of 0.25, resolution 0.125: events exactly on the edges
    const windows = { resolution: { x: 0.125 }, half_axes: 2, step: 2, region: { x: [0, 10] } };
    const events = { x: Float64Array.from({ length: 801 }, (_, j) => j / 80) };
    const { windows: set, component } = band({ inner: 2, outer: 4, tau: 1 }, { y: undefined, windows }, events);
    set.x.forEach((x0, i) => {
      const both = [...events.x].filter((x) => Math.abs(x - x0) <= 0.5 && Math.abs(x - x0) > 0.25);
      expect(component.nOff![i]).toBe(both.length);
    });
    expect(() => band({ inner: 1.9, outer: 4, tau: 1 }, { y: undefined, windows }, events)).toThrow(
      /side_band has inner 1\.9, outer 4, expected 2 \(edge of the window\) <= inner < outer/,
    );
  });

  it('refuse a band inside the window where half-axes and a correlation push its edge out', () => {
    // largest eigenvalue of V^-1 (D V D), k = (2, 3), rho = -0.8: 3.42 resolutions, above both half-axes
    const windows = { ...PLANE, half_axes: { x: 2, y: 3 } };
    expect(() => band({ inner: 3.4, outer: 6, tau: 1 }, { windows })).toThrow(
      /expected 3\.42\d* \(edge of the window\)/,
    );
    expect(() => band({ inner: 3.43, outer: 6, tau: 1 }, { windows })).not.toThrow();
  });

  it('name the point where a condition has no value', () => {
    const where = 'sqrt(x - x0) < 1';
    expect(() => band({ where, tau: 1 }, {}, randomEvents(6, 100))).toThrow(
      /side_band\.where compares with NaN at x = \S+, y = \S+, x0 = \S+, y0 = \S+, expected numbers everywhere/,
    );
    expect(() => band({ where: `x > x0 && ${where}`, tau: 1 }, {}, randomEvents(6, 100))).not.toThrow();
    expect(() => band({ where, tau: 'area' })).toThrow(/compares with NaN/);
  });
});

describe('tau and leak', () => {
  const FALL = { density: 'exp(-x/3 - y/7)' };
  const CASES: readonly [name: string, x: number, y: number, spec: object, parts: Record<string, unknown>][] = [
    ['whole', 5, 10, { outer: 6 }, {}],
    ['axes', 5, 10, { inner: 4, outer: 6 }, { windows: { ...PLANE, half_axes: { x: 2, y: 3 } } }],
    ['corner', 1, 2, { outer: 6 }, {}],
    ['slant', 3, 5, { outer: 6 }, { windows: { ...PLANE, region: { ...BOX, where: 'y < 2*x' } } }],
    ['left', 5, 10, { outer: 6, where: 'x < x0' }, {}],
    ['quarter', 5, 10, { outer: 6, where: 'x < x0 && y > y0' }, {}],
    ['open', 5, 10, { where: 'abs(y - y0) < 1' }, {}],
  ];

  it.each(CASES)('of the case %s are those of scipy to 1e-5', (name, x, y, spec, parts) => {
    const golden = GOLDEN.cases.find((found) => found.name === name)!;
    const set = oneWindow(x, y, parts);
    const area = set({ ...spec, tau: 'area' });
    const density = set({ ...spec, tau: FALL });
    expect(Math.abs(area.tau![0] / golden.area - 1)).toBeLessThan(1e-5);
    expect(Math.abs(density.tau![0] / golden.density - 1)).toBeLessThan(1e-5);
    expect(Math.abs(area.leak![0] / golden.leak - 1)).toBeLessThan(1e-5);
  });

  it('see a thin part of the band between the edges of the region and of the ring', () => {
    // beside x = 0 the band reaches below the window through 1.4 degrees only; mean over angles, each ray in closed form
    const [y0, n] = [1.86, 400_000];
    let [area, signal] = [0, 0];
    for (let k = 0; k < n; k++) {
      const angle = (Math.PI * (k + 0.5)) / n - Math.PI / 2;
      const slope = -0.8 * Math.cos(angle) + 0.6 * Math.sin(angle);
      const end = Math.max(3, Math.min(6, slope < 0 ? y0 / -slope : 6));
      area += ((end * end - 9) / 2) * (Math.PI / n);
      signal += (Math.exp(-4.5) - Math.exp(-(end * end) / 2)) / (2 * n);
    }
    const half = oneWindow(0, y0, {})({ outer: 6, tau: 'area', leak: 'gaussian' });
    expect(Math.abs(half.leak![0] / (signal / (1 - Math.exp(-2))) - 1)).toBeLessThan(1e-5);
    // half of the window, r <= 2, is in the region, less what is below y = 0
    let inside = 0;
    for (let k = 0; k < n; k++) {
      const angle = (Math.PI * (k + 0.5)) / n - Math.PI / 2;
      const slope = -0.8 * Math.cos(angle) + 0.6 * Math.sin(angle);
      inside += (Math.min(2, slope < 0 ? y0 / -slope : 2) ** 2 / 2) * (Math.PI / n);
    }
    expect(Math.abs(half.tau![0] / (area / inside) - 1)).toBeLessThan(1e-5);
  });

  it('of whole rings are closed forms', () => {
    const ring = oneWindow(5, 10, {})({ outer: 6, tau: 'area' });
    expect(ring.leak![0]).toBeCloseTo((Math.exp(-4.5) - Math.exp(-18)) / (1 - Math.exp(-2)), 14);
    expect(ring.tau![0]).toBeCloseTo(27 / 4, 14);
    // scipy.stats.norm: (sf(3) - sf(6)) / (0.5 - sf(2))
    const line = at(5, 0, { outer: 6, tau: 'area' }, { y: undefined, windows: LINE });
    expect(line.leak).toBeCloseTo(0.0028284911854514613, 14);
    expect(line.tau).toBeCloseTo(6 / 4, 14);
  });

  it('of an exponential on a line are exact to 1e-8, cut by region, blind range and condition', () => {
    const between = (a: number, b: number) => Math.exp(-a / 2) - Math.exp(-b / 2);
    const cases: readonly [object, Record<string, unknown>, (x0: number) => number][] = [
      [{ outer: 6 }, {}, (x0) => between(x0 - 0.6, x0 - 0.3) + between(x0 + 0.3, x0 + 0.6)],
      [{ where: 'x < x0' }, {}, (x0) => between(0, x0 - 0.3)],
      [{ where: 'x > x0 && x < 9.123' }, {}, (x0) => between(x0 + 0.3, 9.123)],
      [{ where: 'x < x0' }, { blind: [{ x: [1, 2] }] }, (x0) => between(0, 1) + between(2, x0 - 0.3)],
    ];
    for (const [spec, parts, expected] of cases) {
      const found = at(5, 0, { ...spec, tau: { density: 'exp(-x/2)' } }, { y: undefined, windows: LINE, ...parts });
      const x0 = found.windows.x[found.i];
      const tau = expected(x0) / between(x0 - 0.2, x0 + 0.2);
      expect(Math.abs(found.tau / tau - 1)).toBeLessThan(1e-8);
    }
  });

  it('are 0, not NaN, where nothing of the band is allowed', () => {
    const { windows, component } = band({ where: 'x < x0', tau: 'area' }, { y: undefined, windows: LINE });
    expect([windows.x[0], component.tau![0], component.b0[0], component.leak![0]]).toEqual([0, 0, 0, 0]);
    const empty = band({ outer: 6, tau: { density: 'x > 5 ? 1 : 0' } }, { y: undefined, windows: LINE });
    expect(empty.component.tau![10]).toBe(0);
    for (const value of [...empty.component.tau!, ...empty.component.b0]) expect(Number.isFinite(value)).toBe(true);
  });

  it('refuse densities that are negative, undefined or 0 everywhere', () => {
    const of = (density: string) => () => band({ outer: 6, tau: { density } }, { y: undefined, windows: LINE });
    expect(of('x - 5')).toThrow(/side_band\.tau\.density is -\S+ at x = \S+, expected a finite number, 0 or more/);
    expect(of('log(x - 5)')).toThrow(/side_band\.tau\.density is NaN at x = /);
    expect(of('x > 50 ? 1 : 0')).toThrow(/side_band\.tau\.density is 0 all over every band or window/);
  });

  it('take a leak from a number or a formula, and refuse one that is negative or infinite', () => {
    const leak = (value: number | string) => band({ outer: 6, tau: 1, leak: value }, { y: undefined, windows: LINE });
    expect(leak('x / 100').component.leak![30]).toBe(leak(0).windows.x[30] / 100);
    expect([...leak(0).component.leak!].every((value) => value === 0)).toBe(true);
    expect(() => leak('x - 1')).toThrow(/side_band\.leak is -1 at x = 0, expected a finite number, 0 or more/);
    expect(() => leak('1/x')).toThrow(/side_band\.leak is Infinity at x = 0/);
  });

  test('windows from a table have no leak unless it is given, and no band without an end', () => {
    const windows = { table: { file: 'w.csv', columns: { x: 'x', half_width: 'h' } } };
    const parts = { y: undefined, windows };
    const table = { x: [1, 2], h: [0.2, 0.2] };
    const of = (spec: object) =>
      band(spec, parts, { x: Float64Array.of(0.1, 1.1, 1.5) }, table).component as BackgroundComponent;
    const given = of({ inner: 1, outer: 3, tau: 'area' });
    expect(given.leak).toBeUndefined();
    expect([...given.tau!]).toEqual([2, 2]);
    expect([...given.nOff!]).toEqual([1, 1]);
    expect([...of({ inner: 1, outer: 3, tau: 'area', leak: 0.1 }).leak!]).toEqual([0.1, 0.1]);
    expect([...of({ inner: 1, where: 'x < x0', tau: 2 }).nOff!]).toEqual([1, 3]);
    expect(() => of({ inner: 1, outer: 3, tau: 1, leak: 'gaussian' })).toThrow(/leak is 'gaussian', but windows from/);
    expect(() => of({ inner: 1, where: 'x < x0', tau: 'area' })).toThrow(/tau integrates over a band without an end/);
  });
});

/** A window at the place of a golden case: a table of one ellipse cannot have a region, so a lattice is shifted to it. */
function oneWindow(x: number, y: number, parts: Record<string, unknown>): (sideBand: object) => BackgroundComponent {
  return (sideBand) => {
    const card = cardWith({
      windows: PLANE,
      background: { components: [{ name: 'b', side_band: sideBand }] },
      ...parts,
    });
    const scope = makeScope(card);
    const small = { ...(card.windows as object), region: { x: [x, x + 0.01], y: [y, y + 0.01] } };
    const windows = makeWindows(cardWith({ windows: small }), scope);
    expect([windows.count, windows.x[0], windows.y[0]]).toEqual([1, x, y]);
    return makeBackground(card, scope, windows, { events: NONE })[0].component;
  };
}
