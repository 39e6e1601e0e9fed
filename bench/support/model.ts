/** The model all benchmarks share: windows with the systematics of the Z' 2018 search, counts drawn deterministically. */
import { makeStream } from '../../src/stats/philox.ts';
import type { CountingModel } from '../../src/model/counting-model.ts';
import type { WindowStatistics } from '../../src/scan/statistics.ts';

export const STATISTICS: WindowStatistics = {
  p0: ['marginal'],
  limits: [{ method: 'bayes', level: 0.9, poiMax: 1e5 }],
  expected: 'percent',
};

/** Relative sizes: efficiency (trigger, tracking, particle ID, yield), luminosity, background. */
export const SIZES = { efficiency: [0.06, 0.04, 0.04, 0.125], luminosity: [0.007], background: [0.22, 0.02] } as const;

export function benchModel(nWindows: number, seed = 1): CountingModel {
  const stream = makeStream(seed, 0xbe7c);
  const constant = (value: number) => new Float64Array(nWindows).fill(value);
  const b0 = new Float64Array(nWindows);
  const n = new Uint32Array(nWindows);
  for (let i = 0; i < nWindows; i++) {
    const [u, v] = Array.from(stream.words(i), (word) => (word + 0.5) / 2 ** 32);
    b0[i] = 0.05 + 3.95 * u;
    // inverse of the Poisson distribution
    let p = Math.exp(-b0[i]);
    for (let left = v; left > p && n[i] < 100; n[i]++) {
      left -= p;
      p *= b0[i] / (n[i] + 1);
    }
  }
  return {
    nWindows,
    n,
    sensitivity: constant(1.4),
    components: [{ name: 'background', kind: 'known', b0 }],
    nuisances: Object.entries(SIZES).flatMap(([target, sizes]) =>
      sizes.map((r, i) => ({
        name: `${target}${i}`,
        constraint: 'normal' as const,
        effects: [{ target, up: constant(r), down: constant(r) }],
      })),
    ),
  };
}
