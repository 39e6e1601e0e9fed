/**
 * Orders chosen per range: against choices made with MIGRAD, scipy and chi2 (tests/golden/spectrum_orders.py), the rules by
 * themselves, and how often a rule takes one coefficient too many.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { FIT_RESULT as R, FIT_RESULT_STRIDE, START } from '../../../src/kernels/shared/spectrum-arrays.ts';
import type { Background, FitModel } from '../../../src/model/spectrum/fit-plan.ts';
import { hypothesesInSteps } from '../../../src/model/spectrum/hypotheses.ts';
import { gaussian } from '../../../src/model/spectrum/signal-shapes.ts';
import { makeSpectrum } from '../../../src/model/spectrum/spectrum.ts';
import { fitSpectrum } from '../../../src/scan/spectrum/fit-spectrum.ts';
import { chooseOrder, type OrderRule } from '../../../src/scan/spectrum/order-choice-rule.ts';
import {
  chooseOrders,
  fitChosen,
  makeChoicePlans,
  nullFits,
  runChosen,
} from '../../../src/scan/spectrum/order-choice.ts';
import { makeStream } from '../../../src/stats/philox.ts';
import { hasShared } from '../../support/fixtures.ts';
import { dimuonSpectrum, publishedSpectrum, unitSpectrum } from '../../support/spectra.ts';

interface Scan {
  name: string;
  sigma: number;
  first: number;
  last: number;
  step: number;
  half: number;
  background: Background;
  lowest: number;
  highest: number;
  /** -2 ln L per order, null without a fit, and the choice of every rule. */
  fits: [(number | null)[], number[]][];
}
const golden = JSON.parse(readFileSync('tests/golden/spectrum_orders.json', 'utf8')) as {
  rules: string[];
  scans: Scan[];
};
const signalAt: FitModel['signalAt'] = (h) => gaussian(h.mass, h.sigma);

describe.skipIf(!hasShared)('on public spectra, MIGRAD and scipy choose the same orders', () => {
  const SPECTRA = {
    dimuon: dimuonSpectrum,
    diphoton: () => publishedSpectrum('cms_diphoton_EBEB_13TeV.csv'),
    dijet: () => publishedSpectrum('cms_dijet_13TeV.csv'),
    'diphoton-2015': () => publishedSpectrum('atlas_diphoton_2015_13TeV_digitised.csv'),
    'dimuon-exponential': dimuonSpectrum,
    'diphoton-2015-function': () => publishedSpectrum('atlas_diphoton_2015_13TeV_digitised.csv'),
  } as const;
  const ruleOf = (name: string): OrderRule =>
    name === 'aic' || name === 'bic' ? { rule: name } : { rule: 'f-test', level: Number(name.split(' ')[1]) };

  test.each(Object.keys(SPECTRA) as (keyof typeof SPECTRA)[])('%s', (name) => {
    const { sigma, first, last, step, half, background, lowest, highest, fits } = golden.scans.find(
      (s) => s.name === name,
    )!;
    const spectrum = SPECTRA[name]();
    const hypotheses = hypothesesInSteps((mass) => sigma * mass, first, last, step);
    expect(hypotheses.length).toBe(fits.length);
    const model: FitModel = { signalAt, background, range: { halfWidth: half } };
    const wrong: string[] = [];
    const plans = makeChoicePlans(spectrum, hypotheses, model, { rule: 'aic', from: lowest, to: highest });
    const { counts, nBins } = spectrum;
    plans.plans.forEach((plan, order) => {
      const twiceNllAt = nullFits(plan, counts, nBins);
      fits.forEach(([losses], h) => {
        const [got, expected] = [twiceNllAt(h), losses[order] ?? Infinity];
        // the tolerance of 2 dlnL in golden.test.ts
        if (!(got === expected || Math.abs(got - expected) <= 2e-4))
          wrong.push(`${hypotheses[h].mass} order ${order}: ${got} not ${expected}`);
      });
    });
    golden.rules.forEach((rule, r) => {
      chooseOrders({ ...plans, choice: { ...plans.choice, ...ruleOf(rule) } }, counts).forEach((chosen, h) => {
        const expected = fits[h][1][r];
        // -1: too close to call for the reference
        if (expected >= 0 && chosen !== expected)
          wrong.push(`${hypotheses[h].mass} ${rule}: ${chosen} not ${expected}`);
      });
    });
    expect(wrong).toEqual([]);
  });

  test('the cases are as varied as they should be', () => {
    const rows = golden.scans.flatMap((scan) => scan.fits);
    expect(rows.length).toBeGreaterThan(600);
    expect(rows.filter(([losses]) => losses.includes(null)).length).toBeGreaterThan(40);
    golden.rules.forEach((_, r) => {
      const choices = new Set(rows.map((row) => row[1][r]));
      for (let order = 0; order < 6; order++) expect(choices).toContain(order);
    });
    expect(rows.filter((row) => row[1].includes(-1)).length).toBeLessThan(4);
  });
});

