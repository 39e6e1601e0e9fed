/** profile_p0: WGSL against its f64 twin. Wanted 1e-3 in Z. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Backend } from '../../src/engine/backend.ts';
import { profileP0 } from '../../src/kernels/profile_p0.ts';
import { testBackends } from '../support/backends.ts';
import { answered, runPoisoned } from '../support/kernel-parity.ts';
import { extremeProfile, profileCall, randomProfile } from '../support/profile.ts';

/** The allowance is the one promised; the worst deviation on SwiftShader is in the README of shaders. */
const ALLOWED = 1e-3;

let backends: Backend[] = [];
beforeAll(async () => void (backends = await testBackends()));
afterAll(() => Promise.all(backends.map((backend) => backend.close())));

describe.each([
  ['random windows', randomProfile(300, 21, 8000)],
  ['extreme windows', extremeProfile()],
])('%s', (_, model) => {
  test('every backend gives the Z of the twin', async () => {
    const call = profileCall(profileP0, model);
    const results: Float64Array[] = [];
    for (const backend of backends) results.push(await runPoisoned(backend, call));
    const [twin, ...rest] = results;
    rest.forEach((result, k) => {
      const f64 = backends[k + 1].info.precision === 'f64';
      const { items, needed } = answered(twin, result, 2, 1);
      let worst = 0;
      for (const i of items) {
        const [got, wanted] = [Math.sqrt(result[2 * i]), Math.sqrt(twin[2 * i])];
        worst = Math.max(worst, Math.abs(got - wanted));
        expect(Math.abs(got - wanted), `window ${i}: Z ${got}, expected ${wanted}`).toBeLessThanOrEqual(
          f64 ? 0 : ALLOWED,
        );
        expect(result[2 * i + 1]).toBe(twin[2 * i + 1]);
      }
      if (process.env.SHOW_WORST) console.log(backends[k + 1].info.kind, 'worst dZ', worst, 'handed back', needed);
      expect(needed, 'items handed back to f64').toBeLessThanOrEqual(f64 ? 0 : 0.4 * model.nWindows);
    });
  });
});
