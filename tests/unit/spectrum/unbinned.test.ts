/**
 * Unbinned fits: against iminuit's ExtendedUnbinnedNLL on real dimuons (tests/golden/spectrum_unbinned.py), as the limit of
 * ever finer bins, against closed forms, and what cannot be fitted.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Background, FitModel } from '../../../src/model/spectrum/fit-model.ts';
import { makeFitPlan, type FitPlan } from '../../../src/model/spectrum/fit-plan.ts';
import type { Hypothesis } from '../../../src/model/spectrum/hypotheses.ts';
import type { UnbinnedPlan } from '../../../src/model/spectrum/plan-layout.ts';
import { crystalBall, gaussian, template, type Tail } from '../../../src/model/spectrum/signal-shapes.ts';
import { binEvents } from '../../../src/model/spectrum/spectrum.ts';
import { makeUnbinnedPlan } from '../../../src/model/spectrum/unbinned.ts';
import { voigt } from '../../../src/model/spectrum/voigt.ts';
import { fitSpectrum, type SpectrumResult } from '../../../src/scan/spectrum/fit-spectrum.ts';
import { choicePlans, fitChosen, makeChoicePlans, nullFits } from '../../../src/scan/spectrum/order-choice.ts';
import { liMaZ } from '../../../src/stats/li-ma.ts';
import { makeStream } from '../../../src/stats/philox.ts';
import { hasShared } from '../../support/fixtures.ts';
import { dimuonMasses } from '../../support/spectra.ts';

interface Case {
  name: string;
  shape: { kind: 'gaussian' } | { kind: 'crystal-ball'; low: Tail } | { kind: 'voigt'; width: number };
  background: Background;
  half: number;
  excluded: [number, number] | null;
  peak: [mass: number, sigma: number, events: number, error: number] | null;
  fits: [mass: number, events: number, flag: number, sHat: number, sErr: number, twice: number][];
}
const golden = JSON.parse(readFileSync('tests/golden/spectrum_unbinned.json', 'utf8')) as {
  domain: [number, number];
  sigma: number;
  cases: Case[];
};

function modelOf({ shape, background, half, excluded, peak }: Case): FitModel {
  return {
    background,
    range: { halfWidth: half, excluded: excluded ? [excluded] : [] },
    peaks: peak ? [{ shape: gaussian(peak[0], peak[1]), expected: peak[2], error: peak[3] }] : [],
    signalAt: ({ mass, sigma }) =>
      shape.kind === 'voigt'
        ? voigt(mass, sigma, shape.width)
        : shape.kind === 'gaussian'
          ? gaussian(mass, sigma)
          : crystalBall(mass, sigma, { low: shape.low }),
  };
}
const hypothesis = (mass: number): Hypothesis => ({ mass, sigma: golden.sigma * mass });

describe.skipIf(!hasShared)('dimuons of CMS', () => {
  test.each(golden.cases.map((one) => [one.name, one] as const))('%s: as iminuit', (_, one) => {
    const hypotheses = one.fits.map(([mass]) => hypothesis(mass));
    const { plan, counts } = makeUnbinnedPlan(dimuonMasses(), golden.domain, hypotheses, modelOf(one));
    fitSpectrum(plan, counts).forEach((fit, h) => {
      const [mass, events, flag, sHat, sErr, twice] = one.fits[h];
      expect(plan.ranges[h].bins.length).toBe(events);
      // where the density is negative somewhere, iminuit knows no bounds
      expect(fit.status, `at ${mass}`).toBe(flag ? 'boundary' : 'ok');
      expect([fit.dof, fit.deviance, fit.pFit]).toEqual([0, 0, 1]);
      if (flag) return;
      const z = Math.sign(sHat) * Math.sqrt(twice);
      expect(Math.abs(fit.sHat - sHat), `S^ at ${mass}: ${fit.sHat}, expected ${sHat}`).toBeLessThan(1e-3 * sErr);
      expect(Math.abs(fit.sErr - sErr), `error at ${mass}: ${fit.sErr}, expected ${sErr}`).toBeLessThan(1e-3 * sErr);
      expect(Math.abs(fit.z - z), `Z at ${mass}: ${fit.z}, expected ${z}`).toBeLessThan(1e-3);
      expect(Math.abs(fit.z * fit.z - twice)).toBeLessThan(2e-4);
      expect(fit.edm).toBeLessThan(1e-12);
    });
  });

  test('the cases are as varied as they should be', () => {
    const rows = golden.cases.flatMap(({ fits }) => fits);
    expect(rows.length).toBeGreaterThan(40);
    expect(rows.filter(([, , flag]) => flag).length).toBeGreaterThan(0);
    expect(rows.filter(([, events]) => events < 30).length).toBeGreaterThan(2);
    expect(rows.filter(([, , , sHat]) => sHat < 0).length).toBeGreaterThan(15);
  });
});

/** A falling spectrum between 0 and 10 with a peak at 4, not rounded to any digits. */
const events = Float64Array.from({ length: 1500 }, (_, i) => {
  const uniform = (k: number) => (makeStream(7, 0, i).words(0)[k] + 0.5) / 2 ** 32;
  if (i % 12 > 0) return -4 * Math.log(1 - uniform(0) * (1 - Math.exp(-2.5)));
  return 4 + 0.2 * Math.sqrt(-2 * Math.log(uniform(0))) * Math.cos(2 * Math.PI * uniform(1));
});
const masses = [2, 3.5, 4, 4.3, 5, 6.1, 7, 8].map((mass) => ({ mass, sigma: 0.2 }));
const base: FitModel = {
  signalAt: (h) => gaussian(h.mass, h.sigma),
  background: { kind: 'chebyshev', degree: 2 },
  range: { halfWidth: 10 },
};
const fitsOf = (values: ArrayLike<number>, hypotheses: readonly Hypothesis[], model: Partial<FitModel> = {}) => {
  const { plan, counts } = makeUnbinnedPlan(values, [0, 10], hypotheses, { ...base, ...model });
  return fitSpectrum(plan, counts);
};