describe('rules', () => {
  const choose = (rule: OrderRule, losses: number[], nBins = 50) =>
    chooseOrder(rule, losses.length, nBins, (order) => losses[order]);
  const fTest: OrderRule = { rule: 'f-test', level: 0.05 };

  test('the F-test goes on while P(chi2_1 > gain) is below the level: 3.841 at 5 %', () => {
    expect(choose(fTest, [100, 96.158, 92.316, 88.48, 50])).toBe(2);
    expect(choose(fTest, [100, 96.16, 80])).toBe(0);
    expect(choose({ rule: 'f-test', level: 0.01 }, [100, 93.364, 86.73, 80])).toBe(1); // 6.635
    expect(choose(fTest, [100, 100.0000001, 50])).toBe(0);
  });

  test('AIC takes 2 per coefficient, BIC ln N', () => {
    expect(choose({ rule: 'aic' }, [100, 97.99, 95.98, 93.99])).toBe(2);
    expect(choose({ rule: 'aic' }, [100, 99, 90])).toBe(2);
    expect(choose({ rule: 'bic' }, [100, 96.08, 92.18, 88.27], 50)).toBe(1); // ln 50 = 3.912
    expect(choose({ rule: 'bic' }, [100, 96.08, 92.18, 88.27], 49)).toBe(3);
  });

  test('orders without a fit are no candidates', () => {
    for (const rule of [fTest, { rule: 'aic' }, { rule: 'bic' }] as const) {
      expect(choose(rule, [Infinity, Infinity, Infinity])).toBe(0);
      expect(choose(rule, [Infinity, 100, 50, 49])).toBe(2);
      expect(choose(rule, [100, 50, Infinity, Infinity])).toBe(1);
    }
    expect(choose(fTest, [100, Infinity, 10])).toBe(0);
    expect(choose({ rule: 'aic' }, [100, Infinity, 10])).toBe(2);
  });

  test('a tie goes to the lower order', () => {
    expect(choose({ rule: 'aic' }, [100, 98, 96])).toBe(0);
  });
});

describe('fits with the chosen orders', () => {
  const spectrum = unitSpectrum(
    Array.from({ length: 60 }, (_, i) => Math.round(300 * Math.exp(-i / 15)) + ((i * 7919) % 13)),
  );
  const hypotheses = [2, 5, 12, 20, 31, 44, 57].map((mass) => ({ mass, sigma: 1 }));
  const model: FitModel = { signalAt, background: { kind: 'bernstein', degree: 0 }, range: { halfWidth: 8 } };
  const plans = makeChoicePlans(spectrum, hypotheses, model, { rule: 'aic', from: 0, to: 5 });

  test('are those of a plan with these orders', () => {
    const chosen = chooseOrders(plans, spectrum.counts);
    expect(new Set(chosen).size).toBeGreaterThan(2);
    const fits = fitChosen(plans, spectrum.counts);
    expect(fits.map(({ degree }) => degree)).toEqual([...chosen]);
    fitSpectrum(plans.planOf(chosen), spectrum.counts).forEach((fit, h) => expect(fits[h]).toMatchObject(fit));
  });

  test('of many spectra at once are those one by one', () => {
    const nSpectra = 5;
    const counts = Uint32Array.from({ length: 60 * nSpectra }, (_, i) => spectrum.counts[i % 60] + ((i * 104729) % 17));
    const chosen = chooseOrders(plans, counts);
    const numbers = runChosen(plans, counts, chosen);
    for (let i = 0; i < nSpectra; i++) {
      const own = counts.subarray(60 * i, 60 * (i + 1));
      expect(chosen.subarray(7 * i, 7 * (i + 1))).toEqual(chooseOrders(plans, own));
      const ownNumbers = runChosen(plans, own, chooseOrders(plans, own));
      expect(numbers.subarray(7 * i * FIT_RESULT_STRIDE, 7 * (i + 1) * FIT_RESULT_STRIDE)).toEqual(ownNumbers);
    }
  });

  test('hypotheses may have backgrounds of their own, and power laws count powers', () => {
    const low = Array.from({ length: 40 }, (_, i) => 100 + 10 * i);
    const steep = makeSpectrum(low, low.map((m) => m + 10), low.map((m) => Math.round(1e4 * (m / 100) ** -3 * Math.exp(-(Math.log(m / 100) ** 2) / 3)))); // prettier-ignore
    const background = (_: unknown, i: number): Background =>
      i === 0 ? { kind: 'power-law', powers: 1 } : { kind: 'exponential', degree: 0 };
    const ofBoth = makeChoicePlans(steep, [{ mass: 250, sigma: 10 }, { mass: 260, sigma: 10 }], { ...model, background, range: { halfWidth: 100 } }, { rule: 'bic', from: 1, to: 3 }); // prettier-ignore
    const [power, exponential] = fitChosen(ofBoth, steep.counts);
    expect([power.degree, power.dof]).toEqual([2, 40 - 4]);
    expect([exponential.degree, exponential.dof]).toEqual([3, 40 - 5]);
  });

  test('a range with few bins keeps to the orders that it can hold, and one with too few says so', () => {
    const few = { ...model, range: { halfWidth: 2.3 } };
    // four bins, a parabola and more: with signal a cubic would be five parameters
    const counts = spectrum.counts.map((n, i) => (i === 18 ? 900 : i === 21 ? 1100 : n));
    const [fit] = fitChosen(
      makeChoicePlans(spectrum, [{ mass: 20.3, sigma: 1 }], few, { rule: 'aic', from: 0, to: 7 }),
      counts,
    );
    expect([fit.degree, fit.dof]).toEqual([2, 0]);
    expect(fit.status).toBe('ok');
    const none = fitChosen(makeChoicePlans(spectrum, hypotheses, few, { rule: 'aic', from: 4, to: 7 }), counts);
    expect(none.every(({ status, degree, z }) => status === 'few-bins' && degree === 4 && z === 0)).toBe(true);
  });

  test('a spectrum without events takes the lowest order', () => {
    expect([...chooseOrders(plans, new Uint32Array(60))]).toEqual([0, 0, 0, 0, 0, 0, 0]);
  });

  test.each([
    [{ rule: 'f-test', level: 1 }, 'background order: level is 1, expected a number between 0 and 1'],
    [{ rule: 'f-test', level: NaN }, 'background order: level is NaN'],
    [{ rule: 'aic', from: 3 }, 'background order: from 3 to 2, expected whole numbers, the low one first'],
    [{ rule: 'aic', from: 0.5 }, 'background order: from 0.5 to 2'],
    [{ rule: 'aic', to: 8 }, 'background: degree is 8, expected 0 to 7'],
  ] as const)('%j is refused', (choice, message) => {
    expect(() => makeChoicePlans(spectrum, hypotheses, model, { from: 1, to: 2, ...choice })).toThrow(message);
  });
});

