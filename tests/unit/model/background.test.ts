import { describe, expect, it } from 'vitest';
import { makeBackground } from '../../../src/model/background.ts';
import { rectangleInEllipse } from '../../../src/model/binned-map.ts';
import { makeDensity } from '../../../src/model/density.ts';
import { makeScope } from '../../../src/model/expression.ts';
import { cholesky, integrateWindow, integrateWindows } from '../../../src/model/window-integral.ts';
import { makeWindows } from '../../../src/model/windows.ts';
import { cardWith, columnsOf, ellipses, intervals, normals, uniforms } from './helpers.ts';

const BOX = { x: [0, 10], y: [0, 20] };
const LATTICE = { resolution: { x: 0.4, y: 1, correlation: -0.8 }, half_axes: 2, step: 2, region: BOX };

function build(component: object, inputs: object = {}, parts: object = {}) {
  const card = cardWith({ windows: LATTICE, background: { components: [{ name: 'b', ...component }] }, ...parts });
  const scope = makeScope(card);
  const windows = makeWindows(card, scope);
  return { windows, built: makeBackground(card, scope, windows, inputs)[0] };
}

describe('density components', () => {
  it('a constant density gives density times area in every window', () => {
    const { windows, built } = build({ density: 3 });
    for (let i = 0; i < windows.count; i++) {
      expect(built.component.b0[i]).toBeCloseTo(3 * Math.PI * windows.a[i] * windows.b[i], 9);
    }
  });

  it('a Gaussian density centred on a window gives its containment', () => {
    // N(d; V) inside k = 2 with the same V: 1 - exp(-2)
    const form = '((x-5)^2/0.16 + 1.6*(x-5)*(y-9)/0.4 + (y-9)^2) / 0.36';
    const density = `exp(-0.5*${form}) / (2*pi*0.4*0.6)`;
    const region = { x: [5, 5.1], y: [9, 9.1] };
    const { windows, built } = build({ density }, {}, { windows: { ...LATTICE, region } });
    expect(windows.count).toBe(1);
    expect(built.component.b0[0]).toBeCloseTo(1 - Math.exp(-2), 7);
    expect(built.worstIntegrationError).toBeLessThan(1e-4);
  });

  it('with `events` is normalised over its support, and windows that tile a plane add up to it', () => {
    const component = {
      density: 'exp(-x/3)*(1+y)',
      events: 1000,
      support: { x: [0, 10], y: [0, 20], where: 'y < 2*x' },
    };
    const card = cardWith({ windows: LATTICE });
    const density = makeDensity(card, { name: 'b', ...component } as never, makeScope(card), 'c');
    // Midpoint sum over the triangle, an independent integral of the normalised density.
    let sum = 0;
    const n = 1500;
    for (let i = 0; i < n; i++)
      for (let j = 0; j < n; j++) sum += density.at(((i + 0.5) * 10) / n, ((j + 0.5) * 20) / n);
    expect((sum * 200) / (n * n)).toBeCloseTo(1000, -1);
    expect(Math.abs((sum * 200) / (n * n) - 1000)).toBeLessThan(1.5);
    expect(density.totalError! / 1000).toBeLessThan(1e-3);
    // Normalisation by hand: int_0^10 exp(-x/3) (2x + 2x^2) dx
    const by = (x: number) => -Math.exp(-x / 3) * (6 * x * x + 36 * x + 108 + 6 * x + 18);
    expect(density.at(5, 1) / ((1000 * Math.exp(-5 / 3) * 2) / (by(10) - by(0)))).toBeCloseTo(1, 3);
  });

  it('a kinematic edge through a window cuts its integral', () => {
    const { windows, built } = build({ density: 'x < 5 ? 1 : 0' });
    for (let i = 0; i < windows.count; i++) {
      // Area of an ellipse left of x = 5: with h its half-width, a circular segment.
      const h = 0.8;
      const t = Math.max(-1, Math.min(1, (5 - windows.x[i]) / h));
      const share = (Math.PI / 2 + Math.asin(t) + t * Math.sqrt(1 - t * t)) / Math.PI;
      const area = Math.PI * windows.a[i] * windows.b[i];
      expect(Math.abs(built.component.b0[i] - share * area)).toBeLessThan(0.02 * area);
    }
  });

  it('a negative density, a density that is 0 everywhere and events without a support are errors', () => {
    expect(() => build({ density: 'x - 5' })).toThrow(/components\[0\]\.density is -.* at x = .*, expected a finite/);
    expect(() => build({ density: 'log(x - 5)' })).toThrow(/density is NaN at/);
    expect(() => build({ density: 'x > 100 ? 1 : 0', events: 5 })).toThrow(/density is 0 all over its support/);
    const card = cardWith({ windows: { table: {} } });
    const component = { name: 'b', density: 1, events: 3 } as never;
    expect(() => makeDensity(card, component, makeScope(card), 'c')).toThrow(/c\.events needs a support/);
  });

  it('at many points is the density at each, 0 outside the support whatever the formula gives there', () => {
    const support = { x: [0, 10], y: [0, 20], where: 'y < 2*x' };
    const component = { name: 'b', density: 'sqrt(2*x - y) * exp(-x/3)', events: 50, support } as never;
    const card = cardWith({ windows: LATTICE });
    const density = makeDensity(card, component, makeScope(card), 'c');
    const u = uniforms(7);
    const x = Float64Array.from({ length: 3000 }, () => 12 * u() - 1);
    const y = Float64Array.from({ length: 3000 }, () => 24 * u() - 2);
    const out = new Float64Array(3000);
    density.atMany(x, y, 3000, out);
    expect(out).toEqual(Float64Array.from(x, (px, i) => density.at(px, y[i])));
    expect(out.filter((value) => value === 0).length).toBeGreaterThan(1000);
    const negative = makeDensity(card, { name: 'b', density: 'x - 1' } as never, makeScope(card), 'c');
    expect(() => negative.atMany(x, y, 3000, out)).toThrow(/c\.density is -\S+ at x = \S+, y = .*expected a finite/);
  });

  it('integrates all windows together as each by itself', () => {
    const card = cardWith({ windows: LATTICE });
    const windows = makeWindows(card, makeScope(card));
    // Smooth, and with an edge that runs through windows and needs the largest rules.
    const density = makeDensity(card, { name: 'b', density: 'exp(-x/3) + (y > 1.7*x)' } as never, makeScope(card), 'c');
    const { value, error } = integrateWindows(windows, density.atMany);
    const single = Array.from(value, (_, i) => integrateWindow(windows, i, (x, y) => density.at(x, y)));
    expect([...value]).toEqual(single.map((integral) => integral.value));
    expect([...error]).toEqual(single.map((integral) => integral.error));
    expect(Math.max(...error)).toBeGreaterThan(1e-4);
  });

  it('of one dimension integrates over the interval', () => {
    const windows = intervals([1, 4], [0.5, 2]);
    expect(integrateWindow(windows, 1, (x) => Math.exp(-x)).value).toBeCloseTo(Math.exp(-2) - Math.exp(-6), 9);
  });
});

