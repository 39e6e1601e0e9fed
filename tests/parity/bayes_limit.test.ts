/** bayes_limit: WGSL against its f64 twin, element by element. Wanted 1e-4 relative; measured 7e-7 on SwiftShader. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Backend } from '../../src/engine/backend.ts';
import { bayesLimit } from '../../src/kernels/bayes_limit.ts';
import { RESULT_CODE } from '../../src/kernels/plan-bindings.ts';
import { limitItem } from '../../src/scan/window-items.ts';
import { testBackends } from '../support/backends.ts';
import { randomCases, type CountingCase } from '../support/counting.ts';
import { answered, planCall, runPoisoned } from '../support/kernel-parity.ts';

const ALLOWED = 2e-5;
const PARAMS = { tail: 1 - 0.9, poi_max: 1e5 };

let backends: Backend[] = [];
beforeAll(async () => void (backends = await testBackends()));
afterAll(() => Promise.all(backends.map((backend) => backend.close())));

const EXTREMES: CountingCase[] = [
  { n: 0, b0: 1e-6 },
  { n: 0, b0: 1e6 },
  { n: 10, b0: 300, background: ['normal', 0.1] },
  { n: 0, b0: 300, background: ['normal', 0.1], signal: ['normal', 0.15] },
  { n: 0, b0: 40, background: ['lognormal', 1] },
  { n: 3, b0: 1, background: ['gamma', 0.9], signal: ['gamma', 0.9] },
  { n: 2, b0: 1, signal: ['normal', 0.3] },
  { n: 2, b0: 1, signal: ['lognormal', 1] },
  { n: 300, b0: 100, background: ['normal', 0.1], signal: ['normal', 0.05] },
  { n: 2000, b0: 2000, background: ['normal', 0.02], signal: ['normal', 0.1] },
  { n: 5000, b0: 1e-6, signal: ['normal', 0.02] },
  { n: 50, b0: 45, shared: 0.1 },
];

/** Signal in the side band: small and large counts, empty bands, leaks up to a half, a second component. */
const LEAKS: CountingCase[] = [
  { n: 1, b0: 0, band: [4, 2], leak: 0 },
  ...randomCases(60, 23, 60).map(({ n, signal }, i): CountingCase => ({
    n,
    b0: 0,
    band: [(i * 7) % 40, 0.5 + (i % 6)],
    leak: [0.001, 0.013, 0.1, 0.3, 0.5][i % 5],
    signal,
    known: i % 3 === 0 ? 2.5 : 0,
  })),
  { n: 0, b0: 0, band: [0, 1], leak: 0.2 },
  { n: 900, b0: 0, band: [2400, 3], leak: 0.1 },
  { n: 300, b0: 0, band: [10, 0.5], leak: 0.3 },
  { n: 4, b0: 0, band: [100_000, 20_000], leak: 0.5 },
];

describe.each([
  ['random inputs', randomCases(150, 11, 300)],
  ['extreme inputs', EXTREMES],
  ['signal in the side band', LEAKS],
])('%s', (_, cases) => {
  test('every backend gives the limit of the twin', async () => {
    const call = planCall(bayesLimit, cases, limitItem, PARAMS, 2);
    const results: Float64Array[] = [];
    for (const backend of backends) results.push(await runPoisoned(backend, call));
    const [twin, ...rest] = results;
    rest.forEach((result, k) => {
      const f64 = backends[k + 1].info.precision === 'f64';
      const { items, needed } = answered(twin, result, 2, 1);
      for (const i of items) {
        const [got, expected] = [result[2 * i], twin[2 * i]];
        const allowed = f64 ? 0 : ALLOWED * expected;
        expect(
          Math.abs(got - expected),
          `${JSON.stringify(cases[i])}: got ${got}, expected ${expected}`,
        ).toBeLessThanOrEqual(allowed);
        if (f64) expect(result[2 * i + 1]).toBe(twin[2 * i + 1]);
      }
      expect(needed, 'items handed back to f64').toBeLessThanOrEqual(f64 ? 0 : 0.3 * cases.length);
    });
  });
});

test('a normal efficiency of 50 % is flagged prior-edge in f64 and handed back by f32', async () => {
  const cases: CountingCase[] = [
    { n: 0, b0: 1 },
    { n: 0, b0: 1, signal: ['normal', 0.5] },
    { n: 1, b0: 1, signal: ['normal', 0.5] },
  ];
  const call = planCall(bayesLimit, cases, limitItem, PARAMS, 2);
  for (const backend of backends) {
    const result = await runPoisoned(backend, call);
    const expected = backend.info.precision === 'f64' ? RESULT_CODE.priorEdge : RESULT_CODE.repeatInF64;
    expect([result[3], result[5]]).toEqual([expected, expected]);
  }
});

test('no expected signal is a code, not a number', async () => {
  const cases: CountingCase[] = [
    { n: 1, b0: 1 },
    { n: 1, b0: 1, s0: 0 },
    { n: 0, b0: 0, s0: 0 },
  ];
  const call = planCall(bayesLimit, cases, limitItem, PARAMS, 2);
  for (const backend of backends) {
    const result = await runPoisoned(backend, call);
    expect([result[3], result[5]]).toEqual([RESULT_CODE.noSensitivity, RESULT_CODE.noSensitivity]);
  }
});
