import { describe, expect, it } from 'vitest';
import { countEvents, sumWeights } from '../../../src/model/counting.ts';
import { quadraticForm } from '../../../src/model/ellipse.ts';
import type { WindowSet } from '../../../src/model/windows.ts';
import { ellipses, intervals, normals, uniforms, windowsOf } from './helpers.ts';

const N_WINDOWS = 3000;
const N_EVENTS = 4000;

/** Ellipses of any size, shape and rotation over a plane whose axes have very different units. */
function randomEllipses(seed: number, count: number) {
  const u = uniforms(seed);
  const columns = { x: [], y: [], a: [], b: [], phi_deg: [] } as Record<'x' | 'y' | 'a' | 'b' | 'phi_deg', number[]>;
  for (let i = 0; i < count; i++) {
    columns.x.push(10 * u());
    columns.y.push(100 * u() - 20);
    columns.a.push(10 ** (-2 + 3 * u()));
    columns.b.push(10 ** (-2 + 3 * u()));
    columns.phi_deg.push(i % 10 === 0 ? 45 * Math.floor(16 * u()) - 360 : 720 * u() - 360);
  }
  return { columns, windows: ellipses(columns) };
}

function randomEvents(seed: number, count: number) {
  const u = uniforms(seed);
  return {
    x: Float64Array.from({ length: count }, () => 10 * u()),
    y: Float64Array.from({ length: count }, () => 110 * u() - 25),
  };
}

/** A double as an integer multiple of 2^-1100. */
function exact(value: number): bigint {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  const bits = view.getBigUint64(0);
  const exponent = Number((bits >> 52n) & 0x7ffn);
  const fraction = bits & 0xfffffffffffffn;
  const mantissa = exponent === 0 ? fraction : fraction | 0x10000000000000n;
  const shifted = mantissa << BigInt(Math.max(exponent, 1) - 1075 + 1100);
  return bits >> 63n ? -shifted : shifted;
}

/** q dx^2 + ... - 1 in exact rational arithmetic on the same doubles: sign and rough size. */
function exactExcess(q: readonly [number, number, number], dx: number, dy: number): number {
  const [xx, xy, yy, x, y] = [...q, dx, dy].map(exact);
  const form = xx * x * x + 2n * xy * x * y + yy * y * y;
  const one = 1n << 3300n;
  return Number(((form - one) << 100n) / one) / 2 ** 100;
}

