import { describe, expect, it } from 'vitest';
import { makeScope } from '../../../src/model/expression.ts';
import { makeSignal } from '../../../src/model/signal.ts';
import { makeWindows } from '../../../src/model/windows.ts';
import { cardWith, columnsOf } from './helpers.ts';

const LATTICE = { resolution: { x: 0.4, y: 1 }, half_axes: 2, step: 2, region: { x: [1, 9], y: [0, 20] } };

function signal(parts: object, table?: Record<string, number[]>) {
  const card = cardWith({ windows: LATTICE, signal: { poi: { name: 'sigma', unit: 'fb' }, efficiency: 1, ...parts } });
  const scope = makeScope(card);
  const windows = makeWindows(card, scope);
  return { windows, model: makeSignal(card, scope, windows, table && columnsOf(table)) };
}

describe('signal', () => {
  it('sensitivity is luminosity times efficiency times branching at the centre', () => {
    const luminosity = { value: 8.34, unit: 'fb^{-1}' };
    const { windows, model } = signal({ luminosity, efficiency: '0.1 + 0.01*x', branching: '1/(1 + y)' });
    for (let i = 0; i < windows.count; i++) {
      expect(model.sensitivity[i]).toBeCloseTo((8.34 * (0.1 + 0.01 * windows.x[i])) / (1 + windows.y[i]), 12);
    }
  });

  it('is the efficiency alone without luminosity and branching', () => {
    expect(Array.from(new Set(signal({ efficiency: 0.5 }).model.sensitivity))).toEqual([0.5]);
  });

  it('a table is interpolated linearly in both directions: exact for a bilinear map', () => {
    const table = { m: [], r: [], e: [] } as Record<string, number[]>;
    for (const m of [1, 2, 7, 9]) {
      for (const r of [0, 3, 20]) {
        table.m.push(m);
        table.r.push(r);
        table.e.push(0.1 + 0.01 * m + 0.02 * r + 0.001 * m * r);
      }
    }
    const columns = { x: 'm', y: 'r', efficiency: 'e' };
    const { windows, model } = signal({ efficiency: { table: { file: 'e.csv', columns } } }, table);
    for (let i = 0; i < windows.count; i++) {
      const [x, y] = [windows.x[i], windows.y[i]];
      expect(model.efficiency[i]).toBeCloseTo(0.1 + 0.01 * x + 0.02 * y + 0.001 * x * y, 12);
    }
  });

  it('a table with a hole, a repeated point or too small a range is an error', () => {
    const spec = { efficiency: { table: { file: 'e.csv', columns: { x: 'm', y: 'r', efficiency: 'e' } } } };
    expect(() => signal(spec, { m: [1, 9, 1], r: [0, 20, 20], e: [1, 1, 1] })).toThrow(
      /3 rows do not fill a grid of 2 x 2/,
    );
    expect(() => signal(spec, { m: [1, 1], r: [0, 0], e: [1, 1] })).toThrow(/row 1 has m 1, r 0, e 1, expected each/);
    expect(() => signal(spec, { m: [1, 1], r: [0, 1], e: [1, 2] })).toThrow(/row 1 .*e 2/);
    const small = { m: [1, 5, 1, 5], r: [0, 0, 20, 20], e: [1, 1, 1, 1] };
    expect(() => signal(spec, small)).toThrow(/covers m 1\.\.5, r 0\.\.20, but window \d+ is at x = 5\.8/);
  });

  it('an efficiency outside 0..1 and a luminosity of 0 are errors; an efficiency of 0 is not', () => {
    expect(() => signal({ efficiency: 1.2 })).toThrow(
      /signal\.efficiency is 1\.2 at x = 1, y = 0, expected a number between/,
    );
    expect(() => signal({ branching: 'log(-x)' })).toThrow(/signal\.branching is NaN/);
    expect(() => signal({ luminosity: { value: 0, unit: 'fb' } })).toThrow(/luminosity\.value is 0/);
    expect(signal({ efficiency: 0 }).model.sensitivity[0]).toBe(0);
  });
});
