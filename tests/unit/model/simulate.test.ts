import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { drawCell, makeAliasTable } from '../../../src/model/alias-table.ts';
import { makeBackground } from '../../../src/model/background.ts';
import type { Card } from '../../../src/model/card.ts';
import { countEvents } from '../../../src/model/counting.ts';
import { makeScope } from '../../../src/model/expression.ts';
import { mulHigh, philox4x32 } from '../../../src/stats/philox.ts';
import { drawPoisson, makePoissonTable } from '../../../src/model/poisson-table.ts';
import { makeSimulator, simulateEvents } from '../../../src/model/simulate.ts';
import { makeWindows } from '../../../src/model/windows.ts';
import { cardWith, columnsOf, uniforms } from './helpers.ts';

const KNOWN = new URL('../../../../shared/reference/random123/kat_vectors', import.meta.url);

function block(words: readonly number[]): string {
  const out = new Uint32Array(4);
  philox4x32(out, words[0], words[1], words[2], words[3], words[4], words[5]);
  return Array.from(out, (word) => word.toString(16).padStart(8, '0')).join(' ');
}

describe('Philox4x32-10', () => {
  it('gives the three known answers of Random123', () => {
    expect(block([0, 0, 0, 0, 0, 0])).toBe('6627e8d5 e169c58d bc57ac4c 9b00dbd8');
    const ones = 0xffffffff;
    expect(block([ones, ones, ones, ones, ones, ones])).toBe('408f276d 41c83b0e a20bc7c6 6d5451fd');
    const pi = [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0];
    expect(block(pi)).toBe('d16cfe09 94fdcceb 5001e420 24126ea1');
  });

  it.skipIf(!existsSync(KNOWN))('gives every philox4x32 10 answer of the Random123 file', () => {
    const lines = readFileSync(KNOWN, 'utf8')
      .split('\n')
      .map((line) => line.trim().split(/\s+/));
    const answers = lines.filter((line) => line[0] === 'philox4x32' && line[1] === '10');
    expect(answers.length).toBeGreaterThanOrEqual(3);
    for (const line of answers) {
      expect(block(line.slice(2, 8).map((word) => parseInt(word, 16)))).toBe(line.slice(8, 12).join(' '));
    }
  });

  it('multiplies 32-bit words exactly, against BigInt', () => {
    const u = uniforms(1);
    const edges = [0, 1, 0xffff, 0x10000, 0xffffffff, 0x80000000];
    for (let t = 0; t < 5000; t++) {
      const [a, b] = [0, 1].map(() => (u() < 0.3 ? edges[Math.floor(6 * u())] : Math.floor(2 ** 32 * u())));
      expect(mulHigh(a, b)).toBe(Number((BigInt(a) * BigInt(b)) >> 32n));
    }
  });
});

describe('alias tables', () => {
  it('hold exactly the probabilities of their cells', () => {
    const u = uniforms(2);
    for (const n of [1, 2, 3, 1000, 1025]) {
      const weights = Float64Array.from({ length: n }, (_, i) => (i % 7 === 3 ? 0 : 10 ** (6 * u() - 3)));
      const table = makeAliasTable(weights);
      const slots = 2 ** table.bits;
      const share = new Float64Array(slots);
      for (let i = 0; i < slots; i++) {
        const own = table.threshold[i] === 0xffffffff ? 1 : table.threshold[i] / 2 ** 32;
        share[i] += own / slots;
        share[table.alias[i]] += (1 - own) / slots;
      }
      const total = weights.reduce((sum, w) => sum + w, 0);
      // 2^-32 of a slot for each of the slots that alias to a cell
      for (let i = 0; i < slots; i++) expect(Math.abs(share[i] - (weights[i] ?? 0) / total)).toBeLessThan(3e-10);
      for (let i = 0; i < n; i++) if (weights[i] === 0) expect(share[i]).toBe(0);
    }
  });

  it('never draw a cell of weight 0', () => {
    const table = makeAliasTable(Float64Array.of(0, 1, 0, 2, 0));
    for (const w0 of [0, 0x20000000, 0x60000000, 0xa0000000, 0xffffffff]) {
      for (const w1 of [0, 0x7fffffff, 0xffffffff]) expect([1, 3]).toContain(drawCell(table, w0, w1));
    }
  });

  it('refuse weights that are all 0, and too many cells', () => {
    expect(() => makeAliasTable(new Float64Array(3))).toThrow(/add up to 0/);
    expect(() => makeAliasTable(new Float64Array(2 ** 23 + 1))).toThrow(/at most 8388608 fit in 64 MB/);
  });
});

