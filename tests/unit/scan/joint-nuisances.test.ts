/**
 * Constraints that meet: shared between signal and background, different up and down, several components. Against brute
 * force, the definition of methods.md section 2 on a dense grid of z (C(U | s, b) with the incomplete gamma function,
 * itself tested against mpmath), and against closed forms.
 */
import { describe, expect, test } from 'vitest';
import { CpuBackend } from '../../../src/engine/cpu-backend.ts';
import type { BackgroundComponent, ConstraintKind, CountingModel } from '../../../src/model/counting-model.ts';
import { evaluateWindows } from '../../../src/scan/evaluate-windows.ts';
import { lnBetaI } from '../../../src/stats/beta.ts';
import { gammaP, gammaQ, gammaQInverseLn, lnGammaQ } from '../../../src/stats/gamma.ts';
import { evaluateCases } from '../../support/evaluate.ts';

interface Effect {
  readonly target: string;
  readonly up: number;
  readonly down: number;
}

interface TestNuisance {
  readonly constraint: ConstraintKind;
  readonly effects: readonly Effect[];
}

function modelOf(
  n: number,
  s0: number,
  components: BackgroundComponent[],
  nuisances: readonly TestNuisance[],
): CountingModel {
  return {
    nWindows: 1,
    n: Uint32Array.of(n),
    sensitivity: Float64Array.of(s0),
    components,
    nuisances: nuisances.map(({ constraint, effects }, i) => ({
      name: `z${i}`,
      constraint,
      effects: effects.map(({ target, up, down }) => ({
        target,
        up: Float64Array.of(up),
        down: Float64Array.of(down),
      })),
    })),
  };
}

const known = (name: string, b0: number): BackgroundComponent => ({ name, kind: 'known', b0: Float64Array.of(b0) });
const CREDIBILITY = 0.9;
const POI_MAX = 1000;

async function evaluate(model: CountingModel) {
  const statistics = {
    p0: ['marginal' as const],
    limits: [{ method: 'bayes' as const, level: CREDIBILITY, poiMax: POI_MAX }],
    expected: 'percent' as const,
  };
  const { limits, p0 } = await evaluateWindows(model, statistics, new CpuBackend({ threads: 1 }));
  return { limit: limits[0].observed[0], lnP: p0[0].lnP[0] };
}

/** Posterior probability below `u` and p0, on a grid of two independent z (Simpson, kinks on grid points). */
function bruteForce(n: number, s0: number, b: Record<string, number>, nuisances: readonly TestNuisance[], u: number) {
  const [half, steps] = [8.5, 340];
  const factor = (target: string, z: readonly number[]) => {
    let sum = 1;
    let product = 1;
    nuisances.forEach(({ constraint, effects }, i) => {
      for (const e of effects.filter((found) => found.target === target)) {
        const r = z[i] > 0 ? e.up : e.down;
        if (constraint === 'normal') sum += r * z[i];
        else product *= Math.exp(z[i] * Math.log1p(r));
      }
    });
    return (Math.abs(sum) < 1e-9 ? 0 : sum) * product;
  };
  const weights = Array.from({ length: steps + 1 }, (_, i) => (i === 0 || i === steps ? 1 : i % 2 ? 4 : 2));
  const zs = Array.from({ length: steps + 1 }, (_, i) => -half + (2 * half * i) / steps);
  let [below, total, mass, tail] = [0, 0, 0, 0];
  const second = nuisances.length > 1 ? zs : [0];
  zs.forEach((z0, i) =>
    second.forEach((z1, j) => {
      const density =
        weights[i] * (second.length > 1 ? weights[j] * Math.exp(-0.5 * z1 * z1) : 1) * Math.exp(-0.5 * z0 * z0);
      const z = [z0, z1];
      const s = s0 * factor('efficiency', z) * factor('luminosity', z);
      const background =
        Object.entries(b).reduce((sum, [name, b0]) => sum + b0 * factor(name, z), 0) * factor('background', z);
      if (s <= 0 || background < 0) return;
      // the cut at F = 0 is the end of a Simpson panel: half the weight of an inner point
      const w = background === 0 ? 0.5 * density : density;
      const q0 = gammaQ(n + 1, background);
      below += (w / s) * (q0 - gammaQ(n + 1, background + s * u));
      total += (w / s) * (q0 - gammaQ(n + 1, background + s * POI_MAX));
      mass += w;
      tail += w * gammaP(n, background);
    }),
  );
  return { probability: below / total, lnP: Math.log(tail / mass) };
}

