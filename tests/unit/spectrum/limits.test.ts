/** Limits of sliding-range fits whose answer is known in closed form, and profile curves against their definition. */
import { describe, expect, test } from 'vitest';
import { makeFitPlan, type FitModel } from '../../../src/model/spectrum/fit-plan.ts';
import { template } from '../../../src/model/spectrum/signal-shapes.ts';
import { lnCls } from '../../../src/scan/spectrum/limits/asymptotic.ts';
import { spectrumLimits } from '../../../src/scan/spectrum/limits/spectrum-limits.ts';
import type { SpectrumLimitOptions } from '../../../src/scan/spectrum/limits/types.ts';
import { EXPECTED_LEVELS } from '../../../src/scan/statistics.ts';
import { fitSpectrum } from '../../../src/scan/spectrum/fit-spectrum.ts';
import { lnNormalTail } from '../../../src/stats/normal.ts';
import { unitSpectrum } from '../../support/spectra.ts';

const CLS = { method: 'cls-asymptotic', level: 0.95 } as const;

/** All of the signal in bin 0 over a flat background. */
function onOff(counts: readonly number[], options: Partial<SpectrumLimitOptions> = {}) {
  const contents = counts.map((_, i) => (i === 0 ? 1 : 0));
  const signal = template({ edges: Array.from({ length: counts.length + 1 }, (_, i) => i), contents });
  const model: FitModel = {
    signalAt: () => signal,
    background: { kind: 'chebyshev', degree: 0 },
    range: { halfWidth: 1000 },
  };
  const spectrum = unitSpectrum(counts);
  const plan = makeFitPlan(spectrum, [{ mass: 0.5, sigma: 1 }], model);
  const full = { sensitivity: [1], requests: [CLS], expected: 'sigma', ...options } as const;
  return { limits: spectrumLimits(plan, spectrum.counts, full)[0], fit: fitSpectrum(plan, spectrum.counts)[0] };
}

/** P(X < x) */
const phi = (x: number) => Math.exp(lnNormalTail(-x));

describe('many events: q~ is that of a Gaussian S^', () => {
  const off = Array.from({ length: 100 }, () => 1e8);
  const sigma = Math.sqrt(1e8 + 1e6);
  test.each([0, 1.5, -1.5, 4, -4])('S^ = %f errors', (pull) => {
    const { limits, fit } = onOff([1e8 + Math.round(pull * sigma), ...off]);
    expect(limits.status).toBe('ok');
    expect(limits.sHat).toBeCloseTo(fit.sHat, 6);
    expect(limits.z).toBeCloseTo(fit.z, 9);
    const { observed, expected } = limits.limits[0];
    // CCGV: CLs = [1 - Phi((mu - S^)/sigma)]/Phi(S^/sigma) also for S^ < 0
    const x = observed! / sigma;
    expect((1 - phi(x - pull)) / phi(pull) / 0.05).toBeCloseTo(1, 2);
    EXPECTED_LEVELS.sigma.forEach((quantile, i) => {
      const a = expected[i]! / sigma;
      expect((1 - phi(a - (i - 2))) / quantile / 0.05).toBeCloseTo(1, 2);
    });
  });
});

test('CLs is continuous where q~ passes that of the Asimov spectrum', () => {
  expect(lnCls(1.3 - 1e-9, 1.3)).toBeCloseTo(lnCls(1.3 + 1e-9, 1.3), 7);
  expect(lnCls(0, 0)).toBe(0);
});
