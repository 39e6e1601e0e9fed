/**
 * Scenarios: joint draws of what changes the shape of the background of toys (ensemble `predictive`, methods.md section
 * 6): nuisances whose relative size changes over the plane or from component to component, and simulation statistics. A
 * scenario has expected events over atoms of its own; a toy takes one at random. Whatever moves all components alike is
 * no part of it (toy-sources.ts).
 */
import { DarkscanError } from '../../errors.ts';
import { latinHypercube } from '../../stats/latin-hypercube.ts';
import { BACKGROUND_TARGET, type Nuisance } from '../counting-model.ts';
import { windowSums, type ScenarioPlane } from './atom-sizes.ts';
import { normalised, zTrapezoid } from './factor-nodes.ts';
import { replicaMaps, type SimulatedAtoms } from './replica-maps.ts';
import type { ToyComponent } from './toy-sources.ts';
import { ONE, targetFactor, ZERO } from './target-factor.ts';
import { zStep } from './z-step.ts';

export interface ToyScenarios {
  /** [R] probabilities, which add up to 1. */
  readonly weights: Float64Array;
  /** [sources][R] expected events over atoms; a source no scenario touches has the same array R times. */
  readonly atoms: readonly (readonly Float64Array[])[];
  /** `nodes`: of one nuisance, right out to 8.5 sigma; `draws`: R at random, of equal weight. */
  readonly kind: 'nodes' | 'draws';
}

/** What scenarios need to know beside components and nuisances. */
export interface ScenarioPlan {
  readonly plane: ScenarioPlane;
  /** Simulated events by name of component, for those whose simulation statistics fluctuate. */
  readonly samples?: ReadonlyMap<string, SimulatedAtoms>;
  /** Number of draws where draws are taken; DEFAULT_SCENARIOS without. */
  readonly scenarios?: number;
  readonly seed: number;
}

export const DEFAULT_SCENARIOS = 64;
/** Stream of the normal quantiles: counter (nuisance, stream, draw). */
const SCENARIO_STREAM = 0xfffd0000;
/** Numbers in the atoms of all scenarios: 256 MB. */
const MOST_NUMBERS = 2 ** 25;

/** Values of z, [R][nuisances], and probabilities. */
export interface Draws {
  readonly z: readonly Float64Array[];
  readonly weights: Float64Array;
  readonly kind: 'nodes' | 'draws';
}

/**
 * @param groups components that make one source each
 * @param nuisances those that become scenarios, sizes for the windows of the plane
 * Normals of one target are cut at 0 where their sum is negative; a draw in which it is negative everywhere is left out,
 * so that one of constant size is the truncated normal of methods.md section 2.
 * Errors (kind resource): scenarios that do not fit in 256 MB, and those of zStep.
 */
export function makeScenarios(
  groups: readonly (readonly ToyComponent[])[],
  nuisances: readonly Nuisance[],
  plan: ScenarioPlan,
): ToyScenarios {
  const { plane, samples = new Map<string, SimulatedAtoms>(), seed } = plan;
  const components = groups.flat();
  const drawn = components.filter(({ name }) => samples.has(name));
  const draws = drawScenarios(nuisances, components, plan, drawn.length > 0);
  checkSize((groups.length + drawn.length) * draws.z.length * plane.atoms.count, draws.z.length);
  const names = [...samples.keys()];
  const maps = new Map(
    drawn.map(({ name }) => [
      name,
      replicaMaps(samples.get(name)!, plane.atoms.count, draws.z.length, seed, names.indexOf(name)),
    ]),
  );
  const onAll = targetFactor(BACKGROUND_TARGET, nuisances, plane, sumOf(components.map((part) => part.atoms)));
  const own = new Map(components.map((part) => [part.name, targetFactor(part.name, nuisances, plane, part.atoms)]));
  const nominal = groups.map((group) => sumOf(group.map((part) => part.atoms)));
  const kept: number[] = [];
  const atoms: Float64Array[][] = groups.map(() => []);
  draws.z.forEach((z, r) => {
    const common = onAll(z);
    const factors = new Map(components.map(({ name }) => [name, own.get(name)!(z)]));
    if ([common, ...factors.values()].includes(ZERO)) return;
    kept.push(r);
    groups.forEach((group, s) => {
      const parts = group.map((part) =>
        product(maps.get(part.name)?.[r] ?? part.atoms, factors.get(part.name)!, common),
      );
      const isTouched = parts.some((part, i) => part !== group[i].atoms);
      atoms[s].push(isTouched ? sumOf(parts) : nominal[s]);
    });
  });
  return { weights: normalised(Float64Array.from(kept, (r) => draws.weights[r])), atoms, kind: draws.kind };
}

function checkSize(numbers: number, scenarios: number): void {
  if (numbers <= MOST_NUMBERS) return;
  const message = `toys: ${scenarios} scenarios need ${Math.ceil(numbers / 2 ** 17)} MB, at most ${MOST_NUMBERS / 2 ** 17}`;
  throw new DarkscanError('resource', `${message}; use fewer scenarios (toys.scenarios) or fewer windows`);
}

/** Nodes in z for a single nuisance and nothing drawn beside it, else a Latin hypercube. */
function drawScenarios(
  nuisances: readonly Nuisance[],
  components: readonly ToyComponent[],
  { plane, scenarios = DEFAULT_SCENARIOS, seed }: ScenarioPlan,
  isDrawn: boolean,
): Draws {
  if (isDrawn || nuisances.length !== 1) {
    const z = latinHypercube(scenarios, nuisances.length, seed, SCENARIO_STREAM);
    return { z, weights: new Float64Array(scenarios).fill(1 / scenarios), kind: 'draws' };
  }
  const windows = components.map(({ name, atoms }) => ({ name, b0: windowSums(atoms, plane) }));
  const { z, weights } = zTrapezoid(zStep(nuisances[0], windows));
  return { z: Array.from(z, (value) => Float64Array.of(value)), weights, kind: 'nodes' };
}

function product(events: Float64Array, own: Float64Array, common: Float64Array): Float64Array {
  const factors = [own, common].filter((f) => f !== ONE);
  if (factors.length === 0) return events;
  return events.map((b, a) => factors.reduce((value, factor) => value * factor[a], b));
}

export function sumOf(parts: readonly Float64Array[]): Float64Array {
  if (parts.length === 1) return parts[0];
  const sum = new Float64Array(parts[0].length);
  for (const part of parts) part.forEach((b, a) => (sum[a] += b));
  return sum;
}
