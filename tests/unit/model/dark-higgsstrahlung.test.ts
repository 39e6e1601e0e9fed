import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Card } from '../../../src/model/card.ts';
import { countEvents } from '../../../src/model/counting.ts';
import { makeBackground } from '../../../src/model/background.ts';
import { latticeCoverage } from '../../../src/model/coverage.ts';
import { makeScope } from '../../../src/model/expression.ts';
import { makeRegion } from '../../../src/model/region.ts';
import { makeResolution } from '../../../src/model/resolution.ts';
import { makeSignal } from '../../../src/model/signal.ts';
import { simulateEvents } from '../../../src/model/simulate.ts';
import { makeWindows } from '../../../src/model/windows.ts';

const path = new URL('../../../examples/dark-higgsstrahlung/card.yaml', import.meta.url);
const card = parse(readFileSync(path, 'utf8')) as Card;
const scope = makeScope(card);
const windows = makeWindows(card, scope);

describe('the dark Higgsstrahlung example', () => {
  it('has about 9000 windows inside M_h < M_A and M_h + M_A < sqrt(s)', () => {
    expect(windows.count).toBeGreaterThan(8800);
    expect(windows.count).toBeLessThan(9300);
    for (let i = 0; i < windows.count; i++) {
      const [m, mh] = [windows.x[i], Math.sqrt(windows.y[i])];
      if (!(m >= 1.65 && m <= 10.51 && mh < m && m + mh < 10.58)) throw new Error(`window ${i} at ${m}, ${mh}`);
    }
  });

  it('has the resolutions of the toy study it quotes', () => {
    // (M_A, M_h, sigma(M_rec^2), allowed relative deviation): the README says 20 % at (7, 3), 10 % elsewhere.
    if ('table' in card.windows) throw new Error('expected a lattice');
    const resolution = makeResolution(card.windows, true, scope);
    const study = [
      [1.8, 0, 0.4, 0.1],
      [5, 0, 0.36, 0.1],
      [7, 0, 0.27, 0.1],
      [9, 0, 0.14, 0.1],
      [9.7, 0, 0.08, 0.11],
      [5, 4, 0.24, 0.1],
      [7, 3, 0.19, 0.25],
    ];
    for (const [m, mh, sigma, allowed] of study) {
      const found = Math.sqrt(resolution.at(m, mh * mh).sigma.yy);
      expect(Math.abs(found / sigma - 1), `(${m}, ${mh}): ${found}`).toBeLessThan(allowed);
    }
    for (const [m, mev] of [
      [1.8, 5],
      [5, 15],
      [8, 28],
      [9.7, 38],
    ]) {
      expect(Math.abs((1000 * Math.sqrt(resolution.at(m, 0).sigma.xx)) / mev - 1)).toBeLessThan(0.07);
    }
  });

  it('has backgrounds of 79, 18 and 3 percent and a largest efficiency of 0.17', () => {
    const built = makeBackground(card, scope, windows, {});
    expect(built.map((b) => b.total! / 900)).toEqual([0.79, 0.18, 0.03]);
    for (const b of built) expect(b.worstIntegrationError).toBeLessThan(2e-3);
    const { efficiency, sensitivity } = makeSignal(card, scope, windows);
    expect(Math.max(...efficiency)).toBe(0.17);
    // the empty window: 2.4279 events (reference of the 2018 uncertainties) are 1.71 fb
    expect(2.4279 / Math.max(...sensitivity)).toBeCloseTo(1.712, 3);
  });

  it('each event of its pseudo-data is in about two windows, and the worst efficiency is the one in the README', () => {
    const events = simulateEvents(card, scope, 1);
    const counts = countEvents(windows, events).reduce((sum, n) => sum + n, 0);
    expect(counts / events.x.length).toBeCloseTo(2.2, 0);
    const coverage = latticeCoverage(windows, makeRegion((card.windows as never)['region'], true, scope, 'r'), 2.7)!;
    expect(coverage.atCentre).toBeCloseTo(0.974, 3);
    expect(coverage.atCorner).toBeCloseTo(0.71, 2);
    expect(coverage.atWorst).toBeCloseTo(0.46, 2);
  });
});