describe('binned maps', () => {
  it('the area of a rectangle in an ellipse equals a count of random points', () => {
    // 4e5 points in the rectangle, 4 standard deviations.
    const u = uniforms(1);
    for (let t = 0; t < 12; t++) {
      const w = ellipses({ x: [0], y: [0], a: [0.5 + u()], b: [0.1 + u()], phi_deg: [360 * u()] });
      const [x0, y0] = [2 * u() - 1.5, 2 * u() - 1.5];
      const [x1, y1] = [x0 + 0.1 + 2 * u(), y0 + 0.1 + 2 * u()];
      const total = 400_000;
      let n = 0;
      for (let k = 0; k < total; k++) {
        const [x, y] = [x0 + (x1 - x0) * u(), y0 + (y1 - y0) * u()];
        if (w.qxx[0] * x * x + 2 * w.qxy[0] * x * y + w.qyy[0] * y * y <= 1) n++;
      }
      const box = (x1 - x0) * (y1 - y0);
      const area = rectangleInEllipse(cholesky(w.qxx[0], w.qxy[0], w.qyy[0]), x0, x1, y0, y1);
      const p = n / total;
      expect(Math.abs(area / box - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p) + 1e-5) / total));
    }
  });

  it('bins that tile an ellipse add up to its area exactly', () => {
    const columns = { x_low: [], x_high: [], y_low: [], y_high: [], events: [] } as Record<string, number[]>;
    for (let i = 0; i < 30; i++) {
      for (let j = 0; j < 30; j++) {
        columns.x_low.push(i / 2 - 2);
        columns.x_high.push(i / 2 - 1.5);
        columns.y_low.push(j - 3);
        columns.y_high.push(j - 2);
        columns.events.push(0.5 * 7);
      }
    }
    const { windows, built } = build({ map: { file: 'm.csv' } }, { tables: new Map([['m.csv', columnsOf(columns)]]) });
    for (let i = 0; i < windows.count; i += 3) {
      expect(built.component.b0[i]).toBeCloseTo(7 * Math.PI * windows.a[i] * windows.b[i], 10);
    }
    expect(built.total).toBeCloseTo(0.5 * 7 * 900, 8);
  });

  it('a bad bin is named', () => {
    const bin = { x_low: [0], x_high: [1], y_low: [0], y_high: [1], events: [-1] };
    const tables = (columns: object) => ({ tables: new Map([['m.csv', columnsOf(columns as never)]]) });
    expect(() => build({ map: { file: 'm.csv' } }, tables(bin))).toThrow(
      /m\.csv: bin 0 has x 0\.\.1, y 0\.\.1, events -1/,
    );
    expect(() => build({ map: { file: 'm.csv' } }, tables({ ...bin, events: [1], x_high: [0] }))).toThrow(/bin 0/);
    expect(() => build({ map: { file: 'm.csv' } }, tables({ x_low: [0] }))).toThrow(/no column 'x_high'/);
  });
});

