/** marginal_p0: WGSL against its f64 twin. Wanted 1e-3 in Z; measured below 1e-5 on SwiftShader. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Backend } from '../../src/engine/backend.ts';
import { marginalP0, P0_STRIDE } from '../../src/kernels/marginal_p0.ts';
import { p0Item } from '../../src/scan/window-items.ts';
import { zOf } from '../../src/scan/recheck.ts';
import { testBackends } from '../support/backends.ts';
import { randomCases, type CountingCase } from '../support/counting.ts';
import { answered, planCall, runPoisoned } from '../support/kernel-parity.ts';

const ALLOWED_Z = 1e-4;

let backends: Backend[] = [];
beforeAll(async () => void (backends = await testBackends()));
afterAll(() => Promise.all(backends.map((backend) => backend.close())));

const EXTREMES: CountingCase[] = [
  { n: 0, b0: 0 },
  { n: 0, b0: 5 },
  { n: 1, b0: 1e-6 },
  { n: 300, b0: 100, background: ['normal', 0.1] },
  { n: 4000, b0: 1000, background: ['normal', 0.05] },
  { n: 1, b0: 700, background: ['lognormal', 0.5] },
  { n: 9000, b0: 9100, background: ['gamma', 0.03] },
  { n: 60, b0: 3, background: ['gamma', 0.9] },
  { n: 1000000, b0: 995000, background: ['normal', 0.001] },
  { n: 40, b0: 30, shared: 0.1 },
];

describe.each([
  ['random inputs', randomCases(300, 23, 2000, 0.5)],
  ['extreme inputs', EXTREMES],
])('%s', (_, cases) => {
  test('every backend gives the p0 of the twin', async () => {
    const call = planCall(marginalP0, cases, p0Item, {}, P0_STRIDE);
    const results: Float64Array[] = [];
    for (const backend of backends) results.push(await runPoisoned(backend, call));
    const [twin, ...rest] = results;
    rest.forEach((result, k) => {
      const f64 = backends[k + 1].info.precision === 'f64';
      const { items, needed } = answered(twin, result, P0_STRIDE, 2);
      for (const i of items) {
        const z = (values: Float64Array) => zOf(values[P0_STRIDE * i], values[P0_STRIDE * i + 1]);
        const [got, expected] = [z(result), z(twin)];
        if (Number.isNaN(expected)) expect(got).toBeNaN();
        else
          expect(
            Math.abs(got - expected),
            `${JSON.stringify(cases[i])}: got ${got}, expected ${expected}`,
          ).toBeLessThanOrEqual(f64 ? 0 : ALLOWED_Z * Math.max(1, Math.abs(expected) / 10));
      }
      expect(needed, 'items handed back to f64').toBeLessThanOrEqual(f64 ? 0 : 0.2 * cases.length);
    });
  });
});
