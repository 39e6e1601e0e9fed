/**
 * The factor of ONE target (efficiency, a background component ...) from the nuisances that act on nothing else:
 * normals add (1 + sum r_k z_k, cut at 0), lognormals and gammas multiply (methods.md section 2). Symmetric normals
 * and lognormals merge exactly into one each.
 */
import { gammaRule, kinkedRule, lognormalRule, normalRule, type Reach } from './nodes.ts';
import { productRule, UNIT_RULE, type Rule } from './rule.ts';

export type AtomKind = 'normal' | 'lognormal' | 'gamma';

/** How far one constraint of relative width `width` must be integrated. */
export type ReachOf = (width: number, kind: AtomKind) => Reach;

/** Sizes r+ (z > 0) and r- (z < 0). */
export interface Size {
  readonly up: number;
  readonly down: number;
}

export interface FactorGroup {
  /** Width of all symmetric normals together. */
  normal: number;
  /** Width in ln F of all symmetric lognormals together. */
  lognormal: number;
  kinkedNormals: Size[];
  kinkedLognormals: Size[];
  /** Shapes 1/r^2. */
  gammas: number[];
}

export function emptyGroup(): FactorGroup {
  return { normal: 0, lognormal: 0, kinkedNormals: [], kinkedLognormals: [], gammas: [] };
}

export function isEmpty(group: FactorGroup): boolean {
  return (
    group.normal === 0 &&
    group.lognormal === 0 &&
    group.kinkedNormals.length + group.kinkedLognormals.length + group.gammas.length === 0
  );
}

/** Adds one nuisance to the group of its target. */
export function addToGroup(group: FactorGroup, constraint: AtomKind, size: Size): void {
  const symmetric = size.up === size.down;
  if (constraint === 'normal') {
    if (symmetric) group.normal = Math.hypot(group.normal, size.up);
    else group.kinkedNormals.push(size);
  } else if (constraint === 'lognormal') {
    if (symmetric) group.lognormal = Math.hypot(group.lognormal, Math.log1p(size.up));
    else group.kinkedLognormals.push(size);
  } else {
    group.gammas.push(1 / (size.up * size.up));
  }
}

/** Width and kind of every constraint that needs a reach of its own. */
export function groupKinds(group: FactorGroup): [number, AtomKind][] {
  const widest = (size: Size) => Math.max(Math.abs(size.up), Math.abs(size.down));
  const kinds: [number, AtomKind][] = [];
  if (group.normal > 0) kinds.push([group.normal, 'normal']);
  for (const size of group.kinkedNormals) kinds.push([widest(size), 'normal']);
  if (group.lognormal > 0) kinds.push([group.lognormal, 'lognormal']);
  for (const size of group.kinkedLognormals) kinds.push([Math.log1p(widest(size)), 'lognormal']);
  for (const shape of group.gammas) kinds.push([1 / Math.sqrt(shape), 'gamma']);
  return kinds;
}

/** Relative width of a group, for scales only. */
export function groupWidth(group: FactorGroup): number {
  return Math.hypot(...groupKinds(group).map(([width]) => width));
}

/** Text that is equal for equal groups: part of the key under which rules are shared between windows. */
export function groupKey(group: FactorGroup): string {
  const kinks = [...group.kinkedNormals, { up: 0, down: 0 }, ...group.kinkedLognormals];
  return `${group.normal}/${group.lognormal}/${kinks.map((k) => `${k.up}:${k.down}`).join(',')}/${group.gammas.join(',')}`;
}

/**
 * Rule of the whole factor. `shift` is what nuisances shared with other targets add to this target's sum of normals.
 */
export function groupRule(group: FactorGroup, shift: number, reachOf: ReachOf): Rule {
  let rule = normalsRule(group, 1 + shift, reachOf);
  const { power } = reachOf(0, 'normal');
  if (group.lognormal > 0)
    rule = productRule(rule, lognormalRule(group.lognormal, reachOf(group.lognormal, 'lognormal')), power);
  for (const size of group.kinkedLognormals) {
    const factor = (z: number) => Math.exp(z * Math.log1p(z > 0 ? size.up : size.down));
    const width = Math.log1p(Math.max(Math.abs(size.up), Math.abs(size.down)));
    rule = productRule(rule, kinkedRule(factor, -Infinity, reachOf(width, 'lognormal')), power);
  }
  for (const shape of group.gammas) {
    rule = productRule(rule, gammaRule(shape, reachOf(1 / Math.sqrt(shape), 'gamma')), power);
  }
  return rule;
}

/** F = centre + r z + kinked terms, cut at F > 0. */
function normalsRule(group: FactorGroup, centre: number, reachOf: ReachOf): Rule {
  if (group.kinkedNormals.length === 0) return scaledNormal(group.normal, centre, reachOf);
  const factors: number[] = [];
  const lnWeights: number[] = [];
  const [size, ...others] = group.kinkedNormals;
  const slope = (z: number) => (z > 0 ? size.up : size.down) * z;
  const width = Math.max(Math.abs(size.up), Math.abs(size.down));
  const alone = group.normal === 0 && others.length === 0;
  const cut = alone && size.down > 0 ? -centre / size.down : -Infinity;
  const offset = 1e3; // kinkedRule keeps positive values only; the offset lets 1 + slope(z) be negative meanwhile
  const outer = kinkedRule((z) => slope(z) + (alone ? centre : offset), cut, reachOf(width, 'normal'));
  for (let i = 0; i < outer.factors.length; i++) {
    if (alone) return outer;
    const rest = normalsRule({ ...group, kinkedNormals: others }, centre + outer.factors[i] - offset, reachOf);
    for (let j = 0; j < rest.factors.length; j++) {
      if (!(rest.factors[j] > 0)) continue;
      factors.push(rest.factors[j]);
      lnWeights.push(outer.lnWeights[i] + rest.lnWeights[j]);
    }
  }
  return { factors: Float64Array.from(factors), lnWeights: Float64Array.from(lnWeights) };
}

function scaledNormal(r: number, centre: number, reachOf: ReachOf): Rule {
  if (!(centre > 0)) return { factors: new Float64Array(0), lnWeights: new Float64Array(0) };
  const rule = r === 0 ? UNIT_RULE : normalRule(Math.abs(r) / centre, reachOf(Math.abs(r) / centre, 'normal'));
  if (centre === 1) return rule;
  return { factors: rule.factors.map((f) => f * centre), lnWeights: rule.lnWeights };
}
