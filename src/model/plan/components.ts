/** Background components of one window as the plan sees them: a factor group each, gammas kept analytic. */
import { addToGroup, emptyGroup, isEmpty, type FactorGroup, type Size } from '../constraints/group.ts';
import type { ConstraintKind, CountingModel } from '../counting-model.ts';

/** b = scale F [G], G ~ Gamma(shape, 1) when shape > 0; `mean` is the nominal b0. */
export interface Component {
  readonly name: string;
  readonly mean: number;
  scale: number;
  shape: number;
  readonly group: FactorGroup;
  /** Signal in its side band over signal in the window; absent: none. */
  readonly leak?: number;
}

/** A gamma nuisance on a component without a gamma of its own stays analytic. */
export function addOwn(component: Component, constraint: ConstraintKind, size: Size): void {
  if (constraint === 'gamma' && component.shape === 0) {
    component.shape = 1 / (size.up * size.up);
    component.scale /= component.shape;
  } else {
    addToGroup(component.group, constraint, size);
  }
}

export function componentsOf(model: CountingModel, i: number): Component[] {
  return model.components.map((c) => {
    const group = emptyGroup();
    const b0 = c.b0[i];
    if (c.kind === 'mc-stat') {
      const v = c.sumW2![i];
      if (v === 0) return { name: c.name, mean: c.meanWeight!, scale: c.meanWeight!, shape: 1, group };
      return { name: c.name, mean: b0, scale: v / b0, shape: (b0 * b0) / v + 1, group };
    }
    if (c.kind === 'side-band') {
      const leak = c.leak?.[i] ?? 0;
      const band = { name: c.name, mean: b0, scale: 1 / c.tau![i], shape: c.nOff![i] + 1, group };
      return leak > 0 ? { ...band, leak } : band;
    }
    if ((c.kind === 'error-given' || c.kind === 'polynomial') && b0 > 0)
      addToGroup(group, 'normal', { up: c.error![i] / b0, down: c.error![i] / b0 });
    return { name: c.name, mean: b0, scale: b0, shape: 0, group };
  });
}

/** Components that no nuisance tells apart are one component (sums of Poisson counts are Poisson). */
export function mergeKnown(components: Component[], sharedTargets: ReadonlySet<string>): Component[] {
  const isPlain = (c: Component) => c.shape === 0 && isEmpty(c.group) && !sharedTargets.has(c.name);
  const plain = components.filter(isPlain);
  if (plain.length <= 1) return components;
  const sum = plain.reduce((total, c) => total + c.mean, 0);
  const kept = components.filter((c) => !isPlain(c));
  return [...kept, { name: plain[0].name, mean: sum, scale: sum, shape: 0, group: emptyGroup() }];
}
