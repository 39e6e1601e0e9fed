/**
 * Injected signals are found as often as they should: disjoint windows, where the rate at which the best window is that
 * of the signal is a sum over Poisson distributions, made here without any of the tables.
 */
import { expect, test } from 'vitest';
import { throwToys } from '../../../src/toys/campaign.ts';
import { makeToyThrower } from '../../../src/toys/estimators/toy-field.ts';
import { nearInjections } from '../../../src/toys/near-injection.ts';
import { cpu, edit, LINE_TOYS, setupOf } from './toy-setup.ts';

/** 60 disjoint windows of +-5 resolutions, about 10 events each: a signal at a centre is in one window to 6e-7. */
const DISJOINT = edit(
  LINE_TOYS,
  ['resolution: { x: 0.05 }', 'resolution: { x: 0.01 }'],
  ['half_axes: 2', 'half_axes: 5'],
  ['step: 1', 'step: 10'],
  ['region: { x: [1, 3] }', 'region: { x: [1, 7] }'],
  [
    "density: 'exp(-x)', events: 120, support: { x: [0.8, 3.2] }",
    'density: 1, events: 640, support: { x: [0.8, 7.2] }',
  ],
  [
    '  - { name: norm, constraint: normal, on: { background: 0.1 } }',
    '  - { name: eff, constraint: normal, on: { efficiency: 0.1 } }',
  ],
);
const TOYS = 20_000;
const MOST = 80;

function poisson(mean: number): number[] {
  const pmf = [Math.exp(-mean)];
  for (let n = 1; n < MOST; n++) pmf.push((pmf[n - 1] * mean) / n);
  return pmf;
}

/** P(N >= n), summed from the small end. */
function tails(pmf: readonly number[]): number[] {
  const sums = [...pmf];
  for (let n = MOST - 2; n >= 0; n--) sums[n] += sums[n + 1];
  return sums;
}

/** One-sided p of 3, 4, 5 standard deviations. */
const P_OF_Z = { 3: 1.3498980316300946e-3, 4: 3.167124183311992e-5, 5: 2.866515718791939e-7 } as const;

const BACKGROUND = await setupOf(DISJOINT);
const B0 = [...BACKGROUND.tables.b0];
const SIGNAL = 30;

/** Probability that window SIGNAL has the smallest p0, the lowest number among ties. */
function predictedRate(mean: number): number {
  const p0 = B0.map((b) => tails(poisson(b)));
  const pmf = B0.map(poisson);
  return poisson(mean).reduce((rate, probability, n) => {
    const own = p0[SIGNAL][n];
    const others = B0.reduce((product, _, w) => {
      if (w === SIGNAL) return product;
      const loses = (p: number) => (w < SIGNAL ? p > own * (1 + 1e-9) : p > own * (1 - 1e-9));
      return product * pmf[w].reduce((sum, q, m) => sum + (loses(p0[w][m]) ? q : 0), 0);
    }, 1);
    return rate + probability * others;
  }, 0);
}

test.each([3, 4, 5] as const)('a yield whose median local Z is %d', async (z) => {
  const p0 = tails(poisson(B0[SIGNAL]));
  const nZ = p0.findIndex((p) => p <= P_OF_Z[z]);
  // a Poisson distribution of whole mean has that mean as its median
  const signal = nZ - B0[SIGNAL];
  const x = BACKGROUND.windows.x[SIGNAL];
  const inject = `simulation: { inject: [{ x: ${x}, events: ${signal} }] }\nstatistics:`;
  const setup = await setupOf(edit(DISJOINT, ['statistics:', inject]), { seed: 10 + z, inject: true });
  expect([...setup.tables.b0]).toEqual(B0);

  const backend = cpu();
  const { tally } = await throwToys(setup, backend, { from: 0, to: TOYS });
  await backend.close();
  const [{ share }] = nearInjections(setup, tally);
  const predicted = predictedRate(nZ);
  // three binomial standard deviations: false alarm 0.3 % for a seed, which is fixed
  expect(Math.abs(share - predicted)).toBeLessThan(3 * Math.sqrt((predicted * (1 - predicted)) / TOYS));

  // counts in the window follow Poisson(nZ), hence Z there has the distribution it should
  const counts = new Uint32Array(B0.length);
  const thrower = makeToyThrower(setup.tables.arrays, setup.seed);
  const seen = Array<number>(MOST).fill(0);
  for (let i = 0; i < 5000; i++) {
    thrower(i, counts);
    seen[counts[SIGNAL]]++;
  }
  let [below, expectedBelow] = [0, 0];
  poisson(nZ).forEach((probability, n) => {
    below += seen[n] / 5000;
    expectedBelow += probability;
    // Dvoretzky, Kiefer, Wolfowitz: P(largest difference > d) <= 2 exp(-2 N d^2), 0.1 % at d = 0.0276
    expect(Math.abs(below - expectedBelow)).toBeLessThan(0.0276);
  });
});

test('the rates rise as they do for sixty windows', () => {
  const p0 = tails(poisson(B0[SIGNAL]));
  const rates = ([3, 4, 5] as const).map((z) => predictedRate(p0.findIndex((p) => p <= P_OF_Z[z])));
  expect(rates[0]).toBeGreaterThan(0.5);
  expect(rates[1]).toBeGreaterThan(rates[0]);
  expect(rates[2]).toBeGreaterThan(0.98);
});
