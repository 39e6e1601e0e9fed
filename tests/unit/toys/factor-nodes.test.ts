/**
 * Counts with a normal factor cut at 0, against scipy 1.17 (integrate.quad of norm.pdf(z) poisson.sf(n - 1, b (1 + r z))
 * from -1/r on, over norm.sf(-1/r); 1e-12).
 */
import { expect, test } from 'vitest';
import { factorNodes } from '../../../src/model/toys/factor-nodes.ts';
import { predictiveCounts, upperTails } from '../../../src/model/toys/predictive-counts.ts';

test.each([
  [0.2, 20, 40, 0.0019272178966446744],
  [0.3, 10, 25, 0.002219634369459614],
  [0.5, 0.2, 3, 0.0019047434382467115],
  [0.5, 3, 9, 0.021575690809858168],
  [0.8, 2, 8, 0.020108471421542977],
])('r %d, b %d: P(N >= %d)', (r, b, n, expected) => {
  const nodes = factorNodes([{ constraint: 'normal', up: r, down: r }], b);
  expect(nodes.weights.reduce((sum, w) => sum + w, 0)).toBeCloseTo(1, 14);
  expect(Math.min(...nodes.factors)).toBeGreaterThan(0);
  const counts = predictiveCounts(b, nodes, n + 1);
  expect(upperTails(counts)[n - counts.first] / expected).toBeCloseTo(1, 9);
});