describe('against brute force', () => {
  const both = (r: number) => [
    { target: 'efficiency', up: r, down: r },
    { target: 'background', up: r, down: r },
  ];
  const cases: [string, number, Record<string, number>, TestNuisance[]][] = [
    ['shared normal of 10 %', 12, { b: 7 }, [{ constraint: 'normal', effects: both(0.1) }]],
    [
      'shared normal of 1 %, opposite signs',
      40,
      { b: 30 },
      [
        {
          constraint: 'normal',
          effects: [
            { target: 'luminosity', up: 0.01, down: 0.01 },
            { target: 'b', up: -0.01, down: -0.01 },
          ],
        },
      ],
    ],
    [
      'shared lognormal of 30 % beside an own normal',
      5,
      { b: 3 },
      [
        { constraint: 'lognormal', effects: both(0.3) },
        { constraint: 'normal', effects: [{ target: 'efficiency', up: 0.1, down: 0.1 }] },
      ],
    ],
    [
      'different up and down on the background',
      9,
      { b: 4 },
      [{ constraint: 'normal', effects: [{ target: 'background', up: 0.3, down: 0.1 }] }],
    ],
    [
      'different up and down on the efficiency',
      3,
      { b: 2 },
      [{ constraint: 'normal', effects: [{ target: 'efficiency', up: 0.05, down: 0.11 }] }],
    ],
    [
      'lognormal with different up and down, and a normal',
      6,
      { b: 2.5 },
      [
        { constraint: 'lognormal', effects: [{ target: 'background', up: 0.5, down: 0.2 }] },
        { constraint: 'normal', effects: [{ target: 'luminosity', up: 0.08, down: 0.08 }] },
      ],
    ],
    [
      'two components with their own uncertainties',
      14,
      { a: 3, b: 5 },
      [
        { constraint: 'normal', effects: [{ target: 'a', up: 0.1, down: 0.1 }] },
        { constraint: 'lognormal', effects: [{ target: 'b', up: 0.4, down: 0.4 }] },
      ],
    ],
    [
      'two components, one nuisance on both and on the luminosity',
      30,
      { a: 12, b: 8 },
      [
        {
          constraint: 'normal',
          effects: [
            { target: 'luminosity', up: 0.05, down: 0.05 },
            { target: 'a', up: 0.1, down: 0.1 },
          ],
        },
        { constraint: 'normal', effects: [{ target: 'b', up: 0.1, down: 0.1 }] },
      ],
    ],
    [
      'a normal and a lognormal on one background, n far above',
      25,
      { b: 4 },
      [
        // cut at z = -4, a grid point of the brute force
        { constraint: 'normal', effects: [{ target: 'background', up: 0.25, down: 0.25 }] },
        { constraint: 'lognormal', effects: [{ target: 'background', up: 0.2, down: 0.2 }] },
      ],
    ],
    [
      'efficiency and luminosity of similar size',
      4,
      { b: 1 },
      [
        { constraint: 'normal', effects: [{ target: 'efficiency', up: 0.1, down: 0.1 }] },
        { constraint: 'normal', effects: [{ target: 'luminosity', up: 0.06, down: 0.06 }] },
      ],
    ],
  ];
  for (const [name, n, b, nuisances] of cases) {
    test(name, async () => {
      const components = Object.entries(b).map(([key, b0]) => known(key, b0));
      const { limit, lnP } = await evaluate(modelOf(n, 1.3, components, nuisances));
      const exact = bruteForce(n, 1.3, b, nuisances, limit);
      expect(Math.abs(exact.probability - CREDIBILITY), `limit ${limit}`).toBeLessThan(3e-9);
      expect(Math.abs(lnP - exact.lnP), `ln p0 ${lnP}`).toBeLessThan(3e-8);
    });
  }
});

