/**
 * Ensemble `auxiliary` (methods.md section 6): true nuisances stay nominal, their auxiliary measurements are thrown and
 * used. A measurement of a nuisance is a ~ N(0,1) in units of its constraint, and p0 of that toy has the constraint on
 * z - a in place of z. Toys share a number of steps, so that there is one rank table per step.
 */
import { latinHypercube } from '../../stats/latin-hypercube.ts';
import type { CountingModel } from '../counting-model.ts';
import { zTrapezoid } from './factor-nodes.ts';
import { DEFAULT_SCENARIOS } from './scenarios.ts';
import { backgroundEffects } from './toy-sources.ts';
import { zStep } from './z-step.ts';

export interface AuxiliarySteps {
  /** [K] probabilities, which add up to 1. */
  readonly weights: Float64Array;
  /** [K][nuisances of the model] measurements; 0 for nuisances that leave the background alone. */
  readonly z: readonly Float64Array[];
  /** `nodes`: of one nuisance, right out to 8.5 sigma; `draws`: K at random, of equal weight. */
  readonly kind: 'nodes' | 'draws';
}

/** Stream of the measurements: counter (nuisance, stream, draw). */
const AUXILIARY_STREAM = 0xfffb0000;

/**
 * Without a nuisance on the background there is one step, with one of them nodes in its measurement, else draws by Latin
 * hypercube. @param steps number of draws where draws are taken
 */
export function auxiliarySteps(
  { nuisances, components }: Pick<CountingModel, 'nuisances' | 'components'>,
  { steps = DEFAULT_SCENARIOS, seed }: { readonly steps?: number; readonly seed: number },
): AuxiliarySteps {
  const names = components.map((c) => c.name);
  const onBackground = nuisances.map((nuisance) => ({ ...nuisance, effects: backgroundEffects(nuisance, names) }));
  const drawn = [...nuisances.keys()].filter((i) => onBackground[i].effects.length > 0);
  const inAll = (values: ArrayLike<number>) => {
    const z = new Float64Array(nuisances.length);
    drawn.forEach((i, column) => (z[i] = values[column]));
    return z;
  };
  if (drawn.length === 0) return { weights: Float64Array.of(1), z: [inAll([])], kind: 'nodes' };
  if (drawn.length === 1) {
    const { z, weights } = zTrapezoid(zStep(onBackground[drawn[0]], components));
    return { weights, z: Array.from(z, (value) => inAll([value])), kind: 'nodes' };
  }
  const draws = latinHypercube(steps, drawn.length, seed, AUXILIARY_STREAM);
  return { weights: new Float64Array(steps).fill(1 / steps), z: draws.map(inAll), kind: 'draws' };
}
