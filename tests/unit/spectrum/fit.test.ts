/** Fits whose answer is known in closed form, what must not change them, and what cannot be fitted. */
import { describe, expect, test } from 'vitest';
import fc from 'fast-check';
import {
  FIT_RESULT as R,
  FIT_RESULT_STRIDE,
  spectrumArrays,
  START,
} from '../../../src/kernels/shared/spectrum-arrays.ts';
import { SpectrumFits } from '../../../src/kernels/shared/spectrum-fits.ts';
import { spectrumFit } from '../../../src/kernels/spectrum_fit.ts';
import { makeFitPlan, type FitModel, type FitPlan } from '../../../src/model/spectrum/fit-plan.ts';
import { gaussian, template } from '../../../src/model/spectrum/signal-shapes.ts';
import { fitSpectrum, spectrumInputs, type SpectrumResult } from '../../../src/scan/spectrum/fit-spectrum.ts';
import { bd0 } from '../../../src/stats/deviance.ts';
import { liMaZ } from '../../../src/stats/li-ma.ts';
import { lnNormalTail } from '../../../src/stats/normal.ts';
import { unitSpectrum } from '../../support/spectra.ts';

const FLAT = { kind: 'chebyshev', degree: 0 } as const;
const CUBIC = { kind: 'chebyshev', degree: 3 } as const;
const whole = { halfWidth: 1000 };

/** All of the signal in bin k. */
const inBin = (k: number) => () => template({ edges: [k, k + 1], contents: [1] });
const onlyFit = (counts: readonly number[], model: Partial<FitModel>, mass = counts.length / 2): SpectrumResult => {
  const spectrum = unitSpectrum(counts);
  const full = { signalAt: inBin(0), background: FLAT, range: whole, ...model };
  return fitSpectrum(makeFitPlan(spectrum, [{ mass, sigma: 1 }], full), spectrum.counts)[0];
};
/** A template must cover the range: 0 elsewhere. */
const onlyBin = (k: number, nBins: number) => () =>
  template({ edges: Array.from({ length: nBins + 1 }, (_, i) => i), contents: Array.from({ length: nBins }, (_, i) => (i === k ? 1 : 0)) }); // prettier-ignore

describe('signal in one bin over a flat background is on/off counting', () => {
  const cases: readonly (readonly [number, readonly number[]])[] = [
    [120, [95, 104, 101, 99]],
    [80, [95, 104, 101, 99]],
    [3, [1, 2, 0, 1, 1, 0]],
    [1_000_000, [999_000, 1_000_900, 998_700]],
    [1, [1]],
    [7, [1]],
  ];
  test.each(cases)('n = %i, off %j', (on, off) => {
    const nOff = off.reduce((sum, n) => sum + n, 0);
    const tau = off.length;
    const fit = onlyFit([on, ...off], { signalAt: onlyBin(0, tau + 1) }, 0);
    const excess = on - nOff / tau;
    expect(fit.status).toBe('ok');
    expect(fit.sHat).toBeCloseTo(excess, 8);
    expect(fit.sErr / Math.sqrt(on + nOff / tau ** 2)).toBeCloseTo(1, 9);
    if (excess >= 0) expect(Math.abs(fit.z - liMaZ(on, nOff, tau))).toBeLessThan(1e-9);
    else {
      const mean = (on + nOff) / (1 + tau);
      expect(fit.z).toBeCloseTo(-Math.sqrt(2 * (bd0(on, mean) + bd0(nOff, tau * mean))), 9);
    }
    expect(fit.q0).toBeCloseTo(excess > 0 ? fit.z * fit.z : 0, 12);
    expect(fit.deviance).toBeCloseTo(2 * off.reduce((sum, n) => sum + bd0(n, nOff / tau), 0), 9);
    expect(fit.dof).toBe(off.length - 1);
    expect(fit.lnPSigned).toBe(lnNormalTail(fit.z));
    expect(fit.lnP0).toBe(excess > 0 ? lnNormalTail(fit.z) : Math.log(0.5));
    expect(fit.edm).toBeLessThan(1e-15);
  });

  test('without an event beside it the background is 0, and that is said', () => {
    const fit = onlyFit([5, 0, 0, 0], { signalAt: onlyBin(0, 4) }, 0);
    expect(fit.status).toBe('no-error');
    expect(fit.sHat).toBeCloseTo(5, 4);
    expect(fit.z).toBeCloseTo(liMaZ(5, 0, 3), 6);
    expect(fit.bHat).toBeCloseTo(0, 4);
  });

  test('a deficit down to 0 events ends where the density is 0, and that is said', () => {
    const fit = onlyFit([0, 20, 22, 18], { signalAt: onlyBin(0, 4) }, 0);
    expect(fit.status).toBe('no-error');
    expect(fit.sHat).toBeCloseTo(-20, 4);
    expect(fit.z).toBeCloseTo(-Math.sqrt(2 * (bd0(0, 15) + bd0(60, 45))), 6);
    expect(fit.sErr).toBe(0);
  });

  test('as many parameters as bins: the fit is exact and its quality says nothing', () => {
    const fit = onlyFit([9, 4], { signalAt: onlyBin(0, 2) });
    expect([fit.status, fit.dof, fit.pFit]).toEqual(['ok', 0, 1]);
    expect(fit.deviance).toBeCloseTo(0, 12);
  });
});