describe('toys of a straight line', () => {
  const [nBins, nToys] = [40, 4000];
  const line = (i: number) => 130 - 1.5 * i;
  const spectrum = unitSpectrum(Array.from({ length: nBins }, (_, i) => Math.round(line(i))));
  const model: FitModel = { signalAt, background: { kind: 'chebyshev', degree: 1 }, range: { halfWidth: 100 } };
  const plansOf = (rule: OrderRule) =>
    makeChoicePlans(spectrum, [{ mass: 19, sigma: 1.5 }], model, { ...rule, from: 0, to: 2 });
  /** Poisson counts by products of uniforms (Knuth): means up to 200. */
  const counts = Uint32Array.from({ length: nBins * nToys }, (_, k) => {
    const stream = makeStream(1938, k % nBins, Math.floor(k / nBins));
    const end = Math.exp(-line(k % nBins));
    let product = 1;
    for (let draw = 0; ; draw++) {
      product *= (stream.words(draw >> 2)[draw & 3] + 0.5) / 2 ** 32;
      if (product < end) return draw;
    }
  });

  // Wilks: the gain of a coefficient that is not needed is chi2_1
  test.each([
    [{ rule: 'f-test', level: 0.05 } as const, 0.05],
    [{ rule: 'f-test', level: 0.2 } as const, 0.2],
    [{ rule: 'aic' } as const, 0.157299], // P(chi2_1 > 2)
    [{ rule: 'bic' } as const, 0.054776], // P(chi2_1 > ln 40)
  ])('%j takes a coefficient too many in a share of %d', (rule, share) => {
    const chosen = chooseOrders(plansOf(rule), counts);
    expect(chosen.every((order) => order > 0)).toBe(true);
    const tooMany = chosen.filter((order) => order === 2).length;
    // 4.5 binomial errors: false alarm 7e-6 each; 100 events per bin are as good as infinitely many
    expect(Math.abs(tooMany - share * nToys)).toBeLessThan(4.5 * Math.sqrt(share * (1 - share) * nToys));
  });

  test('the signed Z keeps its width of 1 with the choice repeated in every toy', () => {
    const plans = plansOf({ rule: 'f-test', level: 0.05 });
    const numbers = runChosen(plans, counts, chooseOrders(plans, counts), { start: START.leastSquares });
    let sum = 0;
    for (let at = 0; at < numbers.length; at += FIT_RESULT_STRIDE) sum += numbers[at + R.twiceDeltaLnL];
    // mean of chi2_1 is 1, its variance 2; 4.5 errors (7e-6)
    expect(Math.abs(sum / nToys - 1)).toBeLessThan(4.5 * Math.sqrt(2 / nToys));
  });
});