describe('Poisson tables', () => {
  it('thresholds are the cumulative probabilities: small means by hand', () => {
    // P(N <= 0) = exp(-1) = 0.36787944, P(N <= 1) = 0.73575888
    const table = makePoissonTable(1);
    expect(table.high[0] / 2 ** 32).toBeCloseTo(Math.exp(-1), 9);
    expect(table.high[1] / 2 ** 32).toBeCloseTo(2 * Math.exp(-1), 9);
    const edge = Math.floor(Math.exp(-1) * 2 ** 32);
    expect([edge - 1, edge + 2].map((word) => drawPoisson(table, word, 0))).toEqual([0, 1]);
    expect(drawPoisson(makePoissonTable(0), 0xffffffff, 0xfffffffe)).toBe(0);
  });

  it.each([0.3, 12, 2500, 1e6])('mean and variance are %d', (mean) => {
    const table = makePoissonTable(mean);
    const u = uniforms(3);
    const total = 100_000;
    let [s1, s2] = [0, 0];
    for (let i = 0; i < total; i++) {
      const n = drawPoisson(table, Math.floor(2 ** 32 * u()), Math.floor(2 ** 32 * u())) - mean;
      s1 += n;
      s2 += n * n;
    }
    // 5 standard deviations; the variance of s2 is mean + 2 mean^2
    expect(Math.abs(s1 / total)).toBeLessThan(5 * Math.sqrt(mean / total));
    expect(Math.abs(s2 / total - mean)).toBeLessThan(5 * Math.sqrt((mean + 2 * mean * mean) / total));
  });

  it('refuse a negative mean', () => {
    expect(() => makePoissonTable(-1)).toThrow(/-1 expected events/);
  });
});

const RESOLUTION = { x: '0.05 + 0.005*x', y: '0.4', correlation: -0.9 };
const WINDOWS = { resolution: RESOLUTION, half_axes: 2, step: 2, region: { x: [1, 9], y: [0, 80], where: 'y < x^2' } };

function pseudoCard(parts: object = {}): Card {
  const falling = {
    name: 'falling',
    density: 'exp(-y/5)',
    events: 3000,
    support: { x: [1, 9], y: [-2, 80], where: 'y < x^2' },
  };
  const absolute = { name: 'flat', density: 10, support: { x: [2, 8], y: [0, 4] } };
  return cardWith({ windows: WINDOWS, background: { components: [falling, absolute] }, ...parts });
}