describe('ever finer bins', () => {
  const backgrounds: Background[] = [
    { kind: 'chebyshev', degree: 2 },
    { kind: 'bernstein', degree: 3 },
    { kind: 'exponential', degree: 1 },
    { kind: 'power-law', powers: 1, threshold: -2, end: 12 },
  ];
  const range = { halfWidth: 10, excluded: [[5.2, 5.6] as const], clip: [0.4, 9.6] as const };

  /** Largest difference in Z of events at the centres of bins of sigma/perSigma (or where they are), with and without bins. */
  function worstZ(background: Background, perSigma: number, areCentred: boolean): number {
    const edges = Array.from({ length: 50 * perSigma + 1 }, (_, i) => (0.2 * i) / perSigma);
    const centre = (x: number) => ((Math.floor((x * perSigma) / 0.2) + 0.5) * 0.2) / perSigma;
    const values = areCentred ? events.map(centre) : events;
    const { spectrum } = binEvents(values, edges);
    const plan = makeFitPlan(spectrum, masses, { ...base, background, range });
    const unbinned = fitsOf(values, masses, { background, range });
    expect(unbinned.every(({ status }) => status === 'ok')).toBe(true);
    expect(unbinned[2].z).toBeGreaterThan(6);
    return Math.max(...fitSpectrum(plan, spectrum.counts).map(({ z }, h) => Math.abs(z - unbinned[h].z)));
  }

  test.each(backgrounds)('come to the unbinned fit, with the square of their width: $kind', (background) => {
    const worst = [2, 4, 8, 16].map((perSigma) => worstZ(background, perSigma, true));
    // integral over a bin = density (1 + width^2/24 f''/f + ...)
    for (let i = 1; i < worst.length; i++) expect(worst[i - 1] / worst[i]).toBeCloseTo(4, 0);
    expect(worst[3]).toBeLessThan(2e-3);
  });

  test('where events lie in their bins matters in proportion to the width', () => {
    const worst = [4, 16, 64].map((perSigma) => worstZ(backgrounds[0], perSigma, false));
    expect(worst[1]).toBeLessThan(worst[0] / 2);
    expect(worst[2]).toBeLessThan(worst[1] / 2);
  });
});