describe('a constrained background of the shape of the signal', () => {
  const counts = [130, 95, 104, 101, 99];
  const [B, d] = [12, 7];
  const shape = onlyBin(0, 5)();
  const free = onlyFit(counts, { signalAt: () => shape }, 0);
  const fit = onlyFit(counts, { signalAt: () => shape, peaks: [{ shape, expected: B, error: d }] }, 0);

  test('takes its yield from S and adds its error in quadrature', () => {
    expect(fit.sHat).toBeCloseTo(free.sHat - B, 9);
    expect(fit.sErr).toBeCloseTo(Math.hypot(free.sErr, d), 9);
  });

  test('may explain the excess at the price of its constraint', () => {
    const nOff = 399;
    /** 2 (-ln L) at flat background b and yield y, less that of the best fit. */
    const loss = (b: number, y: number) => 2 * (bd0(130, b + y) + bd0(nOff, 4 * b)) + ((y - B) / d) ** 2;
    const q0 = lowest((y) => lowest((b) => loss(b, y), 50, 150), B - 10, B + 40);
    expect(Math.abs(fit.q0 - q0)).toBeLessThan(1e-9);
    expect(fit.q0).toBeLessThan(free.q0);
  });

  /** Minimum of a convex function by ternary search. */
  function lowest(f: (x: number) => number, from: number, to: number): number {
    let [a, b] = [from, to];
    for (let i = 0; i < 120; i++) {
      const [left, right] = [a + (b - a) / 3, b - (b - a) / 3];
      if (f(left) < f(right)) b = right;
      else a = left;
    }
    return f((a + b) / 2);
  }
});

