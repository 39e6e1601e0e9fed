/**
 * Rule of the signal factor: the product of efficiency, luminosity and branching. The widest constraint carries the
 * nodes; narrower ones are folded into its density when the rule is made, so that a limit costs no more for them.
 */
import { emptyGroup, groupKey, groupRule, isEmpty, type FactorGroup } from '../constraints/group.ts';
import { hermiteRule } from '../constraints/nodes.ts';
import { productRule, UNIT_RULE, type Rule } from '../constraints/rule.ts';
import type { RuleCache } from './rule-cache.ts';
import { hermiteNodes, signalReach, type WindowScale } from './reach.ts';

/** A symmetric constraint on one factor. */
interface Atom {
  readonly kind: 'normal' | 'lognormal' | 'gamma';
  readonly width: number;
  readonly group: FactorGroup;
}

/** Folding needs factors narrower than this fraction of the widest. */
const FOLD_RATIO = 0.5;
const MOST_FOLD_NODES = 14;

/**
 * @param groups own nuisances of each signal target
 * @param shifts what shared nuisances add to the sum of normals of each target
 */
export function signalRuleOf(
  groups: readonly FactorGroup[],
  shifts: readonly number[],
  scale: WindowScale,
  cache: RuleCache,
): Rule {
  if (shifts.every((shift) => shift === 0)) {
    if (groups.every(isEmpty)) return UNIT_RULE;
    const folded = foldedRule(groups, scale, cache);
    if (folded) return folded;
  }
  let rule = UNIT_RULE;
  groups.forEach((group, i) => {
    if (isEmpty(group) && shifts[i] === 0) return;
    const reach = signalReach(Math.max(...atomsOf(group).map((a) => a.width), 0), scale);
    const key = `s|${groupKey(group)}|${shifts[i]}|${reach.width},${reach.lowest},${reach.hermite}`;
    const own = cache.get(key, () => groupRule(group, shifts[i], (r) => signalReach(r, scale)));
    rule = cache.product(rule, own, 1, productRule);
  });
  return rule;
}

function foldedRule(groups: readonly FactorGroup[], scale: WindowScale, cache: RuleCache): Rule | undefined {
  if (groups.some((g) => g.kinkedNormals.length + g.kinkedLognormals.length > 0)) return undefined;
  const atoms = groups.flatMap(atomsOf).sort((a, b) => b.width - a.width);
  const [widest, ...others] = atoms;
  if (others.some((atom) => atom.width > FOLD_RATIO * widest.width || atom.kind === 'gamma')) return undefined;
  const reach = signalReach(widest.width, scale);
  if (reach.hermite > 0) return undefined; // all narrow: a product of a few nodes is cheapest
  const key = `f|${groups.map(groupKey).join('|')}|${reach.width},${reach.lowest}`;
  return cache.get(key, () => {
    const smear = others.reduce((rule: Rule, atom) => productRule(rule, narrowRule(atom, widest.width), 0), UNIT_RULE);
    const widening = Math.hypot(1, ...others.map((atom) => atom.width / widest.width));
    const wider = { ...reach, zLow: reach.zLow * widening, zHigh: reach.zHigh * widening };
    return groupRule(widest.group, 0, () => (smear === UNIT_RULE ? wider : { ...wider, smear }));
  });
}

function narrowRule(atom: Atom, widest: number): Rule {
  const m = hermiteNodes(atom.width / widest, MOST_FOLD_NODES) || MOST_FOLD_NODES;
  return hermiteRule(m, atom.kind === 'normal' ? (z) => 1 + atom.width * z : (z) => Math.exp(atom.width * z));
}

/** The independent constraints of a group, each as a group of its own. */
function atomsOf(group: FactorGroup): Atom[] {
  const atoms: Atom[] = [];
  if (group.normal > 0)
    atoms.push({ kind: 'normal', width: group.normal, group: { ...emptyGroup(), normal: group.normal } });
  if (group.lognormal > 0) {
    atoms.push({ kind: 'lognormal', width: group.lognormal, group: { ...emptyGroup(), lognormal: group.lognormal } });
  }
  for (const shape of group.gammas) {
    atoms.push({ kind: 'gamma', width: 1 / Math.sqrt(shape), group: { ...emptyGroup(), gammas: [shape] } });
  }
  for (const size of [...group.kinkedNormals, ...group.kinkedLognormals]) {
    atoms.push({ kind: 'normal', width: Math.max(Math.abs(size.up), Math.abs(size.down)), group });
  }
  return atoms;
}