describe('closed forms', () => {
  /** All of the signal in 0 to 1, evenly. */
  const box = { signalAt: () => template({ edges: [0, 1, 10], contents: [1, 0] }), background: { kind: 'chebyshev', degree: 0 } } as const; // prettier-ignore
  const between = (count: number, from: number, to: number) =>
    Array.from({ length: count }, (_, i) => from + ((i + 0.5) * (to - from)) / count);

  test.each([
    [60, 270],
    [9, 30],
    [300, 2000],
  ])('an even signal over a flat background is on/off counting: %i, %i', (on, off) => {
    const [fit] = fitsOf([...between(on, 0, 1), ...between(off, 1, 10)], [{ mass: 0.5, sigma: 0.5 }], {
      ...box,
      range: { halfWidth: 100 },
    });
    expect(fit.sHat).toBeCloseTo(on - off / 9, 9);
    expect(fit.sErr / Math.sqrt(on + off / 81)).toBeCloseTo(1, 9);
    if (on > off / 9) expect(fit.z).toBeCloseTo(liMaZ(on, off, 9), 9);
    expect(fit.bHat).toBeCloseTo((off / 9) * 1.5, 9);
  });

  test('without an event under the signal the density ends at 0 there, and that is said', () => {
    const [fit] = fitsOf(between(90, 1, 10), [{ mass: 0.5, sigma: 0.5 }], { ...box, range: { halfWidth: 100 } });
    expect(fit.status).toBe('no-error');
    expect(fit.sHat).toBeCloseTo(-10, 4);
    expect(fit.z).toBeCloseTo(-Math.sqrt(2 * 90 * Math.log(100 / 90)), 6);
  });

  test('an exponential alone: its yield is the number of events, its slope their mean', () => {
    // ln L of exp(-x/s) on 0..10 is a function of the mean: 2 dlnL of degree 1 against 0 is that of the slope alone
    const plans = choicePlans(
      (model) => makeUnbinnedPlan(events, [0, 10], [{ mass: 5, sigma: 0.5 }], model).plan,
      events.length + 1,
      1,
      { ...base, background: { kind: 'exponential', degree: 0 }, range: { halfWidth: 100 } },
      { rule: 'f-test', level: 0.05, from: 0, to: 1 },
    );
    const counts = new Uint32Array(events.length + 1).fill(1, 0, events.length);
    const [flat, sloped] = plans.plans.map((plan) => nullFits(plan, counts, counts.length)(0));
    const mean = events.reduce((sum, x) => sum + x, 0) / events.length;
    /** Per event, of the normalised density k exp(-k x)/(1 - exp(-10 k)). */
    const lnL = (k: number) => Math.log(k / (1 - Math.exp(-10 * k))) - k * mean;
    let [low, high] = [1e-6, 5];
    for (let i = 0; i < 200; i++) {
      const [a, b] = [low + (high - low) / 3, high - (high - low) / 3];
      if (lnL(a) > lnL(b)) high = b;
      else low = a;
    }
    expect(flat - sloped).toBeCloseTo(2 * events.length * (lnL(low) - Math.log(0.1)), 6);
  });
});

describe('what must not change a fit', () => {
  const near = (got: SpectrumResult[], expected: SpectrumResult[]) =>
    got.forEach((fit, h) => {
      expect(fit.status).toBe(expected[h].status);
      expect(Math.abs(fit.z - expected[h].z)).toBeLessThan(1e-8);
      expect(Math.abs(fit.sHat - expected[h].sHat) / expected[h].sErr).toBeLessThan(1e-8);
    });
  const expected = fitsOf(events, masses);

  test('the order of events, those outside of the domain or not numbers, which are counted', () => {
    const spoiled = [NaN, -1, ...[...events].reverse(), 11, Infinity];
    expect(makeUnbinnedPlan(spoiled, [0, 10], masses, base).outside).toBe(4);
    near(fitsOf(spoiled, masses), expected);
  });

  test('the unit of the axis, its direction, and the basis', () => {
    const scaled = masses.map(({ mass, sigma }) => ({ mass: 1000 * mass, sigma: 1000 * sigma }));
    const { plan, counts } = makeUnbinnedPlan(events.map((x) => 1000 * x), [0, 1e4], scaled, base); // prettier-ignore
    near(fitSpectrum(plan, counts), expected);
    const mirrored = masses.map(({ mass, sigma }) => ({ mass: 10 - mass, sigma }));
    near(fitsOf(events.map((x) => 10 - x), mirrored), expected); // prettier-ignore
    near(fitsOf(events, masses, { background: { kind: 'bernstein', degree: 2 } }), expected);
  });

  test('events in excluded regions and beyond the range', () => {
    const range = { halfWidth: 8, excluded: [[4.5, 4.8] as const, [0, 1] as const] };
    const inside = events.filter((x) => !(x > 4.5 && x < 4.8));
    near(fitsOf(inside, masses, { range }), fitsOf(events, masses, { range }));
    near(fitsOf(events.filter((x) => x > 4), [masses[6]], { range }), fitsOf(events, [masses[6]], { range })); // prettier-ignore
  });
});