describe('what must not change a fit', () => {
  const model: FitModel = { signalAt: (h) => gaussian(h.mass, h.sigma), background: CUBIC, range: { halfWidth: 15 } };
  const spectra = fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 30, maxLength: 30 });
  const near = (a: SpectrumResult, b: SpectrumResult) => {
    const isExact = a.status === 'ok';
    expect(b.status).toBe(a.status);
    // a bounded fit ends within 30 bins x 1e-11 of its minimum in ln L
    expect(Math.abs(b.z - a.z)).toBeLessThan(isExact ? 1e-8 : 1e-4);
    if (isExact) expect(Math.abs(b.sHat - a.sHat) / a.sErr).toBeLessThan(1e-8);
  };

  test('the direction of the axis', () => {
    fc.assert(
      fc.property(spectra, fc.integer({ min: 8, max: 22 }), (counts, mass) => {
        if (counts.every((n) => n === 0)) return;
        near(onlyFit(counts, model, mass), onlyFit([...counts].reverse(), model, 30 - mass));
      }),
      { seed: 1, numRuns: 200 },
    );
  });

  test('the basis, and how the first step is made', () => {
    fc.assert(
      fc.property(spectra, (counts) => {
        if (counts.every((n) => n === 0)) return;
        const fit = onlyFit(counts, model);
        near(fit, onlyFit(counts, { ...model, background: { kind: 'bernstein', degree: 3 } }));
        const spectrum = unitSpectrum(counts);
        const plan = makeFitPlan(spectrum, [{ mass: 15, sigma: 1 }], model);
        for (const isQuick of [false, true]) {
          const numbers = run(plan, spectrum.counts, 30, { start: START.given, isQuick });
          expect(Math.abs(Math.sqrt(numbers[R.twiceDeltaLnL]) - Math.abs(fit.z))).toBeLessThan(1e-4);
          if (fit.status === 'ok') expect(Math.abs(numbers[R.sHat] - fit.sHat) / fit.sErr).toBeLessThan(1e-4);
        }
      }),
      { seed: 2, numRuns: 200 },
    );
  });

  test('how the work is divided', () => {
    const nSpectra = 7;
    const counts = Uint32Array.from({ length: 30 * nSpectra }, (_, i) => (i * 7919) % 23);
    const plan = makeFitPlan(unitSpectrum([...counts.subarray(0, 30)]), MASSES, model);
    const { arrays, params, nItems } = spectrumInputs(plan, counts, 30);
    const inParts = new Float64Array(nItems * FIT_RESULT_STRIDE);
    for (let first = 0; first < nItems; first += 11)
      spectrumFit.run([...arrays, inParts], params, first, Math.min(11, nItems - first));
    expect(inParts).toEqual(run(plan, counts, 30));
    expect(nItems).toBe(nSpectra * MASSES.length);
  });

  test('bins left out have no say', () => {
    const counts = Array.from({ length: 30 }, (_, i) => 20 + ((i * 13) % 9));
    const excluded = [[3, 6] as const];
    const spoiled = counts.map((n, i) => (i >= 3 && i < 6 ? 5000 : n));
    const veto = { ...model, range: { halfWidth: 15, excluded } };
    expect(onlyFit(spoiled, veto)).toEqual(onlyFit(counts, veto));
    expect(onlyFit(spoiled, model).sHat).not.toBe(onlyFit(counts, model).sHat);
  });

  const MASSES = Array.from({ length: 13 }, (_, i) => ({ mass: 3 + 2 * i, sigma: 1 }));
});

function run(plan: FitPlan, counts: Uint32Array, nBins: number, options = {}): Float64Array {
  const { arrays, params, nItems } = spectrumInputs(plan, counts, nBins, options);
  const result = new Float64Array(nItems * FIT_RESULT_STRIDE);
  spectrumFit.run([...arrays, result], params, 0, nItems);
  return result;
}