describe('pseudo-data', () => {
  it('are a function of card and seed', () => {
    const card = pseudoCard();
    const run = makeSimulator(card, makeScope(card));
    expect(run(7)).toEqual(simulateEvents(card, makeScope(card), 7));
    expect(run(7).x[0]).not.toBe(run(8).x[0]);
    expect(run(2 ** 32).x[0]).not.toBe(run(0).x[0]);
  });

  it('are the same bits as when this test was written', () => {
    const card = pseudoCard({ simulation: { inject: [{ x: 5, y: 3, events: 20 }] } });
    const { x, y, component } = simulateEvents(card, makeScope(card), 1);
    const hash = createHash('sha256');
    for (const part of [x, y!, component]) hash.update(new Uint8Array(part.buffer));
    expect(hash.digest('hex').slice(0, 16)).toBe('79548874907a1b1d');
  });

  it('follow the densities: totals, components, supports and counts in windows', () => {
    // 40 data sets; counts in windows against the integral of the density, mean chi-square 1 +- 0.1.
    const card = pseudoCard();
    const scope = makeScope(card);
    const windows = makeWindows(card, scope);
    const parts = makeBackground(card, scope, windows, {});
    const expected = parts[0].component.b0.map((b, i) => b + parts[1].component.b0[i]);
    const sum = new Float64Array(windows.count);
    let [falling, flat] = [0, 0];
    const sets = 40;
    const run = makeSimulator(card, scope);
    let outside = 0;
    for (let seed = 0; seed < sets; seed++) {
      const events = run(seed);
      expect(events.names).toEqual(['falling', 'flat']);
      for (let j = 0; j < events.x.length; j++) {
        const [x, y] = [events.x[j], events.y![j]];
        const flatInside = x >= 2 && x <= 8 && y >= 0 && y <= 4;
        if (events.component[j] === 1 ? !flatInside : !(y < x * x && y >= -2)) outside++;
        if (events.component[j] === 1) flat++;
        else falling++;
      }
      countEvents(windows, events).forEach((n, i) => (sum[i] += n));
    }
    expect(outside).toBe(0);
    expect(Math.abs(falling - 3000 * sets)).toBeLessThan(4 * Math.sqrt(3000 * sets));
    expect(Math.abs(flat - 240 * sets)).toBeLessThan(4 * Math.sqrt(240 * sets));
    let [chi2, used] = [0, 0];
    for (let i = 0; i < windows.count; i++) {
      if (sets * expected[i] < 5) continue;
      chi2 += (sum[i] - sets * expected[i]) ** 2 / (sets * expected[i]);
      used++;
    }
    expect(used).toBeGreaterThan(200);
    expect(chi2 / used).toBeGreaterThan(0.85);
    expect(chi2 / used).toBeLessThan(1.15);
  });

  it('injected signals have the resolution of their point: containment 1 - exp(-k^2/2) in a window there', () => {
    const region = { x: [5, 5.01], y: [3, 3.01] };
    const none = [{ name: 'none', density: 0, support: { x: [1, 9], y: [0, 9] } }];
    const card = pseudoCard({
      windows: { ...WINDOWS, region },
      background: { components: none },
      simulation: { inject: [{ x: 5, y: 3, events: 40_000 }] },
    });
    const scope = makeScope(card);
    const events = simulateEvents(card, scope, 5);
    const p = 1 - Math.exp(-2);
    const n = countEvents(makeWindows(card, scope), events)[0];
    expect(Math.abs(n - events.x.length * p)).toBeLessThan(4 * Math.sqrt(events.x.length * p * (1 - p)));
    expect(Math.abs(events.x.length - 40_000)).toBeLessThan(4 * 200);
    expect(events.names).toEqual(['none', 'signal 1']);
  });

  it('of one dimension follow a density and a map', () => {
    const windows = { resolution: { x: 0.1 }, half_axes: 2, step: 2, region: { x: [0, 10] } };
    const components = [
      { name: 'slope', density: 'x', events: 20_000 },
      { name: 'bins', map: { file: 'm.csv' } },
    ];
    const card = cardWith({ y: undefined, windows, background: { components } });
    const map = columnsOf({ x_low: [0, 4], x_high: [1, 6], events: [1000, 3000] });
    const events = simulateEvents(card, makeScope(card), 1, new Map([['m.csv', map]]));
    expect(events.y).toBeUndefined();
    const of = (component: number, keep: (x: number) => boolean) =>
      events.x.filter((x, j) => events.component[j] === component && keep(x)).length;
    expect(Math.abs(of(0, (x) => x < 5) - 5000)).toBeLessThan(4 * Math.sqrt(5000));
    expect(Math.abs(of(1, (x) => x < 1) - 1000)).toBeLessThan(4 * Math.sqrt(1000));
    expect(Math.abs(of(1, (x) => x >= 4 && x < 6) - 3000)).toBeLessThan(4 * Math.sqrt(3000));
    expect(of(1, (x) => x > 1 && x < 4)).toBe(0);
  });

  it('cannot be drawn from components without a density, nor signals without a resolution', () => {
    const band = { name: 'band', side_band: { inner: 3, outer: 6, tau: 'area' } };
    const card = pseudoCard({ background: { components: [band] } });
    expect(() => simulateEvents(card, makeScope(card), 1)).toThrow(/components\[0\] \(band\) has no event density/);
    const unlimited = pseudoCard({ background: { components: [{ name: 'flat', density: 1 }] } });
    expect(() => simulateEvents(unlimited, makeScope(unlimited), 1)).toThrow(/has no support/);
    const flat = pseudoCard({ simulation: { inject: [{ x: 5, events: 3 }] } });
    expect(() => simulateEvents(flat, makeScope(flat), 1)).toThrow(/inject\[0\] cannot be smeared, expected x and y/);
  });
});
