/**
 * Where the events of a toy come from: sources with an expected number and a distribution over atoms, each multiplied by
 * its normalisation nuisances (ensemble `predictive`: drawn from their constraints, methods.md section 6).
 */
import { DarkscanError } from '../../errors.ts';
import type { Columns, Events } from '../columns.ts';
import { BACKGROUND_TARGET, type Nuisance, type NuisanceEffect } from '../counting-model.ts';
import { CERTAIN, factorNodes, type FactorNodes, type FactorNuisance } from './factor-nodes.ts';

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
}

export interface ToyInputs {
  readonly tables: ReadonlyMap<string, Columns>;
  readonly samples: ReadonlyMap<string, Events>;
}

type Effect = { constraint: Nuisance['constraint']; target: string; up: number; down: number };

/**
 * Sorts nuisances into factors of single components and one common factor; components without own nuisances are one
 * source, and without any common factor beside own ones everything is.
 * Errors (kind card): a nuisance whose size changes over the plane, or that moves several components but not all alike.
 */
export function toySources(components: readonly ToyComponent[], nuisances: readonly Nuisance[]): ToySources {
  const names = components.map((c) => c.name);
  const own = new Map<string, FactorNuisance[]>(names.map((name) => [name, []]));
  const common: FactorNuisance[] = [];
  nuisances.forEach(({ name, constraint, effects }, i) => {
    const where = `nuisances[${i}]`;
    const moved = effects
      .filter(({ target }) => target === BACKGROUND_TARGET || names.includes(target))
      .map((effect) => ({ constraint, target: effect.target, ...constantSize(effect, where) }))
      .filter(({ up, down }) => up !== 0 || down !== 0);
    if (moved.length === 0) return;
    const onAll = allAlike(moved, names);
    if (onAll !== undefined) common.push(onAll);
    else if (moved.length === 1) own.get(moved[0].target)!.push(moved[0]);
    else
      throw refusal(`${where} ('${name}') moves some components together, not all alike`, 'give each its own', where);
  });
  const total = (parts: readonly ToyComponent[]) =>
    parts.reduce((sum, { atoms }) => sum + atoms.reduce((s, b) => s + b, 0), 0);
  const plain = components.filter(({ name }) => own.get(name)!.length === 0);
  const particular = components.filter(({ name }) => own.get(name)!.length > 0);
  const commonNodes = factorNodes(common, total(components));
  if (particular.length === 0) {
    return { sources: [{ ...merged(plain), nodes: commonNodes }], common: CERTAIN };
  }
  const sources = particular.map((part) => ({ ...part, nodes: factorNodes(own.get(part.name)!, total([part])) }));
  if (plain.length > 0) sources.push({ ...merged(plain), nodes: CERTAIN });
  return { sources, common: commonNodes };
}

/** The one size of a nuisance that moves every component alike, or undefined. */
function allAlike(moved: readonly Effect[], names: readonly string[]): Effect | undefined {
  const [first] = moved;
  const alike = moved.every(({ up, down }) => up === first.up && down === first.down);
  if (moved.length === 1 && (first.target === BACKGROUND_TARGET || names.length === 1)) return first;
  const each = names.every((name) => moved.filter(({ target }) => target === name).length === 1);
  return alike && each && moved.length === names.length ? first : undefined;
}

function constantSize({ target, up, down }: NuisanceEffect, where: string): { up: number; down: number } {
  const isConstant = (values: Float64Array) => values.every((v) => v === values[0]);
  if (isConstant(up) && isConstant(down)) return { up: up[0], down: down[0] };
  throw refusal(`${where}.on.${target} changes over the plane`, 'give one number', `${where}.on.${target}`);
}

function refusal(found: string, advice: string, where: string): DarkscanError {
  const message = `card: ${found}; toys can move the normalisation of components so far, not their shape: ${advice}`;
  return new DarkscanError('card', message, { where });
}

function merged(components: readonly ToyComponent[]): ToyComponent {
  const atoms = new Float64Array(components[0].atoms.length);
  for (const component of components) component.atoms.forEach((b, a) => (atoms[a] += b));
  return { name: components.map((c) => c.name).join('+'), atoms };
}
