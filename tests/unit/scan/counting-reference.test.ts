/**
 * Limits and p0 against values computed by others' formulas: mpmath integration (tests/golden/counting.py), the
 * published systematics of the Z' 2018 search, closed forms. Wanted: 1e-10 where the signal uncertainty is at most 0.2,
 * 1e-8 up to 1.
 */
import { readFileSync, existsSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import golden from '../../golden/counting.json' with { type: 'json' };
import { gammaQInverse, gammaQ } from '../../../src/stats/gamma.ts';
import { betaI } from '../../../src/stats/beta.ts';
import { evaluateCases } from '../../support/evaluate.ts';
import type { ConstraintKind } from '../../../src/model/counting-model.ts';

const constraint = (kind: string, r: number) => (r > 0 ? ([kind as ConstraintKind, r] as const) : undefined);

describe('Bayesian limits equal direct integration in 24 digits', () => {
  for (const c of golden.limits) {
    const name = `n ${c.n}, b ${c.b0} ${c.b_kind} ${c.b_r}, signal ${c.s_kind} ${c.s_r}, POI_max ${c.poi_max || 'inf'}`;
    test(name, async () => {
      const cases = [
        { n: c.n, b0: c.b0, s0: c.s0, signal: constraint(c.s_kind, c.s_r), background: constraint(c.b_kind, c.b_r) },
      ];
      const poiMax = c.poi_max || Infinity;
      const { limits, status } = await evaluateCases(cases, {
        limits: [{ method: 'bayes', level: c.credibility, poiMax }],
      });
      const allowed = c.s_r <= 0.2 ? 1e-10 : 1e-8;
      expect(
        Math.abs(limits[0].observed[0] / Number(c.limit) - 1),
        `got ${limits[0].observed[0]}, expected ${c.limit}`,
      ).toBeLessThan(allowed);
      expect(['ok', 'prior-edge']).toContain(status[0]);
    });
  }
});

describe('marginal p0 equals direct integration in 24 digits', () => {
  for (const c of golden.p0) {
    test(`n ${c.n}, b ${c.b0} ${c.b_kind} ${c.b_r}`, async () => {
      const { p0 } = await evaluateCases([{ n: c.n, b0: c.b0, background: constraint(c.b_kind, c.b_r) }], {
        limits: [],
      });
      expect(Math.abs(p0[0].lnP[0] - Number(c.ln_p0)), `got ${p0[0].lnP[0]}, expected ${c.ln_p0}`).toBeLessThan(1e-10);
    });
  }
});

test("limits with the systematics of the Z' 2018 search equal the reference to its 5e-7", async (context) => {
  const file = '../shared/reference/bayes_zprime2018.json';
  if (!existsSync(file)) {
    if (process.env.CI) throw new Error(`${file} is missing`);
    return context.skip();
  }
  for (const r of JSON.parse(readFileSync(file, 'utf8'))) {
    const s0 = r.eff * r.L_fb;
    // efficiency and luminosity are two normals; the reference has both
    const { limits } = await evaluateZprime(r.N, r.B, s0, r.rel_eff, r.rel_L, r.rel_B);
    expect(Math.abs(limits[0].observed[0] / r.UL90_fb - 1), `N ${r.N}, B ${r.B}`).toBeLessThan(5e-7);
  }
});

async function evaluateZprime(n: number, b0: number, s0: number, rEff: number, rLumi: number, rB: number) {
  const { evaluateWindows } = await import('../../../src/scan/evaluate-windows.ts');
  const { CpuBackend } = await import('../../../src/engine/cpu-backend.ts');
  const effect = (target: string, r: number) => [{ target, up: Float64Array.of(r), down: Float64Array.of(r) }];
  const model = {
    nWindows: 1,
    n: Uint32Array.of(n),
    sensitivity: Float64Array.of(s0),
    components: [{ name: 'b', kind: 'known' as const, b0: Float64Array.of(b0) }],
    nuisances: [
      { name: 'eff', constraint: 'normal' as const, effects: effect('efficiency', rEff) },
      { name: 'lumi', constraint: 'normal' as const, effects: effect('luminosity', rLumi) },
      { name: 'bkg', constraint: 'normal' as const, effects: effect('background', rB) },
    ],
  };
  const statistics = {
    p0: ['marginal' as const],
    limits: [{ method: 'bayes' as const, level: 0.9, poiMax: 1e5 }],
    expected: 'percent' as const,
  };
  return evaluateWindows(model, statistics, new CpuBackend({ threads: 1 }));
}

describe('closed forms', () => {
  test('known background and signal: Q(n+1, b+sU) = 0.1 Q(n+1, b), also hybrid CLs', async () => {
    for (const [n, b] of [
      [0, 3],
      [2, 0.5],
      [7, 7],
      [40, 25],
    ]) {
      const { limits } = await evaluateCases([{ n, b0: b, s0: 2 }], {
        limits: [{ method: 'bayes', level: 0.9, poiMax: Infinity }],
      });
      const exact = (gammaQInverse(n + 1, 0.1 * gammaQ(n + 1, b)) - b) / 2;
      expect(Math.abs(limits[0].observed[0] / exact - 1)).toBeLessThan(1e-12);
    }
  });

  test('a side band gives p_Bi, marginal and on-off alike', async () => {
    for (const [nOn, nOff, tau] of [
      [4, 5, 5],
      [140, 100, 1.2],
      [25, 3, 0.2],
      [67, 15, 2],
    ] as const) {
      const { p0 } = await evaluateCases([{ n: nOn, b0: 0, band: [nOff, tau] }], {
        p0: ['marginal', 'on-off'],
        limits: [],
      });
      const exact = Math.log(betaI(1 / (1 + tau), nOn, nOff + 1));
      for (const { lnP } of p0) expect(Math.abs(lnP[0] - exact)).toBeLessThan(1e-11);
    }
  });

  test('shared luminosity of 10 %: n = 120, b0 = 100 gives 46.9, independent ones 42.1 (methods.md)', async () => {
    const shared = await evaluateCases([{ n: 120, b0: 100, shared: 0.1 }], {
      limits: [{ method: 'bayes', level: 0.9, poiMax: 1e4 }],
    });
    const own = { signal: ['normal', 0.1], background: ['normal', 0.1] } as const;
    const independent = await evaluateCases([{ n: 120, b0: 100, ...own }], {
      limits: [{ method: 'bayes', level: 0.9, poiMax: 1e4 }],
    });
    expect(shared.limits[0].observed[0]).toBeCloseTo(46.9, 1);
    expect(independent.limits[0].observed[0]).toBeCloseTo(42.1, 1);
  });

  test('no uncertainty on the signal, gamma background: the negative binomial sum of methods.md', async () => {
    const [nOff, tau, n, u] = [6, 2.5, 4, 7];
    const { limits } = await evaluateCases([{ n, b0: 0, band: [nOff, tau] }], {
      limits: [{ method: 'bayes', level: 0.5, poiMax: Infinity }],
    });
    const negativeBinomial = (j: number) => {
      let value = (tau / (1 + tau)) ** (nOff + 1);
      for (let i = 1; i <= j; i++) value *= (nOff + i) / (i * (1 + tau));
      return value;
    };
    const tail = (s: number) => {
      let sum = 0;
      for (let j = 0; j <= n; j++) sum += negativeBinomial(j) * gammaQ(n - j + 1, s);
      return sum;
    };
    const reached = 1 - tail(limits[0].observed[0]) / tail(0);
    expect(reached).toBeCloseTo(0.5, 12);
    expect(u).toBeGreaterThan(0);
  });
});