describe('simulated samples', () => {
  const sample = {
    x: Float64Array.of(5, 5, 5.01, 9),
    y: Float64Array.of(9, 9, 9, 1),
    weight: Float64Array.of(1, 2, -0.5, 4),
  };
  const at = { windows: { ...LATTICE, region: { x: [5, 5.1], y: [9, 9.1] } } };

  it('give sums of weights, of squares, entries and the mean weight of the whole sample', () => {
    const samples = new Map([['b', sample]]);
    const { built } = build({ sample: { file: 'f', scale: 0.5 } }, { samples }, at);
    expect(built.component).toEqual({
      name: 'b',
      kind: 'mc-stat',
      b0: Float64Array.of(1.25),
      sumW2: Float64Array.of(0.25 * 5.25),
      entries: Uint32Array.of(3),
      meanWeight: (0.5 * 6.5) / 4,
    });
    expect(built.total).toBe(3.25);
    expect(build({ sample: { file: 'f' }, mc_stat: false }, { samples }, at).built.component.kind).toBe('known');
  });

  it('keep a negative sum for the status of the window, refuse NaN weights and empty samples', () => {
    const negative = new Map([['b', { ...sample, weight: Float64Array.of(-1, -2, 0, 1) }]]);
    expect(build({ sample: { file: 'f' } }, { samples: negative }, at).built.component.b0[0]).toBe(-3);
    const nan = new Map([['b', { ...sample, weight: Float64Array.of(NaN, 1, 1, 1) }]]);
    expect(() => build({ sample: { file: 'f' } }, { samples: nan }, at)).toThrow(
      /event 0 of the sample of b has weight NaN/,
    );
    const none = new Map([['b', { x: new Float64Array(0), y: new Float64Array(0) }]]);
    expect(() => build({ sample: { file: 'f' } }, { samples: none }, at)).toThrow(
      /no event of the sample of b is left/,
    );
  });
});

describe('side bands', () => {
  const u = uniforms(4);
  const flat = {
    x: Float64Array.from({ length: 60_000 }, () => 10 * u()),
    y: Float64Array.from({ length: 60_000 }, () => 20 * u()),
  };
  const band = { side_band: { inner: 3, outer: 6, tau: 'area' } };

  it('far from edges have tau = (outer^2 - inner^2) / k^2', () => {
    const { windows, built } = build(band, { events: flat });
    const i = windows.x.findIndex((x, k) => Math.abs(x - 5) < 0.5 && Math.abs(windows.y[k] - 10) < 1);
    expect(built.component.tau![i]).toBeCloseTo((36 - 9) / 4, 10);
  });

  it.each([
    ['at the edges of the region', {}],
    ['beside a blind region', { blind: [{ x: [4, 6], y: [8, 12] }] }],
    ['along a slanted boundary', { windows: { ...LATTICE, region: { ...BOX, where: 'y < 2*x' } } }],
  ])('tau times the flat expectation in the window is the count in the annulus %s', (_, parts) => {
    // Flat events, 300 per unit area. Chi-square over windows: annuli overlap, so only its mean is used: 1 +- 0.3.
    const region = (parts as { windows?: { region: { where?: string } } }).windows?.region.where;
    const keep = Array.from(flat.x.keys()).filter((j) => region === undefined || flat.y[j] < 2 * flat.x[j]);
    const events = { x: Float64Array.from(keep, (j) => flat.x[j]), y: Float64Array.from(keep, (j) => flat.y[j]) };
    const density = {
      density:
        region === undefined
          ? 'x >= 0 && x <= 10 && y >= 0 && y <= 20 ? 300 : 0'
          : 'x <= 10 && y >= 0 && y < 2*x ? 300 : 0',
    };
    const truth = build(density, {}, parts).built.component.b0;
    const { windows, built } = build(band, { events }, parts);
    let chi2 = 0;
    for (let i = 0; i < windows.count; i++) {
      const expected = built.component.tau![i] * truth[i];
      expect(expected).toBeGreaterThan(30);
      chi2 += (built.component.nOff![i] - expected) ** 2 / (expected + (0.005 * expected) ** 2) / windows.count;
    }
    expect(chi2).toBeGreaterThan(0.5);
    expect(chi2).toBeLessThan(1.5);
  });

  it('take tau from a formula, and give b0 = n_off / tau', () => {
    const { windows, built } = build({ side_band: { inner: 3, outer: 6, tau: '2 + x' } }, { events: flat });
    expect(built.component.tau![3]).toBe(2 + windows.x[3]);
    expect(built.component.b0[3]).toBe(built.component.nOff![3] / (2 + windows.x[3]));
  });

  it('refuse a band that touches its window, and a tau that is not above 0', () => {
    expect(() => build({ side_band: { inner: 1.5, outer: 6, tau: 1 } }, { events: flat })).toThrow(
      /inner 1\.5, outer 6, expected 2/,
    );
    expect(() => build({ side_band: { inner: 3, outer: 6, tau: 'x - 5' } }, { events: flat })).toThrow(
      /tau is -5 at x = 0/,
    );
  });

  it('of intervals are two stretches, the one outside the region left out', () => {
    const x = Float64Array.from({ length: 100_000 }, () => 10 * u());
    const windows = { resolution: { x: 0.1 }, half_axes: 2, step: 2, region: { x: [0, 10] } };
    const card = cardWith({ y: undefined, windows, background: { components: [{ name: 'b', ...band }] } });
    const scope = makeScope(card);
    const set = makeWindows(card, scope);
    const [{ component }] = makeBackground(card, scope, set, { events: { x } });
    expect(component.tau![0]).toBeCloseTo(3 / 2, 6);
    expect(component.tau![20]).toBeCloseTo(6 / 4, 10);
    const expected = component.tau![20] * 0.4 * 10_000;
    expect(Math.abs(component.nOff![20] - expected)).toBeLessThan(4 * Math.sqrt(expected));
  });
});

