/** A GPU that is given up in the middle of a scan: windows done before in f32 are rechecked as if it had stayed. */
import { expect, test } from 'vitest';
import type { Backend, BackendInfo } from '../../../src/engine/backend.ts';
import { CpuBackend } from '../../../src/engine/cpu-backend.ts';
import { evaluateWindows } from '../../../src/scan/evaluate-windows.ts';
import { countingModel, randomCases } from '../../support/counting.ts';
import { STATISTICS } from '../../support/evaluate.ts';

/** Computes in f64, says f32 until its second call. */
class GivesUp extends CpuBackend {
  #calls = 0;

  constructor() {
    super({ threads: 1 });
    const own = this.info;
    const info = (): BackendInfo => ({ ...own, precision: this.#calls > 1 ? 'f64' : 'f32' });
    Object.defineProperty(this, 'info', { get: info });
  }

  override run(...call: Parameters<Backend['run']>): Promise<void> {
    this.#calls++;
    return super.run(...call);
  }
}

test('what decides is recomputed in f64 when the GPU was given up on the way', async () => {
  const model = countingModel(randomCases(40, 5, 20));
  const backend = new GivesUp();
  const { recheck } = await evaluateWindows(model, STATISTICS, backend);
  expect(backend.info.precision).toBe('f64');
  expect(recheck.checked).toBeGreaterThan(5);
});

test('what ran in f64 from its beginning is not', async () => {
  const model = countingModel(randomCases(40, 5, 20));
  const { recheck } = await evaluateWindows(model, STATISTICS, new CpuBackend({ threads: 1 }));
  expect(recheck.checked).toBe(0);
});
