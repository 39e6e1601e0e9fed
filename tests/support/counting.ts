/** Small counting models for tests, and a reproducible spread of regular and extreme ones. */
import type { ConstraintKind, CountingModel, Nuisance } from '../../src/model/counting-model.ts';

export interface CountingCase {
  readonly n: number;
  readonly b0: number;
  readonly s0?: number;
  readonly signal?: readonly [ConstraintKind, number];
  readonly background?: readonly [ConstraintKind, number];
  /** Relative size of a nuisance on efficiency AND background. */
  readonly shared?: number;
  /** Side-band: n_off and tau; b0 is then ignored. */
  readonly band?: readonly [number, number];
  /** Signal in the band over signal in the window. */
  readonly leak?: number;
  /** A second component, known exactly. */
  readonly known?: number;
}

/** All cases as windows of one model: nuisances of size 0 are absent. */
export function countingModel(cases: readonly CountingCase[]): CountingModel {
  const kinds: readonly ConstraintKind[] = ['normal', 'lognormal', 'gamma'];
  const sizes = (pick: (c: CountingCase) => number) => Float64Array.from(cases, pick);
  const nuisance = (
    name: string,
    constraint: ConstraintKind,
    targets: readonly string[],
    size: Float64Array,
  ): Nuisance => ({
    name,
    constraint,
    effects: targets.map((target) => ({ target, up: size, down: size })),
  });
  const own = (c: readonly [ConstraintKind, number] | undefined, kind: ConstraintKind) => (c?.[0] === kind ? c[1] : 0);
  const banded = cases.every((c) => c.band);
  return {
    nWindows: cases.length,
    n: Uint32Array.from(cases, (c) => c.n),
    sensitivity: sizes((c) => c.s0 ?? 1),
    components: [
      banded
        ? {
            name: 'bkg',
            kind: 'side-band',
            b0: sizes((c) => c.band![0] / c.band![1]),
            nOff: Uint32Array.from(cases, (c) => c.band![0]),
            tau: sizes((c) => c.band![1]),
            leak: sizes((c) => c.leak ?? 0),
          }
        : { name: 'bkg', kind: 'known', b0: sizes((c) => c.b0) },
      ...(cases.some((c) => c.known)
        ? [{ name: 'known', kind: 'known', b0: sizes((c) => c.known ?? 0) } as const]
        : []),
    ],
    nuisances: [
      ...kinds.map((kind) =>
        nuisance(
          `s-${kind}`,
          kind,
          ['efficiency'],
          sizes((c) => own(c.signal, kind)),
        ),
      ),
      ...kinds.map((kind) =>
        nuisance(
          `b-${kind}`,
          kind,
          [cases.some((c) => c.known) ? 'bkg' : 'background'],
          sizes((c) => own(c.background, kind)),
        ),
      ),
      nuisance(
        'shared',
        'normal',
        ['efficiency', 'background'],
        sizes((c) => c.shared ?? 0),
      ),
    ],
  };
}

/** A multiplicative generator is enough to spread test inputs; nothing statistical hangs on it. */
export function spread(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return (state >>> 8) / 2 ** 24;
  };
}

/** Random windows over n 0 to about `most`, b 1e-6 to `most`, every constraint, excesses and deficits to 40 sigma. */
export function randomCases(count: number, seed: number, most: number, widest = 0.2): CountingCase[] {
  const random = spread(seed);
  const kinds: readonly ConstraintKind[] = ['normal', 'lognormal', 'gamma'];
  return Array.from({ length: count }, () => {
    const b0 = 10 ** (-6 + (6 + Math.log10(most)) * random());
    const pull = (random() < 0.2 ? 40 : 4) * (2 * random() - 0.7);
    const n = Math.min(most, Math.max(0, Math.round(b0 + pull * Math.sqrt(b0 + 0.2))));
    const kind = () => kinds[Math.floor(3 * random())];
    const background = random() < 0.8 ? ([kind(), 0.01 + widest * random()] as const) : undefined;
    const signal = random() < 0.8 ? ([kind(), 0.01 + widest * random()] as const) : undefined;
    return { n, b0, s0: 10 ** (2 * random() - 1), signal, background, shared: random() < 0.1 ? 0.02 : 0 };
  });
}
