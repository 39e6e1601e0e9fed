/**
 * From nuisances to quadrature in one window. The joint constraint is written as a sum over `lanes` (nodes of the
 * nuisances shared by several targets); given a lane, the signal factor and every background component are independent
 * and each has its own rule. A component's gamma (simulation statistics, side band) stays analytic: negative binomial.
 */
import {
  addToGroup,
  emptyGroup,
  groupKey,
  groupRule,
  isEmpty,
  type FactorGroup,
  type Size,
} from '../constraints/group.ts';
import { zRule, type Reach } from '../constraints/nodes.ts';
import { mass, productRule, UNIT_RULE, type Rule } from '../constraints/rule.ts';
import { BACKGROUND_TARGET, SIGNAL_TARGETS, type ConstraintKind, type CountingModel } from '../counting-model.ts';
import { gammaPInverse } from '../../stats/gamma.ts';
import { lnNormalTail } from '../../stats/normal.ts';
import { backgroundReach, sharedReach, windowScale, type WindowScale } from './reach.ts';
import type { RuleCache } from './rule-cache.ts';
import { signalRuleOf } from './signal-rule.ts';

/** b = scale * F [* G, G ~ Gamma(shape, 1) when shape > 0], F by `rule`. */
export interface PlannedComponent {
  readonly rule: Rule;
  readonly scale: number;
  readonly shape: number;
}

/** One node of the shared nuisances. */
export interface PlannedLane {
  lnWeight: number;
  /** Signal events per unit POI at factor 1 of `signalRule`. */
  readonly signalScale: number;
  readonly signalRule: Rule;
  readonly components: readonly PlannedComponent[];
}

interface Component {
  readonly name: string;
  readonly mean: number;
  scale: number;
  shape: number;
  readonly group: FactorGroup;
}

interface Shared {
  readonly constraint: ConstraintKind;
  readonly effects: readonly { target: string; size: Size }[];
}

export function compileWindow(model: CountingModel, iWindow: number, poiMax: number, cache: RuleCache): PlannedLane[] {
  const components = componentsOf(model, iWindow);
  const signalGroups = new Map<string, FactorGroup>(SIGNAL_TARGETS.map((target) => [target, emptyGroup()]));
  const backgroundGroup = emptyGroup();
  const shared = sortNuisances(model, iWindow, components, signalGroups, backgroundGroup);
  const merged = mergeKnown(components, shared);

  const background = merged.reduce((sum, c) => sum + c.mean, 0);
  const spread = Math.hypot(
    ...merged.map((c) => Math.hypot(c.shape > 0 ? c.mean / Math.sqrt(c.shape) : 0, c.mean * groupWidth(c.group))),
    background * groupWidth(backgroundGroup),
  );
  const scale = windowScale(background, spread, model.n[iWindow], model.sensitivity[iWindow], poiMax);

  const lanes: PlannedLane[] = [];
  for (const node of laneNodes(shared, merged, background, scale)) {
    const shiftOf = (target: string) => node.shifts.get(target) ?? 0;
    const scaleOf = (target: string) => node.scales.get(target) ?? 1;
    const signalRule = signalRuleOf([...signalGroups.values()], SIGNAL_TARGETS.map(shiftOf), scale, cache);
    const signalScale = SIGNAL_TARGETS.reduce(
      (product, target) => product * scaleOf(target),
      model.sensitivity[iWindow],
    );
    const planned = merged.map((component) => {
      const reachOf = (r: number) => backgroundReach(r, component.mean, scale, false);
      const lognormalReachOf = (r: number) =>
        backgroundReach(r, component.mean, scale, component.group.lognormal > 0 || backgroundGroup.lognormal > 0);
      let rule = backgroundRule(
        cache,
        component.group,
        shiftOf(component.name),
        component.group.lognormal > 0 ? lognormalReachOf : reachOf,
      );
      const common = backgroundRule(
        cache,
        backgroundGroup,
        shiftOf(BACKGROUND_TARGET),
        backgroundGroup.lognormal > 0 ? lognormalReachOf : reachOf,
      );
      rule = cache.product(rule, common, 0, productRule);
      return {
        rule,
        scale: component.scale * scaleOf(component.name) * scaleOf(BACKGROUND_TARGET),
        shape: component.shape,
      };
    });
    if (signalRule.factors.length === 0 || planned.some((c) => c.rule.factors.length === 0)) continue;
    lanes.push({ lnWeight: node.lnWeight, signalScale, signalRule, components: planned });
  }
  normalise(lanes);
  return lanes;
}

