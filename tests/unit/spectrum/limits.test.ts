/** Limits of sliding-range fits whose answer is known in closed form, or to the window code, which counts instead. */
import { describe, expect, test } from 'vitest';
import { makeFitPlan, type FitModel } from '../../../src/model/spectrum/fit-plan.ts';
import { template } from '../../../src/model/spectrum/signal-shapes.ts';
import { CpuBackend } from '../../../src/engine/cpu-backend.ts';
import type { CountingModel, Nuisance } from '../../../src/model/counting-model.ts';
import { evaluateWindows } from '../../../src/scan/evaluate-windows.ts';
import { lnCls } from '../../../src/scan/spectrum/limits/asymptotic.ts';
import { spectrumLimits } from '../../../src/scan/spectrum/limits/spectrum-limits.ts';
import type { SpectrumLimitOptions } from '../../../src/scan/spectrum/limits/types.ts';
import { profileInF64Limit } from '../../../src/scan/evaluate-profile.ts';
import { EXPECTED_LEVELS } from '../../../src/scan/statistics.ts';
import { fitSpectrum } from '../../../src/scan/spectrum/fit-spectrum.ts';
import { lnNormalTail } from '../../../src/stats/normal.ts';
import { STATISTICS } from '../../support/evaluate.ts';
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

  test('expected limits of the other methods are those at the quantiles of S^', () => {
    const requests = [
      { method: 'profile', level: 0.95 },
      { method: 'bayes', level: 0.95, poiMax: 1e7 },
    ] as const;
    const [profile, bayes] = onOff([1e8, ...off], { requests }).limits.limits;
    [-2, -1, 0, 1, 2].forEach((n, i) => {
      // q~ = (U - n)^2, less n^2 below 0; the part of the posterior above U
      const wanted = n + Math.hypot(1.6448536, Math.min(0, n));
      expect(profile.expected[i]! / sigma / wanted).toBeCloseTo(1, 2);
      expect((1 - phi(bayes.expected[i]! / sigma - n)) / phi(n) / 0.05).toBeCloseTo(1, 2);
    });
  });
});

test('CLs is continuous where q~ passes that of the Asimov spectrum', () => {
  expect(lnCls(1.3 - 1e-9, 1.3)).toBeCloseTo(lnCls(1.3 + 1e-9, 1.3), 7);
  expect(lnCls(0, 0)).toBe(0);
});

const effect = (target: string, up: number, down = up) => ({
  target,
  up: Float64Array.of(up),
  down: Float64Array.of(down),
});
const NUISANCES: Record<string, Nuisance[]> = {
  none: [],
  lognormal: [{ name: 'a', constraint: 'lognormal', effects: [effect('efficiency', 0.2)] }],
  normal: [{ name: 'a', constraint: 'normal', effects: [effect('luminosity', 0.2)] }],
  gamma: [{ name: 'a', constraint: 'gamma', effects: [effect('efficiency', 0.3)] }],
  'both signs raise it': [{ name: 'a', constraint: 'lognormal', effects: [effect('efficiency', 0.1, -0.2)] }],
  several: [
    { name: 'a', constraint: 'normal', effects: [effect('efficiency', 0.1)] },
    { name: 'b', constraint: 'normal', effects: [effect('efficiency', 0.15, 0.1)] },
    { name: 'c', constraint: 'lognormal', effects: [effect('efficiency', 0.05), effect('luminosity', 0.1)] },
    { name: 'd', constraint: 'gamma', effects: [effect('branching', 0.2)] },
  ],
};
type Counts = readonly [on: number, off: number, tau: number];
const COUNTS: readonly Counts[] = [
  [12, 15, 5],
  [3, 40, 5],
  [140, 480, 5],
  [1_003_000, 5_000_000, 5],
];

/** On/off counting as a window with a side band. */
function windowOf([on, off, tau]: Counts, sensitivity: number, nuisances: Nuisance[]): CountingModel {
  const [b0, nOff] = [Float64Array.of(off / tau), Uint32Array.of(off)];
  return {
    nWindows: 1,
    n: Uint32Array.of(on),
    sensitivity: Float64Array.of(sensitivity),
    components: [{ name: 'bkg', kind: 'side-band', b0, nOff, tau: Float64Array.of(tau) }],
    nuisances,
  };
}
const countsOf = ([on, off, tau]: Counts) => {
  const each = Math.floor(off / tau);
  return [on, ...Array.from({ length: tau }, (_, i) => (i < off - tau * each ? each + 1 : each))];
};

