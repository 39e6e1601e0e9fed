/** Nuisances as toys have them. */
import type { CountingModel, Nuisance } from '../counting-model.ts';

/**
 * Those of the card, in its order, then the errors that came with background tables: a normal each, of the size it has in
 * every window, that moves all windows together.
 */
export function toyNuisances({ nuisances, components }: Pick<CountingModel, 'nuisances' | 'components'>): Nuisance[] {
  const given = components.filter((c) => c.kind === 'error-given');
  return [
    ...nuisances,
    ...given.map(({ name, b0, error }): Nuisance => {
      const size = b0.map((b, w) => (b > 0 ? error![w] / b : 0));
      return { name: `error of ${name}`, constraint: 'normal', effects: [{ target: name, up: size, down: size }] };
    }),
  ];
}
