/**
 * From nuisances to quadrature in one window. The joint constraint is written as a sum over `lanes` (nodes of the
 * nuisances shared by several targets); given a lane, the signal factor and every background component are independent
 * and each has its own rule. A component's gamma (simulation statistics, side band) stays analytic: negative binomial.
 */
import {
  addToGroup,
  emptyGroup,
  groupKey,
  groupKinds,
  groupRule,
  groupWidth,
  isEmpty,
  type FactorGroup,
  type ReachOf,
} from '../constraints/group.ts';
import type { Reach } from '../constraints/nodes.ts';
import { mass, productRule, UNIT_RULE, type Rule } from '../constraints/rule.ts';
import { BACKGROUND_TARGET, SIGNAL_TARGETS, type CountingModel } from '../counting-model.ts';
import { addOwn, componentsOf, mergeKnown, type Component } from './components.ts';
import { laneNodes, type Shared } from './lanes.ts';
import { backgroundReach, windowScale, type WindowScale } from './reach.ts';
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
  /** The first one has the side band into which signal leaks, if any does. */
  readonly components: readonly PlannedComponent[];
  /** Signal in that band over signal in the window. */
  readonly leak: number;
}

export function compileWindow(model: CountingModel, iWindow: number, poiMax: number, cache: RuleCache): PlannedLane[] {
  const components = componentsOf(model, iWindow);
  const signalGroups = new Map<string, FactorGroup>(SIGNAL_TARGETS.map((target) => [target, emptyGroup()]));
  const backgroundGroup = emptyGroup();
  const shared = sortNuisances(model, iWindow, components, signalGroups, backgroundGroup);
  const merged = leakingFirst(mergeKnown(components, new Set(shared.flatMap((s) => s.effects.map((e) => e.target)))));
  const leak = merged[0].leak ?? 0;

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
      const own = backgroundRule(cache, component.group, shiftOf(component.name), component.mean, scale);
      const common = backgroundRule(cache, backgroundGroup, shiftOf(BACKGROUND_TARGET), component.mean, scale);
      const rule = cache.product(own, common, 0, productRule);
      return {
        rule,
        scale: component.scale * scaleOf(component.name) * scaleOf(BACKGROUND_TARGET),
        shape: component.shape,
      };
    });
    if (signalRule.factors.length === 0 || planned.some((c) => c.rule.factors.length === 0)) continue;
    lanes.push({ lnWeight: node.lnWeight, signalScale, signalRule, components: planned, leak });
  }
  normalise(lanes);
  return lanes;
}

function leakingFirst(components: Component[]): Component[] {
  const leaking = components.filter((c) => c.leak !== undefined);
  return leaking.length === 0 ? components : [...leaking, ...components.filter((c) => c.leak === undefined)];
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

/** Rule of one factor group that scales `part` of the background. */
function backgroundRule(cache: RuleCache, group: FactorGroup, shift: number, part: number, scale: WindowScale): Rule {
  if (isEmpty(group) && shift === 0) return UNIT_RULE;
  const reachOf: ReachOf = (r, kind) => backgroundReach(r, part, scale, kind);
  const reaches = groupKinds(group).map(([width, kind]) => reachKey(reachOf(width, kind)));
  return cache.get(`b|${groupKey(group)}|${shift}|${reaches.join('|')}`, () => groupRule(group, shift, reachOf));
}

function reachKey({ zLow, zHigh, width, lowest }: Reach): string {
  return `${zLow},${zHigh},${width},${lowest}`;
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
