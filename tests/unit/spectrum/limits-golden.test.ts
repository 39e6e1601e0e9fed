/** Limits of sliding-range fits against scipy's joint minimisations and pyhf (tests/golden/spectrum_limits.py). */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { Nuisance } from '../../../src/model/counting-model.ts';
import { makeFitPlan, type Background } from '../../../src/model/spectrum/fit-plan.ts';
import { shapeNuisance, type SignalNuisances } from '../../../src/model/spectrum/signal-nuisances.ts';
import { gaussian } from '../../../src/model/spectrum/signal-shapes.ts';
import { spectrumLimits } from '../../../src/scan/spectrum/limits/spectrum-limits.ts';
import type { SpectrumLimitRequest } from '../../../src/scan/spectrum/limits/types.ts';
import { unitSpectrum } from '../../support/spectra.ts';

interface Band {
  readonly observed: number;
  readonly expected: readonly number[];
}
type Size = number | readonly [up: number, down: number];
interface Case {
  readonly name: string;
  readonly counts: readonly number[];
  readonly mass: number;
  readonly sigma: number;
  readonly sensitivity: number;
  readonly background: Background;
  readonly peaks?: readonly { mass: number; sigma: number; expected: number; error: number }[];
  readonly yields?: readonly { name: string; constraint: Nuisance['constraint']; on: Record<string, Size> }[];
  readonly spurious?: number;
  readonly resolution?: number;
  readonly position?: number;
  readonly sHat: number;
  readonly z: number;
  readonly cls: Band;
  readonly profile?: Band;
  readonly bayes?: { poiMax: number; observed: number; median?: number };
  readonly direct?: number;
  readonly pyhf?: Band;
}
/** A bin without events has mean 0 in one of the fits. */
const BOUNDED = new Set(['bins at their bound', 'falling to nothing', 'eight events']);
const golden = JSON.parse(readFileSync('tests/golden/spectrum_limits.json', 'utf8')) as { cases: Case[] };
const cases = golden.cases.map((c) => [c.name, c] as const);

function limitsOf(c: Case) {
  const spectrum = unitSpectrum(c.counts);
  const hypotheses = [{ mass: c.mass, sigma: c.sigma }];
  const signalAt = (h: { mass: number; sigma: number }) => gaussian(h.mass, h.sigma);
  const peaks = (c.peaks ?? []).map(({ mass, sigma, expected: yields, error }) => ({
    shape: gaussian(mass, sigma),
    expected: yields,
    error,
  }));
  const plan = makeFitPlan(spectrum, hypotheses, {
    signalAt,
    background: c.background,
    range: { halfWidth: 1e3 },
    peaks,
  });
  const shapes = (['resolution', 'position'] as const)
    .filter((kind) => c[kind] !== undefined)
    .map((kind) => shapeNuisance(kind, [c[kind]!], plan, spectrum, hypotheses, signalAt));
  const yields = (c.yields ?? []).map(({ name, constraint, on }) => ({
    name,
    constraint,
    effects: Object.entries(on).map(([target, size]) => {
      const [up, down] = typeof size === 'number' ? [size, size] : size;
      return { target, up: Float64Array.of(up), down: Float64Array.of(down) };
    }),
  }));
  const nuisances: SignalNuisances = { yields, shapes, ...(c.spurious !== undefined && { spurious: [c.spurious] }) };
  const requests: SpectrumLimitRequest[] = [
    { method: 'cls-asymptotic', level: 0.95 },
    { method: 'profile', level: 0.95 },
    ...(c.bayes ? [{ method: 'bayes', level: 0.95, poiMax: c.bayes.poiMax } as const] : []),
  ];
  const options = { sensitivity: [c.sensitivity], requests, expected: 'sigma', nuisances } as const;
  return spectrumLimits(plan, spectrum.counts, options)[0];
}

test('the cases are as varied as they should be', () => {
  expect(cases.length).toBeGreaterThan(20);
  expect(cases.filter(([, c]) => c.sHat < 0).length).toBeGreaterThan(5);
  expect(cases.filter(([, c]) => c.pyhf).length).toBeGreaterThan(3);
  expect(cases.filter(([, c]) => c.bayes).length).toBeGreaterThan(8);
});

describe.each(cases)('%s', (_, c) => {
  const { z, sHat, limits, status } = limitsOf(c);
  const [cls, profile, bayes] = limits;

  /** Relative deviations of all numbers wanted, by name. */
  function deviations(found: typeof cls, wanted: Band) {
    return [
      Math.abs(found.observed! / wanted.observed - 1),
      ...wanted.expected.map((limit, i) => Math.abs(found.expected[i]! / limit - 1)),
    ];
  }

  test('S^ and Z', () => {
    expect(status).toBe(BOUNDED.has(c.name) ? 'boundary' : 'ok');
    expect(Math.abs(z - c.z), `Z is ${z}, expected ${c.z}`).toBeLessThan(1e-5);
    expect(Math.abs(sHat - c.sHat), `S^ is ${sHat}, expected ${c.sHat}`).toBeLessThan(1e-4 * Math.abs(c.sHat / c.z));
  });

  test('CLs, observed and expected', () => {
    expect(Math.max(...deviations(cls, c.cls)), JSON.stringify([cls, c.cls])).toBeLessThan(2e-5);
  });

  const bands = [
    { what: 'CLs of pyhf', found: cls, wanted: c.pyhf, within: 1e-5 },
    { what: 'profile likelihood, observed and expected', found: profile, wanted: c.profile, within: 5e-5 },
  ].flatMap(({ wanted, ...rest }) => (wanted === undefined ? [] : [{ wanted, ...rest }]));
  test.each(bands)('$what', ({ found, wanted, within }) => {
    expect(Math.max(...deviations(found, wanted)), JSON.stringify([found, wanted])).toBeLessThan(within);
  });

  const ratios =
    c.bayes === undefined
      ? []
      : [
          { what: 'observed', ratio: bayes.observed! / c.bayes.observed },
          ...(c.bayes.median === undefined ? [] : [{ what: 'median', ratio: bayes.expected[2]! / c.bayes.median }]),
        ];
  test.each(ratios)('Bayesian with Laplace: $what', ({ ratio }) => {
    expect(Math.abs(ratio - 1)).toBeLessThan(3e-4);
  });

  const direct = c.direct === undefined ? [] : [c.direct];
  test.each(direct)('Laplace is good to 0.5 percent of the integral itself', (wanted) => {
    expect(Math.abs(bayes.observed! / wanted - 1), `${bayes.observed}, ${wanted}`).toBeLessThan(5e-3);
  });
});