/** Own nuisances go into the groups; what touches several targets is returned. */
function sortNuisances(
  model: CountingModel,
  iWindow: number,
  components: Component[],
  signalGroups: Map<string, FactorGroup>,
  backgroundGroup: FactorGroup,
): Shared[] {
  const shared: Shared[] = [];
  const names = new Set(components.map((c) => c.name));
  // `background` is one common factor only if nothing tells the components apart
  const plain =
    components.every((c) => c.shape === 0 && isEmpty(c.group)) &&
    model.nuisances.every((nuisance) => nuisance.effects.every((e) => !names.has(e.target)));
  for (const nuisance of model.nuisances) {
    const effects = nuisance.effects
      .map((e) => ({ target: e.target, size: { up: e.up[iWindow], down: e.down[iWindow] } }))
      .filter((e) => e.size.up !== 0 || e.size.down !== 0);
    if (effects.length === 0) continue;
    const { target, size } = effects[0];
    const signalGroup = signalGroups.get(target);
    const component = components.find((c) => c.name === target);
    if (effects.length > 1) shared.push({ constraint: nuisance.constraint, effects });
    else if (signalGroup) addToGroup(signalGroup, nuisance.constraint, size);
    else if (component) addOwn(component, nuisance.constraint, size);
    else if (plain || components.length === 1) addToGroup(backgroundGroup, nuisance.constraint, size);
    else shared.push({ constraint: nuisance.constraint, effects });
  }
  return shared;
}

/** A gamma nuisance on a component without a gamma of its own stays analytic. */
function addOwn(component: Component, constraint: ConstraintKind, size: Size): void {
  if (constraint === 'gamma' && component.shape === 0) {
    component.shape = 1 / (size.up * size.up);
    component.scale /= component.shape;
  } else {
    addToGroup(component.group, constraint, size);
  }
}

function componentsOf(model: CountingModel, i: number): Component[] {
  return model.components.map((c) => {
    const group = emptyGroup();
    const b0 = c.b0[i];
    if (c.kind === 'mc-stat') {
      const v = c.sumW2![i];
      if (v === 0) return { name: c.name, mean: c.meanWeight!, scale: c.meanWeight!, shape: 1, group };
      return { name: c.name, mean: b0, scale: v / b0, shape: (b0 * b0) / v + 1, group };
    }
    if (c.kind === 'side-band') {
      return { name: c.name, mean: b0, scale: 1 / c.tau![i], shape: c.nOff![i] + 1, group };
    }
    if (c.kind === 'error-given' && b0 > 0)
      addToGroup(group, 'normal', { up: c.error![i] / b0, down: c.error![i] / b0 });
    return { name: c.name, mean: b0, scale: b0, shape: 0, group };
  });
}

/** Components that no nuisance tells apart are one component (sums of Poisson counts are Poisson). */
function mergeKnown(components: Component[], shared: readonly Shared[]): Component[] {
  const named = new Set(shared.flatMap((s) => s.effects.map((e) => e.target)));
  const isPlain = (c: Component) => c.shape === 0 && isEmpty(c.group) && !named.has(c.name);
  const plain = components.filter(isPlain);
  if (plain.length <= 1) return components;
  const sum = plain.reduce((total, c) => total + c.mean, 0);
  const kept = components.filter((c) => !isPlain(c));
  return [...kept, { name: plain[0].name, mean: sum, scale: sum, shape: 0, group: emptyGroup() }];
}

