/**
 * The whole evaluation on every backend: several components (convolution), nuisances shared between targets (lanes), a
 * blind window, windows without sensitivity, background or simulated events: equal integers, statuses and, within
 * tolerance, numbers. What a device hands back to f64 stays a small part.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Backend } from '../../src/engine/backend.ts';
import type { CountingModel } from '../../src/model/counting-model.ts';
import { evaluateWindows, type WindowNumbers } from '../../src/scan/evaluate-windows.ts';
import type { WindowStatistics } from '../../src/scan/statistics.ts';
import { testBackends } from '../support/backends.ts';
import { spread } from '../support/counting.ts';

const N = 80;
const STATISTICS: WindowStatistics = {
  p0: ['marginal'],
  limits: [
    { method: 'bayes', level: 0.9, poiMax: 1e4 },
    { method: 'bayes', level: 0.95, poiMax: 1e4 },
  ],
  expected: 'sigma',
};

function severalComponents(): CountingModel {
  const random = spread(91);
  const array = (f: (i: number) => number) => Float64Array.from({ length: N }, (_, i) => f(i));
  const entries = Uint32Array.from({ length: N }, () => Math.floor(12 * random()));
  const b = array(() => 6 * random());
  const same = (r: number) => ({ up: array(() => r), down: array(() => r) });
  const sensitivity = array((i) => (i === 3 ? 0 : 0.5 + random()));
  return {
    nWindows: N,
    n: Uint32Array.from({ length: N }, (_, i) => Math.round(0.5 * entries[i] + b[i] + 5 * random())),
    sensitivity,
    components: [
      {
        name: 'mc',
        kind: 'mc-stat',
        b0: array((i) => 0.5 * entries[i]),
        sumW2: array((i) => 0.25 * entries[i]),
        entries,
        meanWeight: 0.5,
      },
      { name: 'b', kind: 'known', b0: b },
    ],
    nuisances: [
      { name: 'b', constraint: 'lognormal', effects: [{ target: 'b', ...same(0.3) }] },
      { name: 'eff', constraint: 'normal', effects: [{ target: 'efficiency', ...same(0.12) }] },
      {
        name: 'lumi',
        constraint: 'normal',
        effects: [
          { target: 'luminosity', ...same(0.01) },
          { target: 'background', ...same(0.01) },
        ],
      },
    ],
  };
}

/** No uncertainty, and windows without background: with and without events. */
function bareWindows(): CountingModel {
  const b0 = Float64Array.from({ length: N }, (_, i) => (i % 4 === 0 ? 0 : 0.01 * i));
  return {
    nWindows: N,
    n: Uint32Array.from({ length: N }, (_, i) => (i % 8 === 0 ? 0 : i % 5)),
    sensitivity: new Float64Array(N).fill(1),
    components: [{ name: 'b', kind: 'known', b0 }],
    nuisances: [],
  };
}

let backends: Backend[] = [];
beforeAll(async () => void (backends = await testBackends()));
afterAll(() => Promise.all(backends.map((backend) => backend.close())));

describe.each([
  ['several components and shared nuisances', severalComponents()],
  ['no uncertainty, some windows without background', bareWindows()],
])('%s', (_, model) => {
  test('every backend gives what CPU in this thread gives', async () => {
    const blind = new Uint8Array(N);
    blind[7] = 1;
    const results: WindowNumbers[] = [];
    for (const backend of backends) results.push(await evaluateWindows(model, STATISTICS, backend, { blind }));
    const [reference, ...others] = results;
    others.forEach((found, k) => {
      const f64 = backends[k + 1].info.precision === 'f64';
      expect(found.status).toEqual(reference.status);
      expect(Array.from(found.nExpected)).toEqual(Array.from(reference.nExpected));
      compare(found.p0[0].z, reference.p0[0].z, (z) => (f64 ? 0 : 1e-4 * Math.max(1, Math.abs(z) / 10)), 'z');
      reference.limits.forEach(({ observed, expected }, l) => {
        compare(found.limits[l].observed, observed, (u) => (f64 ? 0 : 2e-5 * u), 'observed limit');
        expected.forEach((values, q) =>
          compare(found.limits[l].expected[q], values, (u) => (f64 ? 0 : 2e-5 * u), `expected limit ${q}`),
        );
      });
      expect(found.recheck.neededWindows.size).toBeLessThanOrEqual(f64 ? 0 : 0.1 * N);
    });
    expect(reference.status[7]).toBe('blind');
    expect(reference.limits[0].observed[7]).toBeNaN();
    expect(reference.p0[0].z[7]).toBeNaN();
  });
});

function compare(found: Float64Array, reference: Float64Array, allowed: (value: number) => number, what: string): void {
  reference.forEach((value, i) => {
    if (Number.isNaN(value)) expect(found[i], `${what} of window ${i}`).toBeNaN();
    else
      expect(
        Math.abs(found[i] - value),
        `${what} of window ${i}: got ${found[i]}, expected ${value}`,
      ).toBeLessThanOrEqual(allowed(value));
  });
}