describe('external tables', () => {
  const windows = { ...LATTICE, region: { x: [5, 6.5], y: [9, 9.1] } };
  const table = (columns: object) => ({ tables: new Map([['t.csv', columnsOf(columns as never)]]) });
  const spec = (columns: object) => ({ table: { file: 't.csv', columns } });

  it('are taken in window order or by id, with errors when there are any', () => {
    const inOrder = build(spec({ bkg: 'b' }), table({ b: [3, 4] }), { windows });
    expect(inOrder.windows.count).toBe(2);
    expect(inOrder.built.component).toEqual({ name: 'b', kind: 'known', b0: Float64Array.of(3, 4) });
    const byId = build(spec({ bkg: 'b', bkg_err: 'e', id: 'id' }), table({ b: [3, 4], e: [1, 2], id: [1, 0] }), {
      windows,
    });
    const component = { name: 'b', kind: 'error-given', b0: Float64Array.of(4, 3), error: Float64Array.of(2, 1) };
    expect(byId.built.component).toEqual(component);
  });

  it('refuse a wrong number of rows, a repeated id and bad numbers', () => {
    expect(() => build(spec({ bkg: 'b' }), table({ b: [3] }), { windows })).toThrow(/t\.csv: 1 rows, expected 2/);
    const twice = table({ b: [3, 4], id: [1, 1] });
    expect(() => build(spec({ bkg: 'b', id: 'id' }), twice, { windows })).toThrow(
      /row 1 has id 1, b 4, expected every id/,
    );
    expect(() => build(spec({ bkg: 'b' }), table({ b: [3, NaN] }), { windows })).toThrow(/row 1 has id 1, b NaN/);
    const negative = table({ b: [3, 4], e: [0, -1] });
    expect(() => build(spec({ bkg: 'b', bkg_err: 'e' }), negative, { windows })).toThrow(/e -1/);
  });
});

describe('a Gaussian sample and a Gaussian density', () => {
  it('give the same background', () => {
    // 2e5 events of weight 0.01 against the density they are drawn from; 5 standard deviations over 40 windows.
    const normal = normals(uniforms(9));
    const n = 200_000;
    const sample = {
      x: Float64Array.from({ length: n }, () => 5 + 1.5 * normal()),
      y: Float64Array.from({ length: n }, () => 9 + 3 * normal()),
      weight: new Float64Array(n).fill(0.01),
    };
    const parts = { windows: { ...LATTICE, region: { x: [3, 7], y: [5, 13] } } };
    const density = 'exp(-0.5*((x-5)^2/2.25 + (y-9)^2/9))';
    const support = { x: [-5, 15], y: [-11, 29] };
    const smooth = build({ density, events: 0.01 * n, support }, {}, parts).built.component;
    const counted = build({ sample: { file: 'f' } }, { samples: new Map([['b', sample]]) }, parts).built.component;
    for (let i = 0; i < smooth.b0.length; i++) {
      expect(Math.abs(counted.b0[i] - smooth.b0[i])).toBeLessThan(5 * Math.sqrt(0.01 * smooth.b0[i]));
    }
  });
});