describe('several components with simulation statistics', () => {
  /** N simulated events of weight w: Gamma(N + 1, rate 1/w). */
  const sample = (name: string, nEvents: number, w: number): BackgroundComponent => ({
    name,
    kind: 'mc-stat',
    b0: Float64Array.of(nEvents * w),
    sumW2: Float64Array.of(nEvents * w * w),
    entries: Uint32Array.of(nEvents),
    meanWeight: w,
  });

  test('gammas of equal rate add: two samples equal one', async () => {
    for (const n of [0, 2, 9, 60]) {
      const two = await evaluate(modelOf(n, 1, [sample('a', 6, 0.4), sample('b', 11, 0.4)], []));
      const one = await evaluate(modelOf(n, 1, [sample('a', 18, 0.4)], []));
      expect(Math.abs(two.limit / one.limit - 1)).toBeLessThan(1e-12);
      expect(Math.abs(two.lnP - one.lnP)).toBeLessThan(1e-10);
    }
  });

  test('far tails of a convolution stay accurate: p0 to 1e-200', async () => {
    for (const n of [40, 120, 400]) {
      const { lnP } = await evaluate(
        modelOf(n, 1, [sample('a', 3, 0.1), sample('b', 4, 0.1), sample('c', 0, 0.1)], []),
      );
      // shapes 4 + 5 + 1, rate 10: the negative binomial of shape 10
      expect(Math.abs(lnP - lnBetaI(1 / 11, n, 10, 10 / 11))).toBeLessThan(1e-10);
    }
  });

  test('a sample without events has shape 1 and the average weight, and the status says so', async () => {
    const statistics = { p0: ['marginal' as const], limits: [], expected: 'percent' as const };
    const model = modelOf(2, 1, [sample('a', 0, 0.5)], []);
    const { p0, status } = await evaluateWindows(model, statistics, new CpuBackend({ threads: 1 }));
    expect(status[0]).toBe('no-mc');
    // P(N >= 2) of the geometric distribution with odds w
    expect(Math.exp(p0[0].lnP[0])).toBeCloseTo((0.5 / 1.5) ** 2, 12);
  });
});

test('large counts: closed form without uncertainties, n and b up to 1e6', async () => {
  for (const [n, b0] of [
    [1_000_000, 995_000],
    [1_000_000, 1e-6],
    [100_000, 99_000],
    [5000, 5100],
    [1, 1e5],
  ]) {
    const { limits } = await evaluateCases([{ n, b0 }], { limits: [{ method: 'bayes', level: 0.9, poiMax: 1e8 }] });
    const exact = gammaQInverseLn(n + 1, Math.log(0.1) + lnGammaQ(n + 1, b0)) - b0;
    // b + U - b loses digits in the closed form: 1e-16 b / U
    const allowed = 1e-12 + (4e-16 * b0) / exact;
    expect(Math.abs(limits[0].observed[0] / exact - 1), `${n}, ${b0}`).toBeLessThan(allowed);
  }
});

test('a gamma on the efficiency of size 1 has limits where POI_max is finite, and leaves other windows alone', async () => {
  for (const r of [0.9, 0.98, 1, 1.2]) {
    const cases = [
      { n: 1, b0: 1 },
      { n: 1, b0: 1, signal: ['gamma', r] as const },
      { n: 2, b0: 1 },
    ];
    const { limits, status } = await evaluateCases(cases, { limits: [{ method: 'bayes', level: 0.9, poiMax: 1000 }] });
    const alone = await evaluateCases([cases[0], cases[2]], {
      limits: [{ method: 'bayes', level: 0.9, poiMax: 1000 }],
    });
    expect([status[0], status[2]]).toEqual(['ok', 'ok']);
    expect([limits[0].observed[0], limits[0].observed[2]]).toEqual(Array.from(alone.limits[0].observed));
    // above 1 the prior itself piles up at s = 0: a status, no number
    expect(status[1]).toBe(r > 1 ? 'not-converged' : 'prior-edge');
    if (r <= 1) expect(limits[0].observed[1]).toBeGreaterThan(limits[0].observed[0]);
  }
});

test('a prior that ends far below the data gives a status, not noise', async () => {
  const { limits, status } = await evaluateCases([{ n: 7397, b0: 4263, s0: 0.18 }], {
    limits: [{ method: 'bayes', level: 0.9, poiMax: 1e4 }],
  });
  expect(status[0]).toBe('not-converged');
  expect(limits[0].observed[0]).toBeNaN();
});
