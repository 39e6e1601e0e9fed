/** One-window counting models from the cases of tests/golden/profile.py. */
import type { BackgroundComponent, ConstraintKind, CountingModel, Nuisance } from '../../src/model/counting-model.ts';

export interface ProfileCase {
  readonly n: number;
  readonly s: number;
  readonly components: readonly Readonly<Record<string, number | string>>[];
  readonly nuisances: readonly {
    readonly name: string;
    readonly constraint: string;
    readonly on: Readonly<Record<string, number | readonly number[]>>;
  }[];
}

export function profileModel({ n, s, components, nuisances }: ProfileCase): CountingModel {
  return {
    nWindows: 1,
    n: Uint32Array.of(n),
    sensitivity: Float64Array.of(s),
    components: components.map(componentOf),
    nuisances: nuisances.map(({ name, constraint, on }): Nuisance => {
      const effects = Object.entries(on).map(([target, size]) => {
        const [up, down] = typeof size === 'number' ? [size, size] : size;
        return { target, up: Float64Array.of(up), down: Float64Array.of(down) };
      });
      return { name, constraint: constraint as ConstraintKind, effects };
    }),
  };
}

function componentOf(c: Readonly<Record<string, number | string>>): BackgroundComponent {
  const value = (key: string) => Float64Array.of(Number(c[key] ?? 0));
  const name = String(c.name);
  if (c.kind === 'side-band') {
    const [nOff, tau] = [Number(c.n_off), Number(c.tau)];
    const b0 = Float64Array.of(nOff / tau);
    return { name, kind: 'side-band', b0, nOff: Uint32Array.of(nOff), tau: value('tau'), leak: value('leak') };
  }
  if (c.kind === 'mc-stat') {
    const entries = Uint32Array.of(Number(c.b0) > 0 ? 1 : 0);
    return {
      name,
      kind: 'mc-stat',
      b0: value('b0'),
      sumW2: value('sum_w2'),
      entries,
      meanWeight: Number(c.mean_weight),
    };
  }
  if (c.kind === 'error-given') return { name, kind: 'error-given', b0: value('b0'), error: value('error') };
  return { name, kind: 'known', b0: value('b0') };
}
