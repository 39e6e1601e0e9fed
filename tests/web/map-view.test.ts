/** Zoom and pan as arithmetic, gestures as numbers, neighbours on a lattice. */
import { describe, expect, test } from 'vitest';
import type { View } from '../../src/model/windows-of-table.ts';
import { pinch, wheelFactor } from '../../src/web/map/gestures.ts';
import { mapGeometry } from '../../src/web/map/geometry.ts';
import { neighbourOf } from '../../src/web/map/neighbour.ts';
import { fractionsOf, MAX_ZOOM, panBy, showPoint, zoomAbout } from '../../src/web/map/view.ts';
import { lattice } from './support/lattice.ts';

const FULL: View = [0, 10, -4, 4];

describe('zoom', () => {
  test('keeps the place under the pointer', () => {
    const before: View = [2, 6, -2, 2];
    const after = zoomAbout(before, FULL, [0.25, 0.75], 2);
    expect(fractionsOf(after, 3, 1)).toEqual([0.25, 0.75]);
    expect(after[1] - after[0]).toBeCloseTo(2, 12);
  });

  test('never shows anything outside the full view', () => {
    expect(zoomAbout([8, 10, 2, 4], FULL, [0, 0], 0.5)).toEqual([6, 10, 0, 4]);
    expect(zoomAbout([8, 10, 2, 4], FULL, [0.3, 0.9], 1e-6)).toEqual(FULL);
  });

  test('ends at the largest magnification', () => {
    const deep = zoomAbout(FULL, FULL, [0.5, 0.5], 1e9);
    expect(deep[1] - deep[0]).toBeCloseTo(10 / MAX_ZOOM, 12);
    expect(zoomAbout(deep, FULL, [0.5, 0.5], 3)).toEqual(deep);
  });

  test('back by the same factor is the same view', () => {
    const start: View = [2, 6, -2, 2];
    const there = zoomAbout(start, FULL, [0.3, 0.6], 1.6);
    zoomAbout(there, FULL, [0.3, 0.6], 1 / 1.6).forEach((edge, i) => expect(edge).toBeCloseTo(start[i], 12));
  });
});

describe('pan', () => {
  test('moves the content with the pointer, up to the border', () => {
    expect(panBy([2, 6, -2, 2], FULL, [0.25, 0.5])).toEqual([1, 5, -4, 0]);
    expect(panBy([2, 6, -2, 2], FULL, [-5, 5])).toEqual([6, 10, -4, 0]);
    expect(panBy(FULL, FULL, [0.3, 0.3])).toEqual(FULL);
  });

  test('a point in view moves nothing, one outside as little as shows it with a margin', () => {
    const view: View = [2, 6, -2, 2];
    expect(showPoint(view, FULL, 4, 0)).toBe(view);
    const moved = showPoint(view, FULL, 7, 0);
    expect(moved[2]).toBe(-2);
    expect(fractionsOf(moved, 7, 0)[0]).toBeCloseTo(0.92, 12);
  });
});

describe('gestures', () => {
  test('a wheel turned towards the user zooms out, and there and back is nothing', () => {
    const turned = (deltaY: number, deltaMode = 0) => wheelFactor({ deltaY, deltaMode, ctrlKey: false });
    expect(turned(100)).toBeLessThan(1);
    expect(turned(100) * turned(-100)).toBeCloseTo(1, 12);
    expect(turned(3, 1)).toBeCloseTo(turned(48), 12);
    expect(wheelFactor({ deltaY: -10, deltaMode: 0, ctrlKey: true })).toBeGreaterThan(turned(-10));
  });

  test('a finger that doubles its distance to the other zooms twice about their middle', () => {
    const calls: unknown[] = [];
    pinch([10, 0], [20, 0], [0, 0], {
      onZoom: (place, factor) => calls.push(['zoom', place, factor]) > 0,
      onPan: (dx, dy) => void calls.push(['pan', dx, dy]),
    });
    expect(calls).toEqual([['zoom', [5, 0], 2], ['pan', 5, 0]]); // prettier-ignore
  });
});

describe('the arrow keys', () => {
  // 5 columns, 4 rows: window row * 5 + column
  const geometry = mapGeometry(lattice(5, 4));
  const from = (id: number) =>
    (['left', 'right', 'up', 'down'] as const).map((way) => neighbourOf(geometry, id, way, 1));

  test('go to the next window of a lattice and come back', () => {
    expect(from(7)).toEqual([6, 8, 12, 2]);
    for (let id = 0; id < 20; id++) {
      const right = neighbourOf(geometry, id, 'right', 1.5);
      if (right !== undefined) expect(neighbourOf(geometry, right, 'left', 1.5)).toBe(id);
    }
  });

  test('stay at the border', () => {
    expect(from(0)).toEqual([undefined, 1, 5, undefined]);
    expect(from(19)).toEqual([18, undefined, undefined, 14]);
  });

  test('reach every window of a tilted lattice', () => {
    const tilted = mapGeometry(lattice(6, 6, 25));
    const reached = new Set([0]);
    for (const id of reached)
      for (const way of ['left', 'right', 'up', 'down'] as const) {
        const next = neighbourOf(tilted, id, way, 1);
        if (next !== undefined) reached.add(next);
      }
    expect(reached.size).toBe(36);
  });
});
