/**
 * Ensemble `auxiliary` (methods.md section 6): true nuisances stay nominal, their auxiliary measurements are thrown and
 * used. A measurement of a nuisance is a ~ N(0,1) in units of its constraint, and p0 of that toy has the constraint on
 * z - a in place of z; simulated samples are thrown again (thrown-samples.ts). Toys share a number of steps, so that
 * there is one rank table per step.
 */
import { latinHypercube } from '../../stats/latin-hypercube.ts';
import type { BackgroundComponent, CountingModel } from '../counting-model.ts';
import { zTrapezoid } from './factor-nodes.ts';
import { DEFAULT_SCENARIOS, type Draws, type ScenarioPlan } from './scenarios.ts';
import { thrownSamples } from './thrown-samples.ts';
import { backgroundEffects } from './toy-sources.ts';
import { zStep } from './z-step.ts';

/** `z`: [K][nuisances of the model] measurements; 0 for nuisances that leave the background alone. */
export interface AuxiliarySteps extends Draws {
  /** [K][components] background as p0 sees it in each step; absent: as in the data. */
  readonly components?: readonly (readonly BackgroundComponent[])[];
}

/** Stream of the measurements: counter (nuisance, stream, draw). */
const AUXILIARY_STREAM = 0xfffb0000;

/**
 * Without a nuisance on the background or a simulated sample there is one step, with one nuisance nodes in its
 * measurement, else as many draws as `plan.scenarios`.
 * @param model of the windows of the plane
 */
export function auxiliarySteps(
  { nuisances, components }: Pick<CountingModel, 'nuisances' | 'components'>,
  plan: Omit<ScenarioPlan, 'plane'> & Partial<ScenarioPlan>,
): AuxiliarySteps {
  const names = components.map((c) => c.name);
  const onBackground = nuisances.map((nuisance) => ({ ...nuisance, effects: backgroundEffects(nuisance, names) }));
  const drawn = [...nuisances.keys()].filter((i) => onBackground[i].effects.length > 0);
  const inAll = (values: ArrayLike<number>) => {
    const z = new Float64Array(nuisances.length);
    drawn.forEach((i, column) => (z[i] = values[column]));
    return z;
  };
  const { plane, samples, scenarios: steps = DEFAULT_SCENARIOS, seed } = plan;
  if (plane === undefined || !names.some((name) => samples?.has(name))) {
    if (drawn.length === 0) return { weights: Float64Array.of(1), z: [inAll([])], kind: 'nodes' };
    if (drawn.length === 1) {
      const { z, weights } = zTrapezoid(zStep(onBackground[drawn[0]], components));
      return { weights, z: Array.from(z, (value) => inAll([value])), kind: 'nodes' };
    }
  }
  const z = latinHypercube(steps, drawn.length, seed, AUXILIARY_STREAM).map(inAll);
  const weights = new Float64Array(steps).fill(1 / steps);
  if (plane === undefined || samples === undefined) return { weights, z, kind: 'draws' };
  const keys = [...samples.keys()];
  const thrown = components.map((component) => {
    const sample = samples.get(component.name);
    return sample && thrownSamples(component, sample, plane, steps, seed, keys.indexOf(component.name));
  });
  return { weights, z, kind: 'draws', components: z.map((_, k) => components.map((c, i) => thrown[i]?.[k] ?? c)) };
}
