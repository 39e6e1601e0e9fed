/** Signal in the side band: limits against direct integration over signal and background (tests/golden/leak.py). */
import { describe, expect, test } from 'vitest';
import type { ConstraintKind } from '../../../src/model/counting-model.ts';
import golden from '../../golden/leak.json' with { type: 'json' };
import type { CountingCase } from '../../support/counting.ts';
import { evaluateCases } from '../../support/evaluate.ts';

type Golden = (typeof golden.cases)[number];

const constraint = ([kind, size]: Golden['efficiency']) =>
  (size as number) > 0 ? ([kind as ConstraintKind, size as number] as const) : undefined;

function caseOf(c: Golden): CountingCase {
  return {
    n: c.n,
    b0: 0,
    band: [c.n_off, c.tau],
    leak: c.leak,
    known: c.known,
    signal: constraint(c.efficiency),
    background: constraint(c.transfer),
  };
}

async function limitOf(c: CountingCase, level: number, poiMax = 1000): Promise<number> {
  const { limits } = await evaluateCases([c], { limits: [{ method: 'bayes', level, poiMax }] });
  return limits[0].observed[0];
}

describe('limits with signal in the side band equal direct integration', () => {
  for (const c of golden.cases) {
    const { n, n_off, tau, leak, known, efficiency, transfer } = c;
    test(`n ${n}, n_off ${n_off}, tau ${tau}, leak ${leak}, known ${known}, ${efficiency}, ${transfer}`, async () => {
      const got = await limitOf(caseOf(c), c.credibility, c.poi_max);
      expect(Math.abs(got / c.limit - 1), `got ${got}, expected ${c.limit}`).toBeLessThan(1e-10);
    });
  }
});

test('a leak that grows from 0 moves the limit continuously', async () => {
  const at = (leak: number) => limitOf({ n: 5, b0: 0, band: [12, 3], leak }, 0.9);
  const [none, tiny, small] = [await at(0), await at(1e-9), await at(1e-3)];
  expect(Math.abs(tiny / none - 1)).toBeLessThan(1e-8);
  expect(Math.abs(small / none - 1)).toBeLessThan(1e-2);
});

test('large counts: the limit is that of two Gaussian measurements', async () => {
  // n = T + b, n_off = tau b + l T: T = (n - n_off/tau)/(1 - l/tau), variance (n + n_off/tau^2)/(1 - l/tau)^2
  const [n, nOff, tau, leak] = [10_400, 30_000, 3, 0.3];
  const got = await limitOf({ n, b0: 0, band: [nOff, tau], leak, s0: 10 }, 0.9);
  const scale = 1 - leak / tau;
  const expected = ((n - nOff / tau) / scale + (1.2815515655446004 * Math.sqrt(n + nOff / tau ** 2)) / scale) / 10;
  expect(Math.abs(got / expected - 1)).toBeLessThan(2e-3);
});
