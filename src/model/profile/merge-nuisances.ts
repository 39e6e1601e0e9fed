/**
 * Nuisances of a counting model as parameters of its profile likelihood. Symmetric normals that act on one target alone are
 * one normal of their quadratic sum, symmetric lognormals that act on the same events are one lognormal: the minimum over
 * several z of equal effect is that over their normalised sum. Everything else keeps a parameter of its own.
 */
import {
  BACKGROUND_TARGET,
  SIGNAL_TARGETS,
  type CountingModel,
  type Nuisance,
  type NuisanceEffect,
} from '../counting-model.ts';

/** Relative sizes of one target, r+ and r-, in a window. */
export interface Effect {
  readonly target: string;
  up(iWindow: number): number;
  down(iWindow: number): number;
}

/** A parameter: in `lognormal` effects are sizes in ln F, in `gamma` powers of g, in `normal` what z adds to the target's 1. */
export interface MergedNuisance {
  readonly kind: 'normal' | 'lognormal' | 'gamma';
  /** True: the only normal of its target that may be merged; it carries the target's factor. */
  readonly isOwn: boolean;
  readonly isSymmetric: boolean;
  readonly effects: readonly Effect[];
  /** Shape of a gamma, 0 for none in this window. */
  shape(iWindow: number): number;
}

export function mergeNuisances(model: CountingModel, windows: readonly number[]): MergedNuisance[] {
  const groups = new Map<string, Nuisance[]>();
  const others: Nuisance[] = [];
  for (const nuisance of [...model.nuisances, ...givenErrors(model)]) {
    const effects = nuisance.effects.filter((e) => windows.some((w) => e.up[w] !== 0 || e.down[w] !== 0));
    if (effects.length === 0) continue;
    const kept = { ...nuisance, effects };
    const symmetric = effects.every((e) => isSymmetric(e, windows));
    const key = symmetric && nuisance.constraint !== 'gamma' ? groupOf(kept, model) : undefined;
    if (key === undefined) others.push(kept);
    else groups.set(key, [...(groups.get(key) ?? []), kept]);
  }
  return [...[...groups.values()].map(joined), ...others.map((nuisance) => single(nuisance, windows))];
}

/** The normal errors of components that came with one. */
function givenErrors({ components }: CountingModel): Nuisance[] {
  return components
    .filter((c) => c.error !== undefined)
    .map(({ name, b0, error }) => {
      const size = b0.map((b, i) => (b > 0 ? error![i] / b : 0));
      return { name: `error of ${name}`, constraint: 'normal', effects: [{ target: name, up: size, down: size }] };
    });
}

/** What nuisances must have in common to be one; undefined: nothing. */
function groupOf({ constraint, effects }: Nuisance, model: CountingModel): string | undefined {
  if (effects.length > 1) return undefined;
  const [{ target }] = effects;
  if (constraint === 'normal') return `normal ${target}`;
  if ((SIGNAL_TARGETS as readonly string[]).includes(target)) return 'lognormal signal';
  return `lognormal ${model.components.length === 1 ? BACKGROUND_TARGET : target}`;
}

function joined(nuisances: readonly Nuisance[]): MergedNuisance {
  const kind = nuisances[0].constraint;
  const sizes = nuisances.map((nuisance) => nuisance.effects[0].up);
  const first = nuisances[0].effects[0].target;
  const size = (w: number) => {
    if (sizes.length === 1) return kind === 'lognormal' ? Math.log1p(sizes[0][w]) : Math.abs(sizes[0][w]);
    let sum = 0;
    for (const values of sizes) sum += (kind === 'lognormal' ? Math.log1p(values[w]) : values[w]) ** 2;
    return Math.sqrt(sum);
  };
  const effects = [{ target: first, up: size, down: size }];
  return { kind, isOwn: kind === 'normal', isSymmetric: true, effects, shape: () => 0 };
}

function single({ constraint: kind, effects }: Nuisance, windows: readonly number[]): MergedNuisance {
  const isEven = effects.every((e) => isSymmetric(e, windows));
  if (kind === 'gamma') {
    // of several sizes the widest is the constraint's; the others are powers of its factor
    const widest = (w: number) => Math.max(...effects.map((e) => Math.abs(e.up[w])));
    const power = (e: NuisanceEffect) => (w: number) => (widest(w) > 0 ? Math.abs(e.up[w]) / widest(w) : 0);
    const shape = (w: number) => (widest(w) > 0 ? 1 / widest(w) ** 2 : 0);
    const powers = effects.map((e) => ({ target: e.target, up: power(e), down: power(e) }));
    return { kind, isOwn: false, isSymmetric: true, effects: powers, shape };
  }
  const size = (values: Float64Array) =>
    kind === 'lognormal' ? (w: number) => Math.log1p(values[w]) : (w: number) => values[w];
  const sizes = effects.map((e) => ({ target: e.target, up: size(e.up), down: size(e.down) }));
  return { kind, isOwn: false, isSymmetric: isEven, effects: sizes, shape: () => 0 };
}

function isSymmetric({ up, down }: NuisanceEffect, windows: readonly number[]): boolean {
  return up === down || windows.every((w) => up[w] === down[w]);
}
