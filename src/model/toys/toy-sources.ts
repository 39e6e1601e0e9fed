/**
 * Where the events of a toy come from: sources with an expected number and a distribution over atoms, each multiplied by
 * its normalisation nuisances (ensemble `predictive`: drawn from their constraints, methods.md section 6).
 */
import { DarkscanError } from '../../errors.ts';
import type { Columns, Events } from '../columns.ts';
import { BACKGROUND_TARGET, type Nuisance, type NuisanceEffect } from '../counting-model.ts';
import { isConstant } from './atom-sizes.ts';
import { CERTAIN, factorNodes, type FactorNodes, type FactorNuisance } from './factor-nodes.ts';
import { makeScenarios, type ScenarioPlan, type ToyScenarios } from './scenarios.ts';

/** A part of the background: its events over atoms. */
export interface ToyComponent {
  readonly name: string;
  /** [atoms.count] expected events at nominal nuisances; 0 in atom 0. */
  readonly atoms: Float64Array;
}

export interface ToySource extends ToyComponent {
  readonly nodes: FactorNodes;
}

export interface ToySources {
  readonly sources: readonly ToySource[];
  /** Factor common to all sources, drawn once per toy. */
  readonly common: FactorNodes;
  /** Events no nuisance moves, such as those of a control sample. */
  readonly still?: readonly ToySource[];
  /** What else moves the background: where it is set, a toy takes its events over atoms from a scenario. */
  readonly scenarios?: ToyScenarios;
}

export interface ToyInputs {
  readonly tables: ReadonlyMap<string, Columns>;
  readonly samples: ReadonlyMap<string, Events>;
}

export type ToyEnsemble = 'predictive' | 'auxiliary' | 'fixed';

/** What toys need to know of the plane and of simulated events to move shapes. */
export interface ToyPlan extends ScenarioPlan {
  /** Only `predictive` draws true nuisances; in `auxiliary` and `fixed` they are nominal. */
  readonly ensemble: ToyEnsemble;
}

type Effect = { constraint: Nuisance['constraint']; target: string; up: number; down: number };

/**
 * Sorts nuisances into factors of single components, one common factor, and scenarios: those whose size changes over the
 * plane or that move several components, but not all alike, simulation statistics, and normals that add to such a normal
 * in one target. Components without own nuisances are one source, and without any common factor beside own ones everything is.
 * @param nuisances sizes for the windows of the plane
 * Errors (kind card): a nuisance that needs scenarios when there is no plan; kind resource: those of makeScenarios.
 */
export function toySources(
  components: readonly ToyComponent[],
  nuisances: readonly Nuisance[],
  plan?: ToyPlan,
): ToySources {
  const isDrawn = plan === undefined || plan.ensemble === 'predictive';
  const names = components.map((c) => c.name);
  const { own, common, moving } = sorted(isDrawn ? nuisances : [], names, plan !== undefined);
  const total = (parts: readonly ToyComponent[]) =>
    parts.reduce((sum, { atoms }) => sum + atoms.reduce((s, b) => s + b, 0), 0);
  const plain = components.filter(({ name }) => own.get(name)!.length === 0);
  const particular = components.filter(({ name }) => own.get(name)!.length > 0);
  const commonNodes = factorNodes(common, total(components));
  const groups = [...particular.map((part) => [part]), ...(plain.length > 0 ? [plain] : [])];
  const hasSamples = components.some(({ name }) => plan?.samples?.has(name));
  const scenarios =
    plan !== undefined && isDrawn && (moving.length > 0 || hasSamples)
      ? { scenarios: makeScenarios(groups, moving, plan) }
      : {};
  if (particular.length === 0) {
    return { sources: [{ ...merged(plain), nodes: commonNodes }], common: CERTAIN, ...scenarios };
  }
  const sources = particular.map((part) => ({ ...part, nodes: factorNodes(own.get(part.name)!, total([part])) }));
  if (plain.length > 0) sources.push({ ...merged(plain), nodes: CERTAIN });
  return { sources, common: commonNodes, ...scenarios };
}

