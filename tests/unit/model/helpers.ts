/** Small cards, tables and a seeded generator for the tests of this folder. */
import type { Card } from '../../../src/model/card.ts';
import type { Columns } from '../../../src/model/columns.ts';
import { makeScope } from '../../../src/model/expression.ts';
import { makeWindows, type WindowSet } from '../../../src/model/windows.ts';

/** A card with only what windows need; the rest is the smallest valid content. */
export function cardWith(parts: Record<string, unknown>): Card {
  return {
    schema: 'darkscan/card/1',
    name: 'test',
    scan: 'windows',
    data: { simulate: true },
    x: { column: 'x' },
    y: { column: 'y' },
    background: { components: [{ name: 'flat', density: 1 }] },
    signal: { poi: { name: 'S', unit: 'events' }, efficiency: 1 },
    statistics: { p0: 'marginal', limits: [] },
    ...parts,
  } as unknown as Card;
}

export function columnsOf(columns: Record<string, ArrayLike<number>>): Columns {
  const entries = Object.entries(columns).map(([name, values]) => [name, Float64Array.from(values)] as const);
  return { rowCount: entries[0][1].length, columns: new Map(entries) };
}

export function windowsOf(parts: Record<string, unknown>): WindowSet {
  const card = cardWith(parts);
  return makeWindows(card, makeScope(card));
}

const ELLIPSE_COLUMNS = { x: 'x', y: 'y', a: 'a', b: 'b', phi_deg: 'phi_deg' };

/** Ellipses by their principal axes. */
export function ellipses(table: Record<'x' | 'y' | 'a' | 'b' | 'phi_deg', ArrayLike<number>>): WindowSet {
  const card = cardWith({ windows: { table: { file: 'windows.csv', columns: ELLIPSE_COLUMNS } } });
  return makeWindows(card, makeScope(card), columnsOf(table));
}

/** Intervals by centre and half-width. */
export function intervals(x: ArrayLike<number>, halfWidth: ArrayLike<number>): WindowSet {
  const windows = { table: { file: 'windows.csv', columns: { x: 'x', half_width: 'h' } } };
  const card = cardWith({ windows, y: undefined });
  return makeWindows(card, makeScope(card), columnsOf({ x, h: halfWidth }));
}

/** mulberry32: uniform numbers in [0, 1), independent of everything the project draws with. */
export function uniforms(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Standard normal numbers. */
export function normals(uniform: () => number): () => number {
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}