describe('counting by the exact rule', () => {
  const { columns, windows } = randomEllipses(1, N_WINDOWS);
  const events = randomEvents(2, N_EVENTS);

  it('equals a count of all pairs in principal axes for thousands of ellipses of any rotation', () => {
    // Another formula: rotate into the axes with Math.cos/sin, then (u/a)^2 + (v/b)^2. The two differ by rounding only,
    // so pairs within 1e-9 of the edge are left to the next test and must be rare.
    const counts = countEvents(windows, events);
    let nearEdge = 0;
    for (let i = 0; i < N_WINDOWS; i++) {
      const phi = (columns.phi_deg[i] * Math.PI) / 180;
      const [c, s] = [Math.cos(phi), Math.sin(phi)];
      let [surely, perhaps] = [0, 0];
      for (let j = 0; j < N_EVENTS; j++) {
        const [dx, dy] = [events.x[j] - columns.x[i], events.y[j] - columns.y[i]];
        const r = ((c * dx + s * dy) / columns.a[i]) ** 2 + ((c * dy - s * dx) / columns.b[i]) ** 2;
        if (r <= 1 - 1e-9) surely++;
        else if (r <= 1 + 1e-9) perhaps++;
      }
      nearEdge += perhaps;
      expect(counts[i]).toBeGreaterThanOrEqual(surely);
      expect(counts[i]).toBeLessThanOrEqual(surely + perhaps);
    }
    expect(nearEdge).toBeLessThan(5);
    expect(counts.reduce((sum, n) => sum + n, 0)).toBeGreaterThan(50_000);
  });

  it('equals the plain test event by event when events sit within 1e-12 of the edges', () => {
    const few = randomEllipses(3, 400);
    const edge = edgeEvents(few.windows, 1e-12);
    const counts = countEvents(few.windows, edge);
    for (let i = 0; i < few.windows.count; i++) {
      let n = 0;
      for (let j = 0; j < edge.x.length; j++) if (isInside(few.windows, i, edge.x[j], edge.y[j])) n++;
      expect(counts[i]).toBe(n);
    }
  });

  it('agrees with exact rational arithmetic except within rounding of the edge', () => {
    // f64 rounding of the form: at most about 8 units of 1.1e-16 times the sum of the absolute terms.
    const few = randomEllipses(4, 600);
    const edge = edgeEvents(few.windows, 1e-12);
    let decided = 0;
    for (let i = 0; i < few.windows.count; i++) {
      const { qxx, qxy, qyy, x, y } = few.windows;
      const [dx, dy] = [edge.x[i] - x[i], edge.y[i] - y[i]];
      const excess = exactExcess([qxx[i], qxy[i], qyy[i]], dx, dy);
      const terms = qxx[i] * dx * dx + 2 * Math.abs(qxy[i] * dx * dy) + qyy[i] * dy * dy;
      if (Math.abs(excess) <= 8 * 1.2e-16 * (terms + 1)) continue;
      decided++;
      expect(isInside(few.windows, i, edge.x[i], edge.y[i])).toBe(excess <= 0);
    }
    expect(decided).toBeGreaterThan(200);
  });

  it('an event exactly on the edge is inside, the next double is not', () => {
    const unit = ellipses({ x: [0], y: [0], a: [2], b: [0.5], phi_deg: [90] });
    expect(countEvents(unit, { x: Float64Array.of(0.5, 0, 0.5000000000000001), y: Float64Array.of(0, -2, 0) })[0]).toBe(
      2,
    );
  });

  it('NaN and infinite events are inside nothing and disturb nothing', () => {
    const one = ellipses({ x: [0], y: [0], a: [1], b: [1], phi_deg: [0] });
    const x = Float64Array.of(NaN, 0, Infinity, 0, -Infinity);
    const y = Float64Array.of(0, NaN, 0, 0, NaN);
    expect(Array.from(countEvents(one, { x, y }))).toEqual([1]);
    expect(Array.from(countEvents(one, { x: new Float64Array(0), y: new Float64Array(0) }))).toEqual([0]);
  });

  it('intervals count the events within their half-width', () => {
    const windows1D = intervals([1, 2, 2.5], [0.5, 0.25, 10]);
    const x = Float64Array.of(0.5, 1.5, 1.50001, 2, 2.25, 30);
    expect(Array.from(countEvents(windows1D, { x }))).toEqual([2, 2, 5]);
  });

  it('a correlated Gaussian signal is inside k resolutions with probability 1 - exp(-k^2/2)', () => {
    // 1e5 signal events, tolerance 4 binomial standard deviations: false alarm 6e-5 per k.
    const total = 100_000;
    const normal = normals(uniforms(5));
    const [sx, sy, rho] = [0.02, 0.3, -0.9];
    const x = new Float64Array(total);
    const y = new Float64Array(total);
    for (let j = 0; j < total; j++) {
      const [u, v] = [normal(), normal()];
      x[j] = 6 + sx * u;
      y[j] = 4 + sy * (rho * u + Math.sqrt(1 - rho * rho) * v);
    }
    for (const k of [1, 2, 2.7]) {
      const window = windowsOf({
        windows: {
          resolution: { x: sx, y: sy, correlation: rho },
          half_axes: k,
          step: 5,
          region: { x: [6, 6.05], y: [4, 4.1] },
        },
      });
      expect(window.count).toBe(1);
      const p = 1 - Math.exp((-k * k) / 2);
      const n = countEvents(window, { x, y })[0];
      expect(Math.abs(n - total * p)).toBeLessThan(4 * Math.sqrt(total * p * (1 - p)));
    }
  });
});

describe('weight sums', () => {
  it('equal sums over all pairs, negative weights included', () => {
    const { windows } = randomEllipses(6, 200);
    const events = randomEvents(7, 2000);
    const u = uniforms(8);
    const weight = Float64Array.from({ length: 2000 }, () => u() - 0.2);
    const sums = sumWeights(windows, { ...events, weight });
    for (let i = 0; i < windows.count; i++) {
      let [w1, w2, n] = [0, 0, 0];
      for (let j = 0; j < 2000; j++) {
        if (!isInside(windows, i, events.x[j], events.y[j])) continue;
        w1 += weight[j];
        w2 += weight[j] ** 2;
        n++;
      }
      expect(sums.entries[i]).toBe(n);
      expect(sums.sumW[i]).toBeCloseTo(w1, 9);
      expect(sums.sumW2[i]).toBeCloseTo(w2, 9);
    }
  });
});

function isInside(windows: WindowSet, i: number, x: number, y: number): boolean {
  return quadraticForm(windows.qxx[i], windows.qxy[i], windows.qyy[i], x - windows.x[i], y - windows.y[i]) <= 1;
}

/** One event per window at a relative distance within +-spread of its edge. */
function edgeEvents(windows: WindowSet, spread: number) {
  const u = uniforms(99);
  const x = new Float64Array(windows.count);
  const y = new Float64Array(windows.count);
  for (let i = 0; i < windows.count; i++) {
    const t = 2 * Math.PI * u();
    const phi = (windows.phiDeg[i] * Math.PI) / 180;
    const [p, q] = [windows.a[i] * Math.cos(t), windows.b[i] * Math.sin(t)].map(
      (v) => v * (1 + spread * (2 * u() - 1)),
    );
    x[i] = windows.x[i] + Math.cos(phi) * p - Math.sin(phi) * q;
    y[i] = windows.y[i] + Math.sin(phi) * p + Math.cos(phi) * q;
  }
  return { x, y };
}
