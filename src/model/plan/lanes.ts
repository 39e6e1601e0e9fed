/** Nodes of the nuisances that act on several targets at once: what they add to or multiply each target with. */
import type { Size } from '../constraints/group.ts';
import { zRule, type Reach } from '../constraints/nodes.ts';
import { BACKGROUND_TARGET, SIGNAL_TARGETS, type ConstraintKind } from '../counting-model.ts';
import { gammaPInverse } from '../../stats/gamma.ts';
import { lnNormalTail } from '../../stats/normal.ts';
import type { Component } from './components.ts';
import { sharedReach, type WindowScale } from './reach.ts';

/** A nuisance with more than one target, or one that tells components apart. */
export interface Shared {
  readonly constraint: ConstraintKind;
  readonly effects: readonly { target: string; size: Size }[];
}

export interface LaneNode {
  readonly lnWeight: number;
  /** Added to 1 in the sum of normals of a target. */
  readonly shifts: Map<string, number>;
  /** Product of shared lognormal and gamma factors of a target. */
  readonly scales: Map<string, number>;
}

/** Product grid over the shared nuisances. */
export function laneNodes(
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
