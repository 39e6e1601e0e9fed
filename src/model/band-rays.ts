/**
 * Rays from the centre of a window through what is allowed around it. With d = L u, u = r (cos, sin), a ray is a
 * direction and r runs from one edge of the band to the other; boxes (region, blind) cut it in closed form, conditions by
 * trying points along it and bisecting between neighbours that differ. A part of the band narrower than a step of those
 * tries (1/24 of a ray in 2D, 1/512 in 1D) can be missed.
 */
import { ConditionPoints, type Cut } from './band-shape.ts';

/** [lxx, lyx, lyy] of L; 1D uses lxx alone. */
export type Frame = readonly [number, number, number];

/** Parts of rays, in the order of the rays. */
export interface Parts {
  count: number;
  /** Number of the ray, and r at both ends. */
  readonly ray: number[];
  readonly from: number[];
  readonly to: number[];
}

/** Rays of one or many windows. */
export interface Rays {
  readonly count: number;
  /** [count] centre of the window. */
  readonly cx: Float64Array;
  readonly cy: Float64Array;
  /** [count] direction of each ray per unit of r, in the units of the columns. */
  readonly ex: Float64Array;
  readonly ey: Float64Array;
  /** [count] 1 where conditions can change along the ray; where it is 0 they hold all along. */
  readonly isTested: Uint8Array;
}

const TRIES_2D = 24;
const TRIES_1D = 512;
/** Steps of bisection: 1e-6 of a step in 2D, to the last digit in 1D. */
const BISECTIONS_2D = 20;
const BISECTIONS_1D = 52;
const CAPACITY = 1 << 14;

export function emptyRays(count: number): Rays {
  const make = () => new Float64Array(count);
  return { count, cx: make(), cy: make(), ex: make(), ey: make(), isTested: new Uint8Array(count).fill(1) };
}

/** Ray k starts at (cx, cy), in the direction u = (c, s) of the round plane. */
export function setRay(rays: Rays, k: number, cx: number, cy: number, frame: Frame, c: number, s: number): void {
  rays.cx[k] = cx;
  rays.cy[k] = cy;
  rays.ex[k] = frame[0] * c;
  rays.ey[k] = frame[1] * c + frame[2] * s;
}

/** Finds the allowed parts of rays. */
export class RayCutter {
  readonly #cut: Cut;
  readonly #test: ConditionPoints | undefined;

  constructor(cut: Cut) {
    this.#cut = cut;
    if (cut.condition ?? cut.regionCondition) this.#test = new ConditionPoints(cut, CAPACITY);
  }

  /** Allowed parts of inner < r <= outer (Infinity: up to the region). */
  parts(rays: Rays, inner: number, outer: number): Parts {
    const boxed = this.#insideBoxes(rays, inner, outer);
    return this.#test === undefined || boxed.count === 0 ? boxed : this.#whereHeld(rays, boxed);
  }