describe('what cannot be fitted has a status and no numbers', () => {
  const none = { sHat: 0, sErr: 0, bHat: 0, q0: 0, z: 0, lnP0: Math.log(0.5), deviance: 0, pFit: 1, edm: 0 };
  const signalAt: FitModel['signalAt'] = (h) => gaussian(h.mass, h.sigma);

  test.each([
    ['few-bins', [5, 6, 7, 8], { background: CUBIC }],
    ['empty-range', [0, 0, 0, 0, 0, 0, 0], {}],
    ['signal-outside', [5, 6, 7, 8, 9, 6, 4], { signalAt: () => gaussian(3.5, 20) }],
    ['signal-outside', [5, 6, 7, 8, 9, 6, 4], { signalAt: () => gaussian(8, 1) }],
    ['signal-outside', [5, 6, 7, 8, 9, 6, 4], { range: { halfWidth: 9, excluded: [[2, 5] as const] } }],
    ['degenerate', [5, 6, 7, 8], { signalAt: () => template({ edges: [0, 4], contents: [1] }) }],
  ] as const)('%s: %j', (status, counts, model) => {
    expect(onlyFit(counts, { signalAt, ...(model as Partial<FitModel>) })).toMatchObject({ status, ...none });
  });

  test('a toy without events, also where the data have some', () => {
    const plan = makeFitPlan(unitSpectrum([5, 6, 7, 8]), [{ mass: 2, sigma: 0.5 }], { signalAt, background: FLAT, range: whole }); // prettier-ignore
    expect([...run(plan, new Uint32Array(4), 4)]).toEqual([0, 0, 0, 0, 0, 0, 0, 36]);
  });

  test('a template that ends inside the range with events at its end is refused', () => {
    const cut = () => template({ edges: [1, 2, 3], contents: [1, 1] });
    expect(() => onlyFit([5, 6, 7, 8], { signalAt: cut })).toThrow('signal template: it ends at 1 and 3');
  });

  test('a peaking background without an error is refused', () => {
    const peaks = [{ shape: gaussian(1, 1), expected: 3, error: 0 }];
    expect(() => onlyFit([5, 6, 7, 8], { peaks })).toThrow('peaking background 0: yield 3 +- 0, expected');
  });
});

test('few events in many bins: every fit ends, with finite numbers and q >= 0', () => {
  const model: FitModel = { signalAt: (h) => gaussian(h.mass, h.sigma), background: CUBIC, range: whole };
  const sparse = fc.array(fc.integer({ min: 0, max: 39 }), { minLength: 1, maxLength: 12 });
  fc.assert(
    fc.property(sparse, fc.integer({ min: 2, max: 38 }), (events, mass) => {
      const counts = Array.from({ length: 40 }, () => 0);
      for (const bin of events) counts[bin]++;
      const fit = onlyFit(counts, model, mass);
      expect(['ok', 'boundary', 'no-error']).toContain(fit.status);
      for (const [key, value] of Object.entries(fit))
        if (key !== 'status') expect(Number.isFinite(value), `${key} is ${String(value)}`).toBe(true);
      expect(fit.q0).toBeGreaterThanOrEqual(0);
    }),
    { seed: 3, numRuns: 500 },
  );
});

test('the means of every fit add up to the events and are nowhere negative', () => {
  const model: FitModel = { signalAt: (h) => gaussian(h.mass, h.sigma), background: CUBIC, range: whole };
  const plan = makeFitPlan(unitSpectrum(Array.from({ length: 40 }, () => 1)), [{ mass: 17, sigma: 1.5 }], model);
  const counts = fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 2000 })), {
    minLength: 40,
    maxLength: 40,
  });
  fc.assert(
    fc.property(counts, (n) => {
      const events = n.reduce((sum, count) => sum + count, 0);
      if (events === 0) return;
      const { arrays, params } = spectrumInputs(plan, Uint32Array.from(n), 40);
      const fits = new SpectrumFits(spectrumArrays(arrays, params));
      fits.load(0, 0);
      fits.run(START.leastSquares, false, new Float64Array(FIT_RESULT_STRIDE), 0);
      const means = n.map((_, i) => fits.meanOf(i, fits.nParams));
      // c . gradient = 0 at the minimum, nu = 0 in active bins: exact to tau times the empty bins, and to rounding
      expect(Math.abs(means.reduce((sum, nu) => sum + nu, 0) - events)).toBeLessThan(1e-9 + 1e-7 * Math.sqrt(events));
      expect(Math.min(...means)).toBeGreaterThan(-1e-11 * events);
    }),
    { seed: 4, numRuns: 300 },
  );
});