/** Relative width of a group, for scales only. */
function groupWidth(group: FactorGroup): number {
  const kinks = [...group.kinkedNormals, ...group.kinkedLognormals].map((k) =>
    Math.max(Math.abs(k.up), Math.abs(k.down)),
  );
  return Math.hypot(group.normal, group.lognormal, ...kinks, ...group.gammas.map((k) => 1 / Math.sqrt(k)));
}

interface LaneNode {
  readonly lnWeight: number;
  /** Added to 1 in the sum of normals of a target. */
  readonly shifts: Map<string, number>;
  /** Product of shared lognormal and gamma factors of a target. */
  readonly scales: Map<string, number>;
}

/** Product grid over the shared nuisances. */
function laneNodes(
  shared: readonly Shared[],
  components: readonly Component[],
  background: number,
  scale: WindowScale,
): LaneNode[] {
  let lanes: LaneNode[] = [{ lnWeight: 0, shifts: new Map(), scales: new Map() }];
  for (const nuisance of shared) {
    const rule = zRule(
      reachOfShared(nuisance, components, background, scale),
      nuisance.effects.some((e) => e.size.up !== e.size.down),
    );
    const next: LaneNode[] = [];
    for (const lane of lanes) {
      for (let i = 0; i < rule.factors.length; i++) {
        const shifts = new Map(lane.shifts);
        const scales = new Map(lane.scales);
        for (const effect of nuisance.effects)
          applyShared(nuisance.constraint, rule.factors[i], effect, shifts, scales);
        next.push({ lnWeight: lane.lnWeight + rule.lnWeights[i], shifts, scales });
      }
    }
    lanes = next;
  }
  return lanes;
}

function applyShared(
  constraint: ConstraintKind,
  z: number,
  effect: { target: string; size: Size },
  shifts: Map<string, number>,
  scales: Map<string, number>,
): void {
  const { target, size } = effect;
  const r = z > 0 ? size.up : size.down;
  if (constraint === 'normal') shifts.set(target, (shifts.get(target) ?? 0) + r * z);
  else {
    const factor = constraint === 'lognormal' ? Math.exp(z * Math.log1p(r)) : gammaQuantile(1 / (r * r), z);
    scales.set(target, (scales.get(target) ?? 1) * factor);
  }
}

/** The value of Gamma(shape, rate shape) at the same probability as z. */
function gammaQuantile(shape: number, z: number): number {
  return gammaPInverse(shape, Math.exp(lnNormalTail(-z))) / shape;
}

function reachOfShared(
  nuisance: Shared,
  components: readonly Component[],
  background: number,
  scale: WindowScale,
): Reach {
  let signal = 0;
  let effect = 0;
  for (const { target, size } of nuisance.effects) {
    const r = Math.max(Math.abs(size.up), Math.abs(size.down));
    if (target === BACKGROUND_TARGET) effect += r * background;
    else if ((SIGNAL_TARGETS as readonly string[]).includes(target)) signal += r;
    else effect += r * (components.find((c) => c.name === target)?.mean ?? 0);
  }
  return sharedReach(signal, effect, scale);
}

function backgroundRule(cache: RuleCache, group: FactorGroup, shift: number, reachOf: (r: number) => Reach): Rule {
  if (isEmpty(group) && shift === 0) return UNIT_RULE;
  const reach = reachOf(groupWidth(group));
  const key = `b|${groupKey(group)}|${shift}|${reach.zLow},${reach.zHigh},${reach.width},${reach.lowest},${reach.hermite}`;
  return cache.get(key, () => groupRule(group, shift, reachOf));
}

/** Divides out the probability lost where factors were cut at 0. */
function normalise(lanes: PlannedLane[]): void {
  let total = 0;
  for (const lane of lanes) {
    total += lane.components.reduce(
      (product, c) => product * mass(c.rule),
      Math.exp(lane.lnWeight) * mass(lane.signalRule),
    );
  }
  const lnTotal = Math.log(total);
  for (const lane of lanes) lane.lnWeight -= lnTotal;
}