test('the order of the background is chosen as with fine bins', () => {
  const model: FitModel = { ...base, background: { kind: 'chebyshev', degree: 0 } };
  const choice = { rule: 'f-test', level: 0.05, from: 0, to: 4 } as const;
  const centred = events.map((x) => (Math.floor(320 * x) + 0.5) / 320);
  const make = (one: FitModel) => makeUnbinnedPlan(centred, [0, 10], masses, one).plan;
  const { counts } = makeUnbinnedPlan(centred, [0, 10], masses, model);
  const { spectrum } = binEvents(
    centred,
    Array.from({ length: 3201 }, (_, i) => i / 320),
  );
  const chosen = fitChosen(choicePlans(make, counts.length, masses.length, model, choice), counts);
  const binned = fitChosen(makeChoicePlans(spectrum, masses, model, choice), spectrum.counts);
  expect(chosen.map(({ degree }) => degree)).toEqual(binned.map(({ degree }) => degree));
  expect(new Set(chosen.map(({ degree }) => degree)).size).toBeGreaterThan(1);
  chosen.forEach(({ z }, h) => expect(Math.abs(z - binned[h].z)).toBeLessThan(5e-4));
});

/** Checked by the compiler: what takes rows for bins does not take rows of events. */
export const refused = (plan: UnbinnedPlan): FitPlan[] => [
  // @ts-expect-error limits, toys and curves want a FitPlan
  plan,
];

describe('what cannot be fitted', () => {
  const statusOf = (values: number[], model: Partial<FitModel>, mass = 5) =>
    fitsOf(values, [{ mass, sigma: 0.5 }], model)[0].status;

  test('has a status', () => {
    const five = [1, 3, 5, 7, 9];
    expect(statusOf([], {})).toBe('empty-range');
    expect(statusOf([1, 9], { range: { halfWidth: 3 } })).toBe('empty-range');
    expect(statusOf(five, {}, 12)).toBe('signal-outside');
    expect(statusOf(five, {}, 20)).toBe('signal-outside');
    expect(statusOf(five, { signalAt: () => gaussian(5, 20) })).toBe('signal-outside');
    expect(statusOf(five, { range: { halfWidth: 9, excluded: [[4, 6]] } })).toBe('signal-outside');
    expect(statusOf(five, { range: { halfWidth: 9 }, signalAt: () => template({ edges: [0, 10], contents: [1] }) })).toBe('degenerate'); // prettier-ignore
    expect(statusOf(five, { background: { kind: 'power-law', powers: 1, threshold: 1 } })).toBe('outside-domain');
  });

  test.each([
    { kind: 'chebyshev', degree: 3 },
    { kind: 'exponential', degree: 1 },
  ] as const)('few events: every fit ends, with finite numbers: $kind', (background) => {
    for (let i = 0; i < 21; i++) {
      const few = events.subarray(5 * i, 5 * i + 1 + (i % 7));
      const [fit] = fitsOf(few, [{ mass: 4, sigma: 0.3 }], { background, range: { halfWidth: 100 } });
      const statuses = ['ok', 'boundary', 'no-error'];
      // an exponential through one or two events may be a spike that is farther away than the steps go
      if (background.kind === 'exponential' && few.length < 4) statuses.push('not-converged');
      expect(statuses, `${few.join(' ')}`).toContain(fit.status);
      for (const [key, value] of Object.entries(fit))
        if (key !== 'status') expect(Number.isFinite(value), `${key} is ${String(value)}`).toBe(true);
    }
  });

  test.each([
    [[3, 3], undefined, 'unbinned fit: domain from 3 to 3, expected finite numbers, the low one first'],
    [[0, Infinity], undefined, 'unbinned fit: domain from 0 to Infinity'],
    [[0, 10], 1e4, 'unbinned fit: more than 10000 densities of 1500 events in '],
  ] as const)('%j is refused', (domain, most, message) =>
    expect(() => makeUnbinnedPlan(events, domain, [...masses, ...masses], base, most)).toThrow(message),
  );
});
