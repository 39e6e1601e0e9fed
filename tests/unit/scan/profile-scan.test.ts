/** Profile p0 and limits through the evaluation of windows: every backend, statuses, polynomials, several minima. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Backend } from '../../../src/engine/backend.ts';
import { RESULT_CODE } from '../../../src/kernels/plan-bindings.ts';
import type { CountingModel } from '../../../src/model/counting-model.ts';
import type { BandFit } from '../../../src/model/polynomial/band-fit.ts';
import { polynomialLimit, polynomialQ0 } from '../../../src/model/polynomial/profile.ts';
import { profileInF64Limit, profileInF64P0 } from '../../../src/scan/evaluate-profile.ts';
import { evaluateWindows } from '../../../src/scan/evaluate-windows.ts';
import { zOf } from '../../../src/scan/recheck.ts';
import type { WindowStatistics } from '../../../src/scan/statistics.ts';
import { testBackends } from '../../support/backends.ts';
import { randomProfile } from '../../support/profile.ts';

const STATISTICS: WindowStatistics = {
  p0: ['profile'],
  limits: [
    { method: 'profile', level: 0.9 },
    { method: 'profile', level: 0.95 },
  ],
  expected: 'sigma',
};
const N = 60;

let backends: Backend[] = [];
beforeAll(async () => void (backends = await testBackends()));
afterAll(() => Promise.all(backends.map((backend) => backend.close())));

function smallModel(): CountingModel {
  const model = randomProfile(N, 77, 60);
  // one nuisance shared by everything would make many plan nodes: the predictive counts need a plan
  const nuisances = model.nuisances.filter(({ name }) => name === 'eff' || name === 'transfer');
  model.sensitivity[3] = 0;
  return { ...model, nuisances };
}

test('observed and expected limits and Z are those of single windows in f64, on every backend', async () => {
  const model = smallModel();
  const blind = new Uint8Array(N);
  blind[5] = 1;
  for (const backend of backends) {
    const f64 = backend.info.precision === 'f64';
    const numbers = await evaluateWindows(model, STATISTICS, backend, { blind });
    expect(numbers.status[3]).toBe('no-sensitivity');
    expect(numbers.status[5]).toBe('blind');
    expect([numbers.p0[0].z[5], numbers.limits[0].observed[5], numbers.limits[0].observed[3]]).toEqual([NaN, NaN, NaN]);
    expect(numbers.limits[0].expected[2][5]).toBeGreaterThan(0);
    for (let w = 0; w < N; w++) {
      if (w === 3 || w === 5) continue;
      expect(numbers.status[w]).toBe('ok');
      const z = zOf(...profileInF64P0(model, w, model.n[w]));
      expect(Math.abs(numbers.p0[0].z[w] - z)).toBeLessThanOrEqual(f64 ? 1e-15 : 1e-3);
      STATISTICS.limits.forEach(({ level }, l) => {
        const pairs = [[model.n[w], numbers.limits[l].observed[w]]];
        for (let q = 0; q < 5; q++) pairs.push([numbers.nExpected[5 * w + q], numbers.limits[l].expected[q][w]]);
        for (const [n, found] of pairs) {
          const [limit, code] = profileInF64Limit(model, w, n, level);
          expect(code).toBe(RESULT_CODE.ok);
          expect(Math.abs(found - limit), `window ${w}, n ${n}`).toBeLessThanOrEqual((f64 ? 0 : 1e-4) * limit);
        }
      });
    }
  }
});

test('a polynomial is profiled with its coefficients', () => {
  const edges = Float64Array.from({ length: 16 }, (_, i) => Math.floor(i / 2) + (i % 2) + (i >= 8 ? 1 : 0));
  const counts = Uint32Array.of(22, 18, 25, 19, 21, 17, 24, 20);
  const bands: BandFit = { degree: 1, edges, counts, window: [4, 5] };
  const one = (value: number) => Float64Array.of(value);
  const model: CountingModel = {
    nWindows: 1,
    n: Uint32Array.of(35),
    sensitivity: one(2),
    components: [{ name: 'b', kind: 'polynomial', b0: one(20.75), error: one(1.6), fits: [bands] }],
    nuisances: [],
  };
  const { q0, converged } = polynomialQ0(bands, 35);
  expect(converged).toBe(true);
  expect(q0).toBeGreaterThan(4);
  expect(zOf(...profileInF64P0(model, 0, 35))).toBeCloseTo(Math.sqrt(q0), 12);
  expect(profileInF64Limit(model, 0, 35, 0.9)).toEqual([polynomialLimit(bands, 35, 2, 0.9).limit, RESULT_CODE.ok]);
});

test('components that compete for an excess: the deepest of several minima counts, whatever their order', () => {
  const zOfOrder = (names: readonly [string, string]) => {
    const one = (value: number) => Float64Array.of(value);
    const size = (r: number) => ({ up: one(r), down: one(r) });
    const model: CountingModel = {
      nWindows: 1,
      n: Uint32Array.of(80),
      sensitivity: one(1),
      components: names.map((name) => ({ name, kind: 'known', b0: one(name === 'wide' ? 0.8 : 1.2) })),
      nuisances: names.map((name) => {
        const effects = [{ target: name, ...size(name === 'wide' ? 0.7 : 0.6) }];
        return { name, constraint: 'lognormal' as const, effects };
      }),
    };
    return zOf(...profileInF64P0(model, 0, 80));
  };
  // brute force on a grid of both pulls, refined: the minimum with the pull in one component
  const loss = (a: number, b: number) => {
    const mean = 0.8 * Math.exp(a * Math.log(1.7)) + 1.2 * Math.exp(b * Math.log(1.6));
    return 80 * Math.log(80 / mean) - (80 - mean) + 0.5 * (a * a + b * b);
  };
  let best = [0, 0, loss(0, 0)];
  let [centre, width] = [[5, 5], 8];
  for (let round = 0; round < 30; round++) {
    for (let i = -40; i <= 40; i++) {
      for (let j = -40; j <= 40; j++) {
        const [a, b] = [centre[0] + (width * i) / 40, centre[1] + (width * j) / 40];
        if (loss(a, b) < best[2]) best = [a, b, loss(a, b)];
      }
    }
    centre = [best[0], best[1]];
    width *= 0.5;
  }
  const wanted = Math.sqrt(2 * best[2]);
  expect(zOfOrder(['wide', 'narrow'])).toBeCloseTo(wanted, 9);
  expect(zOfOrder(['narrow', 'wide'])).toBeCloseTo(wanted, 9);
  // the pull is in one of them, not shared
  expect(Math.max(best[0], best[1])).toBeGreaterThan(4 * Math.min(best[0], best[1]));
});
