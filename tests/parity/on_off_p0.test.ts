/** on_off_p0: WGSL against its f64 twin, and the twin against the incomplete beta function. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Backend } from '../../src/engine/backend.ts';
import { onOffP0 } from '../../src/kernels/on_off_p0.ts';
import { P0_STRIDE } from '../../src/kernels/marginal_p0.ts';
import { zOf } from '../../src/scan/recheck.ts';
import { lnBetaI } from '../../src/stats/beta.ts';
import { testBackends } from '../support/backends.ts';
import { spread } from '../support/counting.ts';
import { answered, POISON, runPoisoned, type KernelCall } from '../support/kernel-parity.ts';

let backends: Backend[] = [];
beforeAll(async () => void (backends = await testBackends()));
afterAll(() => Promise.all(backends.map((backend) => backend.close())));

function makeCall(): KernelCall {
  const random = spread(5);
  const n = 400;
  const nOff = Uint32Array.from({ length: n }, () => Math.floor(10 ** (3.5 * random())) - 1);
  const tau = Float64Array.from({ length: n }, () => Math.fround(10 ** (2 * random() - 1)));
  const nOn = nOff.map((off, i) =>
    Math.max(0, Math.round(off / tau[i] + (8 * random() - 3) * Math.sqrt(off / tau[i] + 1))),
  );
  nOn.set([3, 0, 1, 0, 400]);
  nOff.set([3, 0, 0, 50, 3]);
  const arrays = [nOn, nOff, tau, new Float64Array(P0_STRIDE * n).fill(POISON)];
  return { kernel: onOffP0, arrays, params: {}, nItems: n, stride: P0_STRIDE };
}

test('every backend gives the Z of the twin, the twin that of the incomplete beta function', async () => {
  const call = makeCall();
  const [nOn, nOff, tau] = call.arrays;
  const results: Float64Array[] = [];
  for (const backend of backends) results.push(await runPoisoned(backend, call));
  const [twin, ...rest] = results;
  for (let i = 1; i < call.nItems; i++) {
    const exact = nOn[i] === 0 ? 0 : lnBetaI(1 / (1 + tau[i]), nOn[i], nOff[i] + 1);
    expect(Math.abs(twin[P0_STRIDE * i] - exact), `${nOn[i]}, ${nOff[i]}, ${tau[i]}`).toBeLessThan(1e-10);
  }
  rest.forEach((result) => {
    const { items, needed } = answered(twin, result, P0_STRIDE, 2);
    for (const i of items) {
      const z = (values: Float64Array) => zOf(values[P0_STRIDE * i], values[P0_STRIDE * i + 1]);
      if (nOn[i] === 0) expect(z(result)).toBeNaN();
      else expect(Math.abs(z(result) - z(twin)), `${nOn[i]}, ${nOff[i]}, ${tau[i]}`).toBeLessThan(2e-4);
    }
    expect(needed).toBeLessThanOrEqual(0.1 * call.nItems);
  });
});