  #insideBoxes(rays: Rays, inner: number, outer: number): Parts {
    const { region, blind, is2D } = this.#cut;
    const parts = noParts();
    const span = new Float64Array(2);
    for (let k = 0; k < rays.count; k++) {
      span[0] = inner;
      span[1] = outer;
      if (region !== undefined) {
        clip(span, rays.cx[k], rays.ex[k], region.x);
        if (is2D) clip(span, rays.cy[k], rays.ey[k], region.y);
      }
      const [from, to] = span;
      if (!(from < to)) continue;
      if (blind.length === 0) add(parts, k, from, to);
      else this.#outsideBlind(rays, k, from, to, parts);
    }
    return parts;
  }

  #outsideBlind(rays: Rays, k: number, start: number, end: number, parts: Parts): void {
    const { blind, is2D } = this.#cut;
    let kept: (readonly [number, number])[] = [[start, end]];
    const span = new Float64Array(2);
    for (const rectangle of blind) {
      span[0] = start;
      span[1] = end;
      clip(span, rays.cx[k], rays.ex[k], rectangle.x);
      if (is2D) clip(span, rays.cy[k], rays.ey[k], rectangle.y);
      const [low, high] = span;
      if (!(low < high)) continue;
      kept = kept.flatMap(([from, to]) => [[from, Math.min(to, low)] as const, [Math.max(from, high), to] as const]);
    }
    for (const [from, to] of kept) if (from < to) add(parts, k, from, to);
  }

  #whereHeld(rays: Rays, boxed: Parts): Parts {
    const tries = this.#cut.is2D ? TRIES_2D : TRIES_1D;
    const n = tries + 1;
    let nTested = 0;
    for (let p = 0; p < boxed.count; p++) nTested += rays.isTested[boxed.ray[p]];
    if (nTested === 0) return boxed;
    const r = new Float64Array(nTested * n);
    const ray = new Uint32Array(nTested * n);
    let j = 0;
    for (let p = 0; p < boxed.count; p++) {
      if (rays.isTested[boxed.ray[p]] === 0) continue;
      const step = (boxed.to[p] - boxed.from[p]) / tries;
      ray.fill(boxed.ray[p], j, j + n);
      for (let t = 0; t < tries; t++) r[j++] = boxed.from[p] + step * t;
      r[j++] = boxed.to[p];
    }
    const held = this.#held(rays, ray, r, r.length);
    const changes: number[] = [];
    for (let first = 0; first < held.length; first += n) {
      for (let t = first + 1; t < first + n; t++) if (held[t] !== held[t - 1]) changes.push(t);
    }
    const edges = this.#bisect(rays, ray, r, held, changes);
    const parts = noParts();
    let c = 0;
    let first = 0;
    for (let p = 0; p < boxed.count; p++) {
      let start = boxed.from[p];
      if (rays.isTested[boxed.ray[p]] === 1) {
        const last = first + tries;
        for (; changes[c] <= last; c++) {
          if (held[changes[c]] === 0) add(parts, boxed.ray[p], start, edges[c]);
          start = edges[c];
        }
        first += n;
        if (held[last] === 0) continue;
      }
      add(parts, boxed.ray[p], start, boxed.to[p]);
    }
    return parts;
  }

  /** [changes] where the condition changes between try j - 1 and try j, all of them at once. */
  #bisect(rays: Rays, ray: Uint32Array, r: Float64Array, held: Uint8Array, changes: readonly number[]): Float64Array {
    const n = changes.length;
    const of = Uint32Array.from(changes, (j) => ray[j]);
    const low = Float64Array.from(changes, (j) => r[j - 1]);
    const high = Float64Array.from(changes, (j) => r[j]);
    const middle = new Float64Array(n);
    const steps = n === 0 ? 0 : this.#cut.is2D ? BISECTIONS_2D : BISECTIONS_1D;
    for (let step = 0; step < steps; step++) {
      for (let c = 0; c < n; c++) middle[c] = (low[c] + high[c]) / 2;
      const state = this.#held(rays, of, middle, n);
      for (let c = 0; c < n; c++) (state[c] === held[changes[c] - 1] ? low : high)[c] = middle[c];
    }
    return low.map((value, c) => (value + high[c]) / 2);
  }

  /** [n] 1 where the conditions hold at distance r[j] along ray[j]. */
  #held(rays: Rays, ray: Uint32Array, r: Float64Array, n: number): Uint8Array {
    const test = this.#test!;
    const held = new Uint8Array(n);
    for (let from = 0; from < n; from += CAPACITY) {
      const count = Math.min(CAPACITY, n - from);
      for (let j = 0; j < count; j++) {
        const k = ray[from + j];
        test.x0[j] = rays.cx[k];
        test.y0[j] = rays.cy[k];
        test.x[j] = rays.cx[k] + rays.ex[k] * r[from + j];
        test.y[j] = rays.cy[k] + rays.ey[k] * r[from + j];
      }
      test.evaluate(count);
      for (let j = 0; j < count; j++) held[from + j] = test.held[j];
    }
    return held;
  }
}

/** Narrows [from, to] to the r at which centre + slope r is in a range; from > to where it never is. */
function clip(span: Float64Array, centre: number, slope: number, range: readonly number[] | undefined): void {
  if (range === undefined) return;
  const low = range[0] - centre;
  const high = range[1] - centre;
  if (slope === 0) {
    if (!(low <= 0 && high >= 0)) span[1] = -Infinity;
    return;
  }
  const enter = (slope > 0 ? low : high) / slope;
  const leave = (slope > 0 ? high : low) / slope;
  if (enter > span[0]) span[0] = enter;
  if (leave < span[1]) span[1] = leave;
}

function noParts(): Parts {
  return { count: 0, ray: [], from: [], to: [] };
}

function add(parts: Parts, ray: number, from: number, to: number): void {
  parts.ray.push(ray);
  parts.from.push(from);
  parts.to.push(to);
  parts.count++;
}