describe.each(Object.entries(NUISANCES))(
  'signal in one bin is a window with a side band, nuisances: %s',
  (_, yields) => {
    test.each(COUNTS)('profile limit, %i on, %i off', (...counts) => {
      const [wanted] = profileInF64Limit(windowOf(counts, 2.5, yields), 0, counts[0], 0.9);
      const requests = [{ method: 'profile', level: 0.9 }] as const;
      const { limits } = onOff(countsOf(counts), { sensitivity: [2.5], requests, nuisances: { yields } }).limits;
      expect(limits[0].status).toBe('ok');
      expect(Math.abs(limits[0].observed! / wanted - 1), `${limits[0].observed}, ${wanted}`).toBeLessThan(3e-6);
    });
  },
);

// without the many nodes of several constraints together
const FEW = Object.entries(NUISANCES).filter(([name]) => name !== 'several');
// Laplace's approximation of the integral over the background, which the window code does exactly
describe.each(FEW)('a window with a side band has the same posterior, nuisances: %s', (_, yields) => {
  test.each(COUNTS.slice(0, 3))('Bayesian limit, %i on, %i off', async (...counts) => {
    const request = { method: 'bayes', level: 0.9, poiMax: 1e5 } as const;
    const statistics = { ...STATISTICS, limits: [request] };
    const model = windowOf(counts, 2.5, yields);
    const { limits: windows } = await evaluateWindows(model, statistics, new CpuBackend({ threads: 1 }));
    const wanted = windows[0].observed[0];
    const options = { sensitivity: [2.5], requests: [request], nuisances: { yields } };
    const { limits } = onOff(countsOf(counts), options).limits;
    expect(limits[0].status).toBe('ok');
    const allowed = counts[1] > 100 ? 1e-4 : 5e-3;
    expect(Math.abs(limits[0].observed! / wanted - 1), `${limits[0].observed}, ${wanted}`).toBeLessThan(allowed);
  });
});

test('one event beside the signal, which alone does not determine it', () => {
  // of a constant b in 8 bins, signal in bin 0: the integral over b is exp(-S)/64, so that U = -ln 0.05
  const { limits } = onOff([0, 0, 1, 0, 0, 0, 0, 0], {
    requests: [{ method: 'bayes', level: 0.95, poiMax: 1e3 }],
  });
  expect(limits.status).not.toBe('ok');
  expect(Math.abs(limits.limits[0].observed! / -Math.log(0.05) - 1)).toBeLessThan(0.02);
});

describe('limits that do not exist say so', () => {
  const only = (options: Partial<SpectrumLimitOptions>, counts = [12, 3, 4, 2, 6]) => onOff(counts, options).limits;

  test('without sensitivity', () => {
    expect(only({ sensitivity: [0] }).limits[0]).toEqual({
      observed: undefined,
      expected: Array.from({ length: 5 }, () => undefined),
      status: 'no-sensitivity',
    });
  });

  test('with an efficiency that may be 0', () => {
    const yields: Nuisance[] = [{ name: 'a', constraint: 'normal', effects: [effect('efficiency', 0.9)] }];
    const { limits } = only({ requests: [{ method: 'profile', level: 0.95 }], nuisances: { yields } });
    expect(limits[0].status).toBe('no-limit');
    expect(limits[0].observed).toBeUndefined();
  });

  test('with a prior that ends too early', () => {
    const { limits } = only({ requests: [{ method: 'bayes', level: 0.95, poiMax: 14 }] });
    expect(limits[0].status).toBe('prior-edge');
  });

  test('without events', () => {
    const { status, limits } = only({}, [0, 0, 0, 0]);
    expect(status).toBe('empty-range');
    expect(limits[0].observed).toBeUndefined();
  });

  test('a nuisance on the background is refused', () => {
    const yields: Nuisance[] = [{ name: 'a', constraint: 'normal', effects: [effect('background', 0.1)] }];
    expect(() => only({ nuisances: { yields } })).toThrow(/nuisance a: acts on background, expected one of/);
  });
});
