/** predictive_quantiles: integers, so equal or handed back to f64; never off by one. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Backend } from '../../src/engine/backend.ts';
import { predictiveQuantiles, QUANTILE_STRIDE } from '../../src/kernels/predictive_quantiles.ts';
import { quantileItem } from '../../src/scan/window-items.ts';
import { EXPECTED_LEVELS } from '../../src/scan/statistics.ts';
import { gammaQ } from '../../src/stats/gamma.ts';
import { testBackends } from '../support/backends.ts';
import { randomCases, type CountingCase } from '../support/counting.ts';
import { answered, planCall, runPoisoned } from '../support/kernel-parity.ts';

let backends: Backend[] = [];
beforeAll(async () => void (backends = await testBackends()));
afterAll(() => Promise.all(backends.map((backend) => backend.close())));

const params = Object.fromEntries(EXPECTED_LEVELS.percent.map((q, i) => [`q${i}`, q]));

test('every backend gives the counts of the twin, or hands the window back', async () => {
  const cases = randomCases(300, 37, 1000, 0.6);
  const call = planCall(predictiveQuantiles, cases, quantileItem, params, QUANTILE_STRIDE);
  const results: Float64Array[] = [];
  for (const backend of backends) results.push(await runPoisoned(backend, call));
  const [twin, ...rest] = results;
  rest.forEach((result) => {
    const { items, needed } = answered(twin, result, QUANTILE_STRIDE, 5);
    for (const i of items) {
      const at = QUANTILE_STRIDE * i;
      expect(Array.from(result.subarray(at, at + 6)), JSON.stringify(cases[i])).toEqual(
        Array.from(twin.subarray(at, at + 6)),
      );
    }
    expect(needed).toBeLessThanOrEqual(0.1 * cases.length);
  });
});

test('without uncertainty they are the quantiles of Poisson', async () => {
  const cases: CountingCase[] = [0.01, 0.5, 3, 17, 240].map((b0) => ({ n: 0, b0 }));
  const call = planCall(predictiveQuantiles, cases, quantileItem, params, QUANTILE_STRIDE);
  const result = await runPoisoned(backends[0], call);
  for (let i = 1; i < cases.length; i++) {
    EXPECTED_LEVELS.percent.forEach((q, k) => {
      let n = 0;
      while (gammaQ(n + 1, cases[i].b0) < q) n++;
      expect(result[QUANTILE_STRIDE * i + k]).toBe(n);
    });
  }
});