/** `moving`: what becomes scenarios, reduced to its effects on the background. */
function sorted(nuisances: readonly Nuisance[], names: readonly string[], canMove: boolean) {
  const own = new Map<string, FactorNuisance[]>(names.map((name) => [name, []]));
  const common: FactorNuisance[] = [];
  const onBackground = nuisances.map((nuisance) => ({ ...nuisance, effects: backgroundEffects(nuisance, names) }));
  const isMoving = onBackground.map(({ effects }) => effects.length > 0 && needsScenario(effects, names));
  if (!canMove) refuse(isMoving, onBackground);
  // normals of one target add: beside one that moves, none of them is a factor
  let isMore = true;
  while (isMore) {
    const targets = onBackground.flatMap(({ constraint, effects }, i) =>
      isMoving[i] && constraint === 'normal' ? effects.map((e) => e.target) : [],
    );
    const more = onBackground.map(
      ({ constraint, effects }, i) =>
        !isMoving[i] && constraint === 'normal' && effects.some((e) => targets.includes(e.target)),
    );
    isMore = more.includes(true);
    more.forEach((is, i) => (isMoving[i] ||= is));
  }
  onBackground.forEach(({ constraint, effects }, i) => {
    if (isMoving[i] || effects.length === 0) return;
    const moved = effects.map(({ target, up, down }) => ({ constraint, target, up: up[0], down: down[0] }));
    const onAll = allAlike(moved, names);
    if (onAll !== undefined) common.push(onAll);
    else own.get(moved[0].target)!.push(moved[0]);
  });
  return { own, common, moving: onBackground.filter((_, i) => isMoving[i]) };
}

/** Effects that change the background at all. */
export function backgroundEffects({ effects }: Nuisance, names: readonly string[]): NuisanceEffect[] {
  const isZero = (values: Float64Array) => values.every((v) => v === 0);
  return effects
    .filter(({ target }) => target === BACKGROUND_TARGET || names.includes(target))
    .filter(({ up, down }) => !isZero(up) || !isZero(down));
}

function needsScenario(effects: readonly NuisanceEffect[], names: readonly string[]): boolean {
  if (effects.some(({ up, down }) => !isConstant(up) || !isConstant(down))) return true;
  const first = effects.map(({ target, up, down }) => ({ target, up: up[0], down: down[0] }));
  return effects.length > 1 && allAlike(first, names) === undefined;
}

/** The one size of a nuisance that moves every component alike, or undefined. */
function allAlike<T extends Omit<Effect, 'constraint'>>(moved: readonly T[], names: readonly string[]): T | undefined {
  const [first] = moved;
  const alike = moved.every(({ up, down }) => up === first.up && down === first.down);
  if (moved.length === 1 && (first.target === BACKGROUND_TARGET || names.length === 1)) return first;
  const each = names.every((name) => moved.filter(({ target }) => target === name).length === 1);
  return alike && each && moved.length === names.length ? first : undefined;
}

function refuse(isMoving: readonly boolean[], nuisances: readonly Nuisance[]): void {
  const i = isMoving.indexOf(true);
  if (i < 0) return;
  const where = `nuisances[${i}]`;
  const changing = nuisances[i].effects.find(({ up, down }) => !isConstant(up) || !isConstant(down));
  const [found, advice] = changing
    ? [`${where}.on.${changing.target} changes over the plane`, 'give one number']
    : [`${where} ('${nuisances[i].name}') moves some components together, not all alike`, 'give each its own'];
  const message = `card: ${found}; without a plane toys move normalisations only, not shapes: ${advice}`;
  throw new DarkscanError('card', message, { where });
}

function merged(components: readonly ToyComponent[]): ToyComponent {
  const atoms = new Float64Array(components[0].atoms.length);
  for (const component of components) component.atoms.forEach((b, a) => (atoms[a] += b));
  return { name: components.map((c) => c.name).join('+'), atoms };
}
